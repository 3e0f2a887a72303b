import { beforeAll, describe, expect, it } from 'vitest';
import { BUILT_IN, PERMISSIONS, type Permission } from '../access/index.js';
import { guarded } from './access.fixture.js';
import { agent, rooms } from './api.fixture.js';

/** Nothing else is open: whoever opens another path says so here. */
const OPEN = ['/healthz', '/metrics', '/files/{id}', '/v1/login', '/v1/login/providers', '/v1/login/oidc/{provider}', '/v1/login/oidc/{provider}/callback', '/v1/my-tickets/tickets', '/v1/my-tickets/tickets/{id}', '/v1/my-tickets/tickets/{id}/comments', '/v1/my-tickets/files', '/v1/field-work/tickets', '/v1/field-work/tickets/{id}', '/v1/field-work/tickets/{id}/transitions', '/v1/field-work/tickets/{id}/comments', '/v1/field-work/files', '/v1/chat/settings', '/v1/chat/sessions', '/v1/chat/files', '/v1/chat/offline'];
const PERSON = 'any';

interface Operation {
  readonly path: string;
  readonly method: string;
  readonly needs: string | undefined;
}
/** As the OpenAPI document says: a new route is walked without a line here. */
async function operations(): Promise<readonly Operation[]> {
  const document = (await (await rooms().app.request('/openapi.json')).json()) as { paths: Record<string, Record<string, { 'x-permission'?: string }>> };
  return Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), needs: operation['x-permission'] })));
}

it('every operation says what it takes to be allowed it', async () => {
  const all = await operations();
  expect(all.length).toBeGreaterThan(40);
  const known: readonly string[] = PERMISSIONS;
  expect(all.filter(({ path, needs }) => needs === undefined || !(known.includes(needs) || needs === PERSON || (needs === 'open' && OPEN.includes(path))))).toEqual([]);
});

describe('every route for every role', () => {
  let all: readonly Operation[] = [];
  let house: Awaited<ReturnType<typeof guarded>>;
  type Send = Awaited<ReturnType<typeof house.user>>['send'];
  const senders = new Map<string, Send>();
  beforeAll(async () => {
    // Each is an agent too: some routes are of one's own as an agent.
    house = await guarded({ agents: BUILT_IN.map(({ id }) => agent(id)) });
    for (const { id } of BUILT_IN) senders.set(id, (await house.user(`one-${id}`, [id], { agent: id })).send);
    all = (await operations()).filter(({ path, needs }) => path.startsWith('/v1/') && needs !== 'open');
  }, 60_000);

  /** Nothing is there, so whoever is let in hears 404, 422 or a failure of the empty rooms; only who is not hears `forbidden`. */
  const answerTo = async (send: Send, { path, method }: Operation): Promise<'in' | 'forbidden' | 'unknown'> => {
    // An event stream would go on for ever: its answer begins at once.
    const response = await send(method, path.replaceAll(/\{\w+\}/g, 'nothing'), ['POST', 'PUT', 'PATCH'].includes(method) ? {} : undefined, { 'if-match': '*' });
    const streams = (response.headers.get('content-type') ?? '').startsWith('text/event-stream');
    const code = streams ? undefined : ((await response.json().catch(() => ({}))) as { code?: string }).code;
    if (streams) await response.body?.cancel();
    return response.status === 401 ? 'unknown' : response.status === 403 && code === 'forbidden' ? 'forbidden' : 'in';
  };
  const wrong = async (send: Send, expected: (operation: Operation) => string): Promise<string[]> => {
    const found: string[] = [];
    for (const operation of all) {
      const answer = await answerTo(send, operation);
      if (answer !== expected(operation)) found.push(`${operation.method} ${operation.path} (${operation.needs ?? '?'}): ${answer}`);
    }
    return found;
  };

  it.each(BUILT_IN.map((role) => [role.id, role] as const))('%s', async (id, role) => {
    const send = senders.get(id);
    expect(send && (await wrong(send, ({ needs }) => (needs === PERSON || role.permissions[needs as Permission] !== undefined ? 'in' : 'forbidden')))).toEqual([]);
  });

  it('somebody disabled, an expired key, a revoked key, a wrong token: nobody', async () => {
    const gone = await house.user('gone', ['admin']);
    await house.admin('PATCH', `/v1/users/${gone.id}`, { disabled: true }, { 'if-match': '*' });
    const expired = await house.made<{ token: string }>('/v1/keys', { name: 'expired', expires_at: new Date(house.clock.now + 1).toISOString() });
    const revoked = await house.made<{ id: string; token: string }>('/v1/keys', { name: 'revoked' });
    await house.admin('DELETE', `/v1/keys/${revoked.id}`);
    house.clock.now += 60_001;
    // Ten wrong tokens a minute and address are answered 401, more of them 429: the clock goes on.
    const patient = (send: Send): Send => (...args) => {
      house.r.now += 60_001;
      return send(...args);
    };
    for (const token of [expired.token, revoked.token, 'nonsense']) expect(await wrong(patient(house.as(token)), () => 'unknown')).toEqual([]);
    expect(await wrong(patient(gone.send), () => 'unknown')).toEqual([]);
    for (const { path, method } of all) expect([path, (await house.app.request(path.replaceAll(/\{\w+\}/g, 'nothing'), { method })).status]).toEqual([path, 401]);
  });
});
