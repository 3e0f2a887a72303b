import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createAcdSettings, systemClock, type AcdSettings, type Preview } from '../acd/index.js';
import { loadConfig, Secret } from '../config/index.js';
import { openStore } from '../store/index.js';
import { agent, queue, rooms } from './api.fixture.js';
import { createIdempotencyStore } from './idempotency-store.js';
import { previewSentence } from './preview.js';

const nobody: Preview = { waiting: 0, gaining: { contacts: 0, agents: 0 }, losing: { contacts: 0, agents: 0 }, stranded: 0, dismissed: 0, moved: 0 };
const leaving: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(leaving.splice(0).map((leave) => leave()));
});

/** The API on real settings, with files on disk. */
async function office(files: Record<string, string> = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'strowger-api-'));
  const write = (some: Record<string, string>): void => Object.entries(some).forEach(([name, text]) => writeFileSync(join(dir, name), text));
  write(files);
  const read = () => loadConfig(dir, { demo: { agents: 1, phones: 0, password: new Secret('x') } });
  const store = await openStore({ path: ':memory:' });
  const settings: AcdSettings = createAcdSettings({
    config: read(), store, read, clock: systemClock, acd: () => ({ configure: () => undefined, preview: () => ({ ...nobody, waiting: 40, gaining: { contacts: 12, agents: 3 } }) }),
    events: { publish: () => undefined as never }, log: { info: () => undefined, error: () => undefined },
  });
  leaving.push(async () => {
    settings.close();
    await store.close();
    rmSync(dir, { recursive: true, force: true });
  });
  return { write, store, settings, ...rooms({ agents: [agent('1001')], queues: [queue('support')] }, { settings, reload: (by) => settings.reload({ by }), idempotency: createIdempotencyStore(store) }) };
}
const json = async (response: Response): Promise<Record<string, never>> => (await response.json()) as Record<string, never>;

describe('the settings of a queue', () => {
  it('are read whole and changed in part', async () => {
    const { get, send, settings } = await office();
    const read = await get('/v1/queues/support/settings');
    expect(await json(read)).toMatchObject({ queue: 'support', version: 0, mode: 'open', settings: { offer_seconds: 15, callback: { first: 'agent', attempts: 3 } }, effective: { offer_seconds: 15 } });
    const changed = await send('PATCH', `/v1/queues/support/settings?comment=${encodeURIComponent('多一点时间')}`, { offer_seconds: 20 }, { 'if-match': read.headers.get('etag') ?? '' });
    expect([changed.status, changed.headers.get('etag') === read.headers.get('etag')]).toEqual([200, false]);
    expect(await json(changed)).toMatchObject({ version: 1, settings: { offer_seconds: 20 } });
    expect(settings.versions(1)).toMatchObject([{ by: 'api:admin', comment: '多一点时间' }]);
  });

  it('are changed as application/merge-patch+json too', async () => {
    const { send } = await office();
    expect((await send('PATCH', '/v1/queues/support/settings', { max_waiting: 5 }, { 'if-match': '*', 'content-type': 'application/merge-patch+json' })).status).toBe(200);
  });

  it('need If-Match (428), and one that fits (412)', async () => {
    const { send } = await office();
    const without = await send('PATCH', '/v1/queues/support/settings', { offer_seconds: 20 });
    expect([without.status, await json(without)]).toEqual([428, expect.objectContaining({ code: 'if_match_missing' })]);
    const old = await send('PATCH', '/v1/queues/support/settings', { offer_seconds: 20 }, { 'if-match': '"old"' });
    expect([old.status, await json(old)]).toEqual([412, expect.objectContaining({ code: 'settings.stale', hint: expect.stringContaining('ETag') })]);
    expect((await send('DELETE', '/v1/queues/support')).status).toBe(428);
  });

  it('that are wrong are 422, each fault with its pointer', async () => {
    const { send } = await office();
    const refused = await send('PATCH', '/v1/queues/support/settings', { offer_seconds: 0, on: { closed: 'bot' } }, { 'if-match': '*' });
    expect([refused.status, await json(refused)]).toEqual([422, expect.objectContaining({
      code: 'settings.refused', errors: [
        expect.objectContaining({ pointer: '/queues/support/offer_seconds', code: 'config.wrong_value' }), expect.objectContaining({ pointer: '/queues/support/on/closed', code: 'target_not_available' }),
      ],
    })]);
    expect((await send('PATCH', '/v1/queues/support/settings', ['x'], { 'if-match': '*' })).status).toBe(422);
  });

  it('can be tried beforehand, with a sentence in both languages', async () => {
    const { send, settings } = await office();
    expect(await json(await send('POST', '/v1/queues/support/settings/preview', { skills: { chinese: 5 } }))).toMatchObject({
      waiting: 40, gaining: { contacts: 12, agents: 3 },
      sentence: { en: '12 of 40 waiting contacts would now match 3 more agents.', 'zh-CN': '40 个等待中的联系里，12 个可匹配的坐席将增加 3 名。' },
    });
    expect(settings.version()).toBe(0);
    expect((await send('POST', '/v1/queues/sales/settings/preview', {})).status).toBe(404);
  });
});

