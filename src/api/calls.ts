import { createRoute, z } from '@hono/zod-openapi';
import { NotFound } from './errors.js';
import type { CallReader, CallView } from './ports.js';
import { refusals } from './problem.js';
import { iso, isoOrNull, listOf, pageQuery, routes, Time } from './routes.js';

const direction = z.enum(['inbound', 'outbound', 'internal']);
const state = z.enum(['ringing', 'ivr', 'queued', 'talking', 'held', 'ended']);
const cause = z.enum([
  'completed', 'abandoned', 'cancelled', 'busy', 'no_answer', 'rejected', 'media_timeout', 'media_lost', 'app_lost', 'edge_lost', 'failed',
]);
const Fact = z.object({ seq: z.int(), at: Time, type: z.string().openapi({ example: 'call.queued' }), data: z.record(z.string(), z.unknown()) }).openapi('TimelineEntry');
export const Call = z
  .object({
    id: z.string(), direction, from: z.string(), to: z.string(), queue: z.string().nullable(), agent: z.string().nullable(), state,
    started_at: Time, answered_at: Time.nullable(), ended_at: Time.nullable(), cause: cause.nullable(), timeline: z.array(Fact),
  })
  .openapi('Call');

const moment = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)).openapi({ type: 'string', format: 'date-time' });
const word = z.string().min(1).max(100);
const listCalls = createRoute({
  method: 'get', path: '/', tags: ['calls'], summary: 'Calls, newest first', 'x-summary-zh-CN': '通话列表，最新在前',
  request: {
    query: z.object({
      ...pageQuery, state: state.optional(), direction: direction.optional(), cause: cause.optional(), queue: word.optional(), agent: word.optional(),
      from: word.optional(), to: word.optional(),
      since: moment.optional().openapi({ description: 'started at or after' }), until: moment.optional().openapi({ description: 'started before' }),
    }),
  },
  responses: { 200: { description: 'A page of calls', content: { 'application/json': { schema: listOf(Call) } } }, ...refusals({ 400: 'A parameter or the cursor is wrong' }) },
});
const getCall = createRoute({
  method: 'get', path: '/{id}', tags: ['calls'], summary: 'One call with its timeline', 'x-summary-zh-CN': '单个通话及其时间线',
  request: { params: z.object({ id: z.string().max(100) }) },
  responses: { 200: { description: 'The call', content: { 'application/json': { schema: Call } } }, ...refusals({ 404: 'There is no such call' }) },
});

/** /v1/calls */
export const callRoutes = (calls: CallReader) =>
  routes()
    .openapi(listCalls, (c) => {
      const { limit, cursor, ...filter } = c.req.valid('query');
      const { items, nextCursor } = calls.list(filter, { limit, cursor });
      return c.json({ items: items.map(shown), next_cursor: nextCursor ?? null }, 200);
    })
    .openapi(getCall, (c) => {
      const { id } = c.req.valid('param');
      const call = calls.get(id);
      if (!call) throw new NotFound('no_such_call', `there is no call "${id}"`, 'GET /v1/calls lists them');
      return c.json(shown(call), 200);
    });

function shown(call: CallView): z.infer<typeof Call> {
  const { id, direction, from, to, queue, agent, state, cause } = call;
  return {
    id, direction, from, to, queue, agent, state,
    started_at: iso(call.startedAt), answered_at: isoOrNull(call.answeredAt), ended_at: isoOrNull(call.endedAt), cause,
    timeline: call.timeline.map(({ seq, at, type, data }) => ({ seq, at: iso(at), type, data: { ...data } })),
  };
}
