import type { CustomerAttributeTable, CustomerConsentTable, CustomerIdentityTable, CustomerTable, CustomerTagTable } from '../../store/index.js';
import { WINDOWS, type Days } from './rules.js';
import type { Reading } from './sql.js';
import type { ActivityView, AttributeValue, AttributeView, ConsentView, CustomerId, CustomerView, IdentityView, TagView, Verified } from './types.js';

export const ETAG = (row: Pick<CustomerTable, 'id' | 'version'>): string => `"${row.id}-${row.version}"`;

/** A customer and those merged into it: itself first, then as they were made. */
export const groupOf = (db: Reading, root: string): CustomerTable[] => db.all<CustomerTable>('select * from customers where root = ? order by (id = root) desc, num', root);
export const rootOf = (db: Reading, id: string): string | undefined => db.all<{ root: string }>('select root from customers where id = ?', id)[0]?.root;

export function viewOf(db: Reading, root: string, now: number, days: Days): CustomerView | undefined {
  const group = groupOf(db, root);
  const [own] = group;
  if (!own) return undefined;
  const ids = JSON.stringify(group.map((row) => row.id));
  const among = `customer in (select value from json_each(?))`;
  const rank = new Map(group.map((row, i) => [row.id, i]));
  const first = (a: { customer: string }, b: { customer: string }): number => (rank.get(a.customer) ?? 0) - (rank.get(b.customer) ?? 0);
  const verified = verifiedOf(own, now);
  return {
    id: own.id as CustomerId, etag: ETAG(own), name: said(group, 'name'), language: said(group, 'language'), team: said(group, 'team'), adviser: said(group, 'adviser'),
    ...latest(group), verified,
    identities: db.all<CustomerIdentityTable>(`select * from customer_identities where ${among} order by at, kind, value`, ids).map(identity),
    attributes: attributesOf(db.all<CustomerAttributeTable>(`select * from customer_attributes where ${among} order by name`, ids).sort(first)),
    tags: tagsOf(db.all<CustomerTagTable>(`select * from customer_tags where ${among} order by tag`, ids).sort(first), root),
    consents: consentsOf(db.all<CustomerConsentTable>(`select * from customer_consents where ${among} order by at desc, id desc`, ids), now),
    activity: activityOf(db.all<{ kind: string; day: number; amount: number }>(`select kind, day, amount from customer_activity where ${among}`, ids), days.dayOf(now)),
    merged: group.slice(1).map((row) => row.id as CustomerId), createdAt: own.created_at, createdBy: own.created_by, updatedAt: own.updated_at,
  };
}

/** What the customer itself has, else the first that was merged into it; an empty text was taken away. */
function said(group: readonly CustomerTable[], field: 'name' | 'language' | 'team' | 'adviser'): string | null {
  const value = group.find((row) => row[field] !== null)?.[field];
  return value === undefined || value === '' ? null : value;
}

function latest(group: readonly CustomerTable[]): Pick<CustomerView, 'lastAgent' | 'lastContactAt'> {
  const [newest] = [...group].filter((row) => row.last_contact_at !== null).sort((a, b) => (b.last_contact_at ?? 0) - (a.last_contact_at ?? 0));
  const [served] = [...group].filter((row) => row.last_agent !== null).sort((a, b) => (b.last_contact_at ?? 0) - (a.last_contact_at ?? 0));
  return { lastAgent: served?.last_agent ?? null, lastContactAt: newest?.last_contact_at ?? null };
}

/** Only the customer's own: who was proven to be somebody is not thereby proven to be somebody else. */
export function verifiedOf(row: CustomerTable, now: number): Verified | null {
  if (row.verified_until === null || row.verified_until <= now) return null;
  return { until: row.verified_until, at: row.verified_at ?? 0, how: row.verified_how ?? '', by: row.verified_by ?? '' };
}

const identity = ({ kind, value, label, verified, customer, source, at, by }: CustomerIdentityTable): IdentityView => ({ kind, value, label, verified: verified === 1, from: customer, source, at, by });

function attributesOf(rows: readonly CustomerAttributeTable[]): Record<string, AttributeView> {
  const shown = new Map<string, AttributeView>();
  for (const { name, value, customer, source, at, by } of rows) if (!shown.has(name)) shown.set(name, { value: JSON.parse(value) as AttributeValue, from: customer, source, at, by });
  return Object.fromEntries([...shown].filter(([, { value }]) => value !== null).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Rules speak of the whole, so of theirs only the customer's own count. */
function tagsOf(rows: readonly CustomerTagTable[], root: string): TagView[] {
  const removed = new Set(rows.filter((row) => row.how === 'removed' && row.customer === root).map((row) => row.tag));
  const shown = new Map<string, TagView>();
  for (const { tag, how, customer, at, by } of rows) {
    if (how === 'removed' || shown.has(tag) || (how === 'rule' ? customer !== root : removed.has(tag))) continue;
    shown.set(tag, { tag, how, from: customer, at, by });
  }
  return [...shown.values()].sort((a, b) => (a.tag < b.tag ? -1 : 1));
}

export const consent = ({ id, channel, purpose, granted, how, until, customer, at, by }: CustomerConsentTable): ConsentView => ({ id, channel, purpose, granted: granted === 1, how, until, from: customer, at, by });

function consentsOf(rows: readonly CustomerConsentTable[], now: number): ConsentView[] {
  const newest = new Map<string, ConsentView>();
  for (const row of rows) {
    const key = `${row.channel} ${row.purpose}`;
    if (!newest.has(key)) newest.set(key, consent(row));
  }
  return [...newest.values()].filter((c) => c.until === null || c.until > now);
}

function activityOf(rows: readonly { kind: string; day: number; amount: number }[], today: number): Record<string, ActivityView> {
  const sums: Record<string, Record<string, number>> = {};
  for (const { kind, day, amount } of rows) {
    const sum = (sums[kind] ??= { total: 0, d1: 0, d7: 0, d30: 0, d90: 0, d365: 0 });
    sum['total'] = (sum['total'] ?? 0) + amount;
    for (const length of WINDOWS) if (day > today - length) sum[`d${length}`] = (sum[`d${length}`] ?? 0) + amount;
  }
  return sums as unknown as Record<string, ActivityView>;
}
