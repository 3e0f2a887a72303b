import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { NoSuchCustomer, type CustomerView, type Fields } from '../desk/customers/index.js';
import { customerDetailRoutes, identityBody, tagName } from './customer-details.js';
import { customerMergingRoutes } from './customer-merging.js';
import { by, customerId, CustomerShape, shownCustomer, shownRow, TimelineItem, within, withinOf } from './customers-shown.js';
import { IfMatchMissing, Invalid, Malformed } from './errors.js';
import type { CustomerDesk } from './ports.js';
import { refusals } from './problem.js';
import { ifMatch, stale } from './queue-settings.js';
import type { CallReach } from './reach.js';
import { listOf, pageQuery, route, routes, sortOf } from './routes.js';

const text = (max: number) => z.string().trim().min(1).max(max);
const attributes = z.record(z.string().max(100), z.union([z.string().max(2_000), z.number(), z.boolean(), z.null()])).openapi({ description: 'as config/customers.yaml declares them; null takes one away' });
const fields = { name: text(200).nullable().optional(), language: z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/).nullable().optional().openapi({ example: 'zh-CN' }), team: text(63).nullable().optional(), adviser: text(63).nullable().optional(), attributes: attributes.optional() };
const NewCustomer = z.strictObject({ ...fields, identities: z.array(identityBody).max(50).optional(), tags: z.array(tagName).max(50).optional() }).openapi('NewCustomer');
const CustomerPatch = z.strictObject(fields).openapi('CustomerPatch', { description: 'what is left out stays; null takes away' });
const Popped = z.object({ customer: CustomerShape, timeline: z.array(TimelineItem) }).openapi('CustomerLookup');

const headers = { ETag: { description: 'for If-Match', schema: { type: 'string' as const } } };
const json = { 'application/json': { schema: CustomerShape } };
const none = { 404: 'There is no such customer' };

const list = route('customers.read', {
  method: 'get', path: '/', tags: ['customers'], summary: 'Customers, found by anything, newest first', 'x-summary-zh-CN': '客户列表，可按任意内容搜索，最新在前',
  request: {
    query: z.object({
      ...pageQuery, sort: sortOf('-created_at', 'created_at'), q: z.string().max(200).optional().openapi({ description: 'part of a name, a number, an address, a member ID; words with spaces between must all be there', example: '张伟' }),
      tag: tagName.optional(), adviser: text(63).optional(),
    }),
  },
  responses: { 200: { description: 'A page of customers', content: { 'application/json': { schema: listOf(CustomerShape) } } }, ...refusals({ 400: 'A parameter or the cursor is wrong', 503: 'Too many searches at once' }) },
});
const lookup = route('customers.read', {
  method: 'get', path: '/lookup', tags: ['customers'], summary: 'Who that is: by telephone number or another identity, for a screen-pop', 'x-summary-zh-CN': '按电话号码或其他标识查询客户，用于弹屏',
  request: { query: z.object({ phone: z.string().max(40).optional(), kind: z.string().max(40).optional(), value: z.string().max(300).optional() }) },
  responses: { 200: { description: 'The customer and the newest of the timeline', headers, content: { 'application/json': { schema: Popped } } }, ...refusals({ 400: 'Neither phone nor kind and value', 404: 'Nobody has it' }) },
});
const add = route('customers.write', {
  method: 'post', path: '/', tags: ['customers'], summary: 'A new customer', 'x-summary-zh-CN': '新建客户', request: { body: { required: true, content: { 'application/json': { schema: NewCustomer } } } },
  responses: { 201: { description: 'The customer', headers, content: json }, ...refusals({ 409: 'An identity is that of another', 422: 'Something in it is wrong' }) },
});
const get = route('customers.read', {
  method: 'get', path: '/{id}', tags: ['customers'], summary: 'One customer, with all that was merged into it', 'x-summary-zh-CN': '单个客户，含已合并的内容', request: { params: customerId },
  responses: { 200: { description: 'The customer; `id` is another one where it was merged', headers, content: json }, ...refusals(none) },
});
const patch = route('customers.write', {
  method: 'patch', path: '/{id}', tags: ['customers'], summary: 'Change a customer', 'x-summary-zh-CN': '修改客户', request: { params: customerId, headers: ifMatch, body: { required: true, content: { 'application/json': { schema: CustomerPatch } } } },
  responses: { 200: { description: 'The customer', headers, content: json }, ...refusals({ ...none, ...stale, 422: 'Something in it is wrong' }) },
});
const remove = route('customers.delete', {
  method: 'delete', path: '/{id}', tags: ['customers'], summary: 'Remove a customer with notes, consents, timeline and those merged into it', 'x-summary-zh-CN': '删除客户及其备注、同意记录、时间线与已合并的客户', request: { params: customerId, headers: ifMatch },
  responses: { 204: { description: 'It is gone; what was said in its conversations and tickets goes within seconds, but for those on legal hold; calls and recordings stay' }, ...refusals({ ...none, ...stale }) },
});

