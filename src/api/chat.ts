import { z } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { ChatFault, formValues, language, shownFile, shownState, type Visitor } from '../channels/chat/index.js';
import { bodyOf } from './files.js';
import type { ChatDoor } from './ports.js';
import { refusals } from './problem.js';
import { route, routes } from './routes.js';

const jsonOf = <T extends z.ZodType>(schema: T) => ({ 'application/json': { schema } });
const body = <T extends z.ZodType>(schema: T) => ({ required: true, content: jsonOf(schema) });
const tag = language.optional().openapi({ type: 'string', example: 'zh-CN', description: 'zh-… or anything else for English' });
const Settings = z
  .object({
    language: z.enum(['zh-CN', 'en']), open: z.boolean(), greeting: z.string(), offline: z.boolean(), rating: z.string().nullable(), transcripts: z.boolean(), call_back: z.boolean(), consent: z.string().nullable(), text_length: z.int(),
    form: z.array(z.object({ name: z.string(), label: z.string(), kind: z.enum(['text', 'email', 'phone', 'choice']), required: z.boolean(), max_length: z.int(), choices: z.array(z.object({ name: z.string(), label: z.string() })) })),
  })
  .openapi('ChatSettings');
const State = z.object({
  id: z.string(), state: z.enum(['open', 'queued', 'talking', 'ended']), agent: z.string().nullable(), last_seq: z.int(), read_by_agent: z.int(), read_by_visitor: z.int(), started_at: z.string(), ended_at: z.string().nullable(),
  end_why: z.string().nullable(), rated: z.boolean(),
}).openapi('ChatState');
const Session = z.object({ visitor: z.string(), token: z.string().openapi({ description: 'keep it; it is the visitor' }), consent: z.boolean(), settings: Settings, conversation: State.nullable() }).openapi('ChatSession');
const ChatFile = z.object({ id: z.string(), name: z.string(), type: z.string(), kind: z.string(), bytes: z.int(), width: z.int().nullable(), height: z.int().nullable(), url: z.string() }).openapi('ChatFile');
const strange = { 403: 'A page of another site', 422: 'The body is wrong', 429: 'Too many from this address' };

const settings = route('open', {
  method: 'get', path: '/settings', tags: ['chat'], summary: 'What the widget shows', 'x-summary-zh-CN': '访客组件设置', security: [], request: { query: z.object({ language: tag }) },
  responses: { 200: { description: 'Settings', content: jsonOf(Settings) }, ...refusals({ 400: 'A parameter is wrong', 403: strange[403] }) },
});
const session = route('open', {
  method: 'post', path: '/sessions', tags: ['chat'], summary: 'Be a visitor, or again the one whose token is sent', 'x-summary-zh-CN': '创建或恢复访客会话', security: [],
  description: 'With `Authorization: Bearer vt_…` the same visitor goes on. `customer_token` is a JWT of your site (HS256, aud `strowger-chat`, sub, iat, exp): the visitor is that customer, on every device.',
  request: { body: body(z.strictObject({ language: tag, customer_token: z.string().max(4_000).optional() })) },
  responses: { 201: { description: 'The visitor', content: jsonOf(Session) }, ...refusals({ ...strange, 401: 'The customer token is wrong' }) },
});
const file = route('open', {
  method: 'post', path: '/files', tags: ['chat'], summary: 'Send a file; a message then names it', 'x-summary-zh-CN': '访客上传文件', security: [],
  request: { query: z.object({ name: z.string().min(1).max(255) }), body: { required: true, content: { 'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) } } } },
  responses: { 201: { description: 'The file', content: jsonOf(ChatFile) }, ...refusals({ 401: 'No visitor', 403: strange[403], 413: 'Too large', 415: 'A kind that is not taken', 422: 'Damaged, or a bomb', 429: 'Too many', 503: 'Too many pictures at once' }) },
});
const offline = route('open', {
  method: 'post', path: '/offline', tags: ['chat'], summary: 'Leave a message: a ticket', 'x-summary-zh-CN': '离线留言，转为工单', security: [],
  request: { body: body(z.strictObject({ form: formValues.default({}), text: z.string().trim().min(1).max(5_000) })) },
  responses: { 201: { description: 'The ticket', content: jsonOf(z.object({ ticket: z.string() })) }, ...refusals({ ...strange, 401: 'No visitor', 503: 'The disk takes nothing' }) },
});

/** Browsers of other sites may ask where the house says so. */
const fromPages = (door: ChatDoor): MiddlewareHandler => {
  const answer = cors({ origin: (origin) => (door.origins().includes(origin) ? origin : null), allowHeaders: ['authorization', 'content-type'], allowMethods: ['GET', 'POST'], maxAge: 600 });
  return async (c, next) => {
    door.chat.mayAsk({ origin: c.req.header('origin'), host: c.req.header('host') });
    return answer(c, next);
  };
};

/** /v1/chat: for visitors */
export function chatRoutes(door: ChatDoor) {
  const { chat } = door;
  const tokenOf = (c: Context): string | undefined => /^Bearer (vt_[\w-]{1,90})$/i.exec(c.req.header('authorization') ?? '')?.[1];
  const visitorOf = (c: Context): Visitor => {
    const found = chat.desk.visitors.byToken(tokenOf(c) ?? '');
    if (!found) throw new ChatFault('chat.no_session', 'this session is over', 'POST /v1/chat/sessions makes another');
    return found;
  };
  const app = routes();
  app.use('*', fromPages(door));
  return app
    .openapi(settings, (c) => c.json(door.settings(c.req.valid('query').language ?? 'zh-CN'), 200, { 'cache-control': 'no-store' }))
    .openapi(session, async (c) => {
      const { language: lang, customer_token: customerToken } = c.req.valid('json');
      const known = tokenOf(c);
      if (known === undefined || !chat.desk.visitors.byToken(known)) chat.newcomer(c.get('source'));
      const { visitor, token } = await chat.desk.session({ token: known, language: lang, customerToken });
      const current = chat.desk.current(visitor);
      return c.json({ visitor: visitor.id, token, consent: visitor.consent, settings: door.settings(visitor.language === 'en' ? 'en' : 'zh-CN'), conversation: current ? shownState(current) : null }, 201, { 'cache-control': 'no-store' });
    })
    .openapi(file, async (c) => {
      const { id } = await chat.upload(visitorOf(c).id, bodyOf(c), c.req.valid('query').name);
      return c.json(shownFile(id, door.files, Date.now()), 201);
    })
    .openapi(offline, (c) => {
      const visitor = visitorOf(c);
      chat.newcomer(c.get('source'));
      return c.json({ ticket: chat.desk.offline(visitor, c.req.valid('json')) }, 201);
    });
}
