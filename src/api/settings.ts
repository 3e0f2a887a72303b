import { z } from '@hono/zod-openapi';
import type { RoutingSettings, SettingsVersion, SetupView } from '../acd/index.js';
import { routingForm, setupForm } from '../config/index.js';
import { Malformed } from './errors.js';
import type { Reload, SettingsDesk } from './ports.js';
import { refusals } from './problem.js';
import { changeBy, comment, ifMatch, owner, Patch, stale } from './queue-settings.js';
import { iso, isoOrNull, listOf, pageQuery, route, routes, Time } from './routes.js';

const Version = z
  .object({
    version: z.int(), at: Time, by: z.string().openapi({ example: 'api:admin' }), comment: z.string().nullable(),
    patch: z.record(z.string(), z.unknown()), restores: z.int().nullable().openapi({ description: 'this version is that one again' }),
  })
  .openapi('SettingsVersion');
const Routing = z.object({ ...routingForm.shape, owner: owner.openapi({ description: 'api: a change by API lies over the file and wins' }) }).openapi('Routing', { description: 'What holds for all queues, as config/queues.yaml has it' });
const Setup = z
  .object({
    name: z.string(), owner: owner.openapi({ description: 'who says whether it is on: dates and defaults of the file, or whoever switched it' }), active: z.boolean(), switched: z.boolean().nullable().openapi({ description: 'by hand; null: it goes by date' }), next_at: Time.nullable().openapi({ description: 'when dates switch it next' }),
    refused: z.boolean().openapi({ description: 'it contradicts another set-up in force and is left out' }), form: z.object(setupForm.shape).openapi({ description: 'as config/setups.yaml has it' }),
  })
  .openapi('Setup');
const Switch = z.strictObject({ active: z.boolean().nullable().openapi({ description: 'null: by date again' }) }).openapi('SetupSwitch');
const Reloaded = z.object({ version: z.int() }).openapi('SettingsNumber');
const number = z.object({ version: z.coerce.number().int().min(0).max(2 ** 31) });

const listVersions = route('settings.read', {
  method: 'get', path: '/settings/versions', tags: ['settings'], summary: 'Changes of the settings, newest first', 'x-summary-zh-CN': '设置变更历史，最新在前', request: { query: z.object(pageQuery) },
  responses: { 200: { description: 'A page of versions', content: { 'application/json': { schema: listOf(Version) } } }, ...refusals({ 400: 'A parameter is wrong' }) },
});
const restore = route('settings.write', {
  method: 'post', path: '/settings/versions/{version}/restore', tags: ['settings'], summary: 'Go back to a version; 0 is what the files say', 'x-summary-zh-CN': '恢复到某一版本；0 表示配置文件原样', request: { params: number, query: comment },
  responses: { 200: { description: 'It is in force, as a new version', content: { 'application/json': { schema: Reloaded } } }, ...refusals({ 404: 'There is no such version', 422: 'It does not fit what the files say today' }) },
});
const getRouting = route('settings.read', {
  method: 'get', path: '/settings/routing', tags: ['settings'], summary: 'Settings of all queues together', 'x-summary-zh-CN': '全局路由设置', request: {},
  responses: { 200: { description: 'Blending, blocked pairs, rank', content: { 'application/json': { schema: Routing } } } },
});
const patchRouting = route('settings.write', {
  method: 'patch', path: '/settings/routing', tags: ['settings'], summary: 'Change settings of all queues together', 'x-summary-zh-CN': '修改全局路由设置',
  request: { query: comment, headers: ifMatch, body: { required: true, content: { 'application/json': { schema: Patch } } } },
  responses: { 200: { description: 'The new ones', content: { 'application/json': { schema: Routing } } }, ...refusals({ ...stale, 422: 'They would be wrong' }) },
});
const reload = route('settings.write', {
  method: 'post', path: '/config/reload', tags: ['settings'], summary: 'Read the configuration files again', 'x-summary-zh-CN': '重新读取配置文件', request: {},
  responses: { 200: { description: 'They are in force', content: { 'application/json': { schema: Reloaded } } }, ...refusals({ 422: 'A file is wrong; everything stays as it was' }) },
});
const listSetups = route('settings.read', {
  method: 'get', path: '/setups', tags: ['settings'], summary: 'Named set-ups, in the order in which they lie over each other', 'x-summary-zh-CN': '命名方案，按叠加顺序', request: {},
  responses: { 200: { description: 'All of them', content: { 'application/json': { schema: listOf(Setup) } } } },
});
const putSetup = route('settings.write', {
  method: 'put', path: '/setups/{name}', tags: ['settings'], summary: 'Switch a set-up on, off, or back to its dates', 'x-summary-zh-CN': '启用、停用方案或恢复按日期生效',
  request: { params: z.object({ name: z.string().max(100) }), query: comment, body: { required: true, content: { 'application/json': { schema: Switch } } } },
  responses: { 200: { description: 'The set-up', content: { 'application/json': { schema: Setup } } }, ...refusals({ 404: 'There is no such set-up', 422: 'The body is wrong' }) },
});

/** /v1/settings, /v1/setups, /v1/config */
export const settingsRoutes = (desk: SettingsDesk, readAgain: Reload) =>
  routes()
    .openapi(listVersions, (c) => {
      const { limit, cursor } = c.req.valid('query');
      const items = desk.versions(limit + 1, cursor === undefined ? undefined : numberIn(cursor));
      const page = items.slice(0, limit);
      return c.json({ items: page.map(shownVersion), next_cursor: items.length > limit ? cursorAfter(page.at(-1)?.version ?? 0) : null }, 200);
    })
    .openapi(restore, (c) => c.json({ version: desk.restore(c.req.valid('param').version, changeBy(c, 'nothing')) }, 200))
    .openapi(getRouting, (c) => routed(desk.routing(), (body, etag) => c.json(body, 200, { etag })))
    .openapi(patchRouting, (c) => routed(desk.patchRouting(c.req.valid('json'), changeBy(c, 'if-match')), (body, etag) => c.json(body, 200, { etag })))
    .openapi(reload, (c) => {
      readAgain(changeBy(c, 'nothing').by);
      return c.json({ version: desk.version() }, 200);
    })
    .openapi(listSetups, (c) => c.json({ items: desk.setups().map(shownSetup), next_cursor: null }, 200))
    .openapi(putSetup, (c) => {
      const { active } = c.req.valid('json');
      return c.json(shownSetup(desk.switchSetup(c.req.valid('param').name, active, changeBy(c, 'nothing'))), 200);
    });

const routed = <R>({ owner: whose, settings, etag }: RoutingSettings, answer: (body: z.output<typeof Routing>, etag: string) => R): R => answer({ ...settings, owner: whose }, etag);

/** Versions are paged by their number. */
export const cursorAfter = (version: number): string => Buffer.from(`version:${version}`).toString('base64url');
/** @throws Malformed */
export function numberIn(cursor: string): number {
  const found = /^version:(\d{1,10})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  if (found === undefined) throw new Malformed('this cursor is not one of ours', { hint: 'use next_cursor of the page before, unchanged' });
  return Number(found);
}

const shownVersion = ({ version, at, by, comment, patch, restores }: SettingsVersion): z.output<typeof Version> => ({ version, at: iso(at), by, comment, patch: { ...patch }, restores });
const shownSetup = ({ name, active, switched, nextAt, refused, form }: SetupView): z.output<typeof Setup> => ({ name, owner: switched === null ? 'file' : 'api', active, switched, next_at: isoOrNull(nextAt), refused, form });
