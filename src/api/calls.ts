import { z } from '@hono/zod-openapi';
import { CannotTransfer, TransferRefused } from './errors.js';
import { masked } from './fields.js';
import type { CallCommands, CallReader, CallView } from './ports.js';
import { refusals } from './problem.js';
import { agentsIn, callInReach, type AgentsNear } from './reach.js';
import { fieldsQuery, iso, isoOrNull, listOf, moment, pageQuery, picked, route, routes, Time } from './routes.js';

const direction = z.enum(['inbound', 'outbound', 'internal']);
const state = z.enum(['ringing', 'ivr', 'queued', 'talking', 'held', 'ended']);
const cause = z.enum([
  'completed', 'abandoned', 'cancelled', 'busy', 'no_answer', 'rejected', 'media_timeout', 'media_lost', 'app_lost', 'edge_lost', 'failed',
]);
const Fact = z.object({ seq: z.int(), at: Time, type: z.string().openapi({ example: 'call.queued' }), data: z.record(z.string(), z.unknown()) }).openapi('TimelineEntry');
export const Call = z
  .object({
    id: z.string(), direction, from: z.string(), to: z.string(), customer: z.string().nullable(), queue: z.string().nullable(), agent: z.string().nullable(), state,
    started_at: Time, answered_at: Time.nullable(), ended_at: Time.nullable(), cause: cause.nullable(), timeline: z.array(Fact),
  })
  .openapi('Call');

const CallSummary = Call.partial().required({ id: true }).openapi('CallSummary', { description: 'A call, with the fields asked for; all where none were' });
const FIELDS = Call.keyof().options;

const word = z.string().min(1).max(100);
const listCalls = route('calls.read', {
  method: 'get', path: '/', tags: ['calls'], summary: 'Calls, newest first', 'x-summary-zh-CN': '通话列表，最新在前',
  request: {
    query: z.object({
      ...pageQuery, state: state.optional(), direction: direction.optional(), cause: cause.optional(), queue: word.optional(), agent: word.optional(),
      from: word.optional(), to: word.optional(),
      since: moment.optional().openapi({ description: 'started at or after' }), until: moment.optional().openapi({ description: 'started before' }),
      sort: z.enum(['-started_at', 'started_at']).default('-started_at').openapi({ description: '-started_at: newest first' }), fields: fieldsQuery(FIELDS),
    }),
  },
  responses: { 200: { description: 'A page of calls', content: { 'application/json': { schema: listOf(CallSummary) } } }, ...refusals({ 400: 'A parameter or the cursor is wrong' }) },
});
const getCall = route('calls.read', {
  method: 'get', path: '/{id}', tags: ['calls'], summary: 'One call with its timeline', 'x-summary-zh-CN': '单个通话及其时间线',
  request: { params: z.object({ id: z.string().max(100) }) },
  responses: { 200: { description: 'The call', content: { 'application/json': { schema: Call } } }, ...refusals({ 404: 'There is no such call' }) },
});
const Transfer = z.strictObject({ to: z.string().regex(/^[+*#0-9A-Za-z._-]{1,64}$/).openapi({ description: 'an extension, a number of a dialplan, or a number outside: whatever the extension of the one who talks may dial', example: '4000' }) }).openapi('CallTransfer');
const transferCall = route('calls.transfer', {
  method: 'post', path: '/{id}/transfer', tags: ['calls'], summary: 'Hand the caller on to somebody else, for the agent who talks with him', 'x-summary-zh-CN': '代当前坐席把来电者盲转给他人',
  description: 'A blind transfer, as by REFER from the agent\'s phone. The answer says that it has begun; `call.transferred` tells that it was done, `call.transfer_failed` that nobody was reached and both talk again.',
  request: { params: z.object({ id: z.string().max(100) }), body: { required: true, content: { 'application/json': { schema: Transfer } } } },
  responses: { 202: { description: 'It has begun', content: { 'application/json': { schema: Call } } }, ...refusals({ 404: 'There is no such call', 409: '`not_talking`: nobody talks with the caller who could hand him on, or he is being handed on already', 422: '`transfer_refused`: the number plan does not let the agent\'s extension call there, or the body is wrong' }) },
});

/** /v1/calls */
export const callRoutes = (calls: CallReader, commands: CallCommands, near: AgentsNear) =>
  routes()
    .openapi(listCalls, (c) => {
      const { limit, cursor, sort, fields, ...filter } = c.req.valid('query');
      const { items, nextCursor } = calls.list({ ...filter, ...reachOf(agentsIn(c, near)) }, { limit, cursor }, { timelines: fields?.has('timeline') !== false, oldestFirst: sort === 'started_at' });
      return c.json({ items: masked(c, items.map(shown), NUMBERS).map((call) => picked(call, fields)), next_cursor: nextCursor ?? null }, 200);
    })
    .openapi(getCall, (c) => {
      const { id } = c.req.valid('param');
      return c.json(masked(c, shown(callInReach(c, id, calls.get(id), near)), NUMBERS), 200);
    })
    .openapi(transferCall, (c) => {
      const { id } = c.req.valid('param');
      callInReach(c, id, calls.get(id), near);
      const status = commands.handOn(id, c.req.valid('json').to);
      if (status === 409) throw new CannotTransfer();
      if (status !== 202) throw new TransferRefused(status);
      return c.json(masked(c, shown(callInReach(c, id, calls.get(id), near)), NUMBERS), 202);
    });

const NUMBERS = { from: 'calls.numbers', to: 'calls.numbers', remote: 'calls.numbers' } as const;
const reachOf = (agents: readonly string[] | undefined): { agents?: readonly string[] } => (agents === undefined ? {} : { agents });

function shown(call: CallView): z.infer<typeof Call> {
  const { id, direction, from, to, customer, queue, agent, state, cause } = call;
  return {
    id, direction, from, to, customer, queue, agent, state,
    started_at: iso(call.startedAt), answered_at: isoOrNull(call.answeredAt), ended_at: isoOrNull(call.endedAt), cause,
    timeline: call.timeline.map(({ seq, at, type, data }) => ({ seq, at: iso(at), type, data: { ...data } })),
  };
}
