import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { until } from '../kit/wait.js';
import { folder } from './house.js';

const PASSWORD = 'violet tractor under the moon';
const data = mkdtempSync(join(tmpdir(), 'strowger-access-'));
let house: Strowger;
const config = folder({ 'access.yaml': 'access: {}\n' });
beforeAll(async () => void (house = await startStrowger({ data, config, agents: 1, phones: 2 })));
afterAll(async () => {
  await house.stop({ keepData: true });
  rmSync(data, { recursive: true });
});
const post = <T>(path: string, body: unknown) => house.api<T>(path, { method: 'POST', body: JSON.stringify(body) });
const patch = (path: string, body: unknown) => house.api(path, { method: 'PATCH', body: JSON.stringify(body), headers: { 'if-match': '*' } });
const login = (name: string, password: string) => fetch(`${house.base}/v1/login`, { method: 'POST', body: JSON.stringify({ login: name, password }), headers: { 'content-type': 'application/json' } });
const cookieOf = (response: Response): string => response.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');

describe('over HTTP', () => {
  it('a browser session is a cookie scripts cannot read, changes nothing without its token, and ends with its user', async () => {
    const { body: user } = await post<{ id: string }>('/v1/users', { login: 'lin', name: '林娜', password: PASSWORD, roles: ['admin'] });
    const response = await login('lin', PASSWORD);
    expect(response.headers.getSetCookie()[0]).toMatch(/^strowger_session=.*; Path=\/; HttpOnly; SameSite=Lax$/);
    const { csrf_token: csrf } = (await response.json()) as { csrf_token: string };
    const cookie = cookieOf(response);
    const write = (headers: Record<string, string>) => fetch(`${house.base}/v1/teams`, { method: 'POST', body: '{"name":"Night"}', headers: { cookie, 'content-type': 'application/json', ...headers } });
    expect([(await write({})).status, (await write({ 'x-csrf-token': csrf, origin: 'https://evil.example' })).status, (await write({ 'x-csrf-token': csrf })).status]).toEqual([403, 403, 201]);
    expect((await fetch(`${house.base}/v1/me`, { headers: { cookie } })).status).toBe(200);
    await patch(`/v1/users/${user.id}`, { disabled: true });
    expect((await fetch(`${house.base}/v1/me`, { headers: { cookie } })).status).toBe(401);
  });

  it('wrong passwords lock a name for a while', async () => {
    await post('/v1/users', { login: 'omar', name: 'Omar', password: PASSWORD });
    const seen: number[] = [];
    for (let i = 0; i < 11; i += 1) seen.push((await login('omar', `guess ${String(i)}`)).status);
    expect(seen).toEqual([...Array.from({ length: 10 }, () => 401), 429]);
  });

  it('a token in a URL is refused, and a key of less does less', async () => {
    const { body: key } = await post<{ token: string }>('/v1/keys', { name: 'site', permissions: { 'queues.read': 'all' } });
    const get = (path: string, token = key.token) => fetch(house.base + path, { headers: { authorization: `Bearer ${token}` } });
    expect([(await get('/v1/queues')).status, (await get('/v1/calls')).status, (await get(`/v1/queues?access_token=${key.token}`)).status]).toEqual([200, 403, 400]);
  });
});

it('a disabled user loses his phone and his event stream at once', async () => {
  const { body: user } = await post<{ id: string }>('/v1/users', { login: 'ada', name: 'Ada', password: PASSWORD, roles: ['engineer'], agent: '1001', extension: '1001' });
  const phone = await house.phone('1001');
  const registered = async (): Promise<boolean> => (await house.api<{ items: { number: string; registered: boolean }[] }>('/v1/extensions')).body.items.find((e) => e.number === '1001')?.registered === true;
  expect(await registered()).toBe(true);
  const stream = await fetch(`${house.base}/v1/events`, { headers: { cookie: cookieOf(await login('ada', PASSWORD)) } });
  const ended = (async () => {
    for await (const _chunk of stream.body ?? []) continue;
    return true;
  })();
  await patch(`/v1/users/${user.id}`, { disabled: true });
  expect([await registered(), await ended]).toEqual([false, true]);
  await expect(phone.register()).rejects.toThrow();
  await phone.close();
});

it.each([['finish', 'go on'], ['end', 'end at once']])('with disabled_calls: %s the calls of somebody who is disabled %s', async (how) => {
  writeFileSync(join(config, 'access.yaml'), `access: { disabled_calls: ${how} }\n`);
  expect((await house.api('/v1/config/reload', { method: 'POST' })).status).toBe(200);
  const { body: user } = await post<{ id: string }>('/v1/users', { login: `busy-${how}`, name: 'Busy', password: PASSWORD, roles: ['agent'], extension: '1201' });
  const [his, other] = [await house.phone('1201'), await house.phone('1202')];
  const out = await his.call('1202');
  const incoming = await other.nextCall(10_000);
  incoming.answer();
  await out.answered(10_000);
  const { items: [before] } = await house.when<{ items: { id: string; state: string }[] }>('/v1/calls?from=1201&limit=1', 5_000, ({ items }) => items[0]?.state === 'talking');
  await patch(`/v1/users/${user.id}`, { disabled: true });
  if (how === 'end') {
    expect([(await out.ended(5_000)).by, (await incoming.ended(5_000)).by]).toEqual(['them', 'them']);
    expect(await house.when<{ state: string; cause: string }>(`/v1/calls/${before?.id ?? ''}`, 5_000, (c) => c.state === 'ended')).toMatchObject({ cause: 'completed' });
  } else {
    // His phone is shut out, and the call does not care.
    await expect(his.register()).rejects.toThrow();
    expect(await incoming.bye()).toBe(200);
    await out.ended(5_000);
  }
  await patch(`/v1/users/${user.id}`, { disabled: false, extension: null });
  await Promise.all([his.close(), other.close()]);
});

it('kill -9 loses no acknowledged user and no row of the audit log', async () => {
  const made: string[] = [];
  const state = { killed: false };
  const writing = (async () => {
    for (let i = 0; !state.killed; i += 1) {
      const answer = await post<{ id: string }>('/v1/users', { login: `u${String(i)}`, name: 'U' }).catch(() => undefined);
      if (answer?.status === 201) made.push(answer.body.id);
    }
  })();
  await until('twenty users', 20_000, () => Promise.resolve(made.length >= 20));
  house.kill('app', 'SIGKILL');
  state.killed = true;
  await writing;
  await house.when<{ items: object[] }>('/v1/users?limit=1', 10_000, (body) => body.items.length === 1);
  const users = (await house.api<{ items: { id: string }[] }>('/v1/users?limit=1000')).body.items.map((u) => u.id);
  const rows = (await house.api<{ items: { object: string }[] }>('/v1/audit?action=user.create&limit=1000')).body.items.map((r) => r.object);
  expect([made.filter((id) => !users.includes(id)), made.filter((id) => !rows.includes(id))]).toEqual([[], []]);
});

it('the audit log holds no password and no token; its key is ours alone', async () => {
  const text = await (await house.raw('/v1/audit?format=jsonl')).text();
  expect(text.split('\n').length).toBeGreaterThan(20);
  for (const secret of [PASSWORD, house.token, 'stk_', 'sts_']) expect(text).not.toContain(secret);
  expect(statSync(join(data, 'audit.key')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(data, 'audit.anchors'), 'utf8').trim().split('\n').length).toBeGreaterThan(5);
});
