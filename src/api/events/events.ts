import { z } from '@hono/zod-openapi';
import type { IncomingMessage } from 'node:http';
import type { Principal } from '../../access/index.js';
import type { AgentId } from '../../acd/index.js';
import { Malformed, NoTicket, TokenInUrl, Forbidden } from '../errors.js';
import { refusals } from '../problem.js';
import { iso, route, routes, Time } from '../routes.js';
import { webSockets, type UpgradeHandler } from '../upgrade.js';
import type { EventDoors } from './doors.js';
import { filterOf, filterQuery } from './filter.js';
import type { StreamRequest } from './streams.js';
import { TICKET_MS, type Tickets } from './tickets.js';

const seq = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const query = z.object({ ...filterQuery, after: seq.optional().openapi({ description: 'the last seq you have seen; without it: what happens from now on' }) });
const lastId = z.object({ 'last-event-id': seq.optional().openapi({ description: 'what an EventSource sends when it connects again; wins over `after`' }) });
const Ticket = z.object({ ticket: z.string(), expires_at: Time, seq: z.int().openapi({ description: 'the newest event at this moment: use it as `after` to miss nothing' }) }).openapi('WebSocketTicket');

const getEvents = route('events.read', {
  method: 'get', path: '/events', tags: ['events'], summary: 'What happens, as it happens (Server-Sent Events)', 'x-summary-zh-CN': '实时事件流（SSE）',
  description: 'Each message has `id:` (the seq) and `data:` (JSON as in /asyncapi.json). You hear what your permissions let you read. A comment comes every 15 s; whoever takes nothing for 30 s is cut off and can go on with Last-Event-ID.',
  request: { query, headers: lastId },
  responses: {
    200: { description: 'A stream that does not end', content: { 'text/event-stream': { schema: z.string() } } },
    ...refusals({ 400: 'A parameter is wrong', 409: 'event_ahead: there is no such event yet; the log was restored from a back-up', 429: 'Too many streams' }),
  },
});
const postTicket = route('any', {
  method: 'post', path: '/ws-tickets', tags: ['events'], summary: 'A ticket that opens one WebSocket within 60 s', 'x-summary-zh-CN': '获取一次性 WebSocket 票据（60 秒内有效）', request: {},
  responses: { 201: { description: 'Connect to /v1/events/ws?ticket=…&after=…', content: { 'application/json': { schema: Ticket } } } },
});

/** /v1/events and /v1/ws-tickets */
export const eventRoutes = ({ streams, tickets }: EventDoors, now: () => number = Date.now) =>
  routes()
    .openapi(getEvents, (c) => {
      const { after, ...filter } = c.req.valid('query');
      const request = { principal: c.get('principal'), filter: filterOf(filter), after: c.req.valid('header')['last-event-id'] ?? after };
      const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
      if (c.req.method === 'HEAD') return c.body(null, 200, headers);
      return c.body(streams.sse(request), 200, headers);
    })
    .openapi(postTicket, (c) => {
      const until = { expires_at: iso(now() + TICKET_MS) };
      c.set('change', { after: until }); // the ticket itself would open a stream to whoever reads the audit log
      return c.json({ ticket: tickets.give(c.get('principal')), ...until, seq: streams.last() }, 201, { 'cache-control': 'no-store' });
    });

/** /v1/events/ws. `hold`: an agent's desktop is there for as long as the socket is open. */
export const eventSocket = ({ streams, tickets }: EventDoors, failed: (error: unknown) => void, hold: (agent: AgentId) => () => void = () => () => undefined): UpgradeHandler =>
  webSockets<StreamRequest>({
    maxBytes: 4_096, failed,
    admit(request, url) {
      const principal = byTicket(tickets, request, url);
      if (principal.may('events.read') === undefined) throw new Forbidden('events.read');
      const given = { type: url.searchParams.getAll('type'), subject: url.searchParams.getAll('subject'), after: url.searchParams.get('after') ?? undefined };
      const parsed = query.safeParse({ ...(given.type.length > 0 ? { type: given.type } : {}), ...(given.subject.length > 0 ? { subject: given.subject } : {}), after: given.after });
      if (!parsed.success) throw new Malformed(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '), { hint: 'as for GET /v1/events' });
      const { after, ...filter } = parsed.data;
      const asked = { principal, filter: filterOf(filter), after };
      streams.check(asked);
      return asked;
    },
    connected(socket, asked) {
      const { agent } = asked.principal;
      if (agent !== null) socket.once('close', hold(agent as AgentId));
      streams.ws(socket, asked);
    },
  });

/** Whoever opens a WebSocket, by the ticket in its URL; any other WebSocket of people or programs may use it too. @throws NoTicket, TokenInUrl */
export function byTicket(tickets: Tickets, _request: IncomingMessage, url: URL): Principal {
  for (const name of ['token', 'access_token']) if (url.searchParams.has(name)) throw new TokenInUrl(name);
  const principal = tickets.take(url.searchParams.get('ticket') ?? '');
  if (!principal) throw new NoTicket();
  return principal;
}
