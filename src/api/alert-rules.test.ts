import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadConfig, secretLookup } from '../config/index.js';
import { createEvents } from '../events/index.js';
import { calendarForm } from '../ivr/index.js';
import { createObjects, openSecrets, rulesWith, secretFileIn, type Objects } from '../objects/index.js';
import { openStore, type Store } from '../store/index.js';
import { guarded } from './access.fixture.js';
import { rooms } from './api.fixture.js';

interface Rule { readonly name: string; readonly owner: string; readonly version: number | null; readonly settings: Record<string, unknown>; readonly code?: string; readonly errors?: unknown }
let [dir, store, objects] = ['', {} as Store, {} as Objects];
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'strowger-alert-rules-'));
  writeFileSync(join(dir, 'alerts.yaml'), 'alerts: [ { name: crowded, figure: waiting, queue: support, above: 10, for_s: 30 } ]\n');
  store = await openStore({ path: ':memory:' });
  const log = { warn: () => undefined, error: () => undefined };
  objects = createObjects({
    files: loadConfig(dir), fileCalendars: () => new Map(), rules: rulesWith(calendarForm), store, events: createEvents({ store, log }), log, realm: 'strowger', now: () => 1_000,
    secrets: openSecrets(secretFileIn(dir)), lookup: () => secretLookup(dir, {}),
  });
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true });
});
const unhappy = { name: 'unhappy', figure: 'satisfaction', below: 3.5, at_least: 10 };

it('an alert is made, changed with its ETag, and removed; its history stays', async () => {
  const { send } = rooms({}, { objects });
  const ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<{ status: number; body: Rule; etag: string; location: string | null }> => {
    const answer = await send(method, `/v1/alert-rules${path}`, body, headers);
    const text = await answer.text();
    return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as Rule, etag: answer.headers.get('etag') ?? '', location: answer.headers.get('location') };
  };
  const made = await ask('POST', '', unhappy);
  expect(made).toMatchObject({ status: 201, location: '/v1/alert-rules/unhappy', body: { name: 'unhappy', owner: 'api', in_file: false, version: 1, settings: { ...unhappy, queue: 'all', for_s: 0 } } });
  expect((await ask('POST', '', unhappy)).body.code).toBe('objects.exists');
  expect((await ask('PATCH', '/unhappy', { below: 3 })).status).toBe(428);
  const changed = await ask('PATCH', '/unhappy', { below: 3 }, { 'if-match': made.etag });
  expect([changed.status, changed.body.settings['below'], (await ask('PATCH', '/unhappy', { below: 2 }, { 'if-match': made.etag })).status]).toEqual([200, 3, 412]);
  expect(await ask('PUT', '/unhappy', { name: 'unhappy', figure: 'waiting', above: 1, at_least: 3 }, { 'if-match': '*' })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/alert-rules/unhappy/at_least' }] } });
  expect((await ask('PUT', '/unhappy', { name: 'unhappy', figure: 'waiting', above: 1 }, { 'if-match': '*' })).body.settings).toEqual({ name: 'unhappy', figure: 'waiting', queue: 'all', above: 1, for_s: 0 });
  expect((await ask('DELETE', '/unhappy', undefined, { 'if-match': '*' })).status).toBe(204);
  expect((await ask('GET', '/unhappy')).body.code).toBe('objects.no_such_object');
  const { items } = (await (await send('GET', '/v1/alert-rules/unhappy/versions')).json()) as { items: { action: string }[] };
  expect(items.map(({ action }) => action)).toEqual(['removed', 'changed', 'changed', 'created']);
});

it('one of a file is taken over and given back', async () => {
  const { send } = rooms({}, { objects });
  const change = { 'if-match': '*' };
  const refused = await send('PATCH', '/v1/alert-rules/crowded', { above: 5 }, change);
  expect([refused.status, ((await refused.json()) as Rule).code]).toEqual([409, 'objects.owned_by_file']);
  expect((await (await send('POST', '/v1/alert-rules/crowded/adopt')).json()) as Rule).toMatchObject({ owner: 'api', in_file: true, settings: { above: 10, for_s: 30 } });
  expect((await send('PATCH', '/v1/alert-rules/crowded', { above: 5 }, change)).status).toBe(200);
  expect(objects.now().config.alerts).toMatchObject([{ name: 'crowded', value: 5, forMs: 30_000 }]);
  expect((await (await send('POST', '/v1/alert-rules/crowded/release', undefined, change)).json()) as Rule).toMatchObject({ owner: 'file', version: null, settings: { above: 10 } });
});

it('they are listed by name, either way round, with the fields that are asked for', async () => {
  objects.create('alert', unhappy, { by: 'api:admin' });
  const { send } = rooms({}, { objects });
  const listed = async (query: string): Promise<unknown> => (((await (await send('GET', `/v1/alert-rules${query}`)).json()) as { items: unknown[] }).items);
  expect(await listed('?fields=owner')).toEqual([{ name: 'crowded', owner: 'file' }, { name: 'unhappy', owner: 'api' }]);
  expect(await listed('?sort=-id&limit=1&fields=name')).toEqual([{ name: 'unhappy' }]);
  expect((await send('GET', '/v1/alert-rules?sort=figure')).status).toBe(400);
});

it.each(['reports.md', 'reports.zh-CN.md'])('the example of docs/%s makes one', async (page) => {
  const [, path = '', body = ''] = /localhost:8080(\/v1\/alert-rules) [^`]*-d '([^']*)'/.exec(readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8')) ?? [];
  expect((await rooms({}, { objects }).send('POST', path, JSON.parse(body))).status).toBe(201);
});

it('whoever sees queues reads them, supervisors and engineers change them', async () => {
  const { user } = await guarded({}, { deps: { objects } });
  const statuses = async (role: string): Promise<number[]> => {
    const { send } = await user(role, [role]);
    return [(await send('GET', '/v1/alert-rules')).status, (await send('POST', '/v1/alert-rules', { ...unhappy, name: `of-${role}` })).status];
  };
  expect(await Promise.all(['supervisor', 'engineer', 'agent', 'auditor'].map(statuses))).toEqual([[200, 201], [200, 201], [200, 403], [403, 403]]);
});
