import { z } from '@hono/zod-openapi';
import type { DialplanDesk, DialplanVersion, DialplanView } from '../ivr/index.js';
import { dialplanJsonSchema } from '../ivr/index.js';
import { refusals } from './problem.js';
import { changeBy, comment, ifMatch, stale } from './queue-settings.js';
import { iso, isoOrNull, listOf, pageQuery, route, routes, Time } from './routes.js';
import { cursorAfter, numberIn } from './settings.js';

/** Bytes of a dialplan's text. */
const LARGEST = 1_000_000;

const Fault = z
  .object({ file: z.string(), line: z.int(), column: z.int(), code: z.string(), message: z.string(), hint: z.string().nullable(), severity: z.enum(['error', 'warning']) })
  .openapi('DialplanFault');
const Version = z
  .object({
    version: z.int(), hash: z.string().openapi({ description: 'SHA-256 of the text' }), at: Time, by: z.string().openapi({ example: 'api:admin', description: '"file": written into the folder by hand' }), comment: z.string().nullable(),
    restores: z.int().nullable().openapi({ description: 'this version is that one again' }), published_at: Time.nullable().openapi({ description: 'when all callers got it; null: never yet' }), published_by: z.string().nullable(),
  })
  .openapi('DialplanVersion');
const WithText = Version.extend({ text: z.string() }).openapi('DialplanVersionText');
const Plan = z
  .object({
    name: z.string().openapi({ example: 'main.yaml' }), live: Version.openapi({ description: 'what callers get' }),
    rollout: z.object({ version: z.int(), percent: z.int(), by: z.string() }).nullable().openapi({ description: 'what some callers get instead, always the same ones' }),
    numbers: z.array(z.string()), flows: z.array(z.string()), faults: z.array(Fault).openapi({ description: 'of the file as it lies in the folder; with errors its last good version stays in service' }),
  })
  .openapi('Dialplan');
const PlanText = Plan.extend({ text: z.string() }).openapi('DialplanText');

const name = z.object({ name: z.string().max(120).openapi({ example: 'main.yaml' }) });
const number = z.coerce.number().int().min(1).max(2 ** 31);
const text = z.string().max(LARGEST);
const body = <T extends z.ZodType>(schema: T) => ({ required: true, content: { 'application/json': { schema } } });
const answer = <T extends z.ZodType>(description: string, schema: T) => ({ description, content: { 'application/json': { schema } } });
const tagged = { ETag: { description: 'for If-Match', schema: { type: 'string' as const } } };
const none = { 404: 'There is no such dialplan' };
const wrong = { 422: 'The text has faults: `errors` has the place of each' };

const list = route('dialplans.read', {
  method: 'get', path: '/', tags: ['dialplans'], summary: 'Dialplans in service', 'x-summary-zh-CN': '正在使用的拨号方案', request: {},
  responses: { 200: answer('All of them', listOf(Plan)) },
});
const schema = route('dialplans.read', {
  method: 'get', path: '/schema', tags: ['dialplans'], summary: 'JSON Schema of dialplan files, for editors', 'x-summary-zh-CN': '拨号方案文件的 JSON Schema，供编辑器补全', request: {},
  responses: { 200: answer('Draft 7', z.record(z.string(), z.unknown())) },
});
const check = route('dialplans.test', {
  method: 'post', path: '/check', tags: ['dialplans'], summary: 'What would be wrong with a text; changes nothing', 'x-summary-zh-CN': '检查拨号方案文本，不做任何改动',
  request: { body: body(z.strictObject({ name: z.string().max(120).default('new.yaml'), text })) }, responses: { 200: answer('Its faults, none or many', z.object({ faults: z.array(Fault) })), ...refusals({ 422: 'The name cannot be that of a file' }) },
});
const get = route('dialplans.read', {
  method: 'get', path: '/{name}', tags: ['dialplans'], summary: 'A dialplan with its text', 'x-summary-zh-CN': '拨号方案及其文本', request: { params: name },
  responses: { 200: { ...answer('What callers get', PlanText), headers: tagged }, ...refusals(none) },
});
const versions = route('dialplans.read', {
  method: 'get', path: '/{name}/versions', tags: ['dialplans'], summary: 'Versions of a dialplan, newest first', 'x-summary-zh-CN': '拨号方案的版本，最新在前',
  request: { params: name, query: z.object(pageQuery) },
  responses: { 200: answer('A page of versions', listOf(Version)), ...refusals({ 400: 'A parameter is wrong', ...none }) },
});
const add = route('dialplans.write', {
  method: 'post', path: '/{name}/versions', tags: ['dialplans'], summary: 'A new version, checked and kept, not yet in service', 'x-summary-zh-CN': '新增版本：检查并保存，暂不启用',
  request: { params: name, query: comment, body: body(z.strictObject({ text })) }, responses: { 201: answer('The version', Version), ...refusals(wrong) },
});
const version = route('dialplans.read', {
  method: 'get', path: '/{name}/versions/{version}', tags: ['dialplans'], summary: 'A version with its text', 'x-summary-zh-CN': '某一版本及其文本', request: { params: name.extend({ version: number }) },
  responses: { 200: answer('The version', WithText), ...refusals({ 404: 'There is no such version' }) },
});
const diff = route('dialplans.read', {
  method: 'get', path: '/{name}/diff', tags: ['dialplans'], summary: 'What differs between two versions', 'x-summary-zh-CN': '比较两个版本', request: { params: name, query: z.object({ from: number, to: number }) },
  responses: { 200: answer('As diff -u', z.object({ diff: z.string() })), ...refusals({ 404: 'There is no such version' }) },
});
const publish = route('dialplans.publish', {
  method: 'post', path: '/{name}/publish', tags: ['dialplans'], summary: 'Put a version in service, for all callers or a share of them; calls in progress finish on theirs', 'x-summary-zh-CN': '发布版本：对全部或部分来电者生效，进行中的通话不受影响',
  request: { params: name, query: comment, headers: ifMatch, body: body(z.strictObject({ version: z.int().min(1), percent: z.int().min(0).max(100).default(100).openapi({ description: '0 ends a trial' }) })) },
  responses: { 200: { ...answer('The dialplan', Plan), headers: tagged }, ...refusals({ 404: 'There is no such version', ...stale, ...wrong }) },
});
const rollback = route('dialplans.publish', {
  method: 'post', path: '/{name}/rollback', tags: ['dialplans'], summary: 'Back to what callers had before', 'x-summary-zh-CN': '回滚到上一个生效版本', request: { params: name, query: comment, headers: ifMatch },
  responses: { 200: { ...answer('The dialplan', Plan), headers: tagged }, ...refusals({ 404: 'There is nothing to go back to', ...stale, ...wrong }) },
});

