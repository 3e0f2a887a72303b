import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Catalogue, Fact, FactType } from '../events/index.js';
import type { DeadLetter, Webhook, Webhooks } from '../webhooks/index.js';
import { Forbidden, IfMatchMissing, Malformed } from './errors.js';
import { matches } from './events/filter.js';
import { permissionOf } from './events/permissions.js';
import { maskedTextOf, textOf } from './events/streams.js';
import { refusals } from './problem.js';
import { iso, isoOrNull, listOf, pageQuery, route, routes, Time } from './routes.js';

const type = z.string().max(81).regex(/^[a-z_*]{1,40}(\.[a-z_*]{1,40})?$/, 'a type of event as call.ended, or with * as call.*').refine((text) => text.split('*').length <= 4, 'at most three *');
const url = z.string().min(1).max(2_000).openapi({ example: 'https://shop.example/strowger' });
const types = z.array(type).min(1).max(50).openapi({ example: ['call.ended', 'ticket.*'] });
const description = z.string().max(500).nullable();
const seq = z.int().min(1).max(Number.MAX_SAFE_INTEGER);
const Shown = z
  .object({
    id: z.string(), url, types, description, enabled: z.boolean(), disabled_why: z.string().nullable().openapi({ description: 'why it was switched off by itself' }), created_at: Time, created_by: z.string(),
    cursor: z.int().openapi({ description: 'events up to this seq are done with' }), behind: z.int().openapi({ description: 'events of any type after it' }), attempts: z.int().openapi({ description: 'failed ones of the next event' }),
    next_attempt_at: Time.nullable(), failing_since: Time.nullable(), last_status: z.int().nullable(), last_error: z.string().nullable(), last_delivered_at: Time.nullable(),
    secrets: z.int().openapi({ description: 'how many sign now: 2 while an old one is being replaced' }),
  })
  .openapi('Webhook');
