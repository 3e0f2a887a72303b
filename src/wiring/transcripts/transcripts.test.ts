import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { encodeWav } from '../../audio/index.js';
import type { RecordingBegun } from '../../calls/index.js';
import { createEvents, type Events } from '../../events/index.js';
import type { Asr, AsrEvent, AsrLanguage, AsrOptions } from '../../speech/asr/index.js';
import { openStore, type Store } from '../../store/index.js';
import { openForkListener, type ForkListener } from '../listening/index.js';
import { createTranscripts, type Transcripts } from './index.js';
import { apart, segmentOf } from './segments.js';

const T0 = Date.UTC(2026, 10, 20, 10);
let dir = '';
let store: Store;
let events: Events;
let door: ForkListener;
let made: Transcripts | undefined;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'transcripts-'));
  store = await openStore({ path: ':memory:' });
  events = createEvents({ store, log: { error: () => undefined }, now: () => T0 });
  door = await openForkListener({ listen: { host: '127.0.0.1', port: 0 } });
});
afterEach(async () => {
  await made?.close();
  await door.close();
  await store.close();
  rmSync(dir, { recursive: true });
});

/** A recogniser that understands the value of the samples: a run of 7s is "7". Zero is silence. */
function numbers(state: { unavailable?: string; fails?: boolean; languages?: AsrLanguage[] } = {}): Asr {
  return {
    languages: () => state.languages ?? ['en'],
    unavailable: () => state.unavailable,
    streams: () => 0,
    pids: () => [],
    close: () => Promise.resolve(),
    open(_options: AsrOptions, heard: (event: AsrEvent) => void) {
      let at = 0;
      let settle = (): void => undefined;
      const over = new Promise<void>((resolve) => (settle = resolve));
      return {
        over, drained: () => Promise.resolve(), abandon: () => settle(),
        end: () => settle(),
        write(pcm) {
          const value = pcm.length > 0 ? pcm.readInt16LE(0) : 0;
          const startMs = at / 8;
          at += pcm.length / 2;
          if (state.fails) {
            heard({ kind: 'failed', why: 'overloaded' });
            return settle();
          }
          if (value !== 0) heard({ kind: 'final', text: String(value), confidence: 0.9, alternatives: [], words: [{ word: String(value), startMs, endMs: at / 8, confidence: 0.8 }], startMs, endMs: at / 8 });
        },
      };
    },
  };
}
function transcripts(asr: Asr, mode: 'live' | 'after' | 'off' = 'live', retryMs = 20): Transcripts {
  const log = { info: () => undefined, warn: () => undefined };
  made = createTranscripts({
    asr, forks: door, store, events, log, now: () => T0 + 1_000, config: () => ({ transcripts: mode, transcriptLanguage: 'en' }), retryMs,
    languageOf: (call) => store.run<{ language: string | null }>(store.db.selectFrom('calls').select('language').where('id', '=', call))[0]?.language,
  });
  return made;
}

/** A recorded call in the database, with its file: left 3s, right 5s. */
function recorded(id: string, more: { state?: 'recording' | 'done'; file?: Uint8Array; startedAt?: number } = {}): string {
  const path = join(dir, `${id}.wav`);
  writeFileSync(path, more.file ?? encodeWav({ rateHz: 8_000, channels: [3, 5].map((n) => new Int16Array(16_000).fill(n)) }));
  store.run(store.db.insertInto('calls').values({
    id: `call_${id}`, direction: 'inbound', from_number: '1', to_number: '2', trunk: null, did: null, state: 'ended', queue: null, agent: null, started_at: T0, answered_at: T0, ended_at: T0,
    cause: 'completed', language: null,
  }));
  store.run(store.db.insertInto('recordings').values({ id, call_id: `call_${id}`, part: 1, path, state: more.state ?? 'done', started_at: more.startedAt ?? T0, ended_at: T0, ms: 2_000, bytes: 64_044, error: null }));
  return `call_${id}`;
}
const facts = (call: string): string[] => events.of(`call:${call}`).map((f) => f.type);
const state = (call: string) => made?.ofCall(call).map((t) => t.state);

