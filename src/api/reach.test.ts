import { describe, expect, it } from 'vitest';
import { createCustomers, customersFile } from '../desk/customers/index.js';
import { createEvents } from '../events/index.js';
import { openStore } from '../store/index.js';
import { guarded } from './access.fixture.js';
import { agent, call } from './api.fixture.js';

const calls = [call({ id: 'call_1', agent: '1001', from: '+8613800138000' }), call({ id: 'call_2', agent: '1002' }), call({ id: 'call_3', agent: '1003' })];
async function teamed() {
  const seen: (readonly string[] | undefined)[] = [];
  const house = await guarded({ agents: ['1001', '1002', '1003'].map((id) => agent(id)) }, { deps: { calls: { get: (id) => calls.find((c) => c.id === id), list: ({ agents }) => (seen.push(agents), { items: [], nextCursor: undefined }) } } });
  const { id } = await house.made<{ id: string }>('/v1/teams', { name: 'Day' });
  const lead = await house.user('lead', ['supervisor'], { agent: '1001', teams: [id] });
  await house.user('peer', ['agent'], { agent: '1002', teams: [id] });
  const other = await house.user('other', ['agent'], { agent: '1003' });
  return { house, lead, other, seen };
}

describe('what lies out of reach', () => {
  it('a call of another team is none: neither it, its recording nor its transcript', async () => {
    const { lead, other } = await teamed();
    const codes = async (who: typeof lead, id: string): Promise<unknown[]> =>
      Promise.all(['', '/recording', '/transcript'].map(async (part) => ((await (await who.send('GET', `/v1/calls/${id}${part}`)).json()) as { code?: string }).code));
    expect(await codes(lead, 'call_3')).toEqual(['no_such_call', 'no_such_call', 'no_such_call']);
    expect((await codes(lead, 'call_2'))[0]).toBeUndefined();
    expect([(await codes(other, 'call_1'))[0], (await codes(other, 'call_3'))[0]]).toEqual(['no_such_call', undefined]);
  });

  it('lists hold one\'s own, or one\'s teams\'', async () => {
    const { house, lead, other, seen } = await teamed();
    for (const send of [lead.send, other.send, house.admin]) await send('GET', '/v1/calls');
    expect(seen.map((agents) => agents && [...agents].sort())).toEqual([['1001', '1002'], ['1003'], undefined]);
  });

  it('nobody sets the state of an agent beyond his reach', async () => {
    const { lead, other } = await teamed();
    const set = async (who: typeof lead, id: string): Promise<number> => (await who.send('PUT', `/v1/agents/${id}/state`, { state: 'away' })).status;
    expect([await set(lead, '1002'), await set(lead, '1003'), await set(other, '1003'), await set(other, '1001')]).toEqual([200, 403, 200, 403]);
  });
});

describe('less than everything', () => {
  const narrow = (permissions: object) => ({ names: { en: 'Narrow', 'zh-CN': '窄' }, permissions, fields: [] });

  it('of what is the house\'s is nothing, except where the route knows whose a thing is', async () => {
    const { house } = await teamed();
    const role = await house.made<{ id: string }>('/v1/roles', narrow({ 'queues.read': 'team', 'webhooks.read': 'team', 'audit.read': 'own', 'settings.write': 'team', 'roles.read': 'team' }));
    const { send } = await house.user('narrow', [role.id], { agent: null });
    const statuses = await Promise.all(['/v1/queues', '/v1/webhooks', '/v1/audit', '/v1/roles', '/v1/alerts'].map(async (path) => (await send('GET', path)).status));
    expect([statuses, (await send('POST', '/v1/config/reload')).status]).toEqual([[403, 403, 403, 403, 200], 403]);
  });

  it('of agents is one\'s own, or one\'s teams\'', async () => {
    const { house } = await teamed();
    const role = await house.made<{ id: string }>('/v1/roles', narrow({ 'agents.read': 'own', 'agents.write': 'own' }));
    const { send } = await house.user('self', [role.id]);
    const listed = ((await (await send('GET', '/v1/agents')).json()) as { items: { id: string }[] }).items;
    expect([listed, (await send('GET', '/v1/agents/1001')).status, (await send('GET', '/v1/agents/1001/adherence?date=2026-11-20')).status, (await send('POST', '/v1/agents', { id: 'x', extension: '1001' })).status]).toEqual([[], 404, 404, 403]);
  });

  it('of users makes, renames and removes no team', async () => {
    const { house } = await teamed();
    const role = await house.made<{ id: string }>('/v1/roles', narrow({ 'users.read': 'team', 'users.write': 'team' }));
    const [{ id: team }] = ((await (await house.admin('GET', '/v1/teams')).json()) as { items: [{ id: string }] }).items;
    const { send } = await house.user('leader', [role.id], { teams: [team] });
    const changes = [await send('POST', '/v1/teams', { name: 'Ours' }), await send('PATCH', `/v1/teams/${team}`, { name: 'Ours' }, { 'if-match': '*' }), await send('DELETE', `/v1/teams/${team}`, undefined, { 'if-match': '*' })];
    expect(await Promise.all(changes.map(async (r) => [r.status, ((await r.json()) as { code: string }).code]))).toEqual(Array.from({ length: 3 }, () => [403, 'access.out_of_reach']));
  });
});

