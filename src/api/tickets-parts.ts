import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Comment, TicketFile } from '../desk/tickets/index.js';
import { Invalid } from './errors.js';
import { holdRoutes } from './holds.js';
import { File, senderOf, shownFile } from './files.js';
import { refusals } from './problem.js';
import { ifMatch } from './queue-settings.js';
import { linksInReach, type CallReach } from './reach.js';
import { iso, route, routes, Time } from './routes.js';
import { actorOf, changeFor, CommentView, etagOf, filesSent, Linked, oneTicket, ticketFor, TicketView, versionIn, visibility, watcherFor, type Desk } from './tickets-schema.js';

const jsonOf = <T extends z.ZodType>(schema: T) => ({ 'application/json': { schema } });
const body = <T extends z.ZodType>(schema: T) => ({ required: true, content: jsonOf(schema) });
const none = { 404: 'There is no such ticket for you' };
const refused = { ...none, 409: 'It was merged into another, or is erased', 422: 'Something of it is wrong', 503: 'The disk takes nothing' };
const listed = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) });
const text = (most: number) => z.string().trim().min(1).max(most);

const comments = route('tickets.read', {
  method: 'get', path: '/{id}/comments', tags: ['tickets'], summary: 'What was said, oldest first', 'x-summary-zh-CN': '评论，最早在前', request: { params: oneTicket },
  responses: { 200: { description: 'Comments', content: jsonOf(listed(CommentView)) }, ...refusals(none) },
});
const say = route('tickets.write', {
  method: 'post', path: '/{id}/comments', tags: ['tickets'], summary: 'Say something, to the customer or among ourselves', 'x-summary-zh-CN': '添加公开或内部评论',
  request: { params: oneTicket, body: body(z.strictObject({ text: text(20_000), visibility, files: filesSent.optional().openapi({ description: 'sent before by POST /v1/files' }) }).openapi('NewTicketComment')) },
  responses: { 201: { description: 'The comment', content: jsonOf(CommentView) }, ...refusals(refused) },
});
const Ties = z.object({ links: z.array(Linked.extend({ at: Time, by: z.string() })), watchers: z.array(z.string()), children: z.array(TicketView), files: z.array(File).openapi({ description: 'sent when it was opened; those of comments stand with them' }) }).openapi('TicketTies');
const ties = route('tickets.read', {
  method: 'get', path: '/{id}/ties', tags: ['tickets'], summary: 'What hangs together with it: links, watchers, children', 'x-summary-zh-CN': '关联：链接、关注者、子工单', request: { params: oneTicket },
  responses: { 200: { description: 'Its ties', content: jsonOf(Ties) }, ...refusals(none) },
});
const link = route('tickets.write', {
  method: 'put', path: '/{id}/links', tags: ['tickets'], summary: 'Tie it to a call, conversation, recording, order, ticket or page', 'x-summary-zh-CN': '关联通话、会话、录音、订单、工单或网页', request: { params: oneTicket, body: body(Linked) },
  responses: { 204: { description: 'It is tied' }, ...refusals(refused) },
});
const unlink = route('tickets.write', {
  method: 'delete', path: '/{id}/links', tags: ['tickets'], summary: 'Untie it', 'x-summary-zh-CN': '取消关联', request: { params: oneTicket, query: Linked },
  responses: { 204: { description: 'It is untied' }, ...refusals(refused) },
});
const watcher = z.object({ id: z.string().max(100), watcher: z.string().min(1).max(200).openapi({ description: 'an agent, a user, or an e-mail address' }) });
const watch = route('tickets.write', {
  method: 'put', path: '/{id}/watchers/{watcher}', tags: ['tickets'], summary: 'Somebody follows it', 'x-summary-zh-CN': '添加关注者', request: { params: watcher },
  responses: { 204: { description: 'Noted' }, ...refusals(refused) },
});
const unwatch = route('tickets.write', {
  method: 'delete', path: '/{id}/watchers/{watcher}', tags: ['tickets'], summary: 'Somebody follows it no longer', 'x-summary-zh-CN': '移除关注者', request: { params: watcher },
  responses: { 204: { description: 'Noted' }, ...refusals(refused) },
});
const Change = z.object({ at: Time, by: z.string(), field: z.string(), before: z.unknown(), after: z.unknown() }).openapi('TicketChange');
const history = route('tickets.read', {
  method: 'get', path: '/{id}/history', tags: ['tickets'], summary: 'Every change, oldest first', 'x-summary-zh-CN': '变更历史，最早在前', request: { params: oneTicket },
  responses: { 200: { description: 'Changes', content: jsonOf(listed(Change)) }, ...refusals(none) },
});
const merge = route('tickets.write', {
  method: 'post', path: '/{id}/merge', tags: ['tickets'], summary: 'Merge it into another; its clocks stop for good', 'x-summary-zh-CN': '并入另一工单；其计时永久停止',
  request: { params: oneTicket, headers: ifMatch, body: body(z.strictObject({ into: z.string().max(100) }).openapi('TicketMerge')) },
  responses: { 200: { description: 'The one that stays', content: jsonOf(TicketView) }, ...refusals({ ...refused, 412: 'Changed meanwhile' }) },
});
const split = route('tickets.write', {
  method: 'post', path: '/{id}/split', tags: ['tickets'], summary: 'Make a ticket of its own of some comments', 'x-summary-zh-CN': '将部分评论拆分为新工单',
  request: { params: oneTicket, body: body(z.strictObject({ comments: z.array(z.string().max(100)).min(1).max(200), subject: text(300), type: text(40).optional() }).openapi('TicketSplit')) },
  responses: { 201: { description: 'The new ticket', content: jsonOf(TicketView) }, ...refusals(refused) },
});
const macro = route('tickets.write', {
  method: 'post', path: '/{id}/macros/{name}', tags: ['tickets'], summary: 'Do what a macro says, all of it or nothing', 'x-summary-zh-CN': '执行宏，全部成功或全不生效',
  request: { params: z.object({ id: z.string().max(100), name: z.string().max(63) }), headers: ifMatch },
  responses: { 200: { description: 'The ticket', content: jsonOf(TicketView) }, ...refusals({ ...refused, 403: 'The macro is not for you', 412: 'Changed meanwhile' }) },
});

