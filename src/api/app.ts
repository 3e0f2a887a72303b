import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { requestId } from 'hono/request-id';
import { agentRoutes } from './agents.js';
import { alertRuleRoutes } from './alert-rules.js';
import { userOf, type Principal } from '../access/index.js';
import { auditRoutes } from './audit.js';
import { auditTrail } from './audited.js';
import { identified } from './bearer.js';
import { callRoutes } from './calls.js';
import { chatRoutes } from './chat.js';
import { addChatPage } from './chat-page.js';
import { contactRoutes } from './contacts.js';
import { conversationRoutes } from './conversations.js';
import { customerRoutes } from './customers.js';
import { dialplanRoutes } from './dialplans.js';
import { addDocs, completed } from './docs/index.js';
import { NotJson, TooLarge } from './errors.js';
import { asyncapi, eventRoutes } from './events/index.js';
import { extensionRoutes } from './extensions.js';
import { fieldWorkRoutes } from './field-work.js';
import { fileLinkRoutes, fileRoutes } from './files.js';
import { calendarRoutes } from './hours.js';
import { houseRoutes } from './house.js';
import { numberRoutes } from './numbers.js';
import { serviceRoutes } from './health.js';
import { idempotent } from './idempotency.js';
import { keyRoutes } from './keys.js';
import { liveRoutes } from './live.js';
import { loginRoutes } from './login.js';
import { meRoutes } from './me.js';
import { addLinkedPage } from './linked-page.js';
import { crossOrigin, noTokenInUrl, notTooDeep, rateLimited } from './limits.js';
import { myTicketRoutes } from './my-tickets.js';
import { oidcRoutes } from './oidc.js';
import { offerRoutes } from './offers.js';
import type { ApiDeps, ApiLog } from './ports.js';
import { openPaths } from './open-paths.js';
import { problem, refuseInvalid } from './problem.js';
import { queueSettingsRoutes } from './queue-settings.js';
import { queueRoutes } from './queues.js';
import { archiveRoutes } from './recording-archive.js';
import { recordingRoutes } from './recordings.js';
import { reportRoutes } from './reports.js';
import { roleRoutes } from './roles.js';
import { settingsRoutes } from './settings.js';
import { teamRoutes } from './teams.js';
import { sourced } from './trail.js';
import { testCallRoutes } from './test-calls.js';
import { transcriptRoutes } from './transcripts.js';
import { ticketRoutes } from './tickets.js';
import { ticketListRoutes } from './tickets-lists.js';
import { ticketPartRoutes } from './tickets-parts.js';
import { trunkRoutes } from './trunks.js';
import { unknownPath } from './unknown-path.js';
import { userSessionRoutes } from './user-sessions.js';
import { userRoutes } from './users.js';
import { webhookRoutes } from './webhooks.js';
import { workbenchRoutes } from './workbench.js';

const MAX_BODY_BYTES = 64 * 1024;
/** A dialplan as JSON text. */
const MAX_DIALPLAN_BYTES = 1_200_000;

