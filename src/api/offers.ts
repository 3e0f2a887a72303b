import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AgentId } from '../acd/index.js';
import { Forbidden } from './errors.js';
import { inEvery, veilOf } from './fields.js';
import type { AgentDesk, DesktopView, OfferView, TextDesk } from './ports.js';
import { refusals } from './problem.js';
import { iso, isoOrNull, route, routes, Time } from './routes.js';

const Offer = z
  .object({
    id: z.string(), contact: z.string(), agent: z.string(), queue: z.string(), channel: z.string().openapi({ example: 'chat' }), subject: z.string().openapi({ example: 'conversation:conv_0192' }),
    attempt: z.int().min(1), state: z.string().openapi({ description: 'pending, accepted, rejected, busy, or why it was withdrawn' }), offered_at: Time, expires_at: Time,
    about: z.record(z.string(), z.unknown()).openapi({ description: 'what the channel says of it' }),
  })
  .openapi('Offer');
const Presence = z
  .object({ agent: z.string(), present: z.boolean(), until: Time.nullable().openapi({ description: 'null while an event socket holds it' }) })
  .openapi('Presence');
const id = z.object({ id: z.string().max(200) });
const json = { 'application/json': { schema: Offer } };
const gone = { 403: 'Another agent\'s', 404: 'There is no such offer', 409: 'It is over; the problem says how it ended' };

const listOffers = route('agents.state', {
  method: 'get', path: '/offers', tags: ['offers'], summary: 'Live offers of text channels, the oldest first', 'x-summary-zh-CN': '文字渠道的待应答分配，最早在前',
  request: { query: z.object({ agent: z.string().max(63).optional() }) },
  responses: { 200: { description: 'The offers', content: { 'application/json': { schema: z.object({ items: z.array(Offer), next_cursor: z.null() }) } } }, ...refusals({ 403: 'Another agent\'s' }) },
});
const acceptOffer = route('agents.state', {
  method: 'post', path: '/offers/{id}/accept', tags: ['offers'], summary: 'Take the contact; twice is once', 'x-summary-zh-CN': '接受分配；重复请求等同一次', request: { params: id },
  responses: { 200: { description: 'It is yours', content: json }, ...refusals(gone) },
});
const declineOffer = route('agents.state', {
  method: 'post', path: '/offers/{id}/decline', tags: ['offers'], summary: 'Let another agent have it; twice is once', 'x-summary-zh-CN': '拒绝分配，转给其他坐席；重复请求等同一次',
  request: { params: id, body: { required: false, content: { 'application/json': { schema: z.strictObject({ why: z.enum(['rejected', 'busy']).default('rejected') }) } } } },
  responses: { 200: { description: 'It goes on', content: json }, ...refusals({ ...gone, 422: 'The body is wrong' }) },
});
const renewPresence = route('agents.state', {
  method: 'put', path: '/agents/{id}/presence', tags: ['offers'], summary: 'The agent\'s desktop is there for so long: text contacts can be offered', 'x-summary-zh-CN': '续期坐席桌面在线状态：期间可分配文字会话',
  request: { params: id, body: { required: true, content: { 'application/json': { schema: z.strictObject({ ttl_seconds: z.number().min(1).max(600).default(60) }) } } } },
  responses: { 200: { description: 'Until then', content: { 'application/json': { schema: Presence } } }, ...refusals({ 403: 'Another agent\'s', 404: 'There is no such agent', 422: 'The body is wrong' }) },
});
const endPresence = route('agents.state', {
  method: 'delete', path: '/agents/{id}/presence', tags: ['offers'], summary: 'The agent\'s desktop is closed', 'x-summary-zh-CN': '坐席桌面已关闭', request: { params: id },
  responses: { 200: { description: 'Gone', content: { 'application/json': { schema: Presence } } }, ...refusals({ 403: 'Another agent\'s', 404: 'There is no such agent' }) },
});

export interface OfferRooms extends Pick<TextDesk, 'offers' | 'desktops'> {
  readonly agents: Pick<AgentDesk, 'agent'>;
}
/** Whose offers may be answered: with scope `own` only one's own. @throws Forbidden */
function mine(c: Context, agent: string): void {
  if (c.get('scope') !== 'all' && c.get('principal').agent !== agent) throw new Forbidden('agents.state for this agent');
}

/** /v1/offers, /v1/agents/{id}/presence */
export const offerRoutes = ({ offers, desktops, agents }: OfferRooms) =>
  routes()
    .openapi(listOffers, (c) => {
      const own = c.get('scope') === 'all' ? undefined : (c.get('principal').agent ?? '');
      const agent = c.req.valid('query').agent ?? own;
      if (agent !== undefined) mine(c, agent);
      return c.json({ items: offers.list(agent as AgentId | undefined).map((one) => shownOffer(c, one)), next_cursor: null }, 200);
    })
    .openapi(acceptOffer, (c) => {
      const { id: offer } = c.req.valid('param');
      mine(c, offers.get(offer).agent);
      return c.json(shownOffer(c, offers.accept(offer)), 200);
    })
    .openapi(declineOffer, (c) => {
      const { id: offer } = c.req.valid('param');
      mine(c, offers.get(offer).agent);
      return c.json(shownOffer(c, offers.decline(offer, c.req.valid('json').why)), 200);
    })
    .openapi(renewPresence, (c) => {
      const agent = agents.agent(c.req.valid('param').id as AgentId).id;
      mine(c, agent);
      return c.json(shownPresence(desktops.renew(agent, Math.round(c.req.valid('json').ttl_seconds * 1_000))), 200);
    })
    .openapi(endPresence, (c) => {
      const agent = agents.agent(c.req.valid('param').id as AgentId).id;
      mine(c, agent);
      return c.json(shownPresence(desktops.leave(agent)), 200);
    });

/** What its customer filled in before, and goes by. */
const FILLED_IN: ReadonlySet<string> = new Set(['form', 'name']);

function shownOffer(c: Context, { id: offer, contact, agent, queue, channel, subject, attempt, state, offeredAt, expiresAt, about }: OfferView): z.output<typeof Offer> {
  const veil = veilOf(c.get('principal'));
  const shown = Object.fromEntries(Object.entries(about).map(([key, value]) => [key, FILLED_IN.has(key) ? inEvery(value, veil) : value]));
  return { id: offer, contact, agent, queue, channel, subject, attempt, state, offered_at: iso(offeredAt), expires_at: iso(expiresAt), about: shown };
}
const shownPresence = ({ agent, present, until }: DesktopView): z.output<typeof Presence> => ({ agent, present, until: isoOrNull(until) });
