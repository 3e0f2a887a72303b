import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { NoSuchConversation, type Conversation, type Message } from '../desk/conversations/index.js';
import type { AppDesk } from '../channels/chat/index.js';
import { changed } from './audited.js';
import { conversationAppRoutes } from './conversations-apps.js';
import { conversationFor, ConversationView, messageFor, MessageView, oneConversation, placeOf, seesNotes } from './conversations-schema.js';
import { Forbidden, Invalid, UnknownSort } from './errors.js';
import { senderOf } from './files.js';
import { holdRoutes } from './holds.js';
import type { ConversationDesk } from './ports.js';
import { refusals } from './problem.js';
import { listOf, pageQuery, route, routes, sortOf } from './routes.js';

const jsonOf = <T extends z.ZodType>(schema: T) => ({ 'application/json': { schema } });
const body = <T extends z.ZodType>(schema: T) => ({ required: true, content: jsonOf(schema) });
const one = (description: string) => ({ description, content: jsonOf(ConversationView) });
const none = { 404: 'There is no such conversation for you' };
const live = { ...none, 409: 'It has ended, or you take no part in it', 503: 'The disk takes nothing' };
const word = z.string().min(1).max(200);

const list = route('conversations.read', {
  method: 'get', path: '/', tags: ['conversations'], summary: 'Conversations, newest first', 'x-summary-zh-CN': '会话列表，最新在前',
  request: { query: z.object({ ...pageQuery, sort: sortOf('-started_at', 'started_at'), q: z.string().min(1).max(200).optional().openapi({ description: 'somebody said all of these words in one message; in notes among agents too for who may see them', example: '退款' }), state: z.enum(['open', 'queued', 'talking', 'ended', 'live']).optional(), agent: word.optional(), queue: word.optional(), customer: word.optional(), channel: word.optional() }) },
  responses: { 200: { description: 'A page', content: jsonOf(listOf(ConversationView)) }, ...refusals({ 400: 'A parameter is wrong', 503: 'Too many searches at once' }) },
});
const show = route('conversations.read', {
  method: 'get', path: '/{id}', tags: ['conversations'], summary: 'One conversation', 'x-summary-zh-CN': '单个会话', request: { params: oneConversation }, responses: { 200: one('It'), ...refusals(none) },
});
const messages = route('conversations.read', {
  method: 'get', path: '/{id}/messages', tags: ['conversations'], summary: 'What was said, oldest first; notes among agents for who may see them', 'x-summary-zh-CN': '消息，最早在前；有权者可见内部备注',
  request: { params: oneConversation, query: z.object({ after: z.coerce.number().int().min(0).default(0).openapi({ description: 'the last seq you have' }), limit: pageQuery.limit }) },
  responses: { 200: { description: 'Messages; next_cursor is the next `after`', content: jsonOf(listOf(MessageView)) }, ...refusals({ ...none, 400: 'A parameter is wrong' }) },
});
/** Who speaks. */
const asCustomer = z.literal('customer').optional().openapi({ description: 'by an app, for the customer whose conversation it opened or continued: takes conversations.carry' });
const NewMessage = z.strictObject({
  text: z.string().max(4_000).default(''), file: z.string().max(100).optional().openapi({ description: 'a file you have sent: POST /v1/files' }), visibility: z.enum(['public', 'internal']).default('public'),
  client_id: z.string().min(1).max(100).optional().openapi({ description: 'the same again is the same message' }), as: asCustomer,
}).openapi('NewConversationMessage');
const say = route('conversations.write', {
  method: 'post', path: '/{id}/messages', tags: ['conversations'], summary: 'Say something to the customer, for him, or note it for other agents', 'x-summary-zh-CN': '发送消息或内部备注；应用可代客户发送',
  request: { params: oneConversation, body: body(NewMessage) },
  responses: { 201: { description: 'On disk, and told', content: jsonOf(MessageView) }, 200: { description: 'It was there already', content: jsonOf(MessageView) }, ...refusals({ ...live, 422: 'Nothing in it, or too much' }) },
});
const command = (path: string, summary: string, zh: string) => route('conversations.write', { method: 'post', path, tags: ['conversations'], summary, 'x-summary-zh-CN': zh, request: { params: oneConversation }, responses: { 200: one('As it is now'), ...refusals(live) } });
const join = command('/{id}/join', 'Take part, beside whoever has it', '加入会话');
const leave = command('/{id}/leave', 'Take part no longer', '离开会话');
const end = route('conversations.write', {
  method: 'post', path: '/{id}/end', tags: ['conversations'], summary: 'End it; twice is once', 'x-summary-zh-CN': '结束会话；重复请求等同一次',
  request: { params: oneConversation, body: { required: false, content: jsonOf(z.strictObject({ as: asCustomer })) } }, responses: { 200: one('As it is now'), ...refusals({ ...live, 422: 'The body is wrong' }) },
});
const read = route('conversations.write', {
  method: 'put', path: '/{id}/read', tags: ['conversations'], summary: 'Read up to here', 'x-summary-zh-CN': '已读标记', request: { params: oneConversation, body: body(z.strictObject({ seq: z.int().min(0), as: asCustomer })) },
  responses: { 200: one('As it is now'), ...refusals({ ...none, 409: 'The app has not opened or continued it', 422: 'The body is wrong', 503: 'The disk takes nothing' }) },
});
const typing = route('conversations.write', {
  method: 'post', path: '/{id}/typing', tags: ['conversations'], summary: 'Show that you are writing', 'x-summary-zh-CN': '正在输入', request: { params: oneConversation, body: body(z.strictObject({ on: z.boolean().default(true), as: asCustomer })) },
  responses: { 204: { description: 'Shown' }, ...refusals({ ...none, 409: 'The app has not opened or continued it', 422: 'The body is wrong' }) },
});
const transfer = route('conversations.write', {
  method: 'post', path: '/{id}/transfer', tags: ['conversations'], summary: 'Give it to another queue or agent', 'x-summary-zh-CN': '转接到其他队列或坐席',
  request: { params: oneConversation, body: body(z.union([z.strictObject({ queue: word }), z.strictObject({ agent: word })]).openapi('ConversationTransfer')) },
  responses: { 200: one('It waits there'), ...refusals({ ...live, 422: 'The body is wrong' }) },
});
const callBack = route('conversations.write', {
  method: 'post', path: '/{id}/callback', tags: ['conversations'], summary: 'Let the queue call the customer, with everything that is known', 'x-summary-zh-CN': '由队列回拨客户，会话内容一并带上',
  request: { params: oneConversation, body: body(z.strictObject({ number: z.string().regex(/^\+?[0-9]{3,15}$/), queue: word.optional() }).openapi('ConversationCallback')) },
  responses: { 200: one('A callback waits'), ...refusals({ ...live, 422: 'The body is wrong' }) },
});
const identify = route('conversations.write', {
  method: 'put', path: '/{id}/customer', tags: ['conversations'], summary: 'Say whose it is', 'x-summary-zh-CN': '关联客户', request: { params: oneConversation, body: body(z.strictObject({ customer: word })) },
  responses: { 200: one('His from now on'), ...refusals({ ...none, 422: 'The body is wrong', 503: 'The disk takes nothing' }) },
});
const { hold, release } = holdRoutes('conversations.hold', 'conversations', ConversationView);