it('numbers are masked for a role that may see the call but not the number', async () => {
  const house = await guarded({ calls });
  const numbers = async (role: string): Promise<unknown> => ((await (await (await house.user(role, [role])).send('GET', '/v1/calls/call_1')).json()) as { from: string }).from;
  expect([await numbers('designer'), await numbers('engineer')]).toEqual(['+86138****00', '+8613800138000']);
});

describe('customers beyond reach', () => {
  async function house() {
    const store = await openStore({ path: ':memory:' });
    const events = createEvents({ store, log: { error: () => undefined } });
    const customers = createCustomers({
      store, events, settings: customersFile.parse({}), country: () => 'CN', days: { dayOf: () => 0, startOf: () => 0 }, expressions: { compile: () => ({ ok: false, message: 'none', column: 1 }) }, past: () => [], later: () => () => undefined,
    });
    const guard = await guarded({ agents: [agent('1001')] }, { deps: { customers, calls: { get: (id) => calls.find((c) => c.id === id), list: () => ({ items: [], nextCursor: undefined }) } } });
    const day = await guard.made<{ id: string }>('/v1/teams', { name: 'Day' });
    const role = await guard.made<{ id: string }>('/v1/roles', { names: { en: 'Merger', 'zh-CN': '合并' }, permissions: { 'customers.read': 'team', 'customers.write': 'team', 'customers.merge': 'team', 'calls.read': 'own' }, fields: [] });
    const lin = await guard.user('lin', [role.id], { agent: '1001', teams: [day.id] });
    const made = (name: string, team: string) => customers.create({ name, team }, { by: 'test' }).id;
    return { customers, guard, lin, day: day.id, made };
  }

  it('whoever may not see both of a suggested merge cannot dismiss it', async () => {
    const { customers, guard, lin, day, made } = await house();
    const [mine, theirs] = [made('a', day), made('b', 'night')];
    customers.addIdentity(mine, { kind: 'phone', value: '13800138000' }, { by: 'test' });
    expect(() => customers.addIdentity(theirs, { kind: 'phone', value: '13800138000' }, { by: 'test' })).toThrow();
    const [suggestion] = customers.suggestions(undefined, 10).items;
    const dismiss = (send: typeof lin.send) => send('DELETE', `/v1/customers/suggestions/${suggestion!.id}`);
    expect((await dismiss(lin.send)).status).toBe(404);
    expect(customers.suggestion(suggestion!.id)).toBeDefined();
    expect([(await dismiss(guard.admin)).status, (await dismiss(guard.admin)).status]).toEqual([204, 404]);
  });

  it('a call is given to a customer only if it is there and within reach', async () => {
    const { customers, guard, lin, day, made } = await house();
    const id = made('a', day);
    const give = async (send: typeof lin.send, call: string): Promise<number> => (await send('POST', `/v1/customers/${id}/calls`, { call })).status;
    expect([await give(lin.send, 'call_none'), await give(lin.send, 'call_2'), await give(lin.send, 'call_1'), await give(guard.admin, 'call_none'), await give(guard.admin, 'call_2')]).toEqual([404, 404, 200, 404, 200]);
    expect([customers.ofSubject('call:call_none'), customers.ofSubject('call:call_1')]).toEqual([undefined, id]);
  });
});
