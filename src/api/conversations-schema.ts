import { z } from '@hono/zod-openapi';
import type { Principal } from '../access/index.js';
import type { Conversation as Talk, Message as Said } from '../desk/conversations/index.js';
import { veilOf } from './fields.js';
import { Erased, Hold, shownMarks } from './holds.js';
import type { ConversationDesk } from './ports.js';
import { iso, isoOrNull, Time } from './routes.js';

/** What agents write among themselves. */
export const seesNotes = (principal: Principal): boolean => principal.may('conversations.notes') !== undefined;
export const oneConversation = z.object({ id: z.string().max(100) });
const Party = z.object({ party: z.string().openapi({ example: 'agent:1001' }), name: z.string().nullable(), joined_at: Time, left_at: Time.nullable(), read: z.int().min(0).openapi({ description: 'seq of the last message read' }) });
const Place = z.object({ position: z.int().min(1).nullable(), wait_low_s: z.int().min(0).nullable(), wait_high_s: z.int().min(0).nullable() }).openapi('ConversationPlace', { description: 'null: not known' });
export const ConversationView = z
  .object({
    id: z.string(), channel: z.string().openapi({ example: 'chat' }), state: z.enum(['open', 'queued', 'talking', 'ended']), queue: z.string().nullable(), agent: z.string().nullable().openapi({ description: 'whose it is' }),
    customer: z.string().nullable(), name: z.string().nullable(), language: z.string().nullable(), form: z.record(z.string(), z.string()).openapi({ description: 'as filled in before; numbers and addresses masked for who may not see customers\'' }), source: z.string().nullable().openapi({ description: 'the page it was begun from, or the invitation' }),
    last_seq: z.int().min(0), replied: z.boolean(), parties: z.array(Party), started_at: Time, updated_at: Time, assigned_at: Time.nullable(), first_reply_at: Time.nullable(), ended_at: Time.nullable(),
    ended_by: z.string().nullable(), end_why: z.string().nullable(), rating: z.int().nullable(), rating_comment: z.string().nullable(), hold: Hold.nullable(), erased: Erased.nullable(),
    place: Place.nullable().optional().openapi({ description: 'where it waits; only where it is asked for by itself, and in answers to an app that opens it' }),
  })
  .openapi('Conversation');
export const MessageView = z
  .object({
    id: z.string(), conversation: z.string(), seq: z.int().min(1), client_id: z.string().nullable(), at: Time, by: z.string().openapi({ example: 'visitor:vis_0192' }), by_name: z.string().nullable(),
    kind: z.enum(['text', 'file', 'event']), visibility: z.enum(['public', 'internal']), text: z.string().openapi({ description: 'of an event its name' }), file: z.string().nullable().openapi({ description: 'GET /v1/files/{id}' }),
    data: z.record(z.string(), z.string()).nullable(),
  })
  .openapi('ConversationMessage');

const seconds = (ms: number | undefined): number | null => (ms === undefined ? null : Math.max(0, Math.round(ms / 1_000)));
/** Null where it does not wait. */
export function placeOf(desk: Pick<ConversationDesk, 'place'>, conversation: Talk): z.output<typeof Place> | null {
  const place = desk.place(conversation);
  return place ? { position: place.position, wait_low_s: seconds(place.waitMs?.low), wait_high_s: seconds(place.waitMs?.high) } : null;
}

type Eyes = Pick<Principal, 'sees'>;
/** How a conversation looks to him: numbers and addresses in what its customer filled in are shown as customers' are; what was said stands as it was said. */
export function conversationFor(eyes: Eyes, c: Talk): z.output<typeof ConversationView> {
  const veil = veilOf(eyes);
  const veiled = (text: string | null): string | null => text && veil(text);
  return {
    id: c.id, channel: c.channel, state: c.state, queue: c.queue, agent: c.agent, customer: c.customer, name: veiled(c.name), language: c.language,
    form: Object.fromEntries(Object.entries(c.form).map(([field, value]) => [field, veil(value)])), source: c.source, last_seq: c.lastSeq, replied: c.replied,
    parties: c.parties.map((p) => ({ party: p.party, name: veiled(p.name), joined_at: iso(p.joinedAt), left_at: isoOrNull(p.leftAt), read: p.read })),
    started_at: iso(c.startedAt), updated_at: iso(c.updatedAt), assigned_at: isoOrNull(c.assignedAt), first_reply_at: isoOrNull(c.firstReplyAt), ended_at: isoOrNull(c.endedAt), ended_by: c.endedBy, end_why: c.endWhy,
    rating: c.rating, rating_comment: veiled(c.ratingComment), ...shownMarks(c),
  };
}
export const messageFor = (eyes: Eyes, m: Said): z.output<typeof MessageView> => ({
  id: m.id, conversation: m.conversation, seq: m.seq, client_id: m.clientId, at: iso(m.at), by: m.by, by_name: m.byName && veilOf(eyes)(m.byName), kind: m.kind, visibility: m.visibility, text: m.text, file: m.file, data: m.data && { ...m.data },
});
