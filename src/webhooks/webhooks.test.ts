import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEvents, createFeed, type Events, type Fact } from '../events/index.js';
import { openStore, type Store } from '../store/index.js';
import { afterAttempt, type RetryPolicy } from './retry.js';
import { createWebhooks, type Webhooks } from './index.js';

const policy: RetryPolicy = { firstMs: 20, longestMs: 60, attempts: 3, disableAfterMs: 60_000 };
interface Got { readonly headers: IncomingHttpHeaders; readonly body: string; readonly seq: number }
let store: Store;
let events: Events;
let hooks: Webhooks;
let server: Server;
let url: string;
let got: Got[] = [];
let answer: (res: ServerResponse, got: Got) => void;
const permit = (target: URL) => (target.hostname === 'inside.example' ? Promise.reject(new Error('inside.example is 10.0.0.1')) : Promise.resolve([{ address: '127.0.0.1', family: 4 }]));
/** Nobody reads it at a glance, and another key does not open it. */
const sealing = (key: string) => ({
  seal: (text: string) => `${key}:${Buffer.from(text).toString('base64')}`,
  open: (sealed: string) => {
    if (!sealed.startsWith(`${key}:`)) throw new Error('another key');
    return Buffer.from(sealed.slice(key.length + 1), 'base64').toString();
  },
});
const open = (over: Partial<RetryPolicy> = {}, timeoutMs = 1_000, seal = sealing('a')): void => {
  hooks = createWebhooks({
    store, events, feed: createFeed({ events }), log: { error: (fields) => { throw new Error(JSON.stringify(fields)); } }, seal, permit, timeoutMs, policy: { ...policy, ...over },
    textOf: (_webhook, fact: Fact) => JSON.stringify({ seq: fact.seq, type: fact.type }), hears: ({ types }, type) => types.includes('*') || types.includes(type),
  });
};
beforeEach(async () => {
  got = [];
  answer = (res) => res.writeHead(204).end();
  server = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk: Buffer) => (body += chunk.toString()));
    req.on('end', () => {
      const one = { headers: req.headers, body, seq: (JSON.parse(body) as { seq: number }).seq };
      got.push(one);
      answer(res, one);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://hooks.example:${(server.address() as AddressInfo).port}/in`;
  store = await openStore({ path: ':memory:' });
  events = createEvents({ store, log: { error: () => undefined } });
  open();
});
afterEach(async () => {
  await hooks.close();
  server.closeAllConnections();
  server.close();
});
const make = async (types = ['call.digits']) => hooks.add({ url, types, description: null, enabled: true, grants: [] }, 'admin');
const digit = (n: number): number => events.publish('call.digits', 'call:1', { digits: String(n) }).seq;
const seqs = (): number[] => got.map(({ seq }) => seq);
const until = (test: () => unknown) => expect.poll(test, { timeout: 8_000, interval: 5 });

/** As a receiver checks it: https://www.standardwebhooks.com */
function genuine({ headers, body }: Got, secret: string): boolean {
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const expected = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64')).update(signed).digest('base64');
  return String(headers['webhook-signature']).split(' ').includes(`v1,${expected}`) && Math.abs(Date.now() / 1_000 - Number(headers['webhook-timestamp'])) < 300;
}

