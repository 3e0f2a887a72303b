import { createRoute, z } from '@hono/zod-openapi';
import { AGENT_STATES, type QueueId, type QueueView } from '../acd/index.js';
import type { QueueReader } from './ports.js';
import { refusals } from './problem.js';
import { listOf, pageByKey, pageQuery, routes } from './routes.js';

const count = z.int().min(0);
const Queue = z
  .object({
    id: z.string(), name: z.string(), waiting: count.openapi({ description: 'contacts that nobody has taken yet' }), longest_wait_ms: count,
    agents: z.record(z.enum(AGENT_STATES), count).openapi({ description: 'how many agents of the queue are in each state' }),
  })
  .openapi('Queue');

const listQueues = createRoute({
  method: 'get', path: '/', tags: ['queues'], summary: 'Queues now', 'x-summary-zh-CN': '队列现状', request: { query: z.object(pageQuery) },
  responses: { 200: { description: 'A page of queues', content: { 'application/json': { schema: listOf(Queue) } } }, ...refusals({ 400: 'A parameter is wrong' }) },
});
const getQueue = createRoute({
  method: 'get', path: '/{id}', tags: ['queues'], summary: 'One queue now', 'x-summary-zh-CN': '单个队列现状', request: { params: z.object({ id: z.string().max(100) }) },
  responses: { 200: { description: 'The queue', content: { 'application/json': { schema: Queue } } }, ...refusals({ 404: 'There is no such queue' }) },
});

/** /v1/queues */
export const queueRoutes = (queues: QueueReader) =>
  routes()
    .openapi(listQueues, (c) => {
      const { items, nextCursor } = pageByKey(queues.queues(), (q) => q.id, { cursor: undefined, ...c.req.valid('query') });
      return c.json({ items: items.map(shown), next_cursor: nextCursor ?? null }, 200);
    })
    .openapi(getQueue, (c) => c.json(shown(queues.queue(c.req.valid('param').id as QueueId)), 200));

const shown = ({ id, name, waiting, longestWaitMs, agents }: QueueView): z.infer<typeof Queue> => ({
  id, name, waiting, longest_wait_ms: Math.round(longestWaitMs), agents: { ...agents },
});
