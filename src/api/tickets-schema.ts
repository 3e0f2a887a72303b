import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { LINK_KINDS, type Actor, type Ticket, type TicketDesk } from '../desk/tickets/index.js';
import { ticketActor } from './ticket-actor.js';
import { Forbidden, IfMatchMissing } from './errors.js';
import { masked } from './fields.js';
import { File } from './files.js';
import { Erased, Hold, shownMarks } from './holds.js';
import { iso, isoOrNull, moment, Time } from './routes.js';

export type Desk = TicketDesk;
const text = (most: number) => z.string().trim().min(1).max(most);
const id = z.string().max(100);
export const oneTicket = z.object({ id });
export const visibility = z.enum(['public', 'internal']);
const value = z.union([z.string().max(10_000), z.number(), z.boolean()]);
const who = z.string().min(1).max(200).nullable();
const requester = z.strictObject({ name: text(200).nullable(), email: z.email().max(200).nullable(), phone: z.string().regex(/^\+?[0-9]{3,20}$/, 'digits, + in front at most').nullable() }).partial();
const tags = z.array(text(100)).max(50);
export const linkKind = z.enum(LINK_KINDS);
export const Linked = z.strictObject({ kind: linkKind, target: text(500) });
const common = { priority: text(40), tags, customer: who, requester, language: z.enum(['zh-CN', 'en']), place: who, team: who, assignee: who, parent: who };
/** As POST /v1/files answered. */
export const filesSent = z.array(z.string().max(100)).max(20);
export const NewTicketForm = z.strictObject({
  type: text(40), subject: text(300), text: z.string().max(20_000).optional(), fields: z.record(z.string().max(40), value).optional(), channel: text(40).default('api'), links: z.array(Linked).max(50).optional(), files: filesSent.optional(),
  ...z.object(common).partial().shape,
}).openapi('NewTicket');
export const TicketPatchForm = z.strictObject({
  type: text(40).optional(), subject: text(300).optional(), text: z.string().max(20_000).optional(), fields: z.record(z.string().max(40), value.nullable()).optional().openapi({ description: 'null takes a field away' }),
  ...z.object(common).partial().shape,
}).openapi('TicketPatch');

const yes = z.enum(['true', 'false']).transform((one) => one === 'true').openapi({ type: 'boolean' });
const word = z.string().min(1).max(200);
export const filterQuery = {
  q: word.optional().openapi({ description: 'words in Chinese or any other language, or the end of a number' }), number: z.coerce.number().int().min(1).max(2 ** 52).optional(), state: word.optional(),
  kind: z.enum(['open', 'waiting', 'resolved', 'closed', 'unresolved']).optional(), type: word.optional(), priority: word.optional(), team: word.optional(),
  assignee: word.optional().openapi({ description: '"me", "none", or an agent' }), customer: word.optional(), phone: word.optional(), email: word.optional(), tag: word.optional(), place: word.optional(),
  channel: word.optional(), parent: word.optional(), breached: yes.optional(), due_before: moment.optional(), since: moment.optional(), until: moment.optional(),
};
/** As a view keeps it. */
export const FilterForm = z.strictObject({
  q: word, state: word, kind: z.enum(['open', 'waiting', 'resolved', 'closed', 'unresolved']), type: word, priority: word, team: word, assignee: word, customer: word, phone: word, email: word, tag: word, place: word,
  channel: word, parent: word, breached: z.boolean(),
}).partial().openapi('TicketFilter');

const Clock = z.object({ business_ms: z.int(), target_ms: z.int().nullable(), met_at: Time.nullable(), within: z.boolean().nullable() });
export const TicketView = z.object({
  id, number: z.string(), type: z.string(), state: z.string(), kind: z.enum(['open', 'waiting', 'resolved', 'closed']), priority: z.string(), subject: z.string(), text: z.string(),
  fields: z.record(z.string(), value), tags: z.array(z.string()), channel: z.string(), customer: z.string().nullable(),
  requester: z.object({ name: z.string().nullable(), email: z.string().nullable(), phone: z.string().nullable() }), language: z.enum(['zh-CN', 'en']), place: z.string().nullable(),
  team: z.string().nullable(), assignee: z.string().nullable(), parent: z.string().nullable(), merged_into: z.string().nullable(),
  sla: z.object({ name: z.string().nullable(), calendar: z.string(), due_at: Time.nullable(), breached: z.boolean(), paused: z.boolean(), response: Clock, update: Clock, resolution: Clock }),
  created_at: Time, created_by: z.string(), updated_at: Time, resolved_at: Time.nullable(), version: z.int(), hold: Hold.nullable(), erased: Erased.nullable(),
}).openapi('Ticket');
export const CommentView = z.object({ id, at: Time, by: z.string(), by_name: z.string(), visibility, text: z.string(), files: z.array(File) }).openapi('TicketComment');

