import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeWav } from '../../audio/index.js';
import type { AsrEvent, AsrStream, Engine, UtteranceListener, UtteranceOptions } from './ports.js';
import { nothing } from './result.js';
import { openStream, type StreamOptions } from './stream.js';

const speech = decodeWav(readFileSync(join(import.meta.dirname, '../../../test/samples/speech/en/02.wav'))).channels[0]!;
const silence = new Int16Array(12_000);

/** An engine that answers when the test says so. */
function fakeEngine(why?: string) {
  const said: { how: UtteranceOptions; heard: UtteranceListener; bytes: number; finished: boolean; dropped: boolean; backlog: number }[] = [];
  const engine: Engine = {
    unavailable: () => why,
    pids: () => [],
    close: () => Promise.resolve(),
    begin(how, heard) {
      const one = { how, heard, bytes: 0, finished: false, dropped: false, backlog: 0 };
      said.push(one);
      return {
        feed: (pcm) => void (one.bytes += pcm.length),
        finish: () => void (one.finished = true),
        drop: () => void (one.dropped = true),
        backlogMs: () => one.backlog,
      };
    },
  };
  return { engine, said };
}
function open(more: Partial<StreamOptions> = {}, why?: string) {
  const events: AsrEvent[] = [];
  const fake = fakeEngine(why);
  const stream = openStream(fake.engine, { language: 'en', rate: 8_000, endSilenceMs: 500, ...more }, (event) => events.push(event));
  return { ...fake, stream, events, kinds: () => events.map((e) => e.kind) };
}
function write(stream: AsrStream, samples: Int16Array, bytes = 320): void {
  const pcm = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  for (let at = 0; at < pcm.length; at += bytes) stream.write(pcm.subarray(at, at + bytes));
}
const word = { word: 'track', startMs: 300, endMs: 700, confidence: 1 };
beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('an utterance', () => {
  it('begins with speech and its lead, ends after silence, its words are at their time in the stream', () => {
    const { stream, said, events } = open();
    write(stream, silence);
    expect(said).toEqual([]);
    write(stream, speech);
    write(stream, silence);
    expect([said.length, said[0]!.finished]).toEqual([1, true]);
    const [started] = events;
    expect(started?.kind === 'speech_started' && started.atMs).toBeGreaterThan(1_500);
    said[0]!.heard.final({ ...nothing, text: 'track order', confidence: 0.9, words: [word] });
    const final = events.at(-1);
    expect(final).toMatchObject({ kind: 'final', text: 'track order' });
    if (final?.kind !== 'final' || started?.kind !== 'speech_started') throw new Error('no final');
    expect(final.startMs - started.atMs).toBeGreaterThanOrEqual(0);
    expect(final.startMs - started.atMs).toBeLessThanOrEqual(300);
    expect([final.endMs - final.startMs, final.words[0]?.startMs]).toEqual([400, final.startMs]);
  });

  it('is fed in pieces of 100 ms, whatever is written, none lost', () => {
    const [a, b] = [open(), open()];
    for (const [{ stream }, bytes] of [[a, 320], [b, 1_234]] as const) {
      write(stream, speech, bytes);
      write(stream, silence, bytes);
    }
    expect(a.said[0]!.bytes).toBe(b.said[0]!.bytes);
    expect(a.said[0]!.bytes).toBeGreaterThan(16_000);
  });

  it('passes words and patience on', () => {
    const { stream, said } = open({ words: ['agent'], patient: true });
    write(stream, speech);
    expect(said[0]!.how).toEqual({ rate: 8_000, words: ['agent'], patient: true });
  });

  it('without a pause is ended after the longest time, and the next begins at once', () => {
    const { stream, said, kinds } = open({ longestMs: 600, endSilenceMs: 3_000 });
    write(stream, speech);
    expect(said.length).toBeGreaterThanOrEqual(2);
    expect([said[0]!.finished, said[1]!.finished, kinds()]).toEqual([true, said.length > 2, ['speech_started']]);
    said[0]!.heard.final(nothing);
    expect(kinds()).toEqual(['speech_started', 'final', 'speech_started']);
  });

  it('the next is not told of before the first has its result', () => {
    const { stream, said, kinds } = open();
    for (let i = 0; i < 2; i += 1) {
      write(stream, speech);
      write(stream, silence);
    }
    said[1]!.heard.partial('later');
    said[1]!.heard.final({ ...nothing, text: 'second' });
    expect(kinds()).toEqual(['speech_started']);
    said[0]!.heard.partial('sooner');
    said[0]!.heard.final({ ...nothing, text: 'first' });
    expect(kinds()).toEqual(['speech_started', 'partial', 'final', 'speech_started', 'final']);
  });
});

describe('the end of a stream', () => {
  it('finishes what is being said, then is over', async () => {
    const { stream, said, kinds } = open();
    write(stream, speech.subarray(0, 8_000));
    stream.end();
    stream.end();
    write(stream, speech);
    expect([said.length, said[0]!.finished]).toEqual([1, true]);
    said[0]!.heard.final(nothing);
    await stream.over;
    expect(kinds()).toEqual(['speech_started', 'final']);
  });

  it('abandoned: dropped, and nothing is heard any more', async () => {
    const { stream, said, kinds } = open();
    write(stream, speech);
    stream.abandon();
    await stream.over;
    said[0]!.heard.final(nothing);
    expect([said[0]!.dropped, kinds()]).toEqual([true, ['speech_started']]);
  });

  it('nothing was said: over at once', async () => {
    const { stream, events } = open();
    stream.end();
    await stream.over;
    expect(events).toEqual([]);
  });
});

describe('failure', () => {
  it('of the engine ends the stream, once', async () => {
    const { stream, said, events } = open();
    write(stream, speech);
    said[0]!.heard.failed('it broke');
    said[0]!.heard.failed('again');
    write(stream, speech);
    await stream.over;
    expect(events.at(-1)).toEqual({ kind: 'failed', why: 'it broke' });
    expect(said.length).toBe(1);
  });

  it('no engine: told in a later turn', async () => {
    const { stream, events } = open({}, 'no model');
    expect(events).toEqual([]);
    write(stream, speech);
    await vi.runAllTimersAsync();
    expect(events).toEqual([{ kind: 'failed', why: 'no model' }]);
  });

  it('an engine that does not answer: told after a while', async () => {
    const { stream, events, said } = open({ finalMs: 2_000 });
    write(stream, speech);
    write(stream, silence);
    await vi.advanceTimersByTimeAsync(2_100);
    expect(events.at(-1)).toEqual({ kind: 'failed', why: 'the recogniser does not answer' });
    expect(said[0]!.dropped).toBe(true);
  });

  it('a patient stream waits, and says when it is behind', async () => {
    const { stream, events, said } = open({ finalMs: 2_000, patient: true });
    write(stream, speech);
    said[0]!.backlog = 3_000;
    let drained = false;
    void stream.drained().then(() => (drained = true));
    await vi.advanceTimersByTimeAsync(10_000);
    expect([drained, events.length]).toEqual([false, 1]);
    said[0]!.backlog = 400;
    await vi.advanceTimersByTimeAsync(20);
    expect(drained).toBe(true);
  });
});
