import { afterAll, beforeAll, expect, it, onTestFailed } from 'vitest';
import type { Strowger } from '../kit/strowger.js';
import { crowdAgrees, houseFor } from './crowd.js';

let strowger: Strowger;
beforeAll(async () => void (strowger = await houseFor(200, 60)));
afterAll(() => strowger.stop());

it('200 callers and 60 agents for a minute: the house says what the phones saw', async () => {
  onTestFailed(() => console.error(strowger.output().slice(-8_000)));
  const report = await crowdAgrees(strowger, {
    callers: { first: 1201, count: 200 }, agents: { first: 1001, count: 60 }, seconds: 60, talkMs: [2_000, 10_000], patienceMs: [2_000, 15_000], thinkMs: [4_000, 18_000], seed: 20261120,
  });
  expect([report.calls > 200, report.talked.size > 100]).toEqual([true, true]);
}, 400_000);