function shownTicket(t: Ticket): z.output<typeof TicketView> {
  const { clocks } = t;
  const clock = (target: 'response' | 'update' | 'resolution', result: typeof clocks.response): z.output<typeof Clock> => ({
    business_ms: result?.businessMs ?? clocks.clocks[target].spentMs, target_ms: clocks.policy?.goals[target]?.targetMs ?? null, met_at: isoOrNull(result?.at ?? null), within: result?.within ?? null,
  });
  return {
    id: t.id, number: String(t.number), type: t.type, state: t.state, kind: t.kind, priority: t.priority, subject: t.subject, text: t.text, fields: { ...t.fields }, tags: [...t.tags], channel: t.channel,
    customer: t.customer, requester: { ...t.requester }, language: t.language, place: t.place, team: t.team, assignee: t.assignee, parent: t.parent, merged_into: t.mergedInto,
    sla: {
      name: t.sla, calendar: t.calendar, due_at: isoOrNull(t.dueAt), breached: t.breached, paused: clocks.paused, response: clock('response', clocks.response), update: clock('update', null),
      resolution: clock('resolution', clocks.resolved ? clocks.resolution : null),
    },
    created_at: iso(t.createdAt), created_by: t.createdBy, updated_at: iso(t.updatedAt), resolved_at: isoOrNull(t.resolvedAt), version: t.version, ...shownMarks(t),
  };
}

/** How a ticket looks to whoever asks: who asked for it and how they are reached is shown as customers are. */
export const ticketFor = (c: Context, t: Ticket): z.output<typeof TicketView> => requesterVeiled(c, masked(c, shownTicket(t), REACHED));
const REACHED = { email: 'customers.email', phone: 'customers.phone' } as const;
function requesterVeiled<T extends { readonly requester: { readonly name: string | null } }>(c: Context, view: T): T {
  return { ...view, requester: masked(c, view.requester, { name: 'customers.personal' }) };
}
/** A change of the requester, and an address that follows the ticket, are veiled likewise. */
export const changeFor = (c: Context, field: string, value: unknown): unknown => (field === 'requester' ? masked(c, value, { ...REACHED, name: 'customers.personal' }) : masked(c, value, REACHED));
export const watcherFor = (c: Context, watcher: string): string => (watcher.includes('@') ? masked(c, { email: watcher }, REACHED).email : watcher);
/** Asked for by a number or an address, a list tells whose it is. @throws Forbidden */
export function mayFindBy(c: Context, { phone, email }: { readonly phone?: string | undefined; readonly email?: string | undefined }): void {
  const principal = c.get('principal');
  if (phone !== undefined && !principal.sees('customers.phone')) throw new Forbidden('customers.phone');
  if (email !== undefined && !principal.sees('customers.email')) throw new Forbidden('customers.email');
}

/** Whoever sent the request, as the desk knows people. */
export const actorOf = (c: Context): Actor => ticketActor(c.get('principal'), c.get('scope'));

export const etagOf = (t: { readonly version: number }): string => `"v${t.version}"`;
/** The version that a change was made for; undefined: any. @throws IfMatchMissing */
export function versionIn(c: Context, need: 'required' | 'optional'): number | undefined {
  const given = c.req.header('if-match');
  if (given === undefined && need === 'required') throw new IfMatchMissing();
  if (given === undefined || given.trim() === '*') return undefined;
  return Number(/^\s*"v(\d{1,12})"\s*$/.exec(given)?.[1] ?? -1);
}
