import { expect, it } from 'vitest';
import { racePickUps } from './pick-ups.js';

it('two agents pick up for one caller in the same moment, 200 times: one has the call, the other hears BYE', async () => {
  const outcome = await racePickUps({ rounds: 200, lanes: 6 });
  expect(outcome.faults).toEqual([]);
  expect(outcome.rounds).toBeGreaterThanOrEqual(200);
}, 300_000);
