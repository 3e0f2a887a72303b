import { expect, it } from 'vitest';
import { raceAcceptance } from '../e2e/acceptance.js';
import { racePickUps } from '../e2e/pick-ups.js';

it('accept against time-out and accept against cancel, 10 000 times: one winner each', async () => {
  const outcome = await raceAcceptance({ rounds: 10_000, lanes: 40 });
  expect(outcome.faults).toEqual([]);
  expect(outcome.rounds).toBeGreaterThanOrEqual(10_000);
  for (const ways of [outcome.connected, outcome.timedOut, outcome.abandoned]) expect(ways).toBeGreaterThan(200);
});

it('two agents pick up for one caller in the same moment, 10 000 times on the wire: one has the call', async () => {
  const outcome = await racePickUps({ rounds: 10_000, lanes: 12 });
  console.log(`pick-ups: ${String(outcome.rounds)} races in ${outcome.seconds.toFixed(0)} s, the first phone won ${String(outcome.firstWon)}`);
  expect(outcome.faults).toEqual([]);
  expect(outcome.rounds).toBeGreaterThanOrEqual(10_000);
  expect([outcome.firstWon > 100, outcome.firstWon < outcome.rounds - 100]).toEqual([true, true]);
});
