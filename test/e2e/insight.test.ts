import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, onTestFailed } from 'vitest';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { folder, straightTo } from './house.js';

type Report = { rows: Record<string, string | number | null>[]; total: Record<string, number | null> };

const config = folder({ 'recordings.yaml': 'recording: { notice: false }\n' });
const dialplans = folder({ 'main.yaml': straightTo({ '5000': 'support' }) });
let strowger: Strowger;
beforeAll(async () => {
  strowger = await startStrowger({ agents: 1, config, dialplans });
});
afterAll(async () => {
  await strowger.stop();
  [config, dialplans].forEach((dir) => rmSync(dir, { recursive: true, force: true }));
});

it('a call that was answered and one that was given up stand in the report, and behind its numbers', async () => {
  onTestFailed(() => console.error(strowger.output().slice(-8_000)));
  const [agentPhone, callerPhone] = [await strowger.phone('1001'), await strowger.phone('1201')];
  const first = await callerPhone.call('5000');
  const offered = await agentPhone.nextCall(20_000);
  offered.answer();
  const id = offered.header('X-Strowger-Call') ?? '';
  await strowger.when<{ timeline: { type: string }[] }>(`/v1/calls/${id}`, 10_000, (call) => call.timeline.some((fact) => fact.type === 'call.left_queue'));
  await first.bye();
  await strowger.api('/v1/agents/1001/state', { method: 'PUT', body: JSON.stringify({ state: 'away' }) });
  const second = await callerPhone.call('5000');
  await second.answered(20_000);
  await strowger.when<{ waiting: number }>('/v1/queues/support', 10_000, (queue) => queue.waiting === 1);
  await second.bye();
  const { rows } = await strowger.when<Report>('/v1/reports/queues', 20_000, (report) => report.total['offered'] === 2);
  expect(rows).toMatchObject([{ queue: 'support', offered: 2, answered: 1, abandoned: 1, answer_rate: 0.5, handled: 1, transfers: 0 }]);
  const behind = await strowger.api<{ items: { call: string; outcome: string; agent: string | null }[] }>('/v1/reports/queues/calls?figure=answered');
  expect(behind.body.items).toMatchObject([{ call: id, outcome: 'answered', agent: '1001', number: '5000', repeat: false }]);
  const csv = await (await strowger.raw('/v1/reports/agents?format=csv')).text();
  expect(csv.split('\r\n')[1]).toMatch(/^1001,1,/);
  expect((await strowger.api('/v1/reports/nothing')).status).toBe(404);
  expect((await strowger.api('/v1/reports/queues?by=hour,day')).status).toBe(422);
  expect((await strowger.api('/v1/reports/queues?by=colour')).status).toBe(400);
  await Promise.all([agentPhone.close(), callerPhone.close()]);
});
