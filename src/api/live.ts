import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Live, LiveQueue, RaisedAlert } from '../insight/index.js';
import { createLiveStreams } from './live-stream.js';
import { refusals } from './problem.js';
import { agentsIn, type AgentsNear } from './reach.js';
import { iso, listOf, route, routes, Time } from './routes.js';

const count = z.int().min(0);
const share = z.number().min(0).max(1).nullable();
const Queue = z
  .object({
    id: z.string(), name: z.string(), waiting: count.openapi({ description: 'contacts that nobody has taken yet, callbacks included' }), longest_wait_s: count,
    agents: z.record(z.string(), count).openapi({ description: 'how many agents of the queue are in each state' }), handled: z.record(z.string(), count).openapi({ description: 'contacts that somebody has, by channel', example: { voice: 3, chat: 5 } }),
    today: z.object({ offered: count, answered: count, abandoned: count, short_abandoned: count, service_level: share, abandoned_share: share, survey_answers: count, satisfaction: z.number().nullable().openapi({ description: 'mean of the survey answers' }) })
      .openapi({ description: 'of those who came since midnight in the house\'s time zone and have left the queue; survey answers of those whose contact is over. Definitions in docs/reports.md' }),
  })
  .openapi('LiveQueue');
const Figures = z.object({ at: Time, day: z.string(), time_zone: z.string(), queues: z.array(Queue) }).openapi('LiveFigures');
const Alert = z
  .object({ alert: z.string().openapi({ description: 'its name in config/alerts.yaml or /v1/alert-rules' }), queue: z.string(), figure: z.string(), side: z.enum(['above', 'below']), threshold: z.number(), value: z.number().openapi({ description: 'when it was raised' }), since: Time })
  .openapi('RaisedAlert');

const getLive = route('queues.read', {
  'x-narrows': true, method: 'get', path: '/live', tags: ['reports'], summary: 'Figures of this moment, by queue', 'x-summary-zh-CN': '各队列的实时指标',
  responses: { 200: { description: 'The figures; definitions in docs/reports.md', content: { 'application/json': { schema: Figures } } } },
});
const getStream = route('queues.read', {
  'x-narrows': true, method: 'get', path: '/live/stream', tags: ['reports'], summary: 'The same as it changes (Server-Sent Events)', 'x-summary-zh-CN': '实时指标推送（SSE）',
  description: 'First all queues, then, once a second at most, those that changed: `data:` is {"at","day","queues":[…],"gone":["id"]}; `gone` are queues that are no more. A comment comes every 15 s. Whoever reads slowly misses what lies between; who reads nothing for 30 s is cut off.',
  responses: { 200: { description: 'A stream that does not end', content: { 'text/event-stream': { schema: z.string() } } }, ...refusals({ 429: 'Too many streams' }) },
});
const getAlerts = route('queues.read', {
  'x-narrows': true, method: 'get', path: '/alerts', tags: ['reports'], summary: 'Alerts that are raised now, newest first', 'x-summary-zh-CN': '当前触发中的告警，最新在前',
  responses: { 200: { description: 'All of them', content: { 'application/json': { schema: listOf(Alert) } } } },
});

export interface LiveDesk {
  readonly live: Omit<Live, 'close'>;
  readonly agents: () => readonly { readonly id: string; readonly queues: readonly string[] }[];
  readonly near: AgentsNear;
}

/** /v1/live and /v1/alerts */
export const liveRoutes = ({ live, agents, near }: LiveDesk) => {
  const streams = createLiveStreams(live);
  /** Whose permission reaches less far than everything sees the queues that agents within his reach serve. */
  const mayISee = (c: Context): ((queue: string) => boolean) => {
    const reach = agentsIn(c, near);
    if (reach === undefined) return () => true;
    const served = new Set(agents().filter(({ id }) => reach.includes(id)).flatMap(({ queues }) => queues));
    return (queue) => served.has(queue);
  };
  return routes()
    .openapi(getLive, (c) => {
      const { at, day, zone, queues } = live.figures();
      const visible = mayISee(c);
      return c.json({ at: iso(at), day, time_zone: zone, queues: queues.filter(({ id }) => visible(id)).map(queueShown) }, 200);
    })
    .openapi(getStream, (c) => {
      const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
      if (c.req.method === 'HEAD') return c.body(null, 200, headers);
      return c.body(streams.open(c.get('principal'), (queues) => {
        const visible = mayISee(c);
        return queues.filter(({ id }) => visible(id)).map(queueShown);
      }), 200, headers);
    })
    .openapi(getAlerts, (c) => {
      const visible = mayISee(c);
      return c.json({ items: live.alerts().filter(({ queue }) => visible(queue)).map(alertShown), next_cursor: null }, 200);
    });
};

type LiveQueueView = z.output<typeof Queue>;
const queueShown = ({ id, name, waiting, longestWaitMs, agents, handled, today }: LiveQueue): LiveQueueView => ({
  id, name, waiting, longest_wait_s: Math.floor(longestWaitMs / 1_000), agents: { ...agents }, handled: { ...handled },
  today: { offered: today.offered, answered: today.answered, abandoned: today.abandoned, short_abandoned: today.shortAbandoned, service_level: today.serviceLevel, abandoned_share: today.abandonedShare, survey_answers: today.surveyAnswers, satisfaction: today.satisfaction },
});
const alertShown = ({ since, ...alert }: RaisedAlert): z.output<typeof Alert> => ({ ...alert, since: iso(since) });