describe('queues', () => {
  it('are made once and removed', async () => {
    const { send, get } = await office();
    const made = await send('POST', '/v1/queues', { name: 'vip', reserve: { agents: 1, priority: 8 } }, { 'idempotency-key': 'k1' });
    expect([made.status, made.headers.get('location')]).toEqual([201, '/v1/queues/vip']);
    expect((await send('POST', '/v1/queues', { name: 'vip', reserve: { agents: 1, priority: 8 } }, { 'idempotency-key': 'k1' })).status).toBe(201);
    expect((await send('POST', '/v1/queues', { name: 'vip' })).status).toBe(409);
    expect((await send('POST', '/v1/queues', { name: 'two words' })).status).toBe(422);
    expect((await send('DELETE', '/v1/queues/vip', undefined, { 'if-match': '*' })).status).toBe(204);
    expect((await get('/v1/queues/vip/settings')).status).toBe(404);
  });
});

describe('an agent\'s settings', () => {
  it('are shown beside the state and changed in part', async () => {
    const { get, send } = await office();
    const read = await get('/v1/agents/1001');
    expect(await json(read)).toMatchObject({ state: 'available', settings: { id: '1001', queues: ['support'], capacity: { voice: 1 } } });
    const changed = await send('PATCH', '/v1/agents/1001', { skills: { chinese: 8 }, queues: [{ name: 'support', rank: 2 }] }, { 'if-match': read.headers.get('etag') ?? '' });
    expect(await json(changed)).toMatchObject({ settings: { skills: { chinese: 8 }, queues: [{ name: 'support', rank: 2, ring: 1 }] } });
    expect((await send('PATCH', '/v1/agents/1001', { queues: ['sales'] }, { 'if-match': '*' })).status).toBe(422);
    expect((await send('PATCH', '/v1/agents/1001', {})).status).toBe(428);
    expect((await send('PATCH', '/v1/agents/9', {}, { 'if-match': '*' })).status).toBe(404);
  });
});

describe('agents', () => {
  it('are made and removed', async () => {
    const { send, r } = await office({ 'extensions.yaml': 'extensions: [{ number: "2001", password: secret }]' });
    r.agents.push(agent('lin'));
    const made = await send('POST', '/v1/agents', { id: 'lin', extension: '2001', queues: ['support'] });
    expect([made.status, made.headers.get('location')]).toEqual([201, '/v1/agents/lin']);
    expect((await send('POST', '/v1/agents', { id: 'lin', extension: '2001' })).status).toBe(409);
    expect((await send('POST', '/v1/agents', { id: 'omar', extension: '2002' })).status).toBe(422);
    expect((await send('DELETE', '/v1/agents/lin')).status).toBe(428);
    expect((await send('DELETE', '/v1/agents/lin', undefined, { 'if-match': '*' })).status).toBe(204);
  });
});

describe('versions', () => {
  it('are listed newest first and can be gone back to', async () => {
    const { get, send, settings } = await office();
    for (const offer_seconds of [20, 25, 30]) await send('PATCH', '/v1/queues/support/settings', { offer_seconds }, { 'if-match': '*' });
    const first = (await json(await get('/v1/settings/versions?limit=2'))) as unknown as { items: { version: number; patch: object }[]; next_cursor: string };
    const second = (await json(await get(`/v1/settings/versions?limit=2&cursor=${first.next_cursor}`))) as unknown as typeof first;
    expect([first.items.map((v) => v.version), second.items.map((v) => v.version), second.next_cursor]).toEqual([[3, 2], [1], null]);
    expect(await json(await send('POST', '/v1/settings/versions/1/restore'))).toEqual({ version: 4 });
    expect(settings.queue('support' as never).settings.offer_seconds).toBe(20);
    expect((await send('POST', '/v1/settings/versions/99/restore')).status).toBe(404);
    expect((await get('/v1/settings/versions?cursor=eA')).status).toBe(400);
  });
});