describe('a webhook', () => {
  it('gets what it asked for, from its making on, in order and signed', async () => {
    digit(0);
    const { webhook, secret } = await make();
    for (let n = 1; n <= 5; n += 1) {
      events.publish('edge.back', 'edge', {});
      digit(n);
    }
    await until(() => got.length).toBe(5);
    expect(seqs()).toEqual([4, 6, 8, 10, 12]);
    expect(got.every((one) => genuine(one, secret))).toBe(true);
    expect(got[0]?.headers['webhook-id']).toBe(events.since(3, 1)[0]?.id);
    await until(() => hooks.get(webhook.id).cursor).toBe(12);
  });

  it('gets the same again until it is taken, and what comes after waits for it', async () => {
    const failures = [500, 429, 302];
    await make();
    answer = (res) => {
      const status = failures.shift();
      res.writeHead(status ?? 200, status === 302 ? { location: `${url}/elsewhere` } : {}).end();
    };
    hooks = await restarted({ attempts: 9 });
    [1, 2].forEach(digit);
    await until(() => got.length).toBe(5);
    expect([seqs(), new Set(got.map(({ headers }) => headers['webhook-id'])).size]).toEqual([[2, 2, 2, 2, 3], 2]);
  });

  it('gives an event up after so many attempts, tells it, goes on, and replays it when asked', async () => {
    let broken = true;
    answer = (res, { seq }) => res.writeHead(broken && seq === 2 ? 500 : 200).end();
    const { webhook } = await make();
    [1, 2].forEach(digit);
    await until(() => seqs().includes(3)).toBe(true);
    expect(seqs()).toEqual([2, 2, 2, 3]);
    expect(hooks.deadLetters(webhook.id, 10, undefined)).toEqual([expect.objectContaining({ seq: 2, type: 'call.digits', attempts: 3, status: 500, error: 'answered 500' })]);
    expect(events.of(`webhook:${webhook.id}`).map((fact) => fact.type)).toEqual(['webhook.created', 'webhook.dead_lettered']);
    broken = false;
    hooks.replay(webhook.id, 2, 2, true);
    await until(() => hooks.deadLetters(webhook.id, 10, undefined)).toEqual([]);
    expect(() => hooks.replay(webhook.id, 2, 2, true)).toThrow('was not given up');
    hooks.replay(webhook.id, 1, 99, false);
    await until(() => seqs().slice(-3)).toEqual([2, 2, 3]);
  });

  it('is switched off when its server says 410, or takes nothing for too long, and goes on where it stood', async () => {
    answer = (res) => res.writeHead(410).end();
    const { webhook } = await make();
    digit(1);
    await until(() => hooks.get(webhook.id).enabled).toBe(false);
    expect(events.of(`webhook:${webhook.id}`).at(-1)).toMatchObject({ type: 'webhook.disabled', data: { why: 'its server said 410 Gone' } });
    digit(2);
    answer = (res) => res.writeHead(200).end();
    await hooks.change(webhook.id, { enabled: true }, '*', 'admin');
    await until(() => seqs().length).toBe(3);
    expect(seqs()).toEqual([2, 2, 4]);
  });

  it('is not kept waiting for by a server that hangs or never stops talking', async () => {
    hooks = await restarted({ attempts: 1 }, 150);
    answer = (res, { seq }) => {
      if (seq === 2) return; // silence
      if (seq === 3) return void res.writeHead(200).write('x'.repeat(1_000_000)); // it never ends
      res.writeHead(200).end();
    };
    const { webhook } = await make();
    [1, 2, 3].forEach(digit);
    await until(() => got.length).toBe(3);
    expect(seqs()).toEqual([2, 3, 4]);
    expect(hooks.deadLetters(webhook.id, 10, undefined)).toEqual([expect.objectContaining({ seq: 2, error: 'no answer within 150 ms' })]);
  });

  it('signs with the old secret too for as long as asked', async () => {
    const { webhook, secret } = await make();
    const { secret: fresh } = hooks.rotate(webhook.id, 60_000, 'admin');
    digit(1);
    await until(() => got.length).toBe(1);
    expect([genuine(got[0]!, fresh), genuine(got[0]!, secret)]).toEqual([true, true]);
    const { secret: last } = hooks.rotate(webhook.id, 0, 'admin');
    digit(2);
    await until(() => got.length).toBe(2);
    expect([genuine(got[1]!, last), genuine(got[1]!, fresh), fresh !== secret]).toEqual([true, false, true]);
  });

  it('keeps no secret that can be read in the database, those of earlier versions neither; with another key it says so', async () => {
    const { webhook, secret } = await make();
    const kept = () => JSON.stringify(store.run(store.db.selectFrom('webhooks').select(['secret', 'previous_secret'])));
    hooks.rotate(webhook.id, 60_000, 'admin');
    expect(kept()).not.toContain('whsec_');
    await hooks.close();
    store.change(store.db.updateTable('webhooks').set({ secret, previous_secret: null }));
    open();
    expect(kept()).not.toContain('whsec_');
    expect((await hooks.test(webhook.id)).ok).toBe(true);
    expect(genuine(got[0]!, secret)).toBe(true);
    await hooks.close();
    open({}, 1_000, sealing('b'));
    expect(await hooks.test(webhook.id)).toMatchObject({ ok: false, status: null, error: expect.stringContaining('rotate the secret') as string });
    const { secret: fresh } = hooks.rotate(webhook.id, 60_000, 'admin');
    expect(await hooks.test(webhook.id)).toMatchObject({ ok: true });
    expect(genuine(got[1]!, fresh)).toBe(true);
  });

  it('goes on after a crash from what was last taken', async () => {
    await make();
    digit(1);
    await until(() => got.length).toBe(1);
    let release = (): void => undefined;
    answer = (res) => (release = () => void res.destroy()); // the process dies before the answer comes
    digit(2);
    await until(() => got.length).toBe(2);
    const closing = hooks.close();
    release();
    await closing;
    answer = (res) => res.writeHead(200).end();
    digit(3);
    open();
    await until(() => got.length).toBe(4);
    expect(seqs()).toEqual([2, 3, 3, 4]);
  });

  it('does not hear of itself, but of others', async () => {
    const [one, two] = [await make(['*']), await make(['*'])];
    await hooks.change(one.webhook.id, { description: 'changed' }, '*', 'admin');
    await hooks.change(two.webhook.id, { description: 'changed' }, '*', 'admin');
    await until(() => got.length).toBe(3);
    expect(got.filter(({ body }) => body.includes('webhook.created'))).toHaveLength(1);
  });

  it('can be tried out at once', async () => {
    const { webhook, secret } = await make();
    expect(await hooks.test(webhook.id)).toMatchObject({ ok: true, status: 204, error: null });
    expect([got[0]?.body.includes('webhook.test'), genuine(got[0]!, secret)]).toEqual([true, true]);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect(await hooks.test(webhook.id)).toMatchObject({ ok: false, status: null, error: expect.stringContaining('ECONNREFUSED') });
  });

  it.each(['ftp://hooks.example/', 'nonsense', 'http://user:word@hooks.example/', 'http://inside.example/'])('is refused with the address %s', async (bad) => {
    await expect(hooks.add({ url: bad, types: ['*'], description: null, enabled: true, grants: [] }, 'admin')).rejects.toMatchObject({ code: 'webhooks.refused' });
  });

  it('is changed only by who knows it as it is', async () => {
    const { webhook } = await make();
    await expect(hooks.change(webhook.id, { enabled: false }, '"7"', 'admin')).rejects.toMatchObject({ code: 'webhooks.stale' });
    expect((await hooks.change(webhook.id, { enabled: false }, '"1"', 'admin')).version).toBe(2);
    hooks.remove(webhook.id, '"2"', 'admin');
    expect(() => hooks.get(webhook.id)).toThrow('there is no webhook');
  });
});
async function restarted(over: Partial<RetryPolicy>, timeoutMs = 1_000): Promise<Webhooks> {
  await hooks.close();
  open(over, timeoutMs);
  return hooks;
}

