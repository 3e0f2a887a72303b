import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, onTestFailed } from 'vitest';
import type { Call, Phone } from '../kit/phone.js';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { folder, straightTo } from './house.js';

type Timeline = { state: string; cause: string | null; timeline: { type: string; data: Record<string, unknown> }[] };
const config = folder({
  'recordings.yaml': 'recording: { notice: false }\n',
  'queues.yaml': 'queues: [{ name: support, announce_position_seconds: 0 }, { name: sales, announce_position_seconds: 0 }]\n',
  'agents.yaml': 'agents: [{ id: "1201", extension: "1201", queues: [sales] }]\n',
});
const dialplans = folder({ 'main.yaml': straightTo({ '5000': 'support', '6000': 'sales' }) });
let strowger: Strowger;
let phones: Record<'agent' | 'sales' | 'caller' | 'third', Phone>;
beforeAll(async () => {
  strowger = await startStrowger({ agents: 1, phones: 3, config, dialplans });
  const [agent, sales, caller, third] = await Promise.all(['1001', '1201', '1202', '1203'].map((number) => strowger.phone(number)));
  phones = { agent: agent!, sales: sales!, caller: caller!, third: third! };
});
afterAll(async () => {
  await strowger.stop();
  [config, dialplans].forEach((dir) => rmSync(dir, { recursive: true, force: true }));
});

/** A caller and the agent of `support`, who hear each other. */
async function talking(): Promise<{ id: string; caller: Call; agent: Call }> {
  const caller = await phones.caller.call('5000');
  const agent = await phones.agent.nextCall(20_000);
  agent.answer();
  await caller.answered(10_000);
  await hear(caller, agent, 660);
  return { id: agent.header('X-Strowger-Call') ?? '', caller, agent };
}
/** Each of them hears a tone of the other. */
async function hear(a: Call, b: Call, hz: number): Promise<void> {
  a.media.tone(hz);
  b.media.tone(hz + 220);
  await Promise.all([b.media.heard(hz, 10_000), a.media.heard(hz + 220, 10_000)]);
}
const news = (call: Call): string[] => call.requests.filter((one) => one.method === 'NOTIFY').map((one) => one.body.trim());
const told = (id: string, type: string): Promise<Timeline> => strowger.when<Timeline>(`/v1/calls/${id}`, 10_000, (call) => call.timeline.some((fact) => fact.type === type));
const refer = async (call: Call, to: string): Promise<number> => (await call.send('REFER', [['Refer-To', `<sip:${to}@127.0.0.1>`], ['Referred-By', '<sip:1001@127.0.0.1>']])).status;

it('the agent\'s REFER hands the caller on: he hears the new one, the agent is let go and free, the recording goes on', async () => {
  onTestFailed(() => console.error(strowger.output().slice(-8_000)));
  const { id, caller, agent } = await talking();
  expect(await refer(agent, '1203')).toBe(202);
  const third = await phones.third.nextCall(10_000);
  await strowger.when<Timeline>(`/v1/calls/${id}`, 10_000, (call) => call.state === 'held');
  third.answer();
  expect((await agent.ended(10_000)).by).toBe('them');
  expect(news(agent)).toEqual(['SIP/2.0 100 Trying', 'SIP/2.0 200 OK']);
  await hear(caller, third, 1_000);
  await strowger.when<{ state: string }>('/v1/agents/1001', 10_000, ({ state }) => state === 'available');
  const { timeline } = await told(id, 'call.transferred');
  expect(timeline.filter(({ type }) => type === 'call.transferred').map(({ data }) => data)).toEqual([{ by: '1001', to: '1203' }]);
  await caller.bye();
  await third.ended(10_000);
  const over = await told(id, 'call.recording_stopped');
  expect([over.cause, over.timeline.filter(({ type }) => type === 'call.recording_stopped').length]).toEqual(['completed', 1]);
});

it('where nobody is reached, both talk again; then an application takes the caller to another queue', async () => {
  const { id, caller, agent } = await talking();
  expect(await refer(agent, '1203')).toBe(202);
  (await phones.third.nextCall(10_000)).reject(486);
  await agent.until('the last news', 10_000, () => news(agent).length === 2);
  expect(news(agent)).toEqual(['SIP/2.0 100 Trying', 'SIP/2.0 486 Busy Here']);
  await strowger.when<Timeline>(`/v1/calls/${id}`, 10_000, (call) => call.state === 'talking');
  await hear(caller, agent, 1_200);
  const order = (to: string) => strowger.api<{ code?: string }>(`/v1/calls/${id}/transfer`, { method: 'POST', body: JSON.stringify({ to }) });
  expect([(await order('7777')).status, (await order('*45')).status]).toEqual([422, 422]);
  expect((await order('6000')).status).toBe(202);
  expect((await agent.ended(10_000)).by).toBe('them');
  const sales = await phones.sales.nextCall(20_000);
  expect(sales.header('X-Strowger-Call')).toBe(id);
  sales.answer();
  await hear(caller, sales, 1_500);
  await sales.bye();
  await caller.ended(10_000);
  const { timeline } = await told(id, 'call.ended');
  const moved = timeline.filter(({ type }) => /transfer/.test(type)).map(({ type, data }) => [type, data]);
  expect(moved).toEqual([['call.transfer_failed', { by: '1001', to: '1203', status: 486 }], ['call.transferred', { by: '1001', to: '6000' }]]);
  expect(await order('1203')).toMatchObject({ status: 409, body: { code: 'not_talking' } });
});

it('a caller who is no extension of ours hands nobody on, and an agent only where his extension may call', async () => {
  const { caller, agent } = await talking();
  expect([await refer(caller, '1203'), await refer(agent, '+8613800138000'), await refer(agent, '1001'), (await agent.send('REFER')).status]).toEqual([403, 404, 403, 400]);
  expect((await agent.send('REFER', [['Refer-To', '<sip:1203@127.0.0.1?Replaces=abc>']])).status).toBe(501);
  await caller.bye();
  await agent.ended(10_000);
});

it('the figure counts the two that were done', async () => {
  type Report = { rows: { queue: string; transfers: number; handled: number }[]; total: { transfers: number } };
  const { rows } = await strowger.when<Report>('/v1/reports/queues', 20_000, ({ total }) => total.transfers === 2);
  expect(rows.map(({ queue, transfers }) => [queue, transfers])).toEqual([['sales', 0], ['support', 2]]);
});
