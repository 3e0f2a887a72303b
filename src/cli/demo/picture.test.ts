import { describe, expect, it } from 'vitest';
import { mixInto, scale, sine } from '../../audio/index.js';
import { judge, sparkline } from './picture.js';

const RATE = 8_000;
const tones = { left: 600, right: 1_000 };
const of = (left: Int16Array, right: Int16Array) => judge({ rateHz: RATE, channels: [left, right] }, tones);
const [caller, agent] = [sine(600, 4_000, RATE), sine(1_000, 4_000, RATE)];
const silence = new Int16Array(4_000);

describe('the two channels', () => {
  it('are right when each holds its own tone', () => {
    const { left, right } = of(caller, agent);
    expect([left.ok, right.ok, left.windows]).toEqual([true, true, 6]);
    expect(left.separationDb).toBeGreaterThan(60);
  });

  it('are wrong when they are exchanged', () => expect(of(agent, caller).left.ok).toBe(false));

  it('are wrong when a tenth of the other party is heard', () => {
    const mixed = caller.slice();
    const faint = agent.slice();
    scale(faint, 0.1);
    mixInto(mixed, faint);
    expect(of(mixed, agent).left).toMatchObject({ ok: false });
    expect(of(mixed, agent).right).toMatchObject({ ok: true });
  });

  it('are wrong when 100 ms of one are missing', () => {
    const gap = agent.slice();
    gap.fill(0, 16_000, 16_800);
    expect(of(caller, gap).right.ok).toBe(false);
  });

  it('are right though a recorder dropped a sample here and there to follow a clock', () => {
    const kept = agent.filter((_, i) => i < 16_000 || i > 18_560 || i % 80 !== 0);
    expect(of(caller, kept).right.ok).toBe(true);
  });

  it('are wrong when there is nothing to look at', () => expect(of(new Int16Array(0), new Int16Array(0)).left.ok).toBe(false));
});

describe('the picture', () => {
  it('has a bar for each half second, higher where it is louder', () => {
    const loud = sine(600, 500, RATE, 30_000);
    const quiet = sine(600, 500, RATE, 100);
    expect(sparkline(Int16Array.of(...loud, ...silence, ...quiet), RATE)).toMatch(/^[▇█] [▁▂]$/);
  });
  it('is empty for less than half a second', () => expect(sparkline(new Int16Array(100), RATE)).toBe(''));
});
