import { z } from '@hono/zod-openapi';
import { etagOf, FIELDS, PERMISSIONS, type Role, type RoleBook } from '../access/index.js';
import { IfMatchMissing } from './errors.js';
import { refusals } from './problem.js';
import { ifMatch, stale } from './queue-settings.js';
import { Fields, Permissions, shownRights } from './rights.js';
import { listOf, pageByKey, keyedQuery, route, routes } from './routes.js';
import { byOf } from './trail.js';

const text = z.string().min(1).max(100);
const Names = z.strictObject({ 'zh-CN': text, en: text });
const RoleView = z.object({ id: z.string(), names: z.object({ 'zh-CN': z.string(), en: z.string() }), built_in: z.boolean(), permissions: Permissions, fields: Fields }).openapi('Role');
const NewRole = z.strictObject({ names: Names, permissions: Permissions, fields: Fields.prefault([]) }).openapi('NewRole');
const RolePatch = z.strictObject({ names: Names.optional(), permissions: Permissions.optional(), fields: Fields.optional() }).openapi('RolePatch');
const Grantable = z.object({ permissions: z.array(z.string()), fields: z.array(z.string()) }).openapi('Grantable');
const id = z.object({ id: z.string().max(100) });
const json = { 'application/json': { schema: RoleView } };
const headers = { ETag: { description: 'for If-Match', schema: { type: 'string' as const } } };
const none = { 404: 'There is no such role' };
const beyond = { 403: 'It would grant what you may not yourself' };

const listRoles = route('roles.read', {
  method: 'get', path: '/roles', tags: ['access'], summary: 'Roles: built in and your own', 'x-summary-zh-CN': '角色列表：内置与自定义', request: { query: z.object(keyedQuery('id')) },
  responses: { 200: { description: 'A page of roles', content: { 'application/json': { schema: listOf(RoleView) } } }, ...refusals({ 400: 'A parameter is wrong' }) },
});
const getRole = route('roles.read', {
  method: 'get', path: '/roles/{id}', tags: ['access'], summary: 'One role', 'x-summary-zh-CN': '单个角色', request: { params: id },
  responses: { 200: { description: 'The role', headers, content: json }, ...refusals(none) },
});
const addRole = route('roles.write', {
  method: 'post', path: '/roles', tags: ['access'], summary: 'A role of your own', 'x-summary-zh-CN': '新建自定义角色', request: { body: { required: true, content: { 'application/json': { schema: NewRole } } } },
  responses: { 201: { description: 'The role', headers, content: json }, ...refusals({ ...beyond, 409: 'There is one of that name', 422: 'The body is wrong' }) },
});
const patchRole = route('roles.write', {
  method: 'patch', path: '/roles/{id}', tags: ['access'], summary: 'Change a role of your own; it holds at once', 'x-summary-zh-CN': '修改自定义角色，立即生效',
  request: { params: id, headers: ifMatch, body: { required: true, content: { 'application/json': { schema: RolePatch } } } },
  responses: { 200: { description: 'The role', headers, content: json }, ...refusals({ ...beyond, ...none, 409: 'It is built in, or the name is taken', ...stale, 422: 'The body is wrong' }) },
});
const removeRole = route('roles.write', {
  method: 'delete', path: '/roles/{id}', tags: ['access'], summary: 'Remove a role that nobody has', 'x-summary-zh-CN': '删除无人使用的角色', request: { params: id, headers: ifMatch },
  responses: { 204: { description: 'It is gone' }, ...refusals({ ...beyond, ...none, 409: 'It is built in, or somebody has it', ...stale }) },
});
const grantable = route('roles.read', {
  method: 'get', path: '/permissions', tags: ['access'], summary: 'Everything that can be allowed', 'x-summary-zh-CN': '所有可授予的权限与字段', request: {},
  responses: { 200: { description: 'Names of permissions and fields', content: { 'application/json': { schema: Grantable } } } },
});

/** /v1/roles, /v1/permissions */
export const roleRoutes = (roles: RoleBook) =>
  routes()
    .openapi(listRoles, (c) => {
      const { items, nextCursor } = pageByKey(roles.all(), (r) => r.id, { cursor: undefined, ...c.req.valid('query') });
      return c.json({ items: items.map(shown), next_cursor: nextCursor ?? null }, 200);
    })
    .openapi(getRole, (c) => {
      const role = roles.get(c.req.valid('param').id);
      return c.json(shown(role), 200, { etag: etagOf(role.version) });
    })
    .openapi(addRole, (c) => {
      const role = roles.add(c.req.valid('json'), byOf(c));
      return c.json(shown(role), 201, { etag: etagOf(role.version), location: `/v1/roles/${role.id}` });
    })
    .openapi(patchRole, (c) => {
      const { names, permissions, fields } = c.req.valid('json');
      const change = { ...(names && { names }), ...(permissions && { permissions }), ...(fields && { fields }) };
      const role = roles.change(c.req.valid('param').id, change, needed(c.req.header('if-match')), byOf(c));
      return c.json(shown(role), 200, { etag: etagOf(role.version) });
    })
    .openapi(removeRole, (c) => {
      roles.remove(c.req.valid('param').id, needed(c.req.header('if-match')), byOf(c));
      return c.body(null, 204);
    })
    .openapi(grantable, (c) => c.json({ permissions: [...PERMISSIONS], fields: [...FIELDS] }, 200));

/** @throws IfMatchMissing */
export function needed(ifMatchHeader: string | undefined): string {
  if (ifMatchHeader === undefined) throw new IfMatchMissing();
  return ifMatchHeader;
}

const shown = (role: Role): z.output<typeof RoleView> => ({ id: role.id, names: role.names, built_in: role.builtIn, ...shownRights(role) });