/** A conversation whose media server brings what the test sends. */
function talking(id: string, canFork = true) {
  const gone = new AbortController();
  let socket: WebSocket | undefined;
  let settle = (): void => undefined;
  const over = new Promise<void>((resolve) => (settle = resolve));
  const endpoint = {
    server: 'media:1', canFork, gone: gone.signal,
    fork: ({ url, mix }: { url: string; mix: string }) => {
      socket = new WebSocket(url, 'audio.drachtio.org').on('error', () => undefined);
      return mix === 'stereo' ? Promise.resolve() : Promise.reject(new Error('both channels are wanted'));
    },
    stopFork: () => Promise.resolve(socket?.close()),
  };
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const begun = { call: { id: `call_${id}`, log }, leg: { endpoint, gone: gone.signal }, recording: id, part: 1, startedAt: performance.now() - 500, over } as unknown as RecordingBegun;
  return {
    begun,
    say: async (left: number, right: number) => {
      await expect.poll(() => socket?.readyState).toBe(WebSocket.OPEN);
      socket?.send(Buffer.from(new Int16Array(320).map((_, i) => (i % 2 === 0 ? left : right)).buffer));
    },
    lose: () => socket?.terminate(),
    end: () => {
      store.run(store.db.updateTable('recordings').set({ state: 'done' }).where('id', '=', id));
      settle();
    },
  };
}

describe('live', () => {
  it('both sides, as they speak, in time of the recording; kept when it ends', async () => {
    const call = recorded('rec_1', { state: 'recording' });
    const t = transcripts(numbers());
    const talk = talking('rec_1');
    t.follow(talk.begun);
    await talk.say(3, 0);
    await talk.say(0, 5);
    await expect.poll(() => t.ofCall(call)[0]?.segments.map((s) => [s.speaker, s.text])).toEqual([['customer', '3'], ['other', '5']]);
    expect(state(call)).toEqual(['live']);
    talk.end();
    await expect.poll(() => state(call)).toEqual(['done']);
    const [kept] = t.ofCall(call);
    expect(kept).toMatchObject({ how: 'live', language: 'en', error: null, part: 1 });
    const [first, second] = kept!.segments;
    expect(first!.start_ms).toBeGreaterThanOrEqual(500);
    expect([second!.start_ms - first!.start_ms, first!.words]).toEqual([20, [{ word: '3', start_ms: first!.start_ms, end_ms: first!.start_ms + 20, confidence: 0.8 }]]);
    expect(facts(call)).toEqual(['call.transcript_segment', 'call.transcript_segment', 'call.transcribed']);
    expect(door.lines()).toBe(0);
  });

  it.each<[what: string, asr: () => Asr, lose: boolean, canFork: boolean]>([
    ['a recogniser that gives up', () => numbers({ fails: true }), false, true],
    ['a fork that breaks', () => numbers(), true, true],
    ['a media server that cannot fork', () => numbers(), false, false],
  ])('%s: from the file afterwards', async (_what, asr, lose, canFork) => {
    const call = recorded('rec_1', { state: 'recording' });
    const broken = asr();
    const t = transcripts({ ...broken, open: (options, heard) => (options.patient === true ? numbers() : broken).open(options, heard) });
    const talk = talking('rec_1', canFork);
    t.follow(talk.begun);
    if (canFork) await talk.say(3, 0);
    if (canFork && !lose) await expect.poll(() => door.lines()).toBe(0);
    if (lose) {
      await expect.poll(() => door.lines()).toBe(1);
      talk.lose();
      await new Promise((resolve) => setTimeout(resolve, 2_200));
    }
    talk.end();
    await expect.poll(() => state(call), { timeout: 4_000 }).toEqual(['done']);
    expect(t.ofCall(call)[0]).toMatchObject({ how: 'after' });
  });

  it('switched off: nothing', async () => {
    const call = recorded('rec_1', { state: 'recording' });
    const t = transcripts(numbers(), 'off');
    const talk = talking('rec_1');
    t.follow(talk.begun);
    talk.end();
    t.wake();
    await talk.begun.over;
    expect([t.ofCall(call), door.lines()]).toEqual([[], 0]);
  });
});

