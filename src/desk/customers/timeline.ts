import type { Fact, NewFact } from '../../events/index.js';
import { BadCursor, type CustomerTimelineTable } from '../../store/index.js';
import { addActivity } from './details.js';
import type { Room } from './service.js';
import type { By, CustomerId, Page, TimelineRow } from './types.js';
import { rootOf } from './view.js';

/** What happened with a customer, on every channel; written as facts come (src/wiring/customers). */
export interface Timeline {
  /** Newest first; `subject` for one call, conversation or ticket. @throws NoSuchCustomer, BadCursor */
  timeline(id: string, limit: number, cursor?: string, subject?: string): Page<TimelineRow>;
  /** Whose call, conversation or ticket that is, as it counts now. */
  ofSubject(subject: string): CustomerId | undefined;
  /** From now on it is his, its past too. Publishes `call.customer_identified` where it is a call. @throws NoSuchCustomer, StoreError */
  identify(call: string, customer: string, how: 'number' | 'created' | 'hand', who?: By): void;
  /** The last fact that has been looked at. */
  reached(): number;
  /** Takes facts in, all or none; each once however often it comes. `reached` grows to the last one. @throws StoreError */
  take(facts: readonly Told[], reached: number): void;
}
/** A fact and what it means here. */
export interface Told {
  readonly fact: Fact;
  /** It says whose the subject is. */
  readonly customer?: string | undefined;
  /** Who of the house has to do with him through it. */
  readonly agent?: string | undefined;
  /** They talk: a contact took place. */
  readonly contact: boolean;
  /** It stands in the timeline. */
  readonly shown: boolean;
  /** One more of these. */
  readonly counts?: 'browsing' | undefined;
}

const REACHED = 'customers.timeline_reached';

export function createTimeline(room: Room, meta: { get(key: string): string | undefined; set(key: string, value: string): void }, past: (subject: string) => readonly Told[], publish: (facts: readonly NewFact[], alongside: () => void) => void): Timeline {
  const { sql } = room;
  const linked = (subject: string): string | undefined => sql.one<{ customer: string }>('select customer from customer_links where subject = ?', subject)?.customer;
  /** The subject is his: its rows go along where it was another's. Answers whether it is new. */
  const link = (subject: string, customer: string, at: number): boolean => {
    const before = linked(subject);
    if (before === customer) return false;
    sql.run('insert or replace into customer_links (subject, customer, at) values (?, ?, ?)', subject, customer, at);
    if (before !== undefined) sql.run('update customer_timeline set customer = ? where subject = ?', customer, subject);
    else for (const told of past(subject)) if (told.shown) insert(told.fact, customer);
    if (!subject.startsWith('ticket:')) {
      addActivity(room, customer, 'contacts', 1, at);
      if (before !== undefined) addActivity(room, before, 'contacts', -1, at);
    }
    sql.run('update customers set last_contact_at = max(coalesce(last_contact_at, 0), ?) where id = ?', at, customer);
    return true;
  };
  const insert = ({ seq, at, type, subject, data }: Fact, customer: string): void =>
    void sql.run('insert or ignore into customer_timeline (seq, customer, at, type, subject, data) values (?, ?, ?, ?, ?, ?)', seq, customer, at, type, subject, JSON.stringify(data));
  /** Answers for whom tags and search may be different now. */
  const takeOne = ({ fact, customer, agent, contact, shown, counts }: Told): string | undefined => {
    if (counts !== undefined) {
      if (customer === undefined || rootOf(sql, customer) === undefined) return undefined;
      addActivity(room, customer, counts, 1, fact.at);
      return customer;
    }
    const known = customer !== undefined && rootOf(sql, customer) !== undefined;
    const news = known && !fact.subject.startsWith('customer:') && link(fact.subject, customer, fact.at);
    const of = fact.subject.startsWith('customer:') ? customer : linked(fact.subject);
    if (of === undefined || rootOf(sql, of) === undefined) return undefined;
    if (shown) insert(fact, of);
    if (contact) sql.run('update customers set last_contact_at = max(coalesce(last_contact_at, 0), ?), last_agent = coalesce(?, last_agent) where id = ?', fact.at, agent ?? null, of);
    const met = agent !== undefined && sql.run('insert or ignore into customer_agents (customer, agent, at) values (?, ?, ?)', of, agent, fact.at) > 0;
    return news || met ? of : undefined;
  };
  return {
    timeline(id, limit, cursor, subject) {
      const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : seqIn(cursor);
      const rows = sql.all<CustomerTimelineTable>(
        `select * from customer_timeline where customer in (select id from customers where root = ?) and seq < ? ${subject === undefined ? '' : 'and subject = ?'} order by seq desc limit ?`,
        room.row(id).id, before, ...(subject === undefined ? [] : [subject]), limit + 1,
      );
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      return { items: items.map(row), nextCursor: rows.length > limit && last ? Buffer.from(`seq:${last.seq}`).toString('base64url') : undefined };
    },
    ofSubject(subject) {
      const customer = linked(subject);
      return customer === undefined ? undefined : (rootOf(sql, customer) as CustomerId | undefined);
    },
    identify(call, customer, how, who) {
      const { id } = room.row(customer);
      const subject = `call:${call}` as const;
      publish([{ type: 'call.customer_identified', subject, data: { customer: id, how, ...(who ? { by: who.by } : {}) } }], () => void link(subject, id, room.now()));
      if (room.rules().windows || room.rules().daily) refresh(room, id);
    },
    reached: () => Number(meta.get(REACHED) ?? 0),
    take(facts, reached) {
      publish([], () => {
        const touched = new Set(facts.map(takeOne).filter((id) => id !== undefined).map((id) => rootOf(sql, id) ?? id));
        for (const root of touched) {
          sql.run('update customers set tags_due = 0 where id = ?', root);
          room.reindex(root);
        }
        meta.set(REACHED, String(reached));
      });
    },
  };
}

/** Its sums are other ones: tags by rule are computed before they are looked at again. */
function refresh(room: Room, root: string): void {
  room.sql.run('update customers set tags_due = 0 where id = ?', root);
}

const row = ({ seq, at, type, subject, data }: CustomerTimelineTable): TimelineRow => ({ seq, at, type, subject, channel: subject.split(':', 1)[0] ?? subject, data: JSON.parse(data) as Record<string, unknown> });

function seqIn(cursor: string): number {
  const match = /^seq:(\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (!match) throw new BadCursor();
  return Number(match[1]);
}
