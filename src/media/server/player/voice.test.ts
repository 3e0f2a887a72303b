import { beforeEach, describe, expect, it } from 'vitest';
import { toneAmplitude } from '../../../audio/index.js';
import { until } from '../../../../test/kit/wait.js';
import type { MediaClock, Tick } from '../clock/clock.js';
import { createVoice, type Voice } from './voice.js';

const tone = (hz: number, ms = 60_000) => ({ kind: 'tone', script: `%(${ms},0,${hz})` }) as const;
const BROKEN = { kind: 'file', path: '/nowhere/music.wav' } as const;

let ticks: Set<Tick>;
let now: number;
let frames: { samples: Int16Array; joins: boolean }[];
let warned: number;
let voice: Voice;

beforeEach(() => {
  ticks = new Set();
  now = 0;
  frames = [];
  warned = 0;
  const clock: MediaClock = {
    tickMs: 20, now: () => now, timers: () => ticks.size,
    join(tick) {
      ticks.add(tick);
      return () => void ticks.delete(tick);
    },
  };
  voice = createVoice(clock, (samples, joins) => {
    if (samples.length > 0) frames.push({ samples: Int16Array.from(samples), joins });
  }, { warn: () => void (warned += 1), info: () => undefined });
});

/** Lets reading come along, then the clock tick; answers the last frame's strongest tone of those asked for. */
async function run(count: number, missed = 0): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    now += 20;
    for (const tick of [...ticks]) tick(now, i === 0 ? missed : 0);
  }
}
const heard = (hz: number): boolean => toneAmplitude(frames.at(-1)?.samples ?? new Int16Array(1), hz, 8_000) > 1_000;
const hears = (hz: number): Promise<void> => until(`${hz} Hz`, 5_000, async () => {
  await run(1);
  return heard(hz);
}, 1);

describe('what is told to play', () => {
  it('leaves its first frame before any tick, and ends with its last', async () => {
    const playback = voice.play(tone(500, 100), {});
    await until('the first frame', 5_000, () => frames.length === 1, 1);
    await run(6);
    expect(await playback.done).toBe('done');
    expect(frames.map((f) => f.joins)).toEqual([true, false, false, false, false]);
    expect([ticks.size, voice.busy(), playback.playedMs()]).toEqual([0, false, 100]);
  });

  it('takes up the line anew after the process stood still', async () => {
    voice.play(tone(500), {});
    await run(3);
    frames = [];
    await run(2, 40);
    expect(frames.map((f) => f.joins)).toEqual([true, false]);
  });

  it('is replaced by the next, and only then ends', async () => {
    const first = voice.play(tone(500), {});
    await hears(500);
    const second = voice.play(tone(900), {});
    expect([await first.done, voice.playing()]).toEqual(['stopped', second]);
    await hears(900);
    first.stop();
    expect(voice.playing()).toBe(second);
  });

  it('settles when the channel goes, also before anything was read', async () => {
    const playback = voice.play(tone(500), {});
    voice.close();
    expect(await playback.done).toBe('stopped');
    await run(2);
    expect([frames, ticks.size]).toEqual([[], 0]);
  });
});

describe('music under it', () => {
  it('is heard whenever nothing else is, and ends when it is taken away', async () => {
    voice.cover(tone(440));
    await hears(440);
    const notice = voice.play(tone(900, 60), {});
    await hears(900);
    await run(4);
    expect(await notice.done).toBe('done');
    await hears(440);
    voice.cover(undefined);
    expect([ticks.size, voice.busy()]).toEqual([0, false]);
  });

  it('goes on where the same music is asked for again', async () => {
    const music = tone(440);
    voice.cover(music);
    await hears(440);
    voice.cover(music);
    frames = [];
    await run(2);
    expect(frames.map((f) => f.joins)).toEqual([false, false]);
  });

  it('changes', async () => {
    voice.cover(tone(440));
    await hears(440);
    voice.cover(tone(620));
    await hears(620);
    expect(ticks.size).toBe(1);
  });

  it('becomes a tone when it cannot be read, once and with a warning', async () => {
    voice.cover(BROKEN);
    await until('the fallback', 5_000, async () => {
      await run(1);
      return heard(440) || frames.some((f) => toneAmplitude(f.samples, 440, 8_000) > 500);
    }, 1);
    expect([warned, ticks.size]).toEqual([1, 1]);
  });
});