const toQueue = route('tickets.write', {
  method: 'post', path: '/{id}/queue', tags: ['tickets'], summary: 'Let it wait in a queue for an agent', 'x-summary-zh-CN': '将工单放入队列等待坐席',
  request: { params: oneTicket, body: body(z.strictObject({ queue: text(63) }).openapi('TicketToQueue')) },
  responses: { 202: { description: 'It waits; events tell who gets it', content: jsonOf(TicketView) }, ...refusals(refused) },
});
const pageLink = route('tickets.write', {
  method: 'post', path: '/{id}/page-link', tags: ['tickets'], summary: 'A link to the page "my tickets" that needs no log-in, for a while', 'x-summary-zh-CN': '生成限时免登录的"我的工单"链接', request: {
    params: oneTicket,
    body: { required: false, content: jsonOf(z.strictObject({ of: z.enum(['ticket', 'customer']).default('ticket').openapi({ description: 'this one alone, or all of its customer' }), seconds: z.number().min(60).max(31_622_400).default(2_592_000) }).openapi('TicketPageLink')) },
  },
  responses: { 201: { description: 'The link', content: jsonOf(z.object({ url: z.string().openapi({ example: '/my-tickets#t1798…' }), expires_at: Time }).openapi('TicketPageUrl')) }, ...refusals({ ...none, 422: 'Nobody knows its customer' }) },
});
const { hold, release } = holdRoutes('tickets.hold', 'tickets', TicketView);

const shownComment = (c: Context, { id, at, by, byName, visibility: seen, text: said }: Comment, files: readonly TicketFile[]): z.output<typeof CommentView> =>
  ({ id, at: iso(at), by, by_name: by === 'customer' && actorOf(c).veiled === true ? `${Array.from(byName)[0] ?? ''}**` : byName, visibility: seen, text: said, files: files.map(shownFile) });