/** /v1/conversations */
export function conversationRoutes(desk: ConversationDesk, apps: () => AppDesk) {
  const { conversations } = desk;
  const asker = (c: Context) => ({ principal: c.get('principal'), scope: c.get('scope') });
  const seen = (c: Context, id: string): Conversation => {
    const found = conversations.find(id);
    if (!found || !desk.reaches(asker(c), found)) throw new NoSuchConversation(id);
    return found;
  };
  /** Whether it is said for the customer. @throws Forbidden */
  const forCustomer = (c: Context, { as }: { readonly as?: 'customer' | undefined }): boolean => {
    if (as === 'customer' && c.get('principal').may('conversations.carry') !== 'all') throw new Forbidden('conversations.carry');
    return as === 'customer';
  };
  const nameOf = (c: Context): string => desk.nameOf(c.get('principal'));
  const shown = (c: Context, conversation: Conversation): z.output<typeof ConversationView> => conversationFor(c.get('principal'), conversation);
  const said = (c: Context, message: Message): z.output<typeof MessageView> => messageFor(c.get('principal'), message);
  /** After a change. What its customer filled in stands in the conversation, not in the audit log as well. */
  const now = (c: Context, conversation: Conversation): z.output<typeof ConversationView> => {
    const view = shown(c, conversation);
    const { id, state, queue, agent, customer, hold: kept } = view;
    changed(c, { object: `/v1/conversations/${id}`, after: { state, queue, agent, customer, hold: kept } });
    return view;
  };
  return routes()
    .route('/', conversationAppRoutes(desk, apps))
    .openapi(list, async (c) => {
      const { q, sort, ...query } = { ...c.req.valid('query'), ...desk.within(asker(c)) };
      if (q !== undefined && sort !== '-started_at') throw new UnknownSort(['-started_at, where words are looked for']);
      const { items, nextCursor } = q === undefined ? conversations.list({ ...query, oldestFirst: sort === 'started_at' }) : await conversations.search({ ...query, q, notes: seesNotes(c.get('principal')) });
      return c.json({ items: items.map((one) => shown(c, one)), next_cursor: nextCursor ?? null }, 200);
    })
    .openapi(show, (c) => {
      const found = seen(c, c.req.valid('param').id);
      return c.json({ ...shown(c, found), place: placeOf(desk, found) }, 200);
    })
    .openapi(messages, (c) => {
      const { after, limit } = c.req.valid('query');
      const items = conversations.messages(seen(c, c.req.valid('param').id).id, after, limit, seesNotes(c.get('principal')));
      return c.json({ items: items.map((one) => said(c, one)), next_cursor: items.length < limit ? null : String(items.at(-1)?.seq) }, 200);
    })
    .openapi(say, (c) => {
      const { id } = seen(c, c.req.valid('param').id);
      const { client_id: clientId, as, ...what } = c.req.valid('json');
      if (as !== undefined && what.visibility === 'internal') throw new Invalid('visibility: notes are not for customers', { hint: 'leave out "as", or "visibility"' });
      const { message, repeated } = forCustomer(c, { as }) ? apps().say(id, { ...what, clientId, sentBy: senderOf(c) }) : conversations.say(id, { ...what, clientId, by: senderOf(c), name: nameOf(c) });
      // What people say stands in the conversation, not in the audit log as well.
      changed(c, { object: `/v1/conversations/${id}/messages/${message.id}`, after: { seq: message.seq, visibility: message.visibility, kind: message.kind } });
      return repeated ? c.json(said(c, message), 200) : c.json(said(c, message), 201);
    })
    .openapi(join, (c) => c.json(now(c, conversations.join(seen(c, c.req.valid('param').id).id, senderOf(c), nameOf(c))), 200))
    .openapi(leave, (c) => c.json(now(c, conversations.leave(seen(c, c.req.valid('param').id).id, senderOf(c))), 200))
    .openapi(end, (c) => {
      const { id } = seen(c, c.req.valid('param').id);
      return c.json(now(c, forCustomer(c, c.req.valid('json')) ? apps().end(id) : desk.end(id, senderOf(c), 'agent')), 200);
    })
    .openapi(read, (c) => {
      const { id } = seen(c, c.req.valid('param').id);
      c.set('audited', true); // a mark, not a change
      const { seq, ...who } = c.req.valid('json');
      if (forCustomer(c, who)) apps().read(id, seq);
      else conversations.read(id, senderOf(c), seq);
      return c.json(shown(c, conversations.get(id)), 200);
    })
    .openapi(typing, (c) => {
      c.set('audited', true); // kept nowhere
      const { id } = seen(c, c.req.valid('param').id);
      const { on, ...who } = c.req.valid('json');
      if (forCustomer(c, who)) apps().typing(id, on);
      else conversations.typing(id, senderOf(c), on);
      return c.body(null, 204);
    })
    .openapi(transfer, (c) => c.json(now(c, desk.transfer(seen(c, c.req.valid('param').id).id, c.req.valid('json'), senderOf(c))), 200))
    .openapi(callBack, (c) => c.json(now(c, desk.callBack(seen(c, c.req.valid('param').id), { ...c.req.valid('json'), by: senderOf(c) })), 200))
    .openapi(hold, (c) => c.json(now(c, conversations.hold(seen(c, c.req.valid('param').id).id, c.req.valid('json').reason, senderOf(c))), 200))
    .openapi(release, (c) => {
      conversations.release(seen(c, c.req.valid('param').id).id, senderOf(c));
      return c.body(null, 204);
    })
    .openapi(identify, (c) => c.json(now(c, conversations.identify(seen(c, c.req.valid('param').id).id, desk.customer(c.req.valid('json').customer), senderOf(c))), 200));
}
