import { z } from '@hono/zod-openapi';
import { TICKET_SORTS } from '../desk/tickets/index.js';
import { senderOf } from './files.js';
import { refusals } from './problem.js';
import { ifMatch } from './queue-settings.js';
import { linksInReach, type CallReach } from './reach.js';
import { listOf, pageQuery, route, routes, sortOf } from './routes.js';
import { actorOf, etagOf, filterQuery, mayFindBy, NewTicketForm, oneTicket, ticketFor, TicketPatchForm, TicketView, versionIn, type Desk } from './tickets-schema.js';

const json = { 'application/json': { schema: TicketView } };
const headers = { ETag: { description: 'for If-Match', schema: { type: 'string' as const } } };
const body = <T extends z.ZodType>(schema: T) => ({ required: true, content: { 'application/json': { schema } } });
const none = { 404: 'There is no such ticket for you' };
const wrong = { 422: 'Not as the ticket\'s type wants it: `errors` says where' };
const full = { 503: 'The disk takes nothing, or too many search at once' };

const list = route('tickets.read', {
  method: 'get', path: '/', tags: ['tickets'], summary: 'Tickets, newest first', 'x-summary-zh-CN': '工单列表，最新在前',
  request: { query: z.object({ ...pageQuery, sort: sortOf(...TICKET_SORTS), ...filterQuery, view: z.string().max(100).optional().openapi({ description: 'a saved view; other filters go before its own' }) }) },
  responses: { 200: { description: 'A page of tickets', content: { 'application/json': { schema: listOf(TicketView) } } }, ...refusals({ 400: 'A parameter or the cursor is wrong', 403: 'You may not see what you look for', 404: 'There is no such view for you', ...full }) },
});
const create = route('tickets.write', {
  method: 'post', path: '/', tags: ['tickets'], summary: 'Open a ticket', 'x-summary-zh-CN': '新建工单', request: { body: body(NewTicketForm) },
  responses: { 201: { description: 'The ticket, on disk', headers, content: json }, ...refusals({ ...wrong, ...full }) },
});
const get = route('tickets.read', {
  method: 'get', path: '/{id}', tags: ['tickets'], summary: 'One ticket', 'x-summary-zh-CN': '单个工单', request: { params: oneTicket },
  responses: { 200: { description: 'The ticket', headers, content: json }, ...refusals(none) },
});
const patch = route('tickets.write', {
  method: 'patch', path: '/{id}', tags: ['tickets'], summary: 'Change a ticket; its state has a way of its own', 'x-summary-zh-CN': '修改工单（状态另行流转）',
  request: { params: oneTicket, headers: ifMatch, body: body(TicketPatchForm) },
  responses: { 200: { description: 'The ticket', headers, content: json }, ...refusals({ ...none, 409: 'It was merged into another, or is erased', 412: 'Changed meanwhile', ...wrong, 428: 'If-Match is missing', ...full }) },
});
const move = route('tickets.write', {
  method: 'post', path: '/{id}/transitions', tags: ['tickets'], summary: 'Bring a ticket to another state; of several at once one wins', 'x-summary-zh-CN': '流转工单状态；并发时只有一个成功',
  request: { params: oneTicket, headers: ifMatch, body: body(z.strictObject({ to: z.string().min(1).max(40) }).openapi('TicketTransition')) },
  responses: { 200: { description: 'The ticket', headers, content: json }, ...refusals({ ...none, 409: 'Its state has no such way for you, or it was merged', 412: 'Changed meanwhile', ...wrong, ...full }) },
});
const moves = route('tickets.read', {
  method: 'get', path: '/{id}/transitions', tags: ['tickets'], summary: 'Where you can bring it', 'x-summary-zh-CN': '可流转的状态', request: { params: oneTicket },
  responses: { 200: { description: 'States', content: { 'application/json': { schema: z.object({ items: z.array(z.string()) }) } } }, ...refusals(none) },
});

/** /v1/tickets */
export const ticketRoutes = (desk: Desk, reach: CallReach) =>
  routes()
    .openapi(list, async (c) => {
      const { limit, cursor, sort, view, ...asked } = c.req.valid('query');
      const actor = actorOf(c);
      const filter = view === undefined ? asked : { ...desk.view(view, actor).filter, ...asked };
      mayFindBy(c, filter);
      const { items, nextCursor } = await desk.list(filter, actor, { limit, cursor, sort });
      return c.json({ items: items.map((one) => ticketFor(c, one)), next_cursor: nextCursor ?? null }, 200);
    })
    .openapi(create, (c) => {
      const actor = actorOf(c);
      const { files, ...what } = c.req.valid('json');
      linksInReach(c, reach, what.links ?? []);
      const made = desk.create({ ...what, ...(files ? { files: { ids: files, by: senderOf(c) } } : {}) }, actor);
      return c.json(ticketFor(c, desk.get(made.id, actor)), 201, { etag: etagOf(made), location: `/v1/tickets/${made.id}` });
    })
    .openapi(get, (c) => {
      const found = desk.get(c.req.valid('param').id, actorOf(c));
      return c.json(ticketFor(c, found), 200, { etag: etagOf(found) });
    })
    .openapi(patch, (c) => {
      const actor = actorOf(c);
      const changed = desk.patch(c.req.valid('param').id, c.req.valid('json'), actor, versionIn(c, 'required'));
      return c.json(ticketFor(c, desk.visible(changed, actor)), 200, { etag: etagOf(changed) });
    })
    .openapi(moves, (c) => {
      const actor = actorOf(c);
      return c.json({ items: desk.moves(desk.get(c.req.valid('param').id, actor), actor) }, 200);
    })
    .openapi(move, (c) => {
      const actor = actorOf(c);
      const moved = desk.move(c.req.valid('param').id, c.req.valid('json').to, actor, versionIn(c, 'optional'));
      return c.json(ticketFor(c, desk.visible(moved, actor)), 200, { etag: etagOf(moved) });
    });
