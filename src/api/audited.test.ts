import { expect, it } from 'vitest';
import { guarded, PASSWORD } from './access.fixture.js';
import { agent, call, queue } from './api.fixture.js';

type House = Awaited<ReturnType<typeof guarded>>;
const lines = ({ access }: House) => access.audit.list({}, { limit: 100 }).items.map(({ action, object, outcome }) => `${action} ${object} ${outcome}`);

it('every write is there, with who, what, before, after and from where', async () => {
  const house = await guarded({ agents: [agent('1001')] });
  const { id } = await house.made<{ id: string }>('/v1/users', { login: 'lin', name: 'Lin', password: PASSWORD, roles: ['agent'] });
  await house.admin('PATCH', `/v1/users/${id}`, { name: '林娜' }, { 'if-match': '*' });
  await house.put('/v1/agents/1001/state', { state: 'away', reason: 'lunch' });
  expect(lines(house)).toEqual(['PUT /v1/agents/:id/state /v1/agents/1001/state done', `user.change ${id} done`, `user.create ${id} done`]);
  const [state, change] = house.access.audit.list({}, { limit: 2 }).items;
  expect([state?.actor, state?.source, JSON.parse(state?.after ?? '')]).toMatchObject(['admin', 'unknown', { state: 'away', reason: 'lunch' }]);
  expect([JSON.parse(change?.before ?? ''), JSON.parse(change?.after ?? '')]).toMatchObject([{ name: 'Lin' }, { name: '林娜' }]);
});

it('what a room does not tell of itself is read before the change', async () => {
  const house = await guarded({ agents: [agent('1001')] });
  await house.admin('DELETE', '/v1/agents/1001', undefined, { 'if-match': '*' });
  const [row] = house.access.audit.list({}, { limit: 1 }).items;
  expect(JSON.parse(row?.before ?? 'null')).toMatchObject({ id: '1001', state: 'available' });
});

it('looks at recordings, transcripts and customers are there; other looks are not', async () => {
  const part = { part: 1, recording: 'rec_1', state: 'done', how: 'live', language: 'en', error: null, segments: [] } as const;
  const house = await guarded({ calls: [call()], queues: [queue('support')], transcripts: new Map([['call_1', [part]]]) });
  for (const path of ['/v1/calls', '/v1/queues', '/v1/calls/call_1/transcript']) expect((await house.get(path)).status).toBe(200);
  expect(lines(house)).toEqual(['transcripts.read /v1/calls/call_1/transcript done']);
});

it('what was forbidden is there, and wrong tokens are', async () => {
  const house = await guarded();
  const who = await house.user('lin', ['auditor']);
  const before = lines(house).length;
  expect([(await who.send('POST', '/v1/teams', { name: 'x' })).status, (await house.as('nonsense')('GET', '/v1/calls')).status]).toEqual([403, 401]);
  expect(lines(house).slice(0, lines(house).length - before)).toEqual(['authenticate /v1/calls failed', 'POST /v1/teams /v1/teams refused']);
});

it('is exported as JSON lines and CSV, to whom may read it', async () => {
  const house = await guarded();
  await house.made('/v1/teams', { name: '=cmd,"A"' });
  const auditor = await house.user('ada', ['auditor']);
  const rows = (await (await auditor.send('GET', '/v1/audit?format=jsonl')).text()).trim().split('\n').map((line) => JSON.parse(line) as { seq: number; action: string });
  expect(rows.map((r) => r.action)).toEqual(['key.create', 'user.create', 'team.create']);
  const csv = await (await auditor.send('GET', '/v1/audit?format=csv&action=team.create')).text();
  expect(csv.split('\n')[0]).toBe('seq,at,actor,actor_name,action,object,outcome,before,after,source,request_id,hash');
  expect(csv).toContain('"{""name"":""=cmd,\\""A\\""""}"');
  const page = (await (await auditor.send('GET', '/v1/audit?limit=2')).json()) as { items: object[]; next_cursor: string };
  expect(page.items).toHaveLength(2);
  expect((await auditor.send('GET', `/v1/audit?limit=2&cursor=${page.next_cursor}`)).status).toBe(200);
  expect((await auditor.send('GET', '/v1/audit?cursor=x')).status).toBe(400);
  const oldest = (await (await auditor.send('GET', '/v1/audit?format=jsonl&sort=at')).text()).split('\n').slice(0, 3).map((line) => (JSON.parse(line) as { action: string }).action);
  expect(oldest).toEqual(['team.create', 'user.create', 'key.create']);
});
