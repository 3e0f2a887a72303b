import { describe, expect, it } from 'vitest';
import { agent, queue, rooms } from './api.fixture.js';

describe('the wrap-up of an agent', () => {
  const wrapping = agent('1001', 'wrap_up', { wrapUpUntil: '2026-11-20T10:00:30.000Z' });
  it('is made longer, or ends by what the agent wanted to be next', async () => {
    const { send, r } = rooms({ agents: [wrapping, { ...wrapping, id: '1002' as never, next: 'away' }] });
    expect((await send('POST', '/v1/agents/1001/wrap-up', { extend_s: 30 })).status).toBe(200);
    expect((await send('POST', '/v1/agents/1001/wrap-up', { end: true })).status).toBe(200);
    expect((await send('POST', '/v1/agents/1002/wrap-up', { end: true })).status).toBe(200);
    expect(r.did).toEqual(['1001 +30000', '1001 available by api:admin', '1002 away by api:admin']);
  });

  it.each([[{ extend_s: 30 }], [{ end: true }]])('%j is 409 when there is none', async (body) => {
    const response = await rooms({ agents: [agent('1001')] }).send('POST', '/v1/agents/1001/wrap-up', body);
    expect([response.status, await response.json()]).toEqual([409, expect.objectContaining({ code: 'acd.not_wrapping_up' })]);
  });

  it.each([[{}], [{ extend_s: 1, end: true }], [{ extend_s: -1 }], [{ end: false }]])('%j says nothing clear', async (body) => {
    expect((await rooms({ agents: [wrapping] }).send('POST', '/v1/agents/1001/wrap-up', body)).status).toBe(422);
  });
});

describe('adherence', () => {
  it('is of a local day, in the house\'s zone unless told', async () => {
    const { get } = rooms({ agents: [agent('1001')] });
    expect(await (await get('/v1/agents/1001/adherence?date=2026-11-20')).json()).toMatchObject({ tz: 'Asia/Shanghai', total_ms: 86_400_000, intervals: [{ state: 'available', until: null }] });
    expect(await (await get('/v1/agents/1001/adherence?date=2026-10-25&tz=Europe/Berlin')).json()).toMatchObject({ total_ms: 90_000_000, states_ms: { available: 90_000_000 } });
  });

  it.each(['date=2026-02-30', 'date=today', '', 'date=2026-11-20&tz=Mars/Base'])('refuses "%s"', async (query) => {
    expect((await rooms({ agents: [agent('1001')] }).get(`/v1/agents/1001/adherence?${query}`)).status).toBe(400);
  });

  it('is 404 for nobody', async () => expect((await rooms().get('/v1/agents/9/adherence?date=2026-11-20')).status).toBe(404));
});

describe('an agent', () => {
  it('is shown with state, reason and queues', async () => {
    const { get } = rooms({ agents: [agent('1001', 'away', { reason: 'no_answer' })] });
    expect(await (await get('/v1/agents/1001')).json()).toEqual({
      owner: 'file', id: '1001', name: 'Agent 1001', state: 'away', reason: 'no_answer', next_state: null, since: '2026-11-20T10:00:00.000Z',
      registered: true, queues: ['support'], skills: {}, load: { voice: { now: 0, capacity: 1 } }, call: null, contacts: [], wrap_up_until: null,
      settings: expect.objectContaining({ capacity: { voice: 1, ticket: 5 } }), effective: expect.anything(),
    });
  });

  it('takes a new state, and the answer has it', async () => {
    const { put, r } = rooms({ agents: [agent('1001')] });
    const response = await put('/v1/agents/1001/state', { state: 'away', reason: 'lunch' });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ id: '1001', state: 'away', reason: 'lunch' });
    expect(r.agents[0]?.state).toBe('away');
  });

  it('cannot be made available without a registered phone', async () => {
    const response = await rooms({ agents: [agent('1001', 'offline')] }).put('/v1/agents/1001/state', { state: 'available' });
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ code: 'not_registered', hint: 'register it first' });
  });

  it('is 404 when there is none of that ID', async () => {
    const { get, put } = rooms();
    expect((await get('/v1/agents/9')).status).toBe(404);
    const response = await put('/v1/agents/9/state', { state: 'away' });
    expect([response.status, await response.json()]).toEqual([404, expect.objectContaining({ code: 'acd.no_such_agent' })]);
  });

  it.each<[body: unknown, why: string]>([
    [{ state: 'asleep' }, 'no such state'], [{}, 'no state'], [{ state: 'away', until: 'noon' }, 'an unknown field'], [[], 'not an object'],
    [{ state: 'away', reason: 'x'.repeat(101) }, 'a reason too long'],
  ])('refuses %j: %s', async (body) => {
    const response = await rooms({ agents: [agent('1001')] }).put('/v1/agents/1001/state', body);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: 'invalid' });
  });

  it('refuses a state that only work can bring', async () => {
    const response = await rooms({ agents: [agent('1001')] }).put('/v1/agents/1001/state', { state: 'talking' });
    expect([response.status, await response.json()]).toEqual([422, expect.objectContaining({ code: 'acd.state_not_settable' })]);
  });
});

