import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Attributes, ContactId, ContactView, QueueId } from '../acd/index.js';
import { attributesField } from '../config/index.js';
import { Malformed } from './errors.js';
import { masked, veilOf } from './fields.js';
import type { CallbackBooker, ContactCommands, ContactReader } from './ports.js';
import { refusals } from './problem.js';
import { principalOf } from './queue-settings.js';
import { listOf, moment, pageQuery, route, routes, Time } from './routes.js';
import { shownWhy, Why } from './why.js';

const Contact = z
  .object({
    id: z.string(), subject: z.string().openapi({ example: 'call:call_0192' }), channel: z.string(), queues: z.array(z.string()),
    state: z.enum(['waiting', 'offered', 'connecting', 'connected', 'scheduled']), callback: z.boolean().openapi({ description: 'nobody holds the line: the customer is called' }),
    position: z.int().min(1).nullable().openapi({ description: '1 for the next in line of its first queue; null once taken' }),
    priority: z.int(), attributes: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())])), joined_at: Time, waited_ms: z.int().min(0), agent: z.string().nullable(),
  })
  .openapi('Contact');
const priority = z.int().min(1).max(10);
const Change = z.strictObject({ priority: priority.optional(), attributes: attributesField.optional().openapi({ description: 'added to those it has' }) }).openapi('ContactChange');
const WantsCallback = z.strictObject({ at: moment.optional().openapi({ description: 'not before; left out: it keeps its place' }) }).openapi('CallbackWish');
const Order = z
  .strictObject({
    number: z.string().regex(/^\+?[0-9]{2,20}$/, 'digits, with + in front at most').openapi({ example: '+8613800138000' }), queue: z.string().max(63),
    at: moment.optional().openapi({ description: 'not before; left out: it takes its place in line now' }), name: z.string().max(100).optional(), priority: priority.optional(), attributes: attributesField.optional(),
  })
  .openapi('CallbackOrder');
const id = z.object({ id: z.string().max(200) });
const json = { 'application/json': { schema: Contact } };
const none = { 404: 'There is no such contact' };
const idempotencyKey = z.object({ 'idempotency-key': z.string().min(1).max(200).optional().openapi({ description: 'the same request again under the same key is answered, not done, again' }) });

const listContacts = route('contacts.read', {
  method: 'get', path: '/contacts', tags: ['contacts'], summary: 'Contacts in queues; of one queue in the order of their places, else newest first', 'x-summary-zh-CN': '队列中的联系；指定队列时按排队顺序，否则最新在前',
  request: { query: z.object({ ...pageQuery, queue: z.string().max(63).optional() }) },
  responses: { 200: { description: 'A page of contacts', content: { 'application/json': { schema: listOf(Contact) } } }, ...refusals({ 400: 'A parameter is wrong', 404: 'There is no such queue' }) },
});
const getContact = route('contacts.read', {
  method: 'get', path: '/contacts/{id}', tags: ['contacts'], summary: 'One contact', 'x-summary-zh-CN': '单个联系', request: { params: id },
  responses: { 200: { description: 'The contact', content: json }, ...refusals(none) },
});
const getWhy = route('contacts.read', {
  method: 'get', path: '/contacts/{id}/why', tags: ['contacts'], summary: 'Why it has its agent, or none', 'x-summary-zh-CN': '为何由该坐席接待，或为何仍在等待', request: { params: id },
  responses: { 200: { description: 'Candidates, scores, rules and what it waits for; of one that is gone: when it was decided', content: { 'application/json': { schema: Why } } }, ...refusals(none) },
});
const patchContact = route('contacts.write', {
  method: 'patch', path: '/contacts/{id}', tags: ['contacts'], summary: 'More is known of a contact', 'x-summary-zh-CN': '更新联系的优先级与属性',
  request: { params: id, body: { required: true, content: { 'application/json': { schema: Change } } } },
  responses: { 200: { description: 'The contact', content: json }, ...refusals({ ...none, 422: 'The body is wrong' }) },
});
const removeContact = route('contacts.write', {
  method: 'delete', path: '/contacts/{id}', tags: ['contacts'], summary: 'Take a contact out of its queues; a caller hears goodbye', 'x-summary-zh-CN': '将联系移出队列；来电者会听到道别', request: { params: id },
  responses: { 204: { description: 'It is gone' }, ...refusals(none) },
});
const toCallback = route('contacts.write', {
  method: 'post', path: '/contacts/{id}/callback', tags: ['contacts'], summary: 'Let the caller go and call back', 'x-summary-zh-CN': '转为回呼并保留排队位置',
  request: { params: id, headers: idempotencyKey, body: { required: false, content: { 'application/json': { schema: WantsCallback } } } },
  responses: { 200: { description: 'The contact, now a callback', content: json }, ...refusals({ ...none, 409: 'The same Idempotency-Key is being answered', 422: 'The body is wrong' }) },
});
const bookCallback = route('callbacks.write', {
  method: 'post', path: '/callbacks', tags: ['contacts'], summary: 'Book a callback', 'x-summary-zh-CN': '预约回呼',
  request: { headers: idempotencyKey, body: { required: true, content: { 'application/json': { schema: Order } } } },
  responses: { 201: { description: 'The waiting contact', content: json }, ...refusals({ 404: 'There is no such queue', 409: 'The same Idempotency-Key is being answered', 422: 'The body is wrong' }) },
});

