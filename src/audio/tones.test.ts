import { describe, expect, it } from 'vitest';
import { dbfs, mixInto, rms, scale, toneAmplitude } from './levels.js';
import { readTones } from './tone-player.js';
import { parseToneScript, ToneScriptInvalid } from './tone-script.js';
import { DTMF_PAIRS, sine } from './tones.js';

const play = (script: string, ms: number): { samples: Int16Array; written: number } => {
  const samples = new Int16Array(ms * 8);
  const written = readTones(parseToneScript(script), 8_000)(samples);
  return { samples, written };
};

describe('tone scripts', () => {
  it('plays a ring-back tone and its pause', () => {
    const { samples, written } = play('%(200,400,440,480)', 1_000);
    expect(written).toBe(600 * 8);
    expect(toneAmplitude(samples.subarray(0, 1_600), 440, 8_000)).toBeGreaterThan(5_000);
    expect(toneAmplitude(samples.subarray(0, 1_600), 480, 8_000)).toBeGreaterThan(5_000);
    expect(rms(samples.subarray(1_600))).toBe(0);
  });

  it.each([
    ['%(100,0,350);loops=3', 300], ['L=2;%(100,0,350)', 200], ['l=2;%(100,50,350);%(10,0,400)', 320], ['L=2;%(100,0,350);loops=2', 400],
    ['%(100,0,350);%(100,0,500)', 200], ['d=80;w=20;123', 300], ['%(100,0,350);loops=0', 100], ['%(100,0,350);', 100],
  ])('%s lasts %i ms', (script, ms) => {
    expect(play(script, 1_000).written).toBe(ms * 8);
  });

  it('goes on for ever with loops=-1', () => {
    expect(play('%(10,10,350);loops=-1', 5_000).written).toBe(5_000 * 8);
  });

  it('obeys the volume, 6 dB being half', () => {
    const loud = toneAmplitude(play('v=-6;%(100,0,500)', 100).samples, 500, 8_000);
    const soft = toneAmplitude(play('v=-12.02;%(100,0,500)', 100).samples, 500, 8_000);
    expect(loud / soft).toBeCloseTo(2, 1);
  });

  it('fades with a decay', () => {
    const { samples } = play('>=10;+=1;%(200,0,500)', 200);
    expect(rms(samples.subarray(1_400))).toBeLessThan(rms(samples.subarray(0, 200)) / 4);
  });

  it('writes DTMF digits as their two frequencies', () => {
    const { samples } = play('d=100;5', 100);
    const [low, high] = DTMF_PAIRS.get('5')!;
    expect([low, high]).toEqual([770, 1_336]);
    expect(toneAmplitude(samples, low, 8_000)).toBeGreaterThan(5_000);
    expect(toneAmplitude(samples, 697, 8_000)).toBeLessThan(1_000);
  });

  it('joins pieces of any size without a click', () => {
    const program = parseToneScript('%(95,30,440);loops=4');
    const whole = new Int16Array(4_000);
    readTones(program, 8_000)(whole);
    const read = readTones(program, 8_000);
    const pieces = Array.from({ length: 25 }, () => {
      const piece = new Int16Array(160);
      read(piece);
      return [...piece];
    }).flat();
    expect(pieces).toEqual([...whole]);
  });

  it.each(['', 'hello', '%(1,2)', '%(a,0,440)', '%(100,0,99999)', 'v=9;%(1,0,440)', '%(-5,0,440)', '%(0,0,440);loops=-1', 'L=999999;%(1,0,440)', 'q=1;%(1,0,440)'])('refuses "%s"', (script) => {
    expect(() => parseToneScript(script)).toThrow(ToneScriptInvalid);
  });
});

describe('levels', () => {
  it('measures a tone and nothing of another', () => {
    const samples = sine(697, 200, 8_000, 10_000);
    expect(toneAmplitude(samples, 697, 8_000)).toBeCloseTo(10_000, -2);
    expect(toneAmplitude(samples, 1_209, 8_000)).toBeLessThan(100);
    expect(rms(samples)).toBeCloseTo(10_000 / Math.SQRT2, -2);
    expect(dbfs(new Int16Array(8))).toBe(Number.NEGATIVE_INFINITY);
  });

  it('mixes and scales without wrapping round', () => {
    const a = Int16Array.of(30_000, -30_000, 5);
    mixInto(a, Int16Array.of(30_000, -30_000, 6));
    expect([...a]).toEqual([32_767, -32_768, 11]);
    scale(a, 2);
    expect([...a]).toEqual([32_767, -32_768, 22]);
  });
});