/** The whole HTTP interface on top of what it is given; opens no socket. */
export function createApi(deps: ApiDeps) {
  const app = new OpenAPIHono({ defaultHook: (result) => refuseInvalid(result) });
  app.onError(problem(deps.log));
  const inside = new WeakMap<Request, Principal>();
  app.use(requestId(), sourced(deps.trustedProxies), logged(deps.log, (request) => inside.has(request)), hardened(deps.behindTls));
  const now = deps.now ?? (() => performance.now());
  if (deps.limits.corsOrigins.length > 0) app.use('/v1/*', crossOrigin(deps.limits));
  app.use('/v1/*', noTokenInUrl);
  const near = (principal: Principal): readonly string[] => deps.access.users.agentsNear(principal);
  const cookies = { behindTls: deps.behindTls };
  const callReach = { calls: deps.calls, near, queues: () => deps.queues.queues().map(({ id }) => id) };
  app.use('/v1/*', identified({
    authenticate: deps.authenticate, session: (token) => deps.access.session(token), cookies, inside, now, open: openPaths(app),
    onWrong: (source, path) => deps.access.audit.append({ actor: 'unknown', actorName: 'unknown', action: 'authenticate', object: path, outcome: 'failed', after: { why: 'wrong_token' }, source }),
  }), jsonOnly);
  const [short, long] = [MAX_BODY_BYTES, MAX_DIALPLAN_BYTES].map((maxSize) => bodyLimit({ maxSize, onError: () => { throw new TooLarge(maxSize); } })) as [MiddlewareHandler, MiddlewareHandler];
  app.use((c, next) => (isUpload(c) ? next() : (c.req.path.startsWith('/v1/dialplans/') ? long : short)(c, next)));
  app.use('/v1/*', rateLimited(deps.limits, now));
  const shallow: MiddlewareHandler = (c, next) => (isUpload(c) ? next() : notTooDeep(c, next));
  app.use('/v1/*', shallow);
  const ask = async (path: string, principal: Principal): Promise<Response> => {
    const request = new Request(new URL(path, 'http://inside'));
    inside.set(request, principal);
    return app.fetch(request);
  };
  app.use('/v1/*', auditTrail({ audit: deps.access.audit, ask, inside, now }), idempotent(deps.idempotency, isUpload));
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  const api = app
    .route('/', serviceRoutes(deps.health, deps.metrics, deps.version))
    .route('/v1/calls', callRoutes(deps.calls, deps.callCommands, near))
    .route('/v1/calls', recordingRoutes(deps.recordings, deps.calls, near))
    .route('/v1/calls', transcriptRoutes(deps.transcripts, deps.calls, near))
    .route('/v1/agents', agentRoutes({ desk: deps.agents, settings: deps.settings, adherence: deps.adherence, timeZone: deps.timeZone, near }))
    .route('/v1/queues', queueRoutes(deps.queues, deps.queueMetrics))
    .route('/v1/queues', queueSettingsRoutes(deps.settings))
    .route('/v1', contactRoutes({ reader: deps.contacts, commands: deps.contactCommands, booker: deps.callbacks }))
    .route('/v1', settingsRoutes(deps.settings, deps.reload))
    .route('/v1/customers', customerRoutes(deps.customers, callReach))
    .route('/v1/conversations', conversationRoutes(deps.conversations, () => deps.chat.chat.apps))
    .route('/v1/chat', chatRoutes(deps.chat))
    .route('/v1/dialplans', dialplanRoutes(deps.dialplans))
    .route('/v1/dialplans', workbenchRoutes({ desk: deps.dialplans, workbench: deps.workbench, calls: deps.calls }))
    .route('/v1/test', testCallRoutes({ desk: deps.dialplans, workbench: deps.workbench, answering: deps.answering, now }))
    .route('/v1', offerRoutes({ ...deps.text, agents: deps.agents }))
    .route('/v1/files', fileRoutes(deps.text))
    .route('/', fileLinkRoutes(deps.text))
    .route('/v1/extensions', extensionRoutes(deps.extensions, deps.objects, deps.settings))
    .route('/v1/trunks', trunkRoutes(deps.trunks, deps.objects))
    .route('/v1', numberRoutes(deps.objects))
    .route('/v1/calendars', calendarRoutes(deps.objects))
    .route('/v1/alert-rules', alertRuleRoutes(deps.objects))
    .route('/v1/settings/house', houseRoutes(deps.objects))
    .route('/v1', ticketListRoutes(deps.tickets, deps.ticketSetup))
    .route('/v1/my-tickets', myTicketRoutes(deps.tickets, deps.ticketSetup, deps.text.files, now))
    .route('/v1/field-work', fieldWorkRoutes(deps.tickets, deps.ticketSetup, deps.text.files, now))
    .route('/v1/tickets', ticketRoutes(deps.tickets, callReach))
    .route('/v1/tickets', ticketPartRoutes(deps.tickets, callReach))
    .route('/v1', eventRoutes(deps.eventDoors))
    .route('/v1', meRoutes({ ...deps.access, needs: (user, credential) => deps.access.needs(user, credential), cookies }))
    .route('/v1', loginRoutes({ login: deps.access.login, cookies, userOf: ({ user, session }) => ({ user: userOf(user), needs: deps.access.needs(user.id, session.id) }) }))
    .route('/v1', oidcRoutes(deps.access.oidc, cookies))
    .route('/v1/users', userSessionRoutes(deps.access))
    .route('/v1/audit', auditRoutes(deps.access.audit))
    .route('/v1', archiveRoutes(deps.archive, near))
    .route('/v1', liveRoutes({ live: deps.live, agents: () => deps.agents.agents(), near }))
    .route('/v1/reports', reportRoutes({ reports: deps.reports, timeZone: () => deps.timeZone, near }))
    .route('/v1/users', userRoutes({ ...deps.access, hasAgent: (id) => deps.agents.agents().some((a) => a.id === id), hasExtension: (n) => deps.extensions.extensions().some((e) => e.number === n) }))
    .route('/v1/teams', teamRoutes(deps.access.teams))
    .route('/v1', roleRoutes(deps.access.roles))
    .route('/v1/keys', keyRoutes(deps.access.keys, deps.access.roles))
    .route('/v1/webhooks', webhookRoutes(deps.webhooks, deps.catalogue));
  addDocs(api, () => describe(api, deps.version));
  addLinkedPage(api, 'linked', ['parts.js', 'page.css']);
  for (const page of ['my-tickets', 'field-work']) addLinkedPage(api, page, ['index.html', 'page.js']);
  addChatPage(api, deps.chat.origins);
  const events = asyncapi(deps.catalogue, deps.version);
  api.get('/asyncapi.json', (c) => c.json(events));
  api.notFound(unknownPath(api));
  return api;
}

