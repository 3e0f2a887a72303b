import { describe, expect, it } from 'vitest';
import { guarded, PASSWORD } from './access.fixture.js';
import { agent, call } from './api.fixture.js';

const lin = { login: 'Lin', name: '林娜', password: PASSWORD, roles: ['agent'] };
const etag = { 'if-match': '*' };

describe('users', () => {
  it('are made, shown without their password, and found by part of a name', async () => {
    const { admin, store } = await guarded();
    const made = await admin('POST', '/v1/users', lin);
    expect([made.status, made.headers.get('etag')]).toEqual([201, '"v1"']);
    const user = (await made.json()) as { id: string };
    expect(user).toMatchObject({ login: 'lin', has_password: true, roles: ['agent'], disabled: false });
    expect(JSON.stringify(user)).not.toContain('argon2');
    expect(JSON.stringify(store.run(store.db.selectFrom('users').selectAll()))).not.toContain(PASSWORD);
    const found = (await (await admin('GET', '/v1/users?q=%E6%9E%97')).json()) as { items: { id: string }[] };
    expect(found.items.map((u) => u.id)).toEqual([user.id]);
  });

  it.each<[what: string, body: object, status: number, code: string]>([
    ['a login twice', { ...lin, login: 'LIN' }, 409, 'access.login_taken'], ['a short password', { ...lin, login: 'x', password: 'short' }, 422, 'access.weak_password'],
    ['their own name as password', { ...lin, login: 'josephine', password: 'josephine-1234' }, 422, 'access.weak_password'], ['an unknown role', { ...lin, login: 'x', roles: ['king'] }, 404, 'access.no_such_role'],
    ['an unknown agent', { ...lin, login: 'x', agent: '9' }, 422, 'invalid'], ['what nobody may set', { ...lin, login: 'x', id: 'usr_me' }, 422, 'invalid'],
  ])('are not made with %s', async (_what, body, status, code) => {
    const { admin } = await guarded();
    await admin('POST', '/v1/users', lin);
    const answer = await admin('POST', '/v1/users', body);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([status, code]);
  });

  it('change only for the state they were read in', async () => {
    const { admin, made } = await guarded();
    const { id } = await made<{ id: string }>('/v1/users', lin);
    expect((await admin('PATCH', `/v1/users/${id}`, { name: 'x' })).status).toBe(428);
    expect((await admin('PATCH', `/v1/users/${id}`, { name: 'Lin Na' }, { 'if-match': '"v1"' })).status).toBe(200);
    expect((await admin('PATCH', `/v1/users/${id}`, { name: 'y' }, { 'if-match': '"v1"' })).status).toBe(412);
  });

  it('that are disabled are out at once: key, open lines, phone', async () => {
    const { user, admin, access, events } = await guarded({ agents: [agent('1001')] }, { deps: { extensions: { extension: () => undefined, extensions: () => [{ number: '1001', name: '1001', registrations: [] }] } } });
    const facts: string[] = [];
    events.subscribe('*', (fact) => void facts.push(fact.type));
    const who = await user('lin', ['supervisor'], { extension: '1001' });
    expect((await who.send('GET', '/v1/queues')).status).toBe(200);
    const [credential = ''] = access.gone.credentials();
    const gone = access.gone.signal(credential, who.id);
    expect((await admin('PATCH', `/v1/users/${who.id}`, { disabled: true }, etag)).status).toBe(200);
    expect([gone.aborted, access.users.barred('1001'), (await who.send('GET', '/v1/queues')).status]).toEqual([true, true, 401]);
    expect(facts.at(-1)).toBe('user.disabled');
    await admin('PATCH', `/v1/users/${who.id}`, { disabled: false }, etag);
    expect([access.users.barred('1001'), (await who.send('GET', '/v1/queues')).status]).toEqual([false, 200]);
  });

  it('cannot raise themselves or others beyond their own rights', async () => {
    const { user, made } = await guarded();
    const keeper = await made<{ id: string }>('/v1/roles', { names: { en: 'Keeper', 'zh-CN': '管人' }, permissions: { 'users.read': 'all', 'users.write': 'all', 'roles.write': 'all', 'roles.read': 'all', 'keys.write': 'own' } });
    const boss = await user('boss', ['admin']);
    const who = await user('keeper', [keeper.id]);
    const code = async (answer: Promise<Response> | Response): Promise<unknown> => ((await (await answer).json()) as { code: string }).code;
    expect(await code(who.send('POST', '/v1/users', { ...lin, roles: ['admin'] }))).toBe('access.beyond_own_rights');
    expect(await code(who.send('PATCH', `/v1/users/${who.id}`, { roles: ['admin'] }, etag))).toBe('access.beyond_own_rights');
    expect(await code(who.send('PATCH', `/v1/users/${boss.id}`, { password: 'another long password here' }, etag))).toBe('access.beyond_own_rights');
    expect(await code(who.send('POST', '/v1/roles', { names: { en: 'K', 'zh-CN': 'K' }, permissions: { 'calls.read': 'all' } }))).toBe('access.beyond_own_rights');
    expect((await who.send('POST', '/v1/users', { ...lin, roles: [keeper.id] })).status).toBe(201);
  });

  it('with team scope see and change their own team alone', async () => {
    const { user, made } = await guarded();
    const [a, b] = await Promise.all(['A', 'B'].map((name) => made<{ id: string }>('/v1/teams', { name })));
    const lead = await made<{ id: string }>('/v1/roles', { names: { en: 'Lead', 'zh-CN': '组长' }, permissions: { 'users.read': 'team', 'users.write': 'team' } });
    const who = await user('lead', [lead.id], { teams: [a!.id] });
    const [near, far] = [await user('near', [], { teams: [a!.id] }), await user('far', [], { teams: [b!.id] })];
    const list = (await (await who.send('GET', '/v1/users')).json()) as { items: { login: string }[] };
    expect(list.items.map((u) => u.login).sort()).toEqual(['lead', 'near']);
    expect([(await who.send('GET', `/v1/users/${near.id}`)).status, (await who.send('GET', `/v1/users/${far.id}`)).status]).toEqual([200, 404]);
    expect([(await who.send('PATCH', `/v1/users/${near.id}`, { name: 'N' }, etag)).status, (await who.send('PATCH', `/v1/users/${far.id}`, { name: 'N' }, etag)).status]).toEqual([200, 404]);
    expect((await who.send('PATCH', `/v1/users/${near.id}`, { teams: [b!.id] }, etag)).status).toBe(403);
  });
});