interface ContactRooms {
  readonly reader: ContactReader;
  readonly commands: ContactCommands;
  readonly booker: CallbackBooker;
}

/** /v1/contacts, /v1/callbacks */
export const contactRoutes = ({ reader, commands, booker }: ContactRooms) =>
  routes()
    .openapi(listContacts, (c) => {
      const { queue, limit, cursor } = c.req.valid('query');
      // Places move while pages are turned: a page begins after so many, not after somebody who may have left.
      const from = cursor === undefined ? 0 : placeIn(cursor);
      const all = queue === undefined ? [...reader.contacts()].reverse() : reader.contacts(queue as QueueId);
      const next = all.length > from + limit ? Buffer.from(`place:${from + limit}`).toString('base64url') : null;
      return c.json({ items: all.slice(from, from + limit).map((one) => shown(c, one)), next_cursor: next }, 200);
    })
    .openapi(getContact, (c) => c.json(shown(c, reader.contact(c.req.valid('param').id as ContactId)), 200))
    .openapi(getWhy, (c) => {
      const why = shownWhy(reader.why(c.req.valid('param').id as ContactId));
      return c.json({ ...why, attributes: attributesFor(c, why.attributes) }, 200);
    })
    .openapi(patchContact, (c) => {
      const contact = c.req.valid('param').id as ContactId;
      const { priority: urgency, attributes } = c.req.valid('json');
      reader.contact(contact);
      reader.change(contact, { ...(urgency === undefined ? {} : { priority: urgency }), ...(attributes === undefined ? {} : { attributes }) });
      return c.json(shown(c, reader.contact(contact)), 200);
    })
    .openapi(removeContact, (c) => {
      commands.remove(c.req.valid('param').id as ContactId, principalOf(c));
      return c.body(null, 204);
    })
    .openapi(toCallback, (c) => c.json(shown(c, commands.callBack(c.req.valid('param').id as ContactId, c.req.valid('json').at, principalOf(c))), 200))
    .openapi(bookCallback, (c) => {
      const { number, queue, at, name, priority: urgency, attributes = {} } = c.req.valid('json');
      const contact = booker.book({ number, queue: queue as QueueId, at, name, priority: urgency, attributes, by: principalOf(c) });
      return c.json(shown(c, contact), 201, { location: `/v1/contacts/${contact.id}` });
    });

function placeIn(cursor: string): number {
  const found = /^place:(\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  if (found === undefined) throw new Malformed('this cursor is not one of ours', { hint: 'use next_cursor of the page before, unchanged' });
  return Number(found);
}

/** Attributes that are telephone numbers. */
const NUMBERS = { from: 'calls.numbers', to: 'calls.numbers', did: 'calls.numbers', callback_number: 'calls.numbers' } as const;
type Told = z.infer<typeof Contact>['attributes'];
/** What the queues know of it: numbers as in calls, what was filled in before a chat as in conversations. */
function attributesFor(c: Context, attributes: Told): Told {
  const veil = veilOf(c.get('principal'));
  return Object.fromEntries(Object.entries(masked(c, attributes, NUMBERS)).map(([name, value]) => [name, name.startsWith('form_') && typeof value === 'string' ? veil(value) : value]));
}

function shown(c: Context, contact: ContactView): z.infer<typeof Contact> {
  const { id: contactId, subject, channel, queues, state, callback, position, priority: urgency, attributes, joinedAt, waitedMs, agent } = contact;
  const plain = Object.entries(attributes).map(([name, value]: [string, Attributes[string]]) => [name, typeof value === 'object' ? [...value] : value] as const);
  return {
    id: contactId, subject, channel, queues: [...queues], state, callback, position, priority: urgency, attributes: attributesFor(c, Object.fromEntries(plain)),
    joined_at: joinedAt, waited_ms: Math.max(0, Math.round(waitedMs)), agent,
  };
}
