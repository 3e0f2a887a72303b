import { z } from '@hono/zod-openapi';
import { NoSuchSuggestion } from '../desk/customers/index.js';
import { by, customerId, CustomerShape, shownCustomer, within } from './customers-shown.js';
import type { CustomerDesk } from './ports.js';
import { refusals } from './problem.js';
import { iso, isoOrNull, listOf, pageQuery, route, routes, Time } from './routes.js';

const Merge = z.object({ id: z.string(), survivor: z.string(), merged: z.string(), why: z.string().nullable(), at: Time, by: z.string(), undone_at: Time.nullable(), undone_by: z.string().nullable() }).openapi('CustomerMerge');
const Suggestion = z.object({ id: z.string(), one: z.string(), other: z.string(), why: z.string().openapi({ description: 'what both have: identity:phone, email, name+birthday, …' }), at: Time }).openapi('MergeSuggestion');
const mergeBody = z.strictObject({ customer: z.string().min(1).max(100).openapi({ description: 'who counts as this one from now on' }), why: z.string().trim().min(1).max(500).optional() });
const headers = { ETag: { description: 'for If-Match', schema: { type: 'string' as const } } };
const json = { 'application/json': { schema: CustomerShape } };

const suggestions = route('customers.read', {
  method: 'get', path: '/suggestions', tags: ['customers'], summary: 'Customers that may be one, newest first', 'x-summary-zh-CN': '建议合并的客户，最新在前', request: { query: z.object({ ...pageQuery, customer: z.string().max(100).optional() }) },
  responses: { 200: { description: 'A page of suggestions', content: { 'application/json': { schema: listOf(Suggestion) } } }, ...refusals({ 400: 'The cursor is wrong', 404: 'There is no such customer' }) },
});
const dismiss = route('customers.merge', {
  method: 'delete', path: '/suggestions/{id}', tags: ['customers'], summary: 'They are two people: do not suggest it again', 'x-summary-zh-CN': '确认为两个客户，不再建议', request: { params: customerId },
  responses: { 204: { description: 'Dismissed' }, ...refusals({ 404: 'There is no such open suggestion' }) },
});
const merge = route('customers.merge', {
  method: 'post', path: '/{id}/merge', tags: ['customers'], summary: 'Another customer counts as this one from now on; nothing is lost', 'x-summary-zh-CN': '将另一客户并入此客户，不丢失任何内容',
  request: { params: customerId, body: { required: true, content: { 'application/json': { schema: mergeBody } } } },
  responses: { 200: { description: 'The customer', headers, content: json }, ...refusals({ 404: 'There is no such customer', 409: 'They are one already' }) },
});
const unmerge = route('customers.merge', {
  method: 'post', path: '/{id}/unmerge', tags: ['customers'], summary: 'A merged customer stands by itself again', 'x-summary-zh-CN': '撤销合并', request: { params: customerId },
  responses: { 200: { description: 'It, as it was', headers, content: json }, ...refusals({ 404: 'There is no such customer', 409: 'It is not merged' }) },
});
const merges = route('customers.read', {
  method: 'get', path: '/{id}/merges', tags: ['customers'], summary: 'Every merge of a customer, undone ones too', 'x-summary-zh-CN': '客户的合并记录，含已撤销的', request: { params: customerId },
  responses: { 200: { description: 'At most a thousand, newest first', content: { 'application/json': { schema: listOf(Merge) } } }, ...refusals({ 404: 'There is no such customer' }) },
});

/** /v1/customers: those that are one */
export const customerMergingRoutes = (desk: CustomerDesk) =>
  routes()
    .openapi(suggestions, (c) => {
      const { limit, cursor, customer } = c.req.valid('query');
      const { items, nextCursor } = desk.suggestions(customer === undefined ? undefined : within(c, desk, customer), limit, cursor);
      const mine = items.filter((one) => [one.one, one.other].every((id) => visible(() => within(c, desk, id))));
      return c.json({ items: mine.map((one) => ({ ...one, at: iso(one.at) })), next_cursor: nextCursor ?? null }, 200);
    })
    .openapi(dismiss, (c) => {
      const { id } = c.req.valid('param');
      const found = desk.suggestion(id);
      // Whoever may not see both may not say that they are two; for him there is no such suggestion.
      if (!found || ![found.one, found.other].every((customer) => visible(() => within(c, desk, customer)))) throw new NoSuchSuggestion(id);
      desk.dismiss(id);
      return c.body(null, 204);
    })
    .openapi(merge, (c) => {
      const { customer, why } = c.req.valid('json');
      const view = desk.merge(within(c, desk, c.req.valid('param').id), within(c, desk, customer), by(c), why);
      return c.json(shownCustomer(c, view, desk.settings()), 200, { etag: view.etag });
    })
    .openapi(unmerge, (c) => {
      const view = desk.unmerge(within(c, desk, c.req.valid('param').id), by(c));
      return c.json(shownCustomer(c, view, desk.settings()), 200, { etag: view.etag });
    })
    .openapi(merges, (c) => {
      const items = desk.merges(within(c, desk, c.req.valid('param').id)).map(({ undoneAt, undoneBy, at, ...rest }) => ({ ...rest, at: iso(at), undone_at: isoOrNull(undoneAt), undone_by: undoneBy }));
      return c.json({ items, next_cursor: null }, 200);
    });

function visible(look: () => string): boolean {
  try {
    return look() !== '';
  } catch {
    return false;
  }
}