/** /v1/dialplans */
export const dialplanRoutes = (desk: DialplanDesk) =>
  routes()
    .openapi(list, (c) => c.json({ items: desk.list().map(shown), next_cursor: null }, 200))
    .openapi(schema, (c) => c.json({ ...dialplanJsonSchema() }, 200))
    .openapi(check, async (c) => {
      const wanted = c.req.valid('json');
      await desk.ready(wanted.name, wanted.text);
      return c.json({ faults: desk.check(wanted.name, wanted.text).map((fault) => ({ ...fault, hint: fault.hint ?? null })) }, 200);
    })
    .openapi(get, (c) => {
      const found = desk.get(c.req.valid('param').name);
      return c.json({ ...shown(found), text: found.text }, 200, { etag: found.etag });
    })
    .openapi(versions, (c) => {
      const { limit, cursor } = c.req.valid('query');
      const found = desk.versions(c.req.valid('param').name, limit + 1, cursor === undefined ? undefined : numberIn(cursor));
      const page = found.slice(0, limit);
      return c.json({ items: page.map(shownVersion), next_cursor: found.length > limit ? cursorAfter(page.at(-1)?.version ?? 0) : null }, 200);
    })
    .openapi(add, async (c) => {
      const { name: file } = c.req.valid('param');
      const { text: written } = c.req.valid('json');
      await desk.ready(file, written);
      const made = desk.add(file, written, changeBy(c, 'nothing'));
      return c.json(shownVersion(made), 201, { location: `/v1/dialplans/${file}/versions/${made.version}` });
    })
    .openapi(version, (c) => {
      const wanted = c.req.valid('param');
      const found = desk.version(wanted.name, wanted.version);
      return c.json({ ...shownVersion(found), text: found.text }, 200);
    })
    .openapi(diff, (c) => {
      const { from, to } = c.req.valid('query');
      return c.json({ diff: desk.diff(c.req.valid('param').name, from, to) }, 200);
    })
    .openapi(publish, async (c) => {
      const { version: number_, percent } = c.req.valid('json');
      await desk.readyVersion(c.req.valid('param').name, number_);
      const after = desk.publish(c.req.valid('param').name, number_, percent, changeBy(c, 'if-match'));
      return c.json(shown(after), 200, { etag: after.etag });
    })
    .openapi(rollback, async (c) => {
      await desk.readyVersion(c.req.valid('param').name);
      const after = desk.rollback(c.req.valid('param').name, changeBy(c, 'if-match'));
      return c.json(shown(after), 200, { etag: after.etag });
    });

const shownVersion = (v: DialplanVersion): z.output<typeof Version> => ({
  version: v.version, hash: v.hash, at: iso(v.at), by: v.by, comment: v.comment, restores: v.restores, published_at: isoOrNull(v.published_at), published_by: v.published_by,
});
const shown = ({ name: file, live, rollout, numbers, flows, faults }: DialplanView): z.output<typeof Plan> => ({
  name: file, live: shownVersion(live), rollout: rollout ?? null, numbers: [...numbers], flows: [...flows], faults: faults.map((fault) => ({ ...fault, hint: fault.hint ?? null })),
});