describe('what is done after an attempt', () => {
  const no = (status: number | null = 500, retryAfterMs?: number) => ({ ok: false as const, status, error: 'x', retryAfterMs });
  const rule = { firstMs: 5_000, longestMs: 7_200_000, attempts: 8, disableAfterMs: 86_400_000 };

  it.each([[1, 5_000], [2, 15_000], [3, 45_000], [4, 135_000], [7, 3_645_000]])('attempt %i is followed after about %i ms', (attempts, ms) => {
    expect(afterAttempt(no(), attempts, 0, rule, 0, 0.5)).toEqual({ do: 'retry', at: ms });
  });

  it('waits as long as the server asks, within reason', () => {
    expect(afterAttempt(no(429, 60_000), 1, 0, rule, 0, 0.5)).toEqual({ do: 'retry', at: 60_000 });
    expect(afterAttempt(no(429, 1e12), 1, 0, rule, 0, 0.5)).toEqual({ do: 'retry', at: 7_200_000 });
  });

  it('always comes to an end, and never waits longer than the longest', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 86_399_999 }), (attempts, chance, since) => {
      const verdict = afterAttempt(no(), attempts, 0, rule, since, chance);
      if (attempts >= rule.attempts) expect(verdict.do).toBe('give_up');
      else expect(verdict.do === 'retry' && verdict.at > since && verdict.at <= since + 1.2 * rule.longestMs).toBe(true);
    }));
  });

  it('switches off what failed for too long, whatever the attempt', () => {
    expect(afterAttempt(no(), 1, 0, rule, 86_400_000, 0.5)).toMatchObject({ do: 'disable' });
  });
});