describe('set-ups', () => {
  it('are listed and switched', async () => {
    const { get, send } = await office({ 'setups.yaml': 'setups: [{ name: night, queues: { support: { mode: closed } } }]' });
    expect(await json(await get('/v1/setups'))).toMatchObject({ items: [{ name: 'night', active: false, switched: null, next_at: null, form: { queues: { support: { mode: 'closed' } } } }], next_cursor: null });
    expect(await json(await send('PUT', '/v1/setups/night', { active: true }))).toMatchObject({ active: true, switched: true });
    expect(await json(await get('/v1/queues/support/settings'))).toMatchObject({ mode: 'closed', settings: { mode: 'open' }, effective: { mode: 'closed' } });
    expect(await json(await send('PUT', '/v1/setups/night', { active: null }))).toMatchObject({ active: false, switched: null });
    expect((await send('PUT', '/v1/setups/day', { active: true })).status).toBe(404);
    expect((await send('PUT', '/v1/setups/night', { active: 'yes' })).status).toBe(422);
  });
});

describe('the files', () => {
  it('are read again when asked; a broken one changes nothing and is shown with its place', async () => {
    const { write, send, settings } = await office({ 'queues.yaml': 'queues: [{ name: support, offer_seconds: 20 }]' });
    write({ 'queues.yaml': 'queues:\n  - { name: support, offer_seconds: 25, offer_sec: 3 }' });
    const refused = await send('POST', '/v1/config/reload');
    expect([refused.status, await json(refused)]).toEqual([422, expect.objectContaining({ code: 'config.faults', errors: [expect.objectContaining({ line: 2, column: 41, hint: 'did you mean "offer_seconds"?' })] })]);
    expect(settings.queue('support' as never).settings.offer_seconds).toBe(20);
    write({ 'queues.yaml': 'queues: [{ name: support, offer_seconds: 25 }]' });
    expect((await send('POST', '/v1/config/reload')).status).toBe(200);
    expect(settings.queue('support' as never).settings.offer_seconds).toBe(25);
  });

  it('hold for all queues too', async () => {
    const { get, send } = await office();
    const read = await get('/v1/settings/routing');
    expect(await json(read)).toEqual({ blending: { voice: ['ticket'], chat: ['ticket', 'app'], app: ['ticket', 'chat'] }, blocked: [], owner: 'file', rank_seconds: 120 });
    expect(await json(await send('PATCH', '/v1/settings/routing', { rank_seconds: 0 }, { 'if-match': read.headers.get('etag') ?? '' }))).toMatchObject({ rank_seconds: 0 });
    expect((await send('PATCH', '/v1/settings/routing', { rank_seconds: 0 })).status).toBe(428);
  });
});

describe('an idempotency key on disk', () => {
  it('remembers answers for a day, and what a crash cut short', async () => {
    const { store } = await office();
    let now = 1_000_000;
    const keys = createIdempotencyStore(store, () => now);
    expect(keys.begin('admin', 'k', 'r1')).toEqual({ is: 'new' });
    expect([keys.begin('admin', 'k', 'r1'), keys.begin('admin', 'k', 'r2'), keys.begin('lin', 'k', 'r2')]).toEqual([{ is: 'running' }, { is: 'other' }, { is: 'new' }]);
    keys.finish('admin', 'k', 201, '{}');
    const again = createIdempotencyStore(store, () => now);
    expect([again.begin('admin', 'k', 'r1'), again.begin('lin', 'k', 'r2')]).toEqual([{ is: 'known', status: 201, body: '{}' }, { is: 'cut_short' }]);
    again.forget('lin', 'k');
    expect(again.begin('lin', 'k', 'r4')).toEqual({ is: 'new' });
    now += 86_400_001;
    expect(again.begin('admin', 'k', 'r9')).toEqual({ is: 'new' });
  });
});

it.each<[change: Partial<Preview>, en: string]>([
  [{ waiting: 0 }, 'Nobody waits now; nothing changes for anybody.'], [{ waiting: 1 }, 'Nothing would change for the 1 waiting contact.'],
  [{ waiting: 40, losing: { contacts: 2, agents: 1 }, stranded: 2, moved: 3 }, '2 of 40 waiting contacts would now match 1 fewer agent; 2 would match nobody who works; 3 would get another place in line.'],
  [{ waiting: 5, dismissed: 5 }, '5 would be let go because their queue is gone.'],
])('says of %j: %s', (change, en) => {
  const says = previewSentence({ ...nobody, ...change });
  expect(says.en).toBe(en);
  expect(says['zh-CN']).toMatch(/\p{Script=Han}/u);
});
