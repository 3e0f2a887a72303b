import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Field } from '../access/index.js';
import { maskNumber } from '../config/index.js';
import { NoSuchCustomer, type CustomersForm, type CustomerView, type NoteView, type TimelineRow, type Within } from '../desk/customers/index.js';
import type { CustomerDesk } from './ports.js';
import { principalOf } from './queue-settings.js';
import { iso, isoOrNull, Time } from './routes.js';

const value = z.union([z.string(), z.number(), z.boolean()]);
const whence = { from: z.string().openapi({ description: 'the customer it was written for: another ID than this one where it came by a merge' }), at: Time, by: z.string() };
const source = z.string().nullable().openapi({ description: 'call:ID, conversation:ID, … it was said in' });
export const Identity = z.object({ kind: z.string(), value: z.string().openapi({ example: '+8613800138000' }), label: z.string().nullable(), verified: z.boolean(), source, ...whence }).openapi('CustomerIdentity');
export const Consent = z.object({ id: z.string(), channel: z.string(), purpose: z.string(), granted: z.boolean(), how: z.string(), until: Time.nullable(), ...whence }).openapi('CustomerConsent');
const sum = z.number();
export const CustomerShape = z
  .object({
    id: z.string(), name: z.string().nullable(), language: z.string().nullable(), team: z.string().nullable(), adviser: z.string().nullable().openapi({ description: 'the agent who is its own' }),
    last_agent: z.string().nullable(), last_contact_at: Time.nullable(),
    verified: z.object({ until: Time, at: Time, how: z.string(), by: z.string() }).nullable().openapi({ description: 'proven who he is, on whatever channel' }),
    identities: z.array(Identity),
    attributes: z.record(z.string(), z.object({ value, source, ...whence })),
    tags: z.array(z.object({ tag: z.string(), how: z.enum(['hand', 'rule']), ...whence })),
    consents: z.array(Consent),
    activity: z.record(z.string(), z.object({ total: sum, d1: sum, d7: sum, d30: sum, d90: sum, d365: sum })).openapi({ description: 'sums in all and of the last so many days' }),
    merged: z.array(z.string()).openapi({ description: 'those who count as this one' }),
    created_at: Time, created_by: z.string(), updated_at: Time,
  })
  .openapi('Customer');
export const Note = z.object({ id: z.string(), text: z.string(), about: z.string().nullable(), ...whence }).openapi('CustomerNote');
export const TimelineItem = z.object({ seq: z.int(), at: Time, type: z.string().openapi({ example: 'call.ended' }), channel: z.string().openapi({ example: 'call' }), subject: z.string(), data: z.record(z.string(), z.unknown()) }).openapi('CustomerTimelineItem');

export const customerId = z.object({ id: z.string().max(100) });
export const by = (c: Context): { readonly by: string } => ({ by: principalOf(c) });

/** Whose customers may be seen; undefined: everybody's. */
export function withinOf(c: Context): Within | undefined {
  const { teams, agent } = c.get('principal');
  switch (c.get('scope')) {
    case 'all': return undefined;
    case 'team': return { teams, house: true, agent };
    case 'own': return { teams: [], house: false, agent };
  }
}
/** A customer beyond one's reach is as one that is not there. @throws NoSuchCustomer */
export function within(c: Context, desk: CustomerDesk, id: string): string {
  const scope = withinOf(c);
  if (scope && !desk.within(id, scope)) throw new NoSuchCustomer(id);
  return id;
}

export const sees = (c: Context, field: Field): boolean => c.get('principal').sees(field);

const firstOnly = (text: string): string => `${Array.from(text)[0] ?? ''}**`;
const mailHidden = (text: string): string => text.replace(/^(.).*@/u, '$1**@');

/** What of a value the one who asks may see. */
function veil(c: Context, form: CustomersForm) {
  const [phone, email, personal] = [sees(c, 'customers.phone'), sees(c, 'customers.email'), sees(c, 'customers.personal')];
  const sensitive = new Set([...form.identities, ...form.attributes].filter((one) => one.sensitive).map((one) => ('kind' in one ? one.kind : one.name)));
  return {
    name: (text: string | null) => (personal || text === null ? text : firstOnly(text)),
    note: (text: string) => (personal ? text : firstOnly(text)),
    identity: (kind: string, text: string): string => {
      if (kind === 'phone') return phone ? text : maskNumber(text);
      if (kind === 'email') return email ? text : mailHidden(text);
      return personal || !sensitive.has(kind) ? text : firstOnly(text);
    },
    attribute: <T extends string | number | boolean | null>(name: string, one: T): T | string => (personal || !sensitive.has(name) || one === null ? one : '**'),
  };
}

export function shownCustomer(c: Context, view: CustomerView, form: CustomersForm): z.output<typeof CustomerShape> {
  const veiled = veil(c, form);
  return {
    id: view.id, name: veiled.name(view.name), language: view.language, team: view.team, adviser: view.adviser, last_agent: view.lastAgent, last_contact_at: isoOrNull(view.lastContactAt),
    verified: view.verified && { ...view.verified, until: iso(view.verified.until), at: iso(view.verified.at) },
    identities: view.identities.map((one) => ({ ...one, value: veiled.identity(one.kind, one.value), at: iso(one.at) })),
    attributes: Object.fromEntries(Object.entries(view.attributes).map(([name, one]) => [name, { ...one, value: veiled.attribute(name, one.value) ?? '', at: iso(one.at) }])),
    tags: view.tags.map((one) => ({ ...one, at: iso(one.at) })), consents: view.consents.map(shownConsent), activity: { ...view.activity }, merged: [...view.merged],
    created_at: iso(view.createdAt), created_by: view.createdBy, updated_at: iso(view.updatedAt),
  };
}
export const shownConsent = (one: CustomerView['consents'][number]): z.output<typeof Consent> => ({ ...one, until: isoOrNull(one.until), at: iso(one.at) });
export const shownNote = (c: Context, one: NoteView, form: CustomersForm): z.output<typeof Note> => ({ ...one, text: veil(c, form).note(one.text), at: iso(one.at) });

/** Numbers stand in the facts of calls. */
export function shownRow(c: Context, { seq, at, type, channel, subject, data }: TimelineRow): z.output<typeof TimelineItem> {
  const hidden = sees(c, 'customers.phone') ? data : Object.fromEntries(Object.entries(data).map(([key, one]) => [key, ['from', 'to', 'number'].includes(key) && typeof one === 'string' ? maskNumber(one) : one]));
  return { seq, at: iso(at), type, channel, subject, data: { ...hidden } };
}