/** /v1/tickets: what belongs to one ticket */
export const ticketPartRoutes = (desk: Desk, reach: CallReach) =>
  routes()
    .openapi(comments, (c) => {
      const actor = actorOf(c);
      const ticket = desk.get(c.req.valid('param').id, actor);
      const files = desk.files(ticket, actor);
      return c.json({ items: desk.comments(ticket, actor).map((one) => shownComment(c, one, files.get(one.id) ?? [])) }, 200);
    })
    .openapi(say, (c) => {
      const actor = actorOf(c);
      const { files = [], ...said } = c.req.valid('json');
      const { comment, ticket } = desk.say(c.req.valid('param').id, { ...said, files: { ids: files, by: senderOf(c) } }, actor);
      return c.json(shownComment(c, comment, desk.files(ticket, actor).get(comment.id) ?? []), 201, { etag: etagOf(ticket) });
    })
    .openapi(ties, (c) => {
      const actor = actorOf(c);
      const ticket = desk.get(c.req.valid('param').id, actor);
      return c.json({ links: desk.links(ticket).map((l) => ({ ...l, at: iso(l.at) })), watchers: desk.watchers(ticket).map((one) => watcherFor(c, one)), children: desk.children(ticket, actor).map((one) => ticketFor(c, one)), files: (desk.files(ticket, actor).get(null) ?? []).map(shownFile) }, 200);
    })
    .openapi(link, (c) => {
      const { kind, target } = c.req.valid('json');
      linksInReach(c, reach, [{ kind, target }]);
      desk.link(c.req.valid('param').id, kind, target, actorOf(c));
      return c.body(null, 204);
    })
    .openapi(unlink, (c) => {
      const { kind, target } = c.req.valid('query');
      desk.unlink(c.req.valid('param').id, kind, target, actorOf(c));
      return c.body(null, 204);
    })
    .openapi(watch, (c) => {
      const { id, watcher: follower } = c.req.valid('param');
      desk.watch(id, follower, true, actorOf(c));
      return c.body(null, 204);
    })
    .openapi(unwatch, (c) => {
      const { id, watcher: follower } = c.req.valid('param');
      desk.watch(id, follower, false, actorOf(c));
      return c.body(null, 204);
    })
    .openapi(history, (c) => {
      const changes = desk.history(desk.get(c.req.valid('param').id, actorOf(c)), actorOf(c));
      return c.json({ items: changes.map((change) => ({ ...change, before: changeFor(c, change.field, change.before), after: changeFor(c, change.field, change.after), at: iso(change.at) })) }, 200);
    })
    .openapi(merge, (c) => {
      const actor = actorOf(c);
      const { into } = desk.merge(c.req.valid('param').id, c.req.valid('json').into, actor, versionIn(c, 'optional'));
      return c.json(ticketFor(c, desk.visible(into, actor)), 200, { etag: etagOf(into) });
    })
    .openapi(split, (c) => {
      const actor = actorOf(c);
      const { ticket } = desk.split(c.req.valid('param').id, c.req.valid('json'), actor);
      return c.json(ticketFor(c, desk.visible(ticket, actor)), 201, { etag: etagOf(ticket), location: `/v1/tickets/${ticket.id}` });
    })
    .openapi(macro, (c) => {
      const { id, name } = c.req.valid('param');
      const actor = actorOf(c);
      const done = desk.macros.run(id, name, actor, versionIn(c, 'optional'));
      return c.json(ticketFor(c, desk.visible(done, actor)), 200, { etag: etagOf(done) });
    })
    .openapi(toQueue, (c) => {
      const actor = actorOf(c);
      const { queue } = c.req.valid('json');
      if (!reach.queues().some((known) => known === queue)) throw new Invalid(`there is no queue "${queue}"`, { hint: 'GET /v1/queues lists them' });
      const put = desk.toQueue(c.req.valid('param').id, queue, actor);
      return c.json(ticketFor(c, desk.visible(put, actor)), 202, { etag: etagOf(put) });
    })
    .openapi(hold, (c) => {
      const actor = actorOf(c);
      const held = desk.hold(c.req.valid('param').id, c.req.valid('json').reason, actor);
      return c.json(ticketFor(c, desk.visible(held, actor)), 200, { etag: etagOf(held) });
    })
    .openapi(release, (c) => {
      desk.release(c.req.valid('param').id, actorOf(c));
      return c.body(null, 204);
    })
    .openapi(pageLink, (c) => {
      const ticket = desk.get(c.req.valid('param').id, actorOf(c));
      const { of, seconds } = c.req.valid('json');
      const id = of === 'ticket' ? ticket.id : ticket.customer;
      if (id === null) throw new Invalid('nobody knows the customer of this ticket', { hint: 'set "customer" first, or ask for a link of this ticket alone' });
      const until = Math.round(Date.now() + seconds * 1_000);
      c.set('change', { object: `ticket:${ticket.id}`, after: { page_link: of, expires_at: iso(until) } });
      return c.json({ url: `/my-tickets#${desk.pageLinks.sign({ of, id }, until)}`, expires_at: iso(until) }, 201, { 'cache-control': 'no-store' });
    });
