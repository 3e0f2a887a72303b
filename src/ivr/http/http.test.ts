import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isAllowed, isPrivate } from './addresses.js';
import { createHttp, parsePath, pick, type HttpAnswer, type HttpOptions, type HttpSpec } from './index.js';

const open: Server[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => new Promise((done) => {
    server.closeAllConnections();
    server.close(done);
  })));
});

interface House {
  readonly url: string;
  readonly port: number;
  readonly seen: IncomingMessage[];
  readonly bodies: string[];
}
/** A service on a port that was free. */
async function house(answer: (request: IncomingMessage, response: ServerResponse, times: number) => void): Promise<House> {
  const seen: IncomingMessage[] = [];
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      bodies.push(body);
      answer(request, response, seen.length);
    });
  });
  open.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, seen, bodies };
}
const json = (value: unknown, status = 200) => (_: IncomingMessage, response: ServerResponse): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));

const call = (spec: Partial<HttpSpec> & { readonly url: string }, options: Partial<HttpOptions> = {}, signal = new AbortController().signal): Promise<HttpAnswer> =>
  createHttp({ allowHosts: ['127.0.0.1'], backOff: () => 1, ...options }).request({ method: 'GET', timeoutMs: 5_000, ...spec }, signal);
const why = async (answer: Promise<HttpAnswer>) => {
  const a = await answer;
  return a.ok ? `ok ${a.status}` : a.why;
};

describe('a service that does as it should', () => {
  it('reads JSON', async () => {
    const orders = await house(json({ id: 'A1', items: [1, 2] }));
    expect(await call({ url: `${orders.url}/v1/orders?phone=138` })).toEqual({ ok: true, status: 200, json: { id: 'A1', items: [1, 2] } });
    expect(orders.seen[0]).toMatchObject({ method: 'GET', url: '/v1/orders?phone=138' });
  });

  it('sends JSON, headers and secrets', async () => {
    const orders = await house(json({ done: true }, 201));
    const answer = await call({ method: 'PUT', url: orders.url, body: { 状态: 'cancelled' }, headers: { Authorization: 'Bearer ${ORDERS_KEY}', 'X-Shop': '1' } }, { secrets: (name) => (name === 'ORDERS_KEY' ? 's3cret' : undefined) });
    expect(answer).toMatchObject({ ok: true, status: 201 });
    expect([orders.bodies, orders.seen[0]?.headers]).toEqual([['{"状态":"cancelled"}'], expect.objectContaining({ authorization: 'Bearer s3cret', 'x-shop': '1', 'content-type': 'application/json' })]);
  });

  it('takes 204 for an answer, and text where text is expected', async () => {
    const quiet = await house((_, response) => void response.writeHead(204).end());
    expect(await call({ method: 'DELETE', url: quiet.url })).toEqual({ ok: true, status: 204, json: null });
    const prose = await house((_, response) => void response.end('今天有雨'));
    expect(await call({ url: prose.url, expect: 'text' })).toEqual({ ok: true, status: 200, text: '今天有雨' });
  });
});

it('leaves nothing open behind it', async () => {
  const sockets = (): number => process.getActiveResourcesInfo().filter((kind) => /^TCP(Socket|Connect)?Wrap$|^TLSWrap$/.test(kind)).length;
  const before = sockets();
  const service = await house((request, response) => {
    const path = request.url ?? '';
    if (path === '/good') return json({})(request, response);
    if (path === '/error') return void response.writeHead(500).end('x');
    if (path === '/large') return void response.writeHead(200, { 'content-length': 5_000_000 }).write('x');
    if (path === '/broken') return void response.destroy();
    if (path === '/away') return void response.writeHead(302, { location: 'http://10.0.0.1/' }).end('bye');
    return undefined; // hangs
  });
  const paths = ['good', 'error', 'large', 'broken', 'away', 'hang'];
  const outcomes = await Promise.all(Array.from({ length: 120 }, (_, i) => why(call({ url: `${service.url}/${paths[i % 6]}`, timeoutMs: 300 }))));
  expect(new Set(outcomes)).toEqual(new Set(['ok 200', 'status', 'too_large', 'refused', 'private_address', 'timeout']));
  await new Promise((done) => open.splice(0)[0]!.close(done)); // ends only once every connection has
  await vi.waitFor(() => expect(sockets()).toBeLessThanOrEqual(before)); // handles are freed in a later turn
});

