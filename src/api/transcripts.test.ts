import { expect, it } from 'vitest';
import { call, rooms } from './api.fixture.js';
import type { TranscriptPart } from './ports.js';

const part = (n: number, over: Partial<TranscriptPart> = {}): TranscriptPart => ({
  part: n, recording: `rec_${n}`, state: 'done', how: 'live', language: 'en', error: null,
  segments: [{ speaker: 'customer', start_ms: 100, end_ms: 900, text: 'track order', confidence: 0.9, words: [{ word: 'track', start_ms: 100, end_ms: 500, confidence: 0.9 }] }], ...over,
});
const written = (...parts: TranscriptPart[]) => rooms({ calls: [call()], transcripts: new Map([['call_1', parts]]) });

it('has its parts in order, word by word', async () => {
  const response = await written(part(1), part(2, { state: 'live', segments: [] })).get('/v1/calls/call_1/transcript');
  expect([response.status, await response.json()]).toEqual([200, { call: 'call_1', parts: [part(1), part(2, { state: 'live', segments: [] })] }]);
});

it('one part alone', async () => {
  const { get } = written(part(1), part(2, { state: 'failed', error: 'it cannot be read', how: 'after', segments: [] }));
  expect(await (await get('/v1/calls/call_1/transcript?part=2')).json()).toMatchObject({ parts: [{ part: 2, state: 'failed', error: 'it cannot be read' }] });
  expect((await get('/v1/calls/call_1/transcript?part=3')).status).toBe(404);
  expect((await get('/v1/calls/call_1/transcript?part=0')).status).toBe(400);
});

it.each([['/v1/calls/call_1/transcript', 'no_transcript'], ['/v1/calls/nobody/transcript', 'no_such_call']])('%s: %s', async (path, code) => {
  const response = await written().get(path);
  expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([404, expect.stringContaining(code)]);
});
