import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeWav, encodeWav } from '../audio/index.js';
import { call, rooms } from './api.fixture.js';
import type { RecordingPart } from './ports.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'recordings-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** A two-channel part: the left channel holds `left` throughout, the right its negative. */
function file(name: string, left: number, frames = 80): string {
  const path = join(dir, name);
  writeFileSync(path, encodeWav({ rateHz: 8_000, channels: [left, -left].map((level) => new Int16Array(frames).fill(level)) }));
  return path;
}
const part = (n: number, path: string, state: RecordingPart['state'] = 'done'): RecordingPart => ({ part: n, path, state });
const recorded = (...parts: RecordingPart[]) => rooms({ calls: [call()], parts: new Map([['call_1', parts]]) });
const bytes = async (response: Response) => new Uint8Array(await response.arrayBuffer());

describe('a recording', () => {
  it('is a WAV file with the customer on the left', async () => {
    const response = await recorded(part(1, file('1.wav', 100))).get('/v1/calls/call_1/recording');
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('audio/wav');
    const { channels } = decodeWav(await bytes(response));
    expect(channels.map((c) => c[0])).toEqual([100, -100]);
  });

  it('joins its parts in order under one header', async () => {
    const { get } = recorded(part(1, file('1.wav', 100, 80)), part(2, file('2.wav', 200, 40), 'repaired'));
    const response = await get('/v1/calls/call_1/recording');
    const body = await bytes(response);
    expect(Number(response.headers.get('content-length'))).toBe(body.length);
    const [left] = decodeWav(body).channels;
    expect([left?.length, left?.[79], left?.[80], left?.[119]]).toEqual([120, 100, 200, 200]);
  });

  it('gives one part alone', async () => {
    const { get } = recorded(part(1, file('1.wav', 100)), part(2, file('2.wav', 200, 40)));
    expect(decodeWav(await bytes(await get('/v1/calls/call_1/recording?part=2'))).channels[0]?.[0]).toBe(200);
    expect((await get('/v1/calls/call_1/recording?part=3')).status).toBe(404);
    expect((await get('/v1/calls/call_1/recording?part=0')).status).toBe(400);
  });

  it('can be read in ranges that cross its parts, as a player does', async () => {
    const { get } = recorded(part(1, file('1.wav', 100)), part(2, file('2.wav', 200)));
    const whole = await bytes(await get('/v1/calls/call_1/recording'));
    for (const [first, last] of [[0, 9], [40, 60], [300, 500], [360, 367], [whole.length - 4, whole.length - 1]] as const) {
      const response = await get('/v1/calls/call_1/recording', { range: `bytes=${first}-${last}` });
      expect([response.status, response.headers.get('content-range')]).toEqual([206, `bytes ${first}-${last}/${whole.length}`]);
      expect(await bytes(response)).toEqual(whole.slice(first, last + 1));
    }
  });

  it('answers 416 with the size for a range behind its end', async () => {
    const response = await recorded(part(1, file('1.wav', 100))).get('/v1/calls/call_1/recording', { range: 'bytes=9999-' });
    expect([response.status, response.headers.get('content-range')]).toEqual([416, 'bytes */364']);
  });

  it('gives everything when If-Range names an older version', async () => {
    const { get } = recorded(part(1, file('1.wav', 100)));
    const etag = (await get('/v1/calls/call_1/recording')).headers.get('etag') ?? '';
    expect((await get('/v1/calls/call_1/recording', { range: 'bytes=0-9', 'if-range': etag })).status).toBe(206);
    expect((await get('/v1/calls/call_1/recording', { range: 'bytes=0-9', 'if-range': '"old"' })).status).toBe(200);
  });
});

describe('there is no recording', () => {
  const codeOf = async (response: Response) => [response.status, ((await response.json()) as { code: string }).code];

  it('of a call that does not exist', async () => expect(await codeOf(await rooms().get('/v1/calls/x/recording'))).toEqual([404, 'no_such_call']));
  it('of a call without conversation', async () => expect(await codeOf(await recorded().get('/v1/calls/call_1/recording'))).toEqual([404, 'no_recording']));
  it('when it failed', async () => {
    expect(await codeOf(await recorded(part(1, file('1.wav', 1), 'failed')).get('/v1/calls/call_1/recording'))).toEqual([404, 'no_recording']);
  });
  it('when its file was removed', async () => expect(await codeOf(await recorded(part(1, join(dir, 'gone.wav'))).get('/v1/calls/call_1/recording'))).toEqual([404, 'no_recording']));

  it('yet, while it is being made; a finished part can be had', async () => {
    const { get } = recorded(part(1, file('1.wav', 100)), part(2, file('2.wav', 200), 'recording'));
    expect(await codeOf(await get('/v1/calls/call_1/recording'))).toEqual([409, 'recording_in_progress']);
    expect((await get('/v1/calls/call_1/recording?part=1')).status).toBe(200);
  });
});