describe('afterwards', () => {
  it('what has no transcript gets one, newest first, each once', async () => {
    const calls = ['rec_1', 'rec_2'].map((id) => recorded(id));
    const t = transcripts(numbers(), 'after');
    t.wake();
    t.wake();
    await expect.poll(() => calls.map((call) => state(call))).toEqual([['done'], ['done']]);
    expect(t.ofCall(calls[0]!)[0]?.segments.map((s) => [s.speaker, s.start_ms, s.end_ms, s.text])).toEqual([
      ['customer', 0, 1_000, '3'], ['other', 0, 1_000, '5'], ['customer', 1_000, 2_000, '3'], ['other', 1_000, 2_000, '5'],
    ]);
    expect(facts(calls[0]!).filter((type) => type === 'call.transcribed').length).toBe(1);
  });

  it('by setting: when the recording is over', async () => {
    const call = recorded('rec_1', { state: 'recording' });
    const t = transcripts(numbers(), 'after');
    const talk = talking('rec_1');
    t.follow(talk.begun);
    expect(door.lines()).toBe(0);
    talk.end();
    await expect.poll(() => state(call)).toEqual(['done']);
  });

  it('a file that is none is a failure, said once', async () => {
    const call = recorded('rec_1', { file: Buffer.from('nonsense') });
    transcripts(numbers()).wake();
    await expect.poll(() => state(call)).toEqual(['failed']);
    expect([facts(call), made!.ofCall(call)[0]?.error]).toEqual([['call.transcript_failed'], expect.stringContaining('cannot be read as audio')]);
  });

  it('a recogniser without time is asked again later', async () => {
    const call = recorded('rec_1');
    const now = { unavailable: 'overloaded' as string | undefined };
    const t = transcripts({ ...numbers(), unavailable: () => now.unavailable });
    t.wake();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(t.ofCall(call)).toEqual([]);
    now.unavailable = undefined;
    await expect.poll(() => state(call)).toEqual(['done']);
  });

  it('without a model, and what is old, stays as it is', async () => {
    const calls = [recorded('rec_1'), recorded('rec_2', { startedAt: T0 - 100 * 86_400_000 })];
    const t = transcripts(numbers({ languages: [] }));
    t.wake();
    await t.close();
    expect(calls.map((call) => t.ofCall(call))).toEqual([[], []]);
  });
});

it('a call that is deleted takes its transcript along', async () => {
  const call = recorded('rec_1');
  transcripts(numbers()).wake();
  await expect.poll(() => state(call)).toEqual(['done']);
  store.run(store.db.deleteFrom('calls').where('id', '=', call));
  expect(made!.ofCall(call)).toEqual([]);
});

it('channels are told apart; a rest that is no frame is left', () => {
  const pcm = Buffer.from(new Int16Array([1, 2, 3, 4]).buffer);
  expect(apart(Buffer.concat([pcm, Buffer.from([9])])).map((side) => [...new Int16Array(Uint8Array.from(side).buffer)])).toEqual([[1, 3], [2, 4]]);
});

it('nothing understood is no segment; times never lie before the recording', () => {
  const final = { kind: 'final', text: '', confidence: 0, alternatives: [], words: [], startMs: 10, endMs: 20 } as const;
  expect(segmentOf('customer', final, 0)).toBe(undefined);
  expect(segmentOf('other', { ...final, text: 'yes' }, -15)).toMatchObject({ start_ms: 0, end_ms: 5 });
});
