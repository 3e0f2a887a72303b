import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openStore } from '../store/index.js';
import { agent, call, rooms, TOKEN } from './api.fixture.js';
import { Hono } from 'hono';
import { admin } from '../access/index.js';
import { idempotent } from './idempotency.js';
import { createIdempotencyStore } from './idempotency-store.js';
import { createBudget, DEEPEST, depthOf } from './limits.js';

const problem = async (response: Response): Promise<[number, string]> => [response.status, ((await response.json()) as { code: string }).code];

describe('how much may be asked', () => {
  it('is said with every answer, and when to come back with the refusal', async () => {
    const { get, r } = rooms({}, { limits: { perSecond: 1, burst: 2, corsOrigins: [] } });
    const first = await get('/v1/calls');
    expect([first.headers.get('ratelimit-policy'), first.headers.get('ratelimit')]).toEqual(['"default";q=2;w=2', '"default";r=1;t=1']);
    await get('/v1/calls');
    const refused = await get('/v1/calls');
    expect([refused.headers.get('retry-after'), refused.headers.get('ratelimit'), await problem(refused)]).toEqual(['1', '"default";r=0;t=1', [429, 'too_many_requests']]);
    r.now += 1_000;
    expect((await get('/v1/calls')).status).toBe(200);
    expect((await rooms().app.request('/healthz')).headers.get('ratelimit')).toBeNull();
  });

  it('is each one\'s own, never below nothing, and never more than at once', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.integer({ min: 0, max: 3_000 })), { maxLength: 60 }), (asked) => {
      const budget = createBudget({ perSecond: 2, burst: 5 });
      let now = 0;
      const taken = { a: 0, b: 0 };
      for (const [who, ms] of asked) {
        now += ms;
        const { left, refused, resetS } = budget.take(who, now);
        if (!refused) taken[who as 'a'] += 1;
        expect(left >= 0 && left < 5 && resetS >= 1).toBe(true);
        expect(taken[who as 'a']).toBeLessThanOrEqual(5 + (now / 1_000) * 2);
      }
    }));
  });
});

