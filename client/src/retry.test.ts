import { describe, expect, it } from 'vitest';
import { retried } from './retry.js';

type Answer = Response | Error;
function house(...answers: Answer[]) {
  const [seen, pauses]: [Request[], number[]] = [[], []];
  const send = (request: Request): Promise<Response> => {
    seen.push(request);
    const next = answers.shift() ?? new Response('{}');
    return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
  };
  const ask = retried(send, { times: 3, longestMs: 5_000 }, (ms) => (pauses.push(ms), Promise.resolve()));
  return { ask, seen, pauses };
}
const busy = (status: number, after?: string): Response => new Response(null, { status, headers: after === undefined ? {} : { 'retry-after': after } });
const post = () => new Request('http://house/v1/callbacks', { method: 'POST', body: '{"to":"1001"}' });

describe('a request', () => {
  it('is sent again after 429 and 503, when Retry-After says, and no later than is borne', async () => {
    const { ask, pauses, seen } = house(busy(429, '2'), busy(503, '60'), busy(503));
    expect((await ask(new Request('http://house/v1/calls'))).status).toBe(200);
    expect([seen.length, pauses]).toEqual([4, [2_000, 5_000, 1_000]]);
  });

  it('has one Idempotency-Key over all tries, and its body each time', async () => {
    const { ask, seen } = house(new TypeError('fetch failed'), busy(409, '1'));
    await ask(post());
    expect(new Set(seen.map((r) => r.headers.get('idempotency-key'))).size).toBe(1);
    expect(seen[0]?.headers.get('idempotency-key')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await Promise.all(seen.map((r) => r.text()))).toEqual(['{"to":"1001"}', '{"to":"1001"}', '{"to":"1001"}']);
  });

  it('keeps the key it was given; a question has none', async () => {
    const { ask, seen } = house();
    await ask(new Request(post(), { headers: { 'idempotency-key': 'order-7' } }));
    await ask(new Request('http://house/v1/calls'));
    expect(seen.map((r) => r.headers.get('idempotency-key'))).toEqual(['order-7', null]);
  });

  it('is not sent again when it is wrong, and the last answer is handed on', async () => {
    expect((await house(busy(422)).ask(post())).status).toBe(422);
    expect((await house(busy(409)).ask(post())).status).toBe(409);
    const { ask, seen } = house(busy(503), busy(503), busy(503), busy(503));
    expect([(await ask(post())).status, seen.length]).toEqual([503, 4]);
    const broken = house(...Array.from({ length: 4 }, () => new TypeError('fetch failed')));
    await expect(broken.ask(post())).rejects.toThrow('fetch failed');
  });
});
