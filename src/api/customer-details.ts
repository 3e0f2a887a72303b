import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { CustomerView } from '../desk/customers/index.js';
import { by, Consent, customerId, CustomerShape, Note, shownConsent, shownCustomer, shownNote, shownRow, TimelineItem, within } from './customers-shown.js';
import { NotFound } from './errors.js';
import type { CustomerDesk } from './ports.js';
import { mayOpenCall, type CallReach } from './reach.js';
import { refusals } from './problem.js';
import { listOf, moment, pageQuery, route, routes } from './routes.js';

const word = z.string().regex(/^[a-z][a-z0-9_]{0,30}$/, 'small letters, digits and underscore');
export const tagName = z.string().trim().regex(/^[^,\x00-\x1f\x7f]{1,50}$/, '1 to 50 characters without a comma');
const tagBody = z.strictObject({ tag: tagName });
export const identityBody = z.strictObject({ kind: z.string().max(40).openapi({ example: 'phone' }), value: z.string().max(300).openapi({ example: '+8613800138000' }), label: z.string().trim().min(1).max(100).optional(), verified: z.boolean().optional() });
const noteBody = z.strictObject({ text: z.string().trim().min(1).max(10_000), about: z.string().min(1).max(120).optional().openapi({ example: 'call:call_…' }) });
const consentBody = z.strictObject({ channel: word.openapi({ example: 'sms' }), purpose: word.openapi({ example: 'marketing' }), granted: z.boolean(), how: z.string().trim().min(1).max(200).openapi({ description: 'in which words, on which form' }), until: moment.optional() });
const verifyBody = z.strictObject({ how: z.string().trim().min(1).max(100).openapi({ example: 'security questions' }), for_s: z.number().min(1).max(31_536_000).optional().openapi({ description: 'at most and by default what config/customers.yaml says' }) });
const activityBody = z.strictObject({ kind: word.openapi({ example: 'orders' }), amount: z.number().min(-1e12).max(1e12), at: moment.optional() });

const json = { 'application/json': { schema: CustomerShape } };
const headers = { ETag: { description: 'for If-Match', schema: { type: 'string' as const } } };
const done = { description: 'The customer', headers, content: json };
const none = { 404: 'There is no such customer' };
const body = <T extends z.ZodType>(schema: T) => ({ required: true, content: { 'application/json': { schema } } });

const addIdentity = route('customers.write', {
  method: 'post', path: '/{id}/identities', tags: ['customers'], summary: 'One more number, address or ID', 'x-summary-zh-CN': '为客户添加标识', request: { params: customerId, body: body(identityBody) },
  responses: { 200: done, ...refusals({ ...none, 409: 'It is that of another; a merge is suggested', 422: 'It is none' }) },
});
const removeIdentity = route('customers.write', {
  method: 'delete', path: '/{id}/identities', tags: ['customers'], summary: 'It is not his any more', 'x-summary-zh-CN': '移除客户标识', request: { params: customerId, query: z.object({ kind: z.string().max(40), value: z.string().max(300) }) },
  responses: { 200: done, ...refusals({ 404: 'There is no such customer or identity', 422: 'It is none' }) },
});
const addTag = route('customers.write', { method: 'post', path: '/{id}/tags', tags: ['customers'], summary: 'Put a tag on by hand', 'x-summary-zh-CN': '手工添加标签', request: { params: customerId, body: body(tagBody) }, responses: { 200: done, ...refusals(none) } });
const removeTag = route('customers.write', { method: 'delete', path: '/{id}/tags/{tag}', tags: ['customers'], summary: 'Take a tag off that was put on by hand', 'x-summary-zh-CN': '移除手工标签', request: { params: customerId.extend(tagBody.shape) }, responses: { 200: done, ...refusals(none) } });
const notes = route('customers.read', {
  method: 'get', path: '/{id}/notes', tags: ['customers'], summary: 'Notes, newest first', 'x-summary-zh-CN': '备注，最新在前', request: { params: customerId, query: z.object(pageQuery) },
  responses: { 200: { description: 'A page of notes', content: { 'application/json': { schema: listOf(Note) } } }, ...refusals(none) },
});
const addNote = route('customers.write', {
  method: 'post', path: '/{id}/notes', tags: ['customers'], summary: 'A note', 'x-summary-zh-CN': '添加备注', request: { params: customerId, body: body(noteBody) },
  responses: { 201: { description: 'The note', content: { 'application/json': { schema: Note } } }, ...refusals(none) },
});
const removeNote = route('customers.write', { method: 'delete', path: '/{id}/notes/{note}', tags: ['customers'], summary: 'Remove a note', 'x-summary-zh-CN': '删除备注', request: { params: customerId.extend({ note: z.string().max(100) }) }, responses: { 204: { description: 'It is gone' }, ...refusals({ 404: 'There is no such customer or note' }) } });
const consents = route('customers.read', {
  method: 'get', path: '/{id}/consents', tags: ['customers'], summary: 'Every consent given and withdrawn, newest first', 'x-summary-zh-CN': '同意与撤回记录，最新在前', request: { params: customerId, query: z.object(pageQuery) },
  responses: { 200: { description: 'A page of them', content: { 'application/json': { schema: listOf(Consent) } } }, ...refusals(none) },
});
const setConsent = route('customers.write', { method: 'post', path: '/{id}/consents', tags: ['customers'], summary: 'Consent given or withdrawn, for a channel and a purpose', 'x-summary-zh-CN': '登记同意或撤回', request: { params: customerId, body: body(consentBody) }, responses: { 200: done, ...refusals(none) } });
const verify = route('customers.write', { method: 'put', path: '/{id}/verified', tags: ['customers'], summary: 'He has proven who he is; holds on every channel for a time', 'x-summary-zh-CN': '标记身份已核实，在限定时间内各渠道有效', request: { params: customerId, body: body(verifyBody) }, responses: { 200: done, ...refusals(none) } });
const unverify = route('customers.write', { method: 'delete', path: '/{id}/verified', tags: ['customers'], summary: 'He is to prove it anew', 'x-summary-zh-CN': '取消身份核实标记', request: { params: customerId }, responses: { 200: done, ...refusals(none) } });
const count = route('customers.write', { method: 'post', path: '/{id}/activity', tags: ['customers'], summary: 'Orders, spending, pages: sums that rules for tags look at', 'x-summary-zh-CN': '累计订单、消费、浏览等数值，供标签规则使用', request: { params: customerId, body: body(activityBody) }, responses: { 200: done, ...refusals(none) } });
const timeline = route('customers.read', {
  method: 'get', path: '/{id}/timeline', tags: ['customers'], summary: 'What happened, on every channel, newest first', 'x-summary-zh-CN': '全渠道时间线，最新在前', request: { params: customerId, query: z.object({ ...pageQuery, subject: z.string().max(120).optional() }) },
  responses: { 200: { description: 'A page of it', content: { 'application/json': { schema: listOf(TimelineItem) } } }, ...refusals({ 400: 'The cursor is wrong', ...none }) },
});
const identify = route('customers.write', {
  method: 'post', path: '/{id}/calls', tags: ['customers'], summary: 'A call was his, said by hand', 'x-summary-zh-CN': '手工将通话归属到客户', request: { params: customerId, body: body(z.strictObject({ call: z.string().min(1).max(100) })) }, responses: { 200: done, ...refusals({ 404: 'There is no such customer or call' }) },
});