/** Who is limited to some customers can give them to nobody else. @throws Invalid */
function reachable(c: Context, what: Fields): Fields {
  const scope = withinOf(c);
  if (!scope) return what;
  if (what.team != null && !scope.teams.includes(what.team)) throw new Invalid(`team: "${what.team}" is none of yours`, { hint: 'GET /v1/me shows your teams' });
  return what;
}
/** Whom one makes, one may see. */
const mine = (c: Context, what: Fields): Fields => (c.get('scope') === 'own' && what.adviser == null ? { ...what, adviser: c.get('principal').agent } : what);

/** /v1/customers */
export const customerRoutes = (desk: CustomerDesk, reach: CallReach) => {
  const shown = (c: Context, view: CustomerView): z.output<typeof CustomerShape> => shownCustomer(c, view, desk.settings());
  const wanted = (c: Context): string => {
    const header = c.req.header('if-match');
    if (header === undefined) throw new IfMatchMissing();
    return header;
  };
  return routes()
    .openapi(list, async (c) => {
      const { limit, cursor, sort, ...query } = c.req.valid('query');
      const { items, nextCursor } = await desk.search({ ...query, oldestFirst: sort === 'created_at', limit, cursor, within: withinOf(c) });
      return c.json({ items: items.map((view) => shown(c, view)), next_cursor: nextCursor ?? null }, 200);
    })
    .openapi(lookup, (c) => {
      const { phone, kind, value } = c.req.valid('query');
      if (phone === undefined && (kind === undefined || value === undefined)) throw new Malformed('this needs phone, or kind and value', { hint: 'GET /v1/customers/lookup?phone=%2B8613800138000' });
      const id = phone === undefined ? desk.byIdentity(kind ?? '', value ?? '') : desk.byNumber(phone);
      if (id === undefined) throw new NoSuchCustomer(phone ?? value ?? '');
      const view = desk.view(within(c, desk, id));
      return c.json({ customer: shown(c, view), timeline: desk.timeline(view.id, 10).items.map((row) => shownRow(c, row)) }, 200, { etag: view.etag });
    })
    .openapi(add, (c) => {
      const body = c.req.valid('json');
      const view = desk.create({ ...body, ...mine(c, reachable(c, body)) }, by(c));
      return c.json(shown(c, view), 201, { etag: view.etag, location: `/v1/customers/${view.id}` });
    })
    .route('/', customerMergingRoutes(desk))
    .openapi(get, (c) => {
      const view = desk.view(within(c, desk, c.req.valid('param').id));
      return c.json(shown(c, view), 200, { etag: view.etag });
    })
    .openapi(patch, (c) => {
      const header = wanted(c);
      const view = desk.patch(within(c, desk, c.req.valid('param').id), reachable(c, c.req.valid('json')), by(c), header);
      return c.json(shown(c, view), 200, { etag: view.etag });
    })
    .openapi(remove, (c) => {
      const header = wanted(c);
      desk.remove(within(c, desk, c.req.valid('param').id), by(c), header);
      return c.body(null, 204);
    })
    .route('/', customerDetailRoutes(desk, reach));
};
