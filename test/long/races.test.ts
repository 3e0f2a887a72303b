import { expect, it } from 'vitest';
import { raceAcceptance } from '../e2e/acceptance.js';

it('accept against time-out and accept against cancel, 10 000 times: one winner each', async () => {
  const outcome = await raceAcceptance({ rounds: 10_000, lanes: 40 });
  expect(outcome.faults).toEqual([]);
  expect(outcome.rounds).toBeGreaterThanOrEqual(10_000);
  for (const ways of [outcome.connected, outcome.timedOut, outcome.abandoned]) expect(ways).toBeGreaterThan(200);
});