it('lists agents in the order of their IDs, page by page, each once', async () => {
  const ids = ['1003', '1001', '1005', '1002', '1004'];
  const { get } = rooms({ agents: ids.map((id) => agent(id)) });
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = (await (await get(`/v1/agents?limit=2${cursor && `&cursor=${cursor}`}`)).json()) as { items: { id: string }[]; next_cursor: string | null };
    seen.push(...page.items.map((a) => a.id));
    cursor = page.next_cursor;
  }
  expect(seen).toEqual(['1001', '1002', '1003', '1004', '1005']);
});

it('refuses a cursor of its own making only if it is one', async () => {
  expect((await rooms().get('/v1/agents?cursor=Zm9v')).status).toBe(400);
});

it('shows how many wait in a queue, for how long, and its agents by state', async () => {
  const { get } = rooms({ queues: [queue('support', { waiting: 2, longestWaitMs: 41_000.4 })] });
  expect(await (await get('/v1/queues/support')).json()).toMatchObject({ id: 'support', waiting: 2, longest_wait_ms: 41_000, agents: { available: 0, away: 0 } });
  expect(await (await get('/v1/queues')).json()).toMatchObject({ items: [{ id: 'support' }], next_cursor: null });
  expect((await get('/v1/queues/sales')).status).toBe(404);
});

it('shows where an extension is registered', async () => {
  const registrations = [{ contact: 'sip:1001@192.0.2.7', source: 'udp:198.51.100.1:40000', userAgent: 'baresip', expiresAt: Date.UTC(2026, 10, 20) }];
  const { get } = rooms({}, { extensions: { extension: () => undefined, extensions: () => [{ number: '1002', name: 'Lin', registrations: [] }, { number: '1001', name: 'Omar', registrations }] } });
  expect(await (await get('/v1/extensions')).json()).toEqual({
    items: [
      { number: '1001', owner: 'file', name: 'Omar', registered: true, registrations: [{ contact: 'sip:1001@192.0.2.7', source: 'udp:198.51.100.1:40000', user_agent: 'baresip', expires_at: '2026-11-20T00:00:00.000Z' }] },
      { number: '1002', owner: 'file', name: 'Lin', registered: false, registrations: [] },
    ],
    next_cursor: null,
  });
});

it('shows the health of a trunk, host by host', async () => {
  const hosts = [{ uri: 'sip:a.example', state: 'down' as const, checkedAt: Date.UTC(2026, 10, 20), why: 'no answer' }, { uri: 'sip:b.example', state: 'up' as const, checkedAt: null, why: null }];
  const { get } = rooms({}, { trunks: { trunks: () => [{ name: 'carrier-a', health: 'up', registered: null, hosts, calls: 3, maxCalls: 30, maxCps: null }] } });
  expect(await (await get('/v1/trunks')).json()).toEqual({
    items: [{
      name: 'carrier-a', owner: 'file', health: 'up', registered: null, calls: 3, max_calls: 30, max_cps: null,
      hosts: [{ uri: 'sip:a.example', state: 'down', checked_at: '2026-11-20T00:00:00.000Z', why: 'no answer' }, { uri: 'sip:b.example', state: 'up', checked_at: null, why: null }],
    }],
    next_cursor: null,
  });
});
