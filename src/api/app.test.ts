import { describe, expect, it } from 'vitest';
import { agent, rooms, TOKEN } from './api.fixture.js';

const problemOf = async (response: Response) => {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  return [response.status, ((await response.json()) as { code: string }).code];
};

describe('without a right token', () => {
  it.each(['/v1/calls', '/v1/calls/x/recording', '/v1/agents', '/v1/queues', '/v1/extensions', '/v1/trunks', '/v1/nothing'])('%s says 401', async (path) => {
    const response = await rooms().app.request(path);
    expect(response.headers.get('www-authenticate')).toContain('Bearer');
    expect(await problemOf(response)).toEqual([401, 'unauthorized']);
  });

  it.each(['Basic YTpi', 'Bearer', 'Bearer wrong', `bearer  ${TOKEN}`, TOKEN])('"%s" is no right token', async (authorization) => {
    expect((await rooms().app.request('/v1/calls', { headers: { authorization } })).status).toBe(401);
  });

  it('an address that guesses is told to wait; a right token from it is let through all the same', async () => {
    const { app, r, get } = rooms();
    const guess = (address: string) => app.request('/v1/calls', { headers: { authorization: 'Bearer guess' } }, { incoming: { socket: { remoteAddress: address } } });
    for (let i = 0; i < 10; i += 1) expect((await guess('192.0.2.1')).status).toBe(401);
    const refused = await guess('192.0.2.1');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
    expect((await guess('192.0.2.2')).status).toBe(401);
    expect((await get('/v1/calls')).status).toBe(200);
    r.now = 60_000;
    expect((await guess('192.0.2.1')).status).toBe(401);
  });
});

describe('open to everyone', () => {
  it('/healthz says that calls can be taken, and what is degraded', async () => {
    const response = await rooms({ degraded: ['speech: off, no model'] }).app.request('/healthz');
    expect([response.status, await response.json()]).toEqual([200, { status: 'degraded', version: '0.0.0', degraded: ['speech: off, no model'] }]);
  });

  it('/healthz says 503 while calls cannot be taken', async () => {
    const response = await rooms({ ready: false, degraded: ['edge: not connected'] }).app.request('/healthz');
    expect(response.headers.get('retry-after')).toBe('1');
    expect([response.status, await response.json()]).toEqual([503, expect.objectContaining({ code: 'not_ready', degraded: ['edge: not connected'] })]);
  });

  it('/metrics is Prometheus text', async () => {
    const response = await rooms().app.request('/metrics');
    expect(response.headers.get('content-type')).toContain('version=0.0.4');
    expect(await response.text()).toBe('strowger_calls_active 0\n');
  });
});

describe('a request that is wrong', () => {
  it('to a path that does not exist is 404', async () => expect(await problemOf(await rooms().get('/v1/callers'))).toEqual([404, 'no_such_path']));

  it('with a method the path does not take is 405, with those it takes', async () => {
    const { app } = rooms();
    const response = await app.request('/v1/calls/call_1', { method: 'DELETE', headers: { authorization: `Bearer ${TOKEN}` } });
    expect(response.headers.get('allow')).toBe('GET, HEAD');
    expect(await problemOf(response)).toEqual([405, 'wrong_method']);
    expect((await app.request('/healthz', { method: 'POST' })).status).toBe(405);
  });

  it('with broken JSON is 400', async () => {
    expect(await problemOf(await rooms({ agents: [agent('1001')] }).put('/v1/agents/1001/state', '{"state": "away"'))).toEqual([400, 'malformed']);
  });

  it('with a body that is not declared as JSON is 415', async () => {
    const { put } = rooms({ agents: [agent('1001')] });
    expect(await problemOf(await put('/v1/agents/1001/state', { state: 'away' }, { 'content-type': 'text/plain' }))).toEqual([415, 'not_json']);
    expect((await put('/v1/agents/1001/state', { state: 'away' }, { 'content-type': 'application/json; charset=utf-8' })).status).toBe(200);
  });

  it('with a body too large is 413', async () => {
    const { put } = rooms({ agents: [agent('1001')] });
    const refused = await put('/v1/agents/1001/state', { state: 'away', reason: 'x'.repeat(70_000) });
    expect([await problemOf(refused), refused.headers.get('connection')]).toEqual([[413, 'too_large'], 'close']);
  });
});

it('keeps our insides to itself when the fault is ours, and logs them under the request ID', async () => {
  const { get, r } = rooms({}, { calls: { list: () => { throw new Error('SQLITE_CORRUPT in /var/lib/x.db'); }, get: () => undefined } });
  const response = await get('/v1/calls', { 'x-request-id': 'req-7' });
  expect(response.headers.get('x-request-id')).toBe('req-7');
  const text = await response.text();
  expect([response.status, text.includes('SQLITE')]).toEqual([500, false]);
  expect(JSON.parse(text)).toMatchObject({ code: 'internal', request_id: 'req-7' });
  expect(r.logged).toContainEqual(expect.objectContaining({ request_id: 'req-7', err: expect.objectContaining({ message: expect.stringContaining('SQLITE') }) }));
});

it('logs a request without its token', async () => {
  const { get, r } = rooms();
  await get('/v1/calls');
  expect(r.logged).toContainEqual(expect.objectContaining({ method: 'GET', path: '/v1/calls', status: 200 }));
  expect(JSON.stringify(r.logged)).not.toContain(TOKEN);
});

it('answers HEAD like GET, without the body', async () => {
  const response = await rooms().app.request('/v1/calls', { method: 'HEAD', headers: { authorization: `Bearer ${TOKEN}` } });
  expect([response.status, await response.text()]).toEqual([200, '']);
});