/** The OpenAPI document of what `createApi` made. */
export const describe = (api: Pick<OpenAPIHono, 'getOpenAPI31Document'>, version: string) => completed(api.getOpenAPI31Document({
  openapi: '3.1.0', servers: [{ url: '/', description: 'wherever STROWGER_HTTP_ADDRESS listens' }],
  info: { title: 'Strowger', version, license: { name: 'MIT', url: 'https://opensource.org/license/mit' }, description: 'Calls, recordings, queues with their settings, waiting contacts, agents, dialplans, extensions and trunks. Errors are application/problem+json with code and hint.' },
  security: [{ bearer: [] }],
}));

const logged = (log: ApiLog, silent: (request: Request) => boolean): MiddlewareHandler => async (c, next) => {
  if (silent(c.req.raw)) return next();
  const start = performance.now();
  await next();
  const ms = Math.round(performance.now() - start);
  if (c.req.path !== '/healthz' && c.req.path !== '/metrics') {
    log.info({ request_id: c.get('requestId'), method: c.req.method, path: c.req.path, status: c.res.status, ms }, 'request');
  }
  return undefined;
};

/** What a browser is told with every answer: take it for what it says it is, run and frame nothing of it, keep nothing of it. A page of ours says itself what it may. */
const hardened = (behindTls: () => boolean): MiddlewareHandler => async (c, next) => {
  await next();
  const unless = (name: string, value: string): void => { if (!c.res.headers.has(name)) c.header(name, value); };
  c.header('x-content-type-options', 'nosniff');
  c.header('referrer-policy', 'no-referrer');
  unless('content-security-policy', "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  if (c.req.path.startsWith('/v1/')) unless('cache-control', 'no-store');
  if (behindTls()) c.header('strict-transport-security', 'max-age=31536000');
};

const saysNothing = (c: Context): boolean => c.req.header('transfer-encoding') === undefined && Number(c.req.header('content-length') ?? 0) === 0 && c.req.header('content-type') === undefined;
const hasBody = (c: Context): boolean => ['POST', 'PUT', 'PATCH'].includes(c.req.method) && !saysNothing(c);
/** Files come as they are, and count their bytes as they come. */
const isUpload = (c: Context): boolean => c.req.method === 'POST' && ['/v1/files', '/v1/chat/files', '/v1/my-tickets/files', '/v1/field-work/files'].includes(c.req.path);
const jsonOnly: MiddlewareHandler = async (c, next) => {
  if (hasBody(c) && !isUpload(c) && !/^application\/(merge-patch\+)?json\s*(;|$)/i.test(c.req.header('content-type') ?? '')) throw new NotJson();
  await next();
};
