import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { requestId } from 'hono/request-id';
import { agentRoutes } from './agents.js';
import { bearer } from './bearer.js';
import { callRoutes } from './calls.js';
import { addDocs } from './docs/index.js';
import { NotJson, TooLarge } from './errors.js';
import { extensionRoutes } from './extensions.js';
import { serviceRoutes } from './health.js';
import type { ApiDeps, ApiLog } from './ports.js';
import { problem, refuseInvalid } from './problem.js';
import { queueRoutes } from './queues.js';
import { recordingRoutes } from './recordings.js';
import { trunkRoutes } from './trunks.js';
import { unknownPath } from './unknown-path.js';

const MAX_BODY_BYTES = 64 * 1024;

/** The whole HTTP interface on top of what it is given; opens no socket. */
export function createApi(deps: ApiDeps) {
  const app = new OpenAPIHono({ defaultHook: (result) => refuseInvalid(result) });
  app.onError(problem(deps.log));
  app.use(requestId(), logged(deps.log), hardened);
  app.use('/v1/*', bearer(deps.authenticate, deps.now ?? (() => performance.now())), jsonOnly);
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: () => { throw new TooLarge(MAX_BODY_BYTES); } }));
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  const api = app
    .route('/', serviceRoutes(deps.health, deps.metrics, deps.version))
    .route('/v1/calls', callRoutes(deps.calls))
    .route('/v1/calls', recordingRoutes(deps.recordings))
    .route('/v1/agents', agentRoutes(deps.agents))
    .route('/v1/queues', queueRoutes(deps.queues))
    .route('/v1/extensions', extensionRoutes(deps.extensions))
    .route('/v1/trunks', trunkRoutes(deps.trunks));
  const description = api.getOpenAPI31Document({
    openapi: '3.1.0', info: { title: 'Strowger', version: deps.version, description: 'Calls, recordings, queues, agents, extensions and trunks. Errors are application/problem+json with code and hint.' },
    security: [{ bearer: [] }],
  });
  addDocs(api, description);
  api.notFound(unknownPath(api));
  return api;
}

const logged = (log: ApiLog): MiddlewareHandler => async (c, next) => {
  const start = performance.now();
  await next();
  const ms = Math.round(performance.now() - start);
  if (c.req.path !== '/healthz' && c.req.path !== '/metrics') {
    log.info({ request_id: c.get('requestId'), method: c.req.method, path: c.req.path, status: c.res.status, ms }, 'request');
  }
};

const hardened: MiddlewareHandler = async (c, next) => {
  await next();
  c.header('x-content-type-options', 'nosniff');
  c.header('referrer-policy', 'no-referrer');
};

const hasBody = (c: Context): boolean => ['POST', 'PUT', 'PATCH'].includes(c.req.method);
const jsonOnly: MiddlewareHandler = async (c, next) => {
  if (hasBody(c) && !/^application\/json\s*(;|$)/i.test(c.req.header('content-type') ?? '')) throw new NotJson();
  await next();
};
