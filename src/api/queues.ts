import { z } from '@hono/zod-openapi';
import { AGENT_STATES, type QueueId, type QueueMetricsReader, type QueueView } from '../acd/index.js';
import type { QueueReader } from './ports.js';
import { refusals } from './problem.js';
import { iso, listOf, moment, pageByKey, keyedQuery, route, routes, Time } from './routes.js';

const count = z.int().min(0);
const Band = z.object({ low_ms: count, high_ms: count }).openapi('WaitBand', { description: '80 % of people wait between these' });
const Queue = z
  .object({
    id: z.string(), name: z.string(), mode: z.enum(['open', 'closed', 'emergency']), waiting: count.openapi({ description: 'contacts that nobody has taken yet, callbacks included' }),
    callbacks: count, longest_wait_ms: count,
    expected_wait: Band.nullable().openapi({ description: 'for somebody who came now; null where the data are too thin' }),
    agents: z.record(z.enum(AGENT_STATES), count).openapi({ description: 'how many agents of the queue are in each state' }),
  })
  .openapi('Queue');
const share = z.number().min(0).max(1).nullable();
const Metrics = z
  .object({
    queue: z.string(), since: Time, until: Time, offered: count, answered: count, abandoned: count,
    short_abandoned: count.openapi({ description: 'of those abandoned, within service_level.short_abandon_seconds' }),
    diverted: count.openapi({ description: 'sent elsewhere: full, closed, emergency, unstaffed, too long, escalated, by key, as a callback, or moved' }),
    diverted_by: z.record(z.string(), count).openapi({ description: 'the same by reason', example: { closed: 3 } }),
    answered_in_time: count.openapi({ description: 'within service_level.threshold_seconds' }), asa_ms: count.nullable(), longest_wait_ms: count,
    service_level: z.object({ by_answered: share, by_offered: share }).openapi({ description: 'answered in time ÷ answered, and ÷ (offered − short abandons)' }),
  })
  .openapi('QueueMetrics');
const id = z.object({ id: z.string().max(100) });

const listQueues = route('queues.read', {
  method: 'get', path: '/', tags: ['queues'], summary: 'Queues now', 'x-summary-zh-CN': '队列现状', request: { query: z.object(keyedQuery('id')) },
  responses: { 200: { description: 'A page of queues', content: { 'application/json': { schema: listOf(Queue) } } }, ...refusals({ 400: 'A parameter is wrong' }) },
});
const getQueue = route('queues.read', {
  method: 'get', path: '/{id}', tags: ['queues'], summary: 'One queue now', 'x-summary-zh-CN': '单个队列现状', request: { params: id },
  responses: { 200: { description: 'The queue', content: { 'application/json': { schema: Queue } } }, ...refusals({ 404: 'There is no such queue' }) },
});
const getMetrics = route('queues.read', {
  method: 'get', path: '/{id}/metrics', tags: ['queues'], summary: 'Figures of a queue over a time', 'x-summary-zh-CN': '队列在一段时间内的指标',
  request: { params: id, query: z.object({ since: moment.optional().openapi({ description: 'came at or after; default: 24 hours before until' }), until: moment.optional().openapi({ description: 'came before; default: now' }) }) },
  responses: { 200: { description: 'The figures; definitions in docs/queues.md', content: { 'application/json': { schema: Metrics } } }, ...refusals({ 400: 'A parameter is wrong', 404: 'There is no such queue' }) },
});

const DAY_MS = 86_400_000;

/** /v1/queues */
export const queueRoutes = (queues: QueueReader, metrics: QueueMetricsReader) =>
  routes()
    .openapi(listQueues, (c) => {
      const { items, nextCursor } = pageByKey(queues.queues(), (q) => q.id, { cursor: undefined, ...c.req.valid('query') });
      return c.json({ items: items.map(shown), next_cursor: nextCursor ?? null }, 200);
    })
    .openapi(getQueue, (c) => c.json(shown(queues.queue(c.req.valid('param').id as QueueId)), 200))
    .openapi(getMetrics, (c) => {
      const { id: queue } = queues.queue(c.req.valid('param').id as QueueId);
      const { until = Date.now(), since = until - DAY_MS } = c.req.valid('query');
      const m = metrics.metrics(queue, since, until);
      return c.json({
        queue, since: iso(since), until: iso(until), offered: m.offered, answered: m.answered, abandoned: m.abandoned, short_abandoned: m.shortAbandoned,
        diverted: m.diverted, diverted_by: { ...m.divertedBy }, answered_in_time: m.answeredInTime, asa_ms: m.asaMs === null ? null : Math.round(m.asaMs), longest_wait_ms: Math.round(m.longestWaitMs),
        service_level: { by_answered: m.serviceLevel.byAnswered, by_offered: m.serviceLevel.byOffered },
      }, 200);
    });

const shown = ({ id: queue, name, mode, waiting, callbacks, longestWaitMs, expectedWait, agents }: QueueView): z.infer<typeof Queue> => ({
  id: queue, name, mode, waiting, callbacks, longest_wait_ms: Math.round(longestWaitMs), agents: { ...agents },
  expected_wait: expectedWait && { low_ms: Math.round(expectedWait.lowMs), high_ms: Math.round(expectedWait.highMs) },
});