it('keys are shown once, narrower than their maker, and over when they expire or are revoked', async () => {
  const { admin, as, store, clock, user } = await guarded();
  const made = (await (await admin('POST', '/v1/keys', { name: 'site', permissions: { 'queues.read': 'all' }, expires_at: '2026-11-20T11:00:00Z' })).json()) as { id: string; token: string };
  expect(JSON.stringify(store.run(store.db.selectFrom('access_keys').selectAll()))).not.toContain(made.token);
  expect(JSON.stringify(store.run(store.db.selectFrom('audit').selectAll()))).not.toContain(made.token);
  const send = as(made.token);
  expect([(await send('GET', '/v1/queues')).status, (await send('GET', '/v1/calls')).status, (await send('POST', '/v1/keys', { name: 'more' })).status]).toEqual([200, 403, 403]);
  clock.now += 3_600_000;
  expect((await send('GET', '/v1/queues')).status).toBe(401);
  const who = await user('lin', ['agent']);
  const own = (await (await who.send('GET', '/v1/keys')).json()) as { items: { id: string }[] };
  expect([own.items.length, (await who.send('GET', `/v1/keys/${made.id}`)).status, (await who.send('DELETE', `/v1/keys/${made.id}`)).status]).toEqual([1, 404, 404]);
  expect((await who.send('DELETE', `/v1/keys/${own.items[0]?.id ?? ''}`)).status).toBe(204);
  expect((await who.send('GET', '/v1/queues')).status).toBe(401);
});

it('roles of the house are given, hold at once, and stay while somebody has them', async () => {
  const { admin, made, user } = await guarded({ calls: [call({ from: '+8613800138000' })] });
  const role = await made<{ id: string }>('/v1/roles', { names: { en: 'Listener', 'zh-CN': '听众' }, permissions: { 'queues.read': 'all' } });
  const who = await user('lin', [role.id]);
  expect((await admin('DELETE', `/v1/roles/${role.id}`, undefined, etag)).status).toBe(409);
  expect((await admin('PATCH', '/v1/roles/agent', { permissions: {} }, etag)).status).toBe(409);
  expect((await admin('PATCH', `/v1/roles/${role.id}`, { permissions: {} }, etag)).status).toBe(200);
  expect((await who.send('GET', '/v1/queues')).status).toBe(403);
  expect(await (await who.send('GET', '/v1/me')).json()).toMatchObject({ kind: 'key', permissions: {} });
});
