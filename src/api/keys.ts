import { z } from '@hono/zod-openapi';
import type { AccessKey, Keys, RoleBook } from '../access/index.js';
import { refusals } from './problem.js';
import { Fields, Permissions, shownRights } from './rights.js';
import { iso, isoOrNull, listOf, moment, pageQuery, route, routes, Time } from './routes.js';
import { byOf } from './trail.js';

const KeyView = z
  .object({
    id: z.string(), prefix: z.string().openapi({ description: 'the first characters of its token, to tell keys apart' }), name: z.string(), owner: z.string().nullable().openapi({ description: 'the user whose rights bound it' }),
    permissions: Permissions, fields: Fields, created_at: Time, created_by: z.string(), expires_at: Time.nullable(), revoked_at: Time.nullable(), used_at: Time.nullable().openapi({ description: 'to the minute' }),
  })
  .openapi('Key');
const NewKey = z
  .strictObject({
    name: z.string().min(1).max(100), role: z.string().max(100).optional().openapi({ description: 'grant what this role grants; default: app' }), permissions: Permissions.optional().openapi({ description: 'grant these instead of a role\'s' }),
    fields: Fields.optional(), expires_at: moment.nullable().prefault(null),
  })
  .refine((k) => k.role === undefined || k.permissions === undefined, { error: 'role or permissions, not both' })
  .openapi('NewKey');
const MadeKey = KeyView.extend({ token: z.string().openapi({ description: 'shown this once' }) }).openapi('MadeKey');
const id = z.object({ id: z.string().max(100) });

const listKeys = route('keys.write', {
  method: 'get', path: '/', tags: ['access'], summary: 'Keys of applications, newest first', 'x-summary-zh-CN': '应用密钥列表，最新在前', request: { query: z.object(pageQuery) },
  responses: { 200: { description: 'A page of keys', content: { 'application/json': { schema: listOf(KeyView) } } }, ...refusals({ 400: 'A parameter or the cursor is wrong' }) },
});
const addKey = route('keys.write', {
  method: 'post', path: '/', tags: ['access'], summary: 'A new key; its token is shown once', 'x-summary-zh-CN': '新建密钥，令牌只显示一次', request: { body: { required: true, content: { 'application/json': { schema: NewKey } } } },
  responses: { 201: { description: 'The key with its token', content: { 'application/json': { schema: MadeKey } } }, ...refusals({ 403: 'It would grant what you may not yourself', 404: 'There is no such role', 422: 'The body is wrong' }) },
});
const getKey = route('keys.write', {
  method: 'get', path: '/{id}', tags: ['access'], summary: 'One key', 'x-summary-zh-CN': '单个密钥', request: { params: id },
  responses: { 200: { description: 'The key', content: { 'application/json': { schema: KeyView } } }, ...refusals({ 404: 'There is no such key within your reach' }) },
});
const removeKey = route('keys.write', {
  method: 'delete', path: '/{id}', tags: ['access'], summary: 'Revoke a key; it is over at once', 'x-summary-zh-CN': '吊销密钥，立即失效', request: { params: id },
  responses: { 204: { description: 'It is over' }, ...refusals({ 404: 'There is no such key within your reach' }) },
});

/** /v1/keys */
export const keyRoutes = (keys: Keys, roles: RoleBook) =>
  routes()
    .openapi(listKeys, (c) => {
      const { items, nextCursor } = keys.list(c.req.valid('query'), { principal: c.get('principal'), scope: c.get('scope') });
      return c.json({ items: items.map(shown), next_cursor: nextCursor ?? null }, 200);
    })
    .openapi(addKey, (c) => {
      const { name, role, permissions, fields, expires_at: expiresAt } = c.req.valid('json');
      const granted = permissions === undefined ? roles.get(role ?? 'app') : { permissions, fields: [] };
      const { key, token } = keys.add({ name, permissions: granted.permissions, fields: fields ?? granted.fields, expiresAt }, byOf(c));
      return c.json({ ...shown(key), token }, 201, { location: `/v1/keys/${key.id}`, 'cache-control': 'no-store' });
    })
    .openapi(getKey, (c) => c.json(shown(keys.get(c.req.valid('param').id, { principal: c.get('principal'), scope: c.get('scope') })), 200))
    .openapi(removeKey, (c) => {
      keys.revoke(c.req.valid('param').id, byOf(c));
      return c.body(null, 204);
    });

const shown = (k: AccessKey): z.output<typeof KeyView> => ({
  id: k.id, prefix: k.prefix, name: k.name, owner: k.owner, ...shownRights(k), created_at: iso(k.createdAt), created_by: k.createdBy, expires_at: isoOrNull(k.expiresAt), revoked_at: isoOrNull(k.revokedAt), used_at: isoOrNull(k.usedAt),
});