const secret = z.string().openapi({ description: 'shown this once', example: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD' });
const WithSecret = Shown.extend({ secret }).openapi('WebhookWithSecret');
const New = z.strictObject({ url, types, description: description.default(null), enabled: z.boolean().default(true) }).openapi('NewWebhook');
const Change = z.strictObject({ url: url.optional(), types: types.optional(), description: description.optional(), enabled: z.boolean().optional() }).openapi('WebhookChange');
const Dead = z
  .object({ seq: z.int(), event: z.string(), type: z.string(), at: Time, attempts: z.int(), status: z.int().nullable(), error: z.string().nullable() })
  .openapi('DeadLetter');
const Range = z.strictObject({ from_seq: seq, to_seq: seq }).openapi('ReplayRange');
const Tested = z.object({ ok: z.boolean(), status: z.int().nullable(), error: z.string().nullable(), ms: z.int() }).openapi('WebhookTest');

const id = z.object({ id: z.string().max(100) });
const ifMatch = z.object({ 'if-match': z.string().max(100).optional().openapi({ description: 'the ETag this change was made for; * for any' }) });
const headers = { ETag: { description: 'for If-Match', schema: { type: 'string' as const } } };
const json = <S extends z.ZodType>(schema: S) => ({ 'application/json': { schema } });
const one = (description: string) => ({ description, headers, content: json(Shown) });
const gone = { 404: 'There is no such webhook' };
const stale = { 412: 'Changed meanwhile', 428: 'If-Match is missing' };
const wrong = { 422: 'The body is wrong, or the address may not be called' };

const list = route('webhooks.read', {
  method: 'get', path: '/', tags: ['webhooks'], summary: 'Webhooks, newest first', 'x-summary-zh-CN': '事件推送列表，最新在前', request: { query: z.object(pageQuery) },
  responses: { 200: { description: 'A page of webhooks', content: json(listOf(Shown)) }, ...refusals({ 400: 'A parameter is wrong' }) },
});
const add = route('webhooks.write', {
  method: 'post', path: '/', tags: ['webhooks'], summary: 'Send events to a server, signed as Standard Webhooks say', 'x-summary-zh-CN': '新建事件推送（按 Standard Webhooks 签名）',
  request: { body: { required: true, content: json(New) } },
  responses: { 201: { description: 'The webhook, with its secret', headers, content: json(WithSecret) }, ...refusals({ 403: 'You may hear none of these types', 409: 'Too many webhooks', ...wrong }) },
});
const get = route('webhooks.read', {
  method: 'get', path: '/{id}', tags: ['webhooks'], summary: 'One webhook and how it does', 'x-summary-zh-CN': '单个事件推送及其状态', request: { params: id },
  responses: { 200: one('The webhook'), ...refusals(gone) },
});
const patch = route('webhooks.write', {
  method: 'patch', path: '/{id}', tags: ['webhooks'], summary: 'Change a webhook; switched on again it goes on where it stood', 'x-summary-zh-CN': '修改事件推送；重新启用后从断点继续',
  request: { params: id, headers: ifMatch, body: { required: true, content: json(Change) } },
  responses: { 200: one('The webhook'), ...refusals({ 403: 'You may hear none of these types', ...gone, ...stale, ...wrong }) },
});
const remove = route('webhooks.write', {
  method: 'delete', path: '/{id}', tags: ['webhooks'], summary: 'Remove a webhook', 'x-summary-zh-CN': '删除事件推送', request: { params: id, headers: ifMatch },
  responses: { 204: { description: 'It is gone' }, ...refusals({ ...gone, ...stale }) },
});
const rotate = route('webhooks.write', {
  method: 'post', path: '/{id}/rotate-secret', tags: ['webhooks'], summary: 'A new secret; the old one signs too for a while', 'x-summary-zh-CN': '更换密钥，旧密钥在一段时间内仍同时签名',
  request: { params: id, body: { required: false, content: json(z.strictObject({ overlap_s: z.number().min(0).max(604_800).optional().openapi({ description: 'how long the old one signs too; default a day' }) }).openapi('SecretRotation')) } },
  responses: { 200: { description: 'The webhook, with its new secret', headers, content: json(WithSecret) }, ...refusals({ ...gone, 422: 'The body is wrong' }) },
});
const test = route('webhooks.write', {
  method: 'post', path: '/{id}/test', tags: ['webhooks'], summary: 'Send one event of type webhook.test now and see what comes of it', 'x-summary-zh-CN': '立即发送一个测试事件并返回结果', request: { params: id },
  responses: { 200: { description: 'What came of it', content: json(Tested) }, ...refusals(gone) },
});
const dead = route('webhooks.read', {
  method: 'get', path: '/{id}/dead-letters', tags: ['webhooks'], summary: 'Events that were given up, newest first', 'x-summary-zh-CN': '投递失败的事件，最新在前', request: { params: id, query: z.object(pageQuery) },
  responses: { 200: { description: 'A page of them', content: json(listOf(Dead)) }, ...refusals({ 400: 'A parameter is wrong', ...gone }) },
});
const again = route('webhooks.write', {
  method: 'post', path: '/{id}/dead-letters/{seq}/replay', tags: ['webhooks'], summary: 'Send an event that was given up once more', 'x-summary-zh-CN': '重新投递一个失败事件', request: { params: id.extend({ seq: z.coerce.number().pipe(seq) }) },
  responses: { 202: { description: 'It will be sent' }, ...refusals({ 404: 'There is no such webhook or dead letter', 422: 'Too many replays wait' }) },
});
const replay = route('webhooks.write', {
  method: 'post', path: '/{id}/replay', tags: ['webhooks'], summary: 'Send a range of events once more', 'x-summary-zh-CN': '重新投递一段事件',
  request: { params: id, body: { required: true, content: json(Range) } },
  responses: { 202: { description: 'They will be sent, in order, beside what comes' }, ...refusals({ ...gone, 422: 'The range is wrong' }) },
});

/** /v1/webhooks */
export const webhookRoutes = (hooks: Webhooks, catalogue: Catalogue, now: () => number = Date.now) => {
  const shown = (w: Webhook): z.output<typeof Shown> => ({
    id: w.id, url: w.url, types: [...w.types], description: w.description, enabled: w.enabled, disabled_why: w.disabledWhy, created_at: iso(w.createdAt), created_by: w.createdBy,
    cursor: w.cursor, behind: Math.max(0, hooks.last() - w.cursor), attempts: w.attempts, next_attempt_at: w.nextAt > now() ? iso(w.nextAt) : null, failing_since: isoOrNull(w.failingSince),
    last_status: w.lastStatus, last_error: w.lastError, last_delivered_at: isoOrNull(w.deliveredAt), secrets: w.secrets.length,
  });
  const etag = (w: Webhook) => ({ etag: `"${w.version}"` });
  return routes()
    .openapi(list, (c) => {
      const { limit, cursor } = c.req.valid('query');
      const { items, nextCursor } = hooks.list(limit, cursor);
      return c.json({ items: items.map(shown), next_cursor: nextCursor ?? null }, 200);
    })
    .openapi(add, async (c) => {
      const { url: to, types: asked, description: about, enabled } = c.req.valid('json');
      const { webhook, secret: made } = await hooks.add({ url: to, types: asked, description: about, enabled, grants: grantsOf(c, asked, catalogue) }, by(c));
      return c.json({ ...shown(webhook), secret: made }, 201, { ...etag(webhook), location: `/v1/webhooks/${webhook.id}`, 'cache-control': 'no-store' });
    })
    .openapi(get, (c) => {
      const webhook = hooks.get(c.req.valid('param').id);
      return c.json(shown(webhook), 200, etag(webhook));
    })
    .openapi(patch, async (c) => {
      const { url: to, types: asked, description: about, enabled } = c.req.valid('json');
      const before = hooks.get(c.req.valid('param').id);
      const form = {
        ...(to === undefined ? {} : { url: to }), ...(about === undefined ? {} : { description: about }), ...(enabled === undefined ? {} : { enabled }),
        // Whoever points it elsewhere hears through it: his own rights count from then on.
        ...(asked === undefined && to === undefined ? {} : { types: asked ?? before.types, grants: grantsOf(c, asked ?? before.types, catalogue) }),
      };
      const changed = await hooks.change(before.id, form, needed(c), by(c));
      return c.json(shown(changed), 200, etag(changed));
    })
    .openapi(remove, (c) => {
      hooks.remove(c.req.valid('param').id, needed(c), by(c));
      return c.body(null, 204);
    })
    .openapi(rotate, (c) => {
      const { overlap_s = 86_400 } = c.req.valid('json');
      const { webhook, secret: made } = hooks.rotate(c.req.valid('param').id, overlap_s * 1_000, by(c));
      return c.json({ ...shown(webhook), secret: made }, 200, { ...etag(webhook), 'cache-control': 'no-store' });
    })
    .openapi(test, async (c) => c.json(await hooks.test(c.req.valid('param').id), 200))
    .openapi(dead, (c) => {
      const { limit, cursor } = c.req.valid('query');
      const found = hooks.deadLetters(c.req.valid('param').id, limit + 1, cursor === undefined ? undefined : seqIn(cursor));
      const items = found.slice(0, limit);
      return c.json({ items: items.map(shownDead), next_cursor: found.length > limit ? Buffer.from(`seq:${items.at(-1)?.seq ?? 0}`).toString('base64url') : null }, 200);
    })
    .openapi(again, (c) => {
      const { id: of, seq: which } = c.req.valid('param');
      hooks.replay(of, which, which, true);
      return c.body(null, 202);
    })
    .openapi(replay, (c) => {
      const { from_seq, to_seq } = c.req.valid('json');
      hooks.replay(c.req.valid('param').id, from_seq, to_seq, false);
      return c.body(null, 202);
    });
};

const shownDead = ({ seq: which, event, type: kind, at, attempts, status, error }: DeadLetter): z.output<typeof Dead> => ({ seq: which, event, type: kind, at: iso(at), attempts, status, error });
const by = (c: Context): string => `api:${c.get('principal').name}`;
/** @throws IfMatchMissing */
function needed(c: Context): string {
  const given = c.req.header('if-match');
  if (given === undefined) throw new IfMatchMissing();
  return given;
}
/** What whoever asks may hear of everybody, among what these patterns name today. @throws Forbidden where it is nothing */
function grantsOf(c: Context, patterns: readonly string[], catalogue: Catalogue): string[] {
  const named = catalogue.filter((entry) => patterns.some((pattern) => matches(pattern, entry.type))).map((entry) => permissionOf(entry.type as FactType));
  const grants = [...new Set(named)].filter((permission) => c.get('principal').may(permission) === 'all');
  const [missing] = named;
  if (grants.length === 0 && missing !== undefined) throw new Forbidden(missing);
  return [...grants, ...(c.get('principal').sees('calls.numbers') ? [NUMBERS] : [])];
}
const NUMBERS = 'calls.numbers';
/** What a webhook is told: numbers only where its maker sees them. */
export const toldTo = ({ grants }: Pick<Webhook, 'grants'>, fact: Fact): string => (grants.includes(NUMBERS) ? textOf(fact) : maskedTextOf(fact));
/** Whether a webhook is told of a type. */
export const hears = ({ types: patterns, grants }: Pick<Webhook, 'types' | 'grants'>, kind: FactType): boolean =>
  grants.includes(permissionOf(kind)) && patterns.some((pattern) => matches(pattern, kind));

/** @throws Malformed */
function seqIn(cursor: string): number {
  const found = /^seq:(\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  if (found === undefined) throw new Malformed('this cursor is not one of ours', { hint: 'use next_cursor of the page before, unchanged' });
  return Number(found);
}