describe('what comes from elsewhere', () => {
  const preflight = (origin: string) => rooms().app.request('/v1/calls', { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' } });

  it('may ask where its origin is named, and not otherwise', async () => {
    const named = await preflight('https://shop.example');
    expect([named.status, named.headers.get('access-control-allow-origin'), named.headers.get('access-control-allow-credentials')]).toEqual([204, 'https://shop.example', null]);
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
    const answer = await rooms().get('/v1/calls', { origin: 'https://shop.example' });
    expect([answer.headers.get('access-control-allow-origin'), answer.headers.get('access-control-expose-headers')]).toEqual(['https://shop.example', expect.stringContaining('ratelimit')]);
  });

  it('shows no token in its address', async () => {
    expect(await problem(await rooms().app.request(`/v1/calls?access_token=${TOKEN}`))).toEqual([400, 'token_in_url']);
  });

  it('is not nested without end', async () => {
    const { put } = rooms({ agents: [agent('1001')] });
    expect(await problem(await put('/v1/agents/1001/state', `${'['.repeat(30_000)}${']'.repeat(30_000)}`))).toEqual([400, 'malformed']);
    expect([depthOf('{"a":["\\"[[[",{}]}'), depthOf('[['.repeat(DEEPEST)), depthOf('"[[[["')]).toEqual([3, 2 * DEEPEST, 0]);
  });
});

describe('an Idempotency-Key', () => {
  const once = async () => {
    const store = await openStore({ path: ':memory:' });
    const house = rooms({ agents: [agent('1001', 'available', { wrapUpUntil: '2026-11-20T10:00:00.000Z' })] }, { idempotency: createIdempotencyStore(store) });
    const extend = (key: string, extend_s = 30) => house.send('POST', '/v1/agents/1001/wrap-up', { extend_s }, { 'idempotency-key': key });
    return { store, house, extend };
  };

  it('makes twenty clients at once one effect and one answer', async () => {
    const { house, extend } = await once();
    const answers = await Promise.all(Array.from({ length: 20 }, async () => extend('k1')));
    expect(house.r.did).toEqual(['1001 +30000']);
    expect(answers.filter((a) => a.status === 200).length).toBeGreaterThanOrEqual(1);
    expect(answers.every((a) => a.status === 200 || a.status === 409)).toBe(true);
    expect((await extend('k1')).headers.get('idempotency-replayed')).toBe('true');
  });

  it('holds for PUT too, and for one request alone', async () => {
    const { house, extend } = await once();
    const away = () => house.put('/v1/agents/1001/state', { state: 'away' }, { 'idempotency-key': 'k2' });
    expect([(await away()).status, (await away()).status, house.r.did.length]).toEqual([200, 200, 1]);
    expect(await problem(await extend('k2'))).toEqual([422, 'idempotency_key_reused']);
  });

  it('that a crash cut short is neither done again nor running for ever', async () => {
    const { store, house, extend } = await once();
    await extend('k3');
    store.run(store.db.updateTable('idempotency_keys').set({ status: null, body: null })); // killed before the answer was kept
    expect(await problem(await extend('k3'))).toEqual([409, 'same_key_running']);
    createIdempotencyStore(store); // the next process
    expect(await problem(await extend('k3'))).toEqual([409, 'cut_short']);
    expect(house.r.did).toHaveLength(1);
  });

  it('keeps no secret: what nobody may store is done once, and its answer is not given again', async () => {
    const { store, house } = await once();
    const ask = () => house.send('POST', '/v1/ws-tickets', undefined, { 'idempotency-key': 'k4' });
    const { ticket } = (await (await ask()).json()) as { ticket: string };
    expect(ticket.length).toBeGreaterThan(20);
    expect(JSON.stringify(store.run(store.db.selectFrom('idempotency_keys').selectAll()))).not.toContain(ticket);
    expect(await problem(await ask())).toEqual([409, 'answer_withheld']);
  });

  it('lets an upload pass through as it comes', async () => {
    const store = await openStore({ path: ':memory:' });
    const app = new Hono();
    let reached = (): void => undefined;
    const begun = new Promise<void>((resolve) => (reached = resolve));
    app.use((c, next) => (c.set('principal', admin), next()), idempotent(createIdempotencyStore(store), () => true));
    app.post('/up', async (c) => {
      let bytes = 0;
      for await (const chunk of c.req.raw.body ?? []) {
        reached();
        bytes += (chunk as Uint8Array).length;
      }
      return c.json({ bytes }, 201);
    });
    const body = new ReadableStream({
      async start(out) {
        out.enqueue(new Uint8Array(10));
        await begun; // the rest is sent when the first of it was read: nobody waits for all of it
        out.enqueue(new Uint8Array(20));
        out.close();
      },
    });
    const send = (what: unknown, size: string) => app.request('/up', { method: 'POST', body: what, duplex: 'half', headers: { 'idempotency-key': 'u', 'content-length': size } } as RequestInit);
    expect(await (await send(body, '30')).json()).toEqual({ bytes: 30 });
    expect((await send(new Uint8Array(30), '30')).headers.get('idempotency-replayed')).toBe('true');
    expect((await send(new Uint8Array(31), '31')).status).toBe(500); // KeyReused, which this bare app has no words for
  });

  it('may be tried again after a refusal, and is over after a day', async () => {
    const store = await openStore({ path: ':memory:' });
    let now = 0;
    const keys = createIdempotencyStore(store, () => now);
    expect(keys.begin('a', 'k', 'r')).toEqual({ is: 'new' });
    keys.forget('a', 'k');
    expect(keys.begin('a', 'k', 'r')).toEqual({ is: 'new' });
    keys.finish('a', 'k', 200, '{}');
    expect([keys.begin('a', 'k', 'r').is, keys.begin('b', 'k', 'r').is]).toEqual(['known', 'new']);
    now = 86_400_001;
    expect(keys.begin('a', 'k', 'r')).toEqual({ is: 'new' });
  });
});

describe('a list of calls', () => {
  it('has only the fields asked for, and does not look for timelines nobody wants', async () => {
    const asked: unknown[] = [];
    const { get } = rooms({}, { calls: { list: (_filter, _page, how) => (asked.push(how), { items: [call()], nextCursor: undefined }), get: () => undefined } });
    expect(((await (await get('/v1/calls?fields=from,state')).json()) as { items: unknown[] }).items).toEqual([{ id: 'call_1', from: '1201', state: 'ended' }]);
    await get('/v1/calls?sort=started_at');
    expect(asked).toEqual([{ timelines: false, oldestFirst: false }, { timelines: true, oldestFirst: true }]);
    expect(await problem(await get('/v1/calls?fields=from,secret'))).toEqual([400, 'malformed']);
    expect(await problem(await get('/v1/calls?sort=cause'))).toEqual([400, 'unknown_sort']);
  });
});
