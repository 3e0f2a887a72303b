import { afterAll, beforeAll, expect, it, onTestFailed } from 'vitest';
import { crowdAgrees, houseFor } from '../e2e/crowd.js';
import { percentile } from '../kit/percentile.js';
import type { Strowger } from '../kit/strowger.js';

let strowger: Strowger;
beforeAll(async () => void (strowger = await houseFor(200, 60)));
afterAll(() => strowger.stop());

it('200 callers and 60 agents for ten minutes: figures agree, no agent is left behind', async () => {
  onTestFailed(() => console.error(strowger.output().slice(-8_000)));
  const { offerMs } = await crowdAgrees(strowger, {
    callers: { first: 1201, count: 200 }, agents: { first: 1001, count: 60 }, seconds: 600, talkMs: [4_000, 16_000], patienceMs: [4_000, 30_000], thinkMs: [5_000, 20_000], seed: 7,
  });
  expect(offerMs.length).toBeGreaterThan(200);
  // Told, not judged: how fast depends on what else the machine does.
  console.log(`free agent → INVITE: p50 ${percentile(offerMs, 50).toFixed(1)} ms, p99 ${percentile(offerMs, 99).toFixed(1)} ms, of ${String(offerMs.length)}`);
});
