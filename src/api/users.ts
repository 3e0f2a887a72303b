import { z } from '@hono/zod-openapi';
import { etagOf, USER_SORTS, type Teams, type User, type Users } from '../access/index.js';
import { Invalid } from './errors.js';
import { refusals } from './problem.js';
import { ifMatch, stale } from './queue-settings.js';
import { needed } from './roles.js';
import { iso, isoOrNull, listOf, pageQuery, route, routes, sortOf, Time } from './routes.js';
import { byOf } from './trail.js';

const text = z.string().min(1).max(200);
const login = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}$/).openapi({ description: 'letters, digits and . _ @ + -; case does not matter', example: 'lin' });
const email = z.email().max(254);
const ids = z.array(z.string().max(100)).max(50);
const link = z.string().min(1).max(100).nullable();
export const UserView = z
  .object({
    id: z.string(), login: z.string(), name: z.string(), email: z.string().nullable(), roles: z.array(z.string()), teams: z.array(z.string()),
    agent: z.string().nullable().openapi({ description: 'the agent this user is' }), extension: z.string().nullable().openapi({ description: 'the phone of this user' }),
    disabled: z.boolean(), disabled_at: Time.nullable(), has_password: z.boolean(), second_factor: z.boolean(), oidc: z.string().nullable().openapi({ description: 'the provider that knows him' }),
    created_at: Time, updated_at: Time, seen_at: Time.nullable(),
  })
  .openapi('User');
const NewUser = z
  .strictObject({
    login, name: text, email: email.nullable().prefault(null), password: z.string().max(256).optional(), roles: ids.prefault([]), teams: ids.prefault([]), agent: link.prefault(null), extension: link.prefault(null),
  })
  .openapi('NewUser', { example: { login: 'lin', name: '林娜', password: 'four words easy to keep', roles: ['agent'], agent: '1001', extension: '1001' } });
const UserPatch = z
  .strictObject({
    login: login.optional(), name: text.optional(), email: email.nullable().optional(), password: z.string().max(256).optional(), roles: ids.optional(), teams: ids.optional(), agent: link.optional(), extension: link.optional(),
    disabled: z.boolean().optional().openapi({ description: 'true: out at once, with sessions, keys, open sockets and the phone' }),
  })
  .openapi('UserPatch');
const id = z.object({ id: z.string().max(100) });
const json = { 'application/json': { schema: UserView } };
const headers = { ETag: { description: 'for If-Match', schema: { type: 'string' as const } } };
const none = { 404: 'There is no such user within your reach' };
const wrong = { 403: 'It goes beyond your own rights or reach', 409: 'The login, agent or extension is taken', 422: 'The body is wrong, the password weak, or a role, team, agent or extension unknown' };

const listUsers = route('users.read', {
  method: 'get', path: '/', tags: ['access'], summary: 'Users, newest first', 'x-summary-zh-CN': '用户列表，最新在前',
  request: { query: z.object({ ...pageQuery, sort: sortOf(...USER_SORTS), q: text.optional().openapi({ description: 'part of login, name or email' }), team: text.optional(), role: text.optional(), disabled: z.enum(['true', 'false']).optional() }) },
  responses: { 200: { description: 'A page of users', content: { 'application/json': { schema: listOf(UserView) } } }, ...refusals({ 400: 'A parameter or the cursor is wrong' }) },
});
const getUser = route('users.read', {
  method: 'get', path: '/{id}', tags: ['access'], summary: 'One user', 'x-summary-zh-CN': '单个用户', request: { params: id },
  responses: { 200: { description: 'The user', headers, content: json }, ...refusals(none) },
});
const addUser = route('users.write', {
  method: 'post', path: '/', tags: ['access'], summary: 'A new user', 'x-summary-zh-CN': '新建用户', request: { body: { required: true, content: { 'application/json': { schema: NewUser } } } },
  responses: { 201: { description: 'The user', headers, content: json }, ...refusals({ ...wrong, 404: 'There is no such role or team' }) },
});
const patchUser = route('users.write', {
  method: 'patch', path: '/{id}', tags: ['access'], summary: 'Change a user, or shut him out at once', 'x-summary-zh-CN': '修改用户，或立即停用',
  request: { params: id, headers: ifMatch, body: { required: true, content: { 'application/json': { schema: UserPatch } } } },
  responses: { 200: { description: 'The user', headers, content: json }, ...refusals({ ...none, ...wrong, ...stale }) },
});

export interface UserRooms {
  readonly users: Users;
  readonly teams: Teams;
  /** Whether the house has such an agent, such a phone. */
  readonly hasAgent: (id: string) => boolean;
  readonly hasExtension: (number: string) => boolean;
}
/** /v1/users */
export const userRoutes = ({ users, hasAgent, hasExtension }: UserRooms) => {
  const linked = ({ agent, extension }: { agent?: string | null | undefined; extension?: string | null | undefined }): void => {
    if (typeof agent === 'string' && !hasAgent(agent)) throw new Invalid(`agent: there is no agent "${agent}"`, { hint: 'GET /v1/agents lists them' });
    if (typeof extension === 'string' && !hasExtension(extension)) throw new Invalid(`extension: there is no extension "${extension}"`, { hint: 'GET /v1/extensions lists them' });
  };
  return routes()
    .openapi(listUsers, (c) => {
      const { limit, cursor, sort, disabled, ...filter } = c.req.valid('query');
      const { items, nextCursor } = users.list({ ...filter, ...(disabled === undefined ? {} : { disabled: disabled === 'true' }) }, { limit, cursor, sort }, { principal: c.get('principal'), scope: c.get('scope') });
      return c.json({ items: items.map(shownUser), next_cursor: nextCursor ?? null }, 200);
    })
    .openapi(getUser, (c) => {
      const user = users.get(c.req.valid('param').id, { principal: c.get('principal'), scope: c.get('scope') });
      return c.json(shownUser(user), 200, { etag: etagOf(user.version) });
    })
    .openapi(addUser, async (c) => {
      const input = c.req.valid('json');
      linked(input);
      const user = await users.add(input, byOf(c));
      return c.json(shownUser(user), 201, { etag: etagOf(user.version), location: `/v1/users/${user.id}` });
    })
    .openapi(patchUser, async (c) => {
      const input = c.req.valid('json');
      linked(input);
      const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
      const user = await users.change(c.req.valid('param').id, given, needed(c.req.header('if-match')), byOf(c));
      return c.json(shownUser(user), 200, { etag: etagOf(user.version) });
    });
};

export const shownUser = (u: User): z.output<typeof UserView> => ({
  id: u.id, login: u.login, name: u.name, email: u.email, roles: [...u.roles], teams: [...u.teams], agent: u.agent, extension: u.extension, disabled: u.disabledAt !== null, disabled_at: isoOrNull(u.disabledAt),
  has_password: u.hasPassword, second_factor: u.totp, oidc: u.oidcProvider, created_at: iso(u.createdAt), updated_at: iso(u.updatedAt), seen_at: isoOrNull(u.seenAt),
});
