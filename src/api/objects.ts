import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Permission } from '../access/index.js';
import { NoSuchObject, type Form, type Kind, type ObjectsDesk, type ObjectView } from '../objects/index.js';
import { refusals } from './problem.js';
import { changeBy, comment, ifMatch, owner, Patch, stale } from './queue-settings.js';
import { iso, isoOrNull, listOf, pageByKey, keyedQuery, pageQuery, route, routes, Time } from './routes.js';
import { cursorAfter, numberIn } from './settings.js';

/** What every object says of its owner. */
export const owned = {
  owner: owner.openapi({ description: 'file: changed in config/ and by reloading; api: changed here' }),
  in_file: z.boolean().openapi({ description: 'the API owns it, and the files have one of that name, which has no effect' }),
  part_of_trunk: z.string().nullable().openapi({ description: 'a number or route that stands in the form of this trunk, and is changed there' }),
  version: z.int().nullable().openapi({ description: 'of the last change by API; null where a file owns it' }), changed_at: Time.nullable(), changed_by: z.string().nullable(),
};
export const ownership = ({ owner: whose, inFile, partOf, version, changedAt, changedBy }: ObjectView) =>
  ({ owner: whose, in_file: inFile, part_of_trunk: partOf, version, changed_at: isoOrNull(changedAt), changed_by: changedBy });

const Version = z
  .object({
    version: z.int(), action: z.enum(['created', 'changed', 'removed', 'adopted', 'released']), at: Time, by: z.string().openapi({ example: 'api:admin' }), comment: z.string().nullable(),
    settings: z.record(z.string(), z.unknown()).nullable().openapi({ description: 'without passwords; null: a file owned it from then on, or nobody' }),
  })
  .openapi('ObjectVersion');

export interface ObjectRoutes {
  readonly kind: Kind;
  readonly tag: string;
  readonly read: Permission;
  readonly write: Permission;
  readonly noun: { readonly en: string; readonly 'zh-CN': string };
  /** One object as it is answered. */
  readonly View: z.ZodType;
  readonly shown: (view: ObjectView) => object;
  /** What a new one takes; left out, none can be made or removed: there is a fixed set. */
  readonly New?: z.ZodType;
  /** Whether a list is given here too; trunks and extensions have one that shows more. */
  readonly listed: boolean;
  /** Which of them whoever asks may see; left out: all. */
  readonly mine?: (c: Context) => (id: string) => boolean;
}
const id = z.object({ id: z.string().min(1).max(200) });
const headers = { ETag: { description: 'for If-Match', schema: { type: 'string' as const } } };
const wrong = { 422: 'It would be wrong: `errors` has a pointer to each fault' };
const byFile = { 409: 'A file owns it: adopt it first' };

/** GET, PUT, PATCH, DELETE, adopt, release and the history of one kind of object. */
export function objectRoutes(desk: ObjectsDesk, about: ObjectRoutes) {
  const { kind, View, shown, mine = () => () => true } = about;
  const r = described(about);
  const seen = (c: Context, which: string): ObjectView => {
    const view = desk.get(kind, which);
    if (!mine(c)(which)) throw new NoSuchObject(kind, which, `/v1/${about.tag}`);
    return view;
  };
  // The schema of each kind is given above, so the compiler cannot hold answers against it.
  const answer = (c: Context, view: ObjectView, status: 200 | 201 = 200, more: Record<string, string> = {}) => c.json(shown(view), status, { etag: view.etag, ...more }) as never;
  const app = routes()
    .openapi(r.get, (c) => answer(c, seen(c, c.req.valid('param').id)))
    .openapi(r.put, (c) => answer(c, desk.replace(kind, seen(c, c.req.valid('param').id).id, c.req.valid('json') as Form, changeBy(c, 'if-match'))))
    .openapi(r.patch, (c) => answer(c, desk.patch(kind, seen(c, c.req.valid('param').id).id, c.req.valid('json') as Form, changeBy(c, 'if-match'))))
    .openapi(r.adopt, (c) => answer(c, desk.adopt(kind, seen(c, c.req.valid('param').id).id, changeBy(c, 'nothing'))))
    .openapi(r.release, (c) => answer(c, desk.release(kind, seen(c, c.req.valid('param').id).id, changeBy(c, 'if-match'))))
    .openapi(r.versions, (c) => {
      const { limit, cursor } = c.req.valid('query');
      const which = c.req.valid('param').id;
      if (!mine(c)(which)) throw new NoSuchObject(kind, which, `/v1/${about.tag}`);
      const found = desk.versions(kind, which, limit + 1, cursor === undefined ? undefined : numberIn(cursor));
      if (found.length === 0) desk.get(kind, which);
      const page = found.slice(0, limit);
      return c.json({ items: page.map(({ form, at, ...rest }) => ({ ...rest, at: iso(at), settings: form && { ...form } })), next_cursor: found.length > limit ? cursorAfter(page.at(-1)?.version ?? 0) : null }, 200);
    });
  if (about.listed) {
    app.openapi(r.list(listOf(View)), (c) => {
      const { items, nextCursor } = pageByKey(desk.list(kind).filter((one) => mine(c)(one.id)), (one) => one.id, { cursor: undefined, ...c.req.valid('query') });
      return c.json({ items: items.map(shown), next_cursor: nextCursor ?? null }, 200);
    });
  }
  if (about.New) {
    app.openapi(r.post(about.New), (c) => {
      const made = desk.create(kind, c.req.valid('json') as Form, changeBy(c, 'nothing'));
      return answer(c, made, 201, { location: `${c.req.path.replace(/\/$/, '')}/${encodeURIComponent(made.id)}` });
    });
    app.openapi(r.remove, (c) => {
      desk.remove(kind, seen(c, c.req.valid('param').id).id, changeBy(c, 'if-match'));
      return c.body(null, 204);
    });
  }
  return app;
}

