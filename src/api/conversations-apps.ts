import { z } from '@hono/zod-openapi';
import { language, type AppDesk } from '../channels/chat/index.js';
import { changed } from './audited.js';
import { ConversationView, conversationFor, placeOf } from './conversations-schema.js';
import type { ConversationDesk } from './ports.js';
import { refusals } from './problem.js';
import { principalOf } from './queue-settings.js';
import { route, routes } from './routes.js';

const json = <T extends z.ZodType>(schema: T) => ({ 'application/json': { schema } });
const body = <T extends z.ZodType>(schema: T) => ({ required: true, content: json(schema) });
const word = z.string().min(1).max(200);
const customer = z.union([word, z.strictObject({ kind: z.string().min(1).max(40).openapi({ example: 'member_id' }), value: z.string().min(1).max(300).openapi({ example: 'M-1001' }) })]).openapi('CustomerName', { description: 'the ID of a customer, or an identity of his' });
const tag = language.optional().openapi({ type: 'string', example: 'zh-CN', description: 'zh-… or anything else for English; left out: the customer\'s' });
const attribute = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'small letters, digits and underscore, a letter first; at most 40');
const attributes = z.record(attribute, z.string().max(2_000)).refine((all) => Object.keys(all).length <= 30, 'at most 30');
const NewConversation = z.strictObject({
  channel: z.literal('app').default('app'), customer, name: word.optional(), language: tag, queue: word.optional().openapi({ description: 'left out: where chats wait' }), subject: word.optional(),
  attributes: attributes.optional().openapi({ description: 'what the queue is told as `form_…`, and agents see' }), page: z.string().min(1).max(1_000).optional().openapi({ description: 'the page or screen it was begun from' }),
  invitation: z.string().max(40).optional(), message: z.strictObject({ text: z.string().trim().min(1).max(4_000), client_id: z.string().min(1).max(100).optional() }).optional().openapi({ description: 'what the customer says first' }),
}).openapi('NewConversation');
const Looked = z.strictObject({ url: z.url({ protocol: /^(https?|app)$/ }).max(1_000).openapi({ description: 'of a page, or app://… for a screen', example: 'app://orders/A1' }), title: z.string().max(300).optional() });
const Trail = z.strictObject({ customer, language: tag, pages: z.array(Looked).min(1).max(50) }).openapi('BrowsingTrail');
const Invitation = z.object({ name: z.string(), text: z.string(), after_s: z.number().min(0) }).openapi('ChatInvitation');

const open = route('conversations.carry', {
  method: 'post', path: '/', tags: ['conversations'], summary: 'An app\'s customer wants to talk: opens a conversation, or goes on with the one he has open', 'x-summary-zh-CN': '应用代客户发起会话；该客户已有进行中的会话时接续该会话',
  description: 'The app then sends his words with `as: customer` and hears what is said by events and webhooks. A queue that is closed or full ends the new conversation at once: `state` is ended, `end_why` says why.',
  request: { body: body(NewConversation) },
  responses: {
    201: { description: 'It waits; or it has ended, see `end_why`', content: json(ConversationView) }, 200: { description: 'The one he has open; a message goes into it', content: json(ConversationView) },
    ...refusals({ 404: 'There is no such customer or queue', 409: 'It ended meanwhile', 422: 'The body is wrong', 503: 'The disk takes nothing' }),
  },
});
const trail = route('conversations.carry', {
  method: 'post', path: '/trail', tags: ['conversations'], summary: 'Pages and screens that an app\'s customer has looked at, with his consent', 'x-summary-zh-CN': '上报应用内客户浏览过的页面（须经其同意）',
  description: 'Needs `trail` in config/chat.yaml and the customer\'s consent, channel `app` and purpose `browsing` (POST /v1/customers/{id}/consents).',
  request: { body: body(Trail) },
  responses: { 200: { description: 'Taken; perhaps it calls for an invitation', content: json(z.object({ invitation: Invitation.nullable() })) }, ...refusals({ 403: 'Without consent, or this house follows nobody', 404: 'There is no such customer', 422: 'The body is wrong', 503: 'The disk takes nothing' }) },
});

/** /v1/conversations: what apps do for their customers. */
export const conversationAppRoutes = (desk: Pick<ConversationDesk, 'place'>, apps: () => AppDesk) =>
  routes()
    .openapi(open, (c) => {
      const { customer: who, name, language: lang, queue, subject, attributes: told = {}, page, invitation, message } = c.req.valid('json');
      const { conversation, opened } = apps().open({
        customer: who, by: principalOf(c), name, language: lang, queue, form: { ...told, ...(subject === undefined ? {} : { subject }) }, page, invitation, text: message?.text, clientId: message?.client_id,
      });
      const { id, state, queue: waits, customer: his } = conversation;
      changed(c, { object: `/v1/conversations/${id}`, after: { state, queue: waits, customer: his, opened } });
      const shown = { ...conversationFor(c.get('principal'), conversation), place: placeOf(desk, conversation) };
      return opened ? c.json(shown, 201, { location: `/v1/conversations/${id}` }) : c.json(shown, 200);
    })
    .openapi(trail, (c) => {
      const { customer: who, language: lang, pages } = c.req.valid('json');
      c.set('audited', true); // facts tell of it
      const invited = apps().looked({ customer: who, language: lang, at: pages.map(({ url, title }) => ({ url, title: title ?? null })) });
      return c.json({ invitation: invited === undefined ? null : { name: invited.name, text: invited.text, after_s: invited.afterMs / 1_000 } }, 200);
    });
