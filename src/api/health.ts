import { z } from '@hono/zod-openapi';
import { NotReady } from './errors.js';
import type { Health, Metrics } from './ports.js';
import { refusals } from './problem.js';
import { route, routes } from './routes.js';

const State = z.object({ status: z.enum(['ok', 'degraded']), version: z.string(), degraded: z.array(z.string()) }).openapi('Health');
const getHealth = route('open', {
  method: 'get', path: '/healthz', tags: ['service'], security: [], summary: 'Can calls be taken?', 'x-summary-zh-CN': '能否接听来电？',
  responses: {
    200: { description: 'Yes; degraded says what works less well', content: { 'application/json': { schema: State } } },
    ...refusals({ 503: 'No: starting, draining, or a part is missing' }),
  },
});
const getMetrics = route('open', {
  method: 'get', path: '/metrics', tags: ['service'], security: [], summary: 'Prometheus metrics', 'x-summary-zh-CN': 'Prometheus 指标',
  responses: { 200: { description: 'The text format of Prometheus', content: { 'text/plain': { schema: z.string() } } } },
});

/** /healthz and /metrics: no token, for load balancers and scrapers; neither holds personal data. */
export const serviceRoutes = (health: Health, metrics: Metrics, version: string) =>
  routes()
    .openapi(getHealth, (c) => {
      const degraded = [...health.degraded()];
      if (!health.ready()) throw new NotReady(degraded);
      return c.json({ status: degraded.length > 0 ? ('degraded' as const) : ('ok' as const), version, degraded }, 200);
    })
    .openapi(getMetrics, async (c) => c.text(await metrics.metrics(), 200, { 'content-type': metrics.contentType }));