function described({ tag, read, write, noun, View, New }: ObjectRoutes) {
  const json = { 'application/json': { schema: View } };
  const body = (schema: z.ZodType) => ({ required: true, content: { 'application/json': { schema } } });
  const missing = { 404: `There is no such ${noun.en}` };
  const shared = { tags: [tag] };
  const ok = { description: `The ${noun.en}`, headers, content: json };
  const zh = noun['zh-CN'];
  const one = `${/^[aeiou]/.test(noun.en) ? 'an' : 'a'} ${noun.en}`;
  return {
    list: (schema: z.ZodType) => route(read, {
      method: 'get', path: '/', ...shared, summary: `Each ${noun.en} with its owner`, 'x-summary-zh-CN': `${zh}列表及其归属`, request: { query: z.object(keyedQuery('id')) },
      responses: { 200: { description: 'A page of them', content: { 'application/json': { schema } } }, ...refusals({ 400: 'A parameter is wrong' }) },
    }),
    get: route(read, { method: 'get', path: '/{id}', ...shared, summary: `One ${noun.en} with its settings and its owner`, 'x-summary-zh-CN': `单个${zh}的设置与归属`, request: { params: id }, responses: { 200: ok, ...refusals(missing) } }),
    post: (schema: z.ZodType) => route(write, {
      method: 'post', path: '/', ...shared, summary: `A new ${noun.en}, in force at once`, 'x-summary-zh-CN': `新建${zh}，立即生效`, request: { query: comment, body: body(schema) },
      responses: { 201: { ...ok, headers: { ...headers, Location: { description: 'where it is', schema: { type: 'string' as const } } } }, ...refusals({ 409: 'There is one already', ...wrong }) },
    }),
    put: route(write, {
      method: 'put', path: '/{id}', ...shared, summary: `Replace the settings of ${one}`, 'x-summary-zh-CN': `替换${zh}的全部设置`, request: { params: id, query: comment, headers: ifMatch, body: body(New ?? Patch) },
      responses: { 200: ok, ...refusals({ ...missing, ...byFile, ...stale, ...wrong }) },
    }),
    patch: route(write, {
      method: 'patch', path: '/{id}', ...shared, summary: `Change settings of ${one}`, 'x-summary-zh-CN': `修改${zh}的部分设置`, request: { params: id, query: comment, headers: ifMatch, body: body(Patch) },
      responses: { 200: ok, ...refusals({ ...missing, ...byFile, ...stale, ...wrong }) },
    }),
    remove: route(write, {
      method: 'delete', path: '/{id}', ...shared, summary: `Remove ${one}; calls in progress go on`, 'x-summary-zh-CN': `删除${zh}；进行中的通话不受影响`, request: { params: id, query: comment, headers: ifMatch },
      responses: { 204: { description: 'It is gone' }, ...refusals({ ...missing, 409: 'A file owns it, or has it too', ...stale, 422: 'Something still refers to it' }) },
    }),
    adopt: route(write, {
      method: 'post', path: '/{id}/adopt', ...shared, summary: `Take ${one} over from the files, as it is`, 'x-summary-zh-CN': `由 API 接管配置文件中的${zh}`, request: { params: id, query: comment, headers: ifMatch },
      responses: { 200: ok, ...refusals({ ...missing, 409: 'It stands in the form of a trunk that the API owns', 412: 'Changed meanwhile: If-Match does not fit', ...wrong }) },
    }),
    release: route(write, {
      method: 'post', path: '/{id}/release', ...shared, summary: `Give ${one} back to the files; what they say counts again`, 'x-summary-zh-CN': `将${zh}交还配置文件`, request: { params: id, query: comment, headers: ifMatch },
      responses: { 200: ok, ...refusals({ ...missing, 409: 'The files do not have it', ...stale, ...wrong }) },
    }),
    versions: route(read, {
      method: 'get', path: '/{id}/versions', ...shared, summary: `Changes of ${one} by API, newest first`, 'x-summary-zh-CN': `${zh}的变更历史，最新在前`, request: { params: id, query: z.object(pageQuery) },
      responses: { 200: { description: 'A page of versions', content: { 'application/json': { schema: listOf(Version) } } }, ...refusals({ 400: 'A parameter is wrong', ...missing }) },
    }),
  };
}
