import { admin as holder, createAccess, type Access } from '../access/index.js';
import { loadConfig, Secret, type AccessConfig } from '../config/index.js';
import { createEvents, type Events } from '../events/index.js';
import { openStore, type Store } from '../store/index.js';
import { rooms, TOKEN, type Rooms } from './api.fixture.js';
import type { ApiDeps } from './ports.js';

export const PASSWORD = 'violet tractor under the moon';
const log = { error: () => undefined };

/** The API of `rooms` with real users, roles and keys in a database of its own. */
export async function guarded(over: Partial<Rooms> = {}, { config = {}, deps = {}, clock = { now: Date.UTC(2026, 10, 20, 10) } }: { config?: Partial<AccessConfig>; deps?: Partial<ApiDeps>; clock?: { now: number } } = {}) {
  const store: Store = await openStore({ path: ':memory:' });
  const events: Events = createEvents({ store, log, now: () => clock.now });
  const settings: AccessConfig = { ...loadConfig('/nowhere').access, ...config };
  const access: Access = createAccess({ store, events, log, config: () => settings, adminToken: new Secret(TOKEN), now: () => clock.now, clock: () => clock.now });
  const house = rooms(over, {
    access, ...deps,
    authenticate: (token) => {
      const judged = access.authenticate(`Bearer ${token}`, 'test');
      return judged.ok ? judged.principal : undefined;
    },
  });
  const as = (token: string) => (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => house.send(method, path, body, { authorization: `Bearer ${token}`, ...headers });
  const admin = as(TOKEN);
  const made = async <T>(path: string, body: unknown): Promise<T> => {
    const response = await admin('POST', path, body);
    if (response.status !== 201) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  /** A user, and a key of his that may all he may. */
  const user = async (login: string, roles: readonly string[], more: object = {}): Promise<{ id: string; send: ReturnType<typeof as> }> => {
    const { id } = await made<{ id: string }>('/v1/users', { login, name: login, password: PASSWORD, roles, ...more });
    const { key, token } = access.keys.add({ name: login, ...access.roles.rights(roles), expiresAt: null }, { principal: holder, scope: 'all', source: 'test' });
    store.change(store.db.updateTable('access_keys').set({ owner: id }).where('id', '=', key.id));
    return { id, send: as(token) };
  };
  /** A browser: it keeps cookies and sends the CSRF token it was given. */
  const browser = (headers: Record<string, string> = {}) => browserOf(house.app, headers);
  return { ...house, browser, access, store, events, clock, as, admin, made, user };
}

type App = ReturnType<typeof rooms>['app'];
export function browserOf(app: Pick<App, 'request'>, headers: Record<string, string>) {
  const jar = new Map<string, string>();
  let csrf = '';
  const send = async (method: string, path: string, body?: unknown, more: Record<string, string> = {}): Promise<Response> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await app.request(path, {
      method, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { ...(cookie === '' ? {} : { cookie }), ...(csrf === '' ? {} : { 'x-csrf-token': csrf }), 'sec-fetch-site': 'same-origin', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers, ...more },
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  };
  const login = async (name: string, password: string, code?: string): Promise<Response> => {
    const response = await send('POST', '/v1/login', { login: name, password, ...(code === undefined ? {} : { code }) });
    if (response.ok) csrf = ((await response.clone().json()) as { csrf_token: string }).csrf_token;
    return response;
  };
  return { send, login, jar };
}