/** /v1/customers/{id}/… */
export const customerDetailRoutes = (desk: CustomerDesk, reach: CallReach) => {
  const idOf = (c: Context): string => within(c, desk, c.req.param('id') ?? '');
  const shown = (c: Context, view: CustomerView): z.output<typeof CustomerShape> => (c.header('etag', view.etag), shownCustomer(c, view, desk.settings()));
  return routes()
    .openapi(addIdentity, (c) => c.json(shown(c, desk.addIdentity(idOf(c), c.req.valid('json'), by(c))), 200))
    .openapi(removeIdentity, (c) => {
      const { kind, value } = c.req.valid('query');
      return c.json(shown(c, desk.removeIdentity(idOf(c), kind, value, by(c))), 200);
    })
    .openapi(addTag, (c) => c.json(shown(c, desk.tag(idOf(c), c.req.valid('json').tag, by(c))), 200))
    .openapi(removeTag, (c) => c.json(shown(c, desk.untag(idOf(c), c.req.valid('param').tag, by(c))), 200))
    .openapi(notes, (c) => {
      const { limit, cursor } = c.req.valid('query');
      const { items, nextCursor } = desk.notes(idOf(c), limit, cursor);
      return c.json({ items: items.map((one) => shownNote(c, one, desk.settings())), next_cursor: nextCursor ?? null }, 200);
    })
    .openapi(addNote, (c) => {
      const { text, about } = c.req.valid('json');
      return c.json(shownNote(c, desk.addNote(idOf(c), text, about, by(c)), desk.settings()), 201);
    })
    .openapi(removeNote, (c) => {
      desk.removeNote(idOf(c), c.req.valid('param').note, by(c));
      return c.body(null, 204);
    })
    .openapi(consents, (c) => {
      const { limit, cursor } = c.req.valid('query');
      const { items, nextCursor } = desk.consents(idOf(c), limit, cursor);
      return c.json({ items: items.map(shownConsent), next_cursor: nextCursor ?? null }, 200);
    })
    .openapi(setConsent, (c) => c.json(shown(c, desk.setConsent(idOf(c), c.req.valid('json'), by(c))), 200))
    .openapi(verify, (c) => {
      const { how, for_s } = c.req.valid('json');
      return c.json(shown(c, desk.verify(idOf(c), { how, forMs: for_s === undefined ? undefined : Math.round(for_s * 1_000) }, by(c))), 200);
    })
    .openapi(unverify, (c) => c.json(shown(c, desk.unverify(idOf(c), by(c))), 200))
    .openapi(count, (c) => {
      const { kind, amount, at } = c.req.valid('json');
      return c.json(shown(c, desk.count(idOf(c), kind, amount, by(c), at)), 200);
    })
    .openapi(timeline, (c) => {
      const { limit, cursor, subject } = c.req.valid('query');
      const { items, nextCursor } = desk.timeline(idOf(c), limit, cursor, subject);
      return c.json({ items: items.map((row) => shownRow(c, row)), next_cursor: nextCursor ?? null }, 200);
    })
    .openapi(identify, (c) => {
      const id = idOf(c);
      const { call } = c.req.valid('json');
      if (!mayOpenCall(c, reach.calls.get(call), reach.near)) throw new NotFound('no_such_call', `there is no call "${call}"`, 'GET /v1/calls lists them');
      desk.identify(call, id, 'hand', by(c));
      return c.json(shown(c, desk.view(id)), 200);
    });
};