describe('a service that does not', () => {
  it('answers HTML', async () => {
    const page = await house((_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Login</html>'));
    expect(await call({ url: page.url })).toMatchObject({ ok: false, why: 'not_json', status: 200 });
  });

  it('answers an error, and what it says of it is kept', async () => {
    const gone = await house(json({ code: 'no_such_order' }, 404));
    expect(await call({ url: gone.url, retries: 3 })).toMatchObject({ ok: false, why: 'status', status: 404, json: { code: 'no_such_order' } });
    expect(gone.seen).toHaveLength(1);
  });

  it.each([['announced', true], ['not announced', false]])('answers 10 MB, %s', async (_, announced) => {
    const big = await house((__, response) => {
      response.writeHead(200, announced ? { 'content-length': 10_000_000 } : {});
      const chunk = 'x'.repeat(64_000);
      const more = (): void => {
        if (!response.destroyed) response.write(chunk, (error) => (error ? undefined : setImmediate(more)));
      };
      more();
    });
    expect(await why(call({ url: big.url }))).toBe('too_large');
  });

  it.each([['never answers', () => undefined], ['hangs in its headers', (r: ServerResponse) => r.flushHeaders()], ['hangs in its body', (r: ServerResponse) => void r.write('{"a":')]])('%s', async (_, begin) => {
    const slow = await house((__, response) => begin(response));
    const began = performance.now();
    expect(await why(call({ url: slow.url, timeoutMs: 150 }))).toBe('timeout');
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  it('breaks off in the middle', async () => {
    const broken = await house((_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{"a":');
      setImmediate(() => response.destroy());
    });
    expect(await why(call({ url: broken.url }))).toBe('refused');
  });

  it('is not there', async () => {
    const gone = await house(json({}));
    await new Promise((done) => open.splice(0)[0]?.close(done));
    expect(await why(call({ url: gone.url }))).toBe('refused');
    expect(await why(call({ url: 'http://shop.example/' }, { lookup: () => Promise.reject(new Error('ENOTFOUND')) }))).toBe('refused');
  });

  it('is given up when the caller goes', async () => {
    const caller = new AbortController();
    const slow = await house(() => caller.abort());
    expect(await why(call({ url: slow.url, retries: 5 }, {}, caller.signal))).toBe('cancelled');
    expect(slow.seen).toHaveLength(1);
  });

  it('speaks gzip although nobody asked', async () => {
    const zipped = await house((_, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end('{}'));
    expect(await why(call({ url: zipped.url }))).toBe('not_json');
  });
});

describe('again', () => {
  const unsteady = (times: number) => house((request, response, n) => (n <= times ? void response.writeHead(503).end() : json({ n })(request, response)));
  it.each<[string, Partial<HttpSpec>, number, string]>([
    ['a GET as often as asked', { retries: 2 }, 3, 'ok 200'],
    ['a GET not more often', { retries: 1 }, 2, 'status'],
    ['a PUT too', { method: 'PUT', retries: 2 }, 3, 'ok 200'],
    ['no POST: who knows what it did', { method: 'POST', retries: 2 }, 1, 'status'],
    ['a POST where the service knows it again', { method: 'POST', retries: 2, retryUnsafe: true }, 3, 'ok 200'],
  ])('%s', async (_, spec, times, outcome) => {
    const service = await unsteady(2);
    expect([await why(call({ url: service.url, ...spec })), service.seen.length]).toEqual([outcome, times]);
  });

  it('waits longer each time', async () => {
    const service = await unsteady(9);
    const waited: number[] = [];
    await call({ url: service.url, retries: 3 }, { backOff: (n) => 100 * 2 ** n, wait: (ms) => (waited.push(ms), Promise.resolve()) });
    expect(waited).toEqual([200, 400, 800]);
  });
});

describe('the house\'s own network', () => {
  it.each([
    'http://127.0.0.1:1/', 'http://localhost:1/', 'http://127.1:1/', 'http://0x7f000001:1/', 'http://2130706433:1/', 'http://[::1]:1/', 'http://[::ffff:127.0.0.1]:1/', 'http://0.0.0.0:1/',
    'http://10.0.0.1/', 'http://192.168.1.1/', 'http://169.254.169.254/latest/meta-data/', 'http://100.64.0.1/', 'http://[fe80::1]/', 'http://[fd00::1]/', 'http://[64:ff9b::7f00:1]/',
  ])('%s is refused', async (url) => {
    expect(await why(call({ url }, { allowHosts: [] }))).toBe('private_address');
  });

  it('is refused behind a name too, even if only one of its addresses is there', async () => {
    const lookup = () => Promise.resolve([{ address: '93.184.216.34', family: 4 }, { address: '10.1.2.3', family: 4 }]);
    expect(await why(call({ url: 'http://shop.example/' }, { lookup }))).toBe('private_address');
  });

  it('is refused behind a redirect', async () => {
    const inside = await house(json({ secret: true }));
    const outside = await house((_, response) => void response.writeHead(302, { location: `http://localhost:${inside.port}/` }).end());
    const options = { allowHosts: [`shop.example:${outside.port}`], lookup: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]) };
    expect(await why(call({ url: `http://shop.example:${outside.port}/` }, options))).toBe('private_address');
    expect([outside.seen.length, inside.seen.length]).toEqual([1, 0]);
  });

  it('stays closed to a name that changes its meaning after it was checked', async () => {
    const inside = await house(json({ secret: true }));
    let asked = 0;
    // Nobody listens at the first answer, which may be called; every later one leads inside.
    const lookup = () => Promise.resolve([{ address: (asked += 1) === 1 ? '127.0.0.2' : '127.0.0.1', family: 4 }]);
    expect(await why(call({ url: `http://shop.example:${inside.port}/` }, { allowHosts: ['127.0.0.2'], lookup }))).toBe('refused');
    expect([asked, inside.seen.length]).toEqual([1, 0]);
  });

  it('is open where STROWGER_ALLOW_HOSTS names it', async () => {
    const inside = await house(json({ n: 1 }));
    const lookup = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    for (const allowHosts of [['orders.lan'], [`orders.lan:${inside.port}`], ['127.0.0.1'], [`127.0.0.1:${inside.port}`]])
      expect(await why(call({ url: `http://Orders.LAN:${inside.port}/` }, { allowHosts, lookup }))).toBe('ok 200');
    expect(await why(call({ url: `http://orders.lan:${inside.port}/` }, { allowHosts: ['orders.lan:1'], lookup }))).toBe('private_address');
  });

  it.each(['8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8', '172.32.0.1'])('%s is not in it', (address) => expect(isPrivate(address)).toBe(false));
  it.each(['::ffff:a00:1', 'fe80::1%eth0', '224.0.0.1', 'nonsense'])('%s counts as in it', (address) => expect(isPrivate(address)).toBe(true));
  it('knows IPv6 in brackets', () => expect([isAllowed(['[::1]:80'], '::1', 80), isAllowed(['::1'], '::1', 443), isAllowed([], '::1', 80)]).toEqual([true, true, false]));
});

describe('redirects', () => {
  const redirecting = (status: number, location: string | undefined) => (_: IncomingMessage, response: ServerResponse): void =>
    void response.writeHead(status, location === undefined ? {} : { location }).end();

  it.each([[302, 'POST', 'GET', ''], [303, 'PUT', 'GET', ''], [307, 'POST', 'POST', '{"a":1}'], [308, 'PUT', 'PUT', '{"a":1}']] as const)('%i after %s goes on with %s', async (status, method, then, body) => {
    const target = await house(json({}));
    const first = await house(redirecting(status, `${target.url}/new`));
    expect(await why(call({ method, url: first.url, body: { a: 1 } }))).toBe('ok 200');
    expect([target.seen[0]?.method, target.seen[0]?.url, target.bodies[0]]).toEqual([then, '/new', body]);
  });

  it('does not carry secrets to another house', async () => {
    const other = await house(json({}));
    const first = await house((request, response) => (request.url === '/a' ? redirecting(302, '/b') : redirecting(302, other.url))(request, response));
    await call({ url: `${first.url}/a`, headers: { authorization: 'Bearer ${KEY}', cookie: 'x=1' } }, { secrets: () => 'k' });
    expect(first.seen.map((s) => s.headers.authorization)).toEqual(['Bearer k', 'Bearer k']);
    expect([other.seen[0]?.headers.authorization, other.seen[0]?.headers.cookie]).toEqual([undefined, undefined]);
  });

  it('ends a circle, and what leads nowhere', async () => {
    const circle = await house((_, response) => redirecting(302, '/again')(_, response));
    expect([await why(call({ url: circle.url })), circle.seen.length]).toEqual(['redirect', 6]);
    const nowhere = await house(redirecting(302, undefined));
    expect(await why(call({ url: nowhere.url }))).toBe('redirect');
    const file = await house(redirecting(302, 'file:///etc/passwd'));
    expect(await why(call({ url: file.url }))).toBe('bad_url');
  });
});

describe('what a designer gets wrong', () => {
  it.each(['not a url', 'ftp://shop.example/', 'http://user:password@127.0.0.1/'])('%s', async (url) => expect(await why(call({ url }))).toBe('bad_url'));
  it('names a secret that nobody set', async () => expect(await why(call({ url: 'http://127.0.0.1:1/', headers: { a: '${NOBODY}' } }))).toBe('secret'));
  it('has a secret of two lines', async () => expect(await why(call({ url: 'http://127.0.0.1:1/', headers: { a: '${X}' } }, { secrets: () => 'a\r\nb: c' }))).toBe('secret'));
});

describe('paths', () => {
  const answer = { order: { id: 'A1', items: [{ name: '茶' }, { name: 'tea' }], 'odd name': 1, 状态: 'paid' } };
  it.each([
    ['order.id', 'A1'], ['$.order.id', 'A1'], ['order.items[1].name', 'tea'], ['order.items[-1].name', 'tea'], ['order["odd name"]', 1], ['order.状态', 'paid'], ['$', answer],
    ['order.items[9]', undefined], ['order.nobody', undefined], ['order.id.deeper', undefined], ['order.constructor', undefined], ['order.items.length', undefined],
  ])('%s', (path, value) => expect(pick(answer, path)).toEqual(value));
  it.each([['order..id', 6], ['order.items[x]', 12], ['', 1], ['order id', 6], ['order.', 6]])('%s is no path', (path, column) => expect(parsePath(path)).toMatchObject({ ok: false, column }));
});
