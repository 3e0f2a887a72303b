import { newId, type CustomerConsentTable, type CustomerNoteTable } from '../../store/index.js';
import { NoSuchNote } from './errors.js';
import { pageBefore } from './paging.js';
import type { Room } from './service.js';
import type { By, ConsentOrder, ConsentView, CustomerView, NoteView, Page, VerifyOrder } from './types.js';
import { consent } from './view.js';

/** What is said and known of a customer besides its fields. */
export interface Details {
  /** Newest first. @throws NoSuchCustomer, BadCursor */
  notes(id: string, limit: number, cursor?: string): Page<NoteView>;
  /** @throws NoSuchCustomer, StoreError */
  addNote(id: string, text: string, about: string | undefined, who: By): NoteView;
  /** @throws NoSuchCustomer, NoSuchNote, StoreError */
  removeNote(id: string, note: string, who: By): void;
  /** By hand; rules have their own. @throws NoSuchCustomer, StoreError */
  tag(id: string, tag: string, who: By): CustomerView;
  untag(id: string, tag: string, who: By): CustomerView;
  /** @throws NoSuchCustomer, StoreError */
  setConsent(id: string, order: ConsentOrder, who: By): CustomerView;
  /** Every one that was given or withdrawn, newest first. @throws NoSuchCustomer, BadCursor */
  consents(id: string, limit: number, cursor?: string): Page<ConsentView>;
  /** Whether he may be reached there for that: `undefined` where he was never asked. @throws NoSuchCustomer */
  mayContact(id: string, channel: string, purpose: string): boolean | undefined;
  /** He has proven who he is, on whatever channel; it holds on all. @throws NoSuchCustomer, StoreError */
  verify(id: string, order: VerifyOrder, who: By): CustomerView;
  unverify(id: string, who: By): CustomerView;
  /** Orders, spending, pages: sums that rules look at. @throws NoSuchCustomer, StoreError */
  count(id: string, kind: string, amount: number, who: By, at?: number): CustomerView;
}

const OF = 'customer in (select id from customers where root = ?)';
const note = ({ id, text, about, customer, at, by }: CustomerNoteTable): NoteView => ({ id, text, about, from: customer, at, by });

export function createDetails(room: Room): Details {
  const { sql } = room;
  const shown = (id: string): CustomerView => {
    const view = room.view(id);
    if (!view) throw new Error(`customer ${id} went away while it was changed`);
    return view;
  };
  return {
    notes(id, limit, cursor) {
      const { rows, nextCursor } = pageBefore<CustomerNoteTable>(sql, `select * from customer_notes where ${OF}`, [room.row(id).id], limit, cursor);
      return { items: rows.map(note), nextCursor };
    },
    addNote(id, text, about, who) {
      const { id: customer } = room.row(id);
      const row: CustomerNoteTable = { id: newId('note', room.now()), customer, text, about: about ?? null, at: room.now(), by: who.by };
      room.change([customer], [{ type: 'customer.note_added', subject: `customer:${customer}`, data: { customer, note: row.id, by: who.by } }], () =>
        void sql.run('insert into customer_notes (id, customer, text, about, at, by) values (?, ?, ?, ?, ?, ?)', row.id, row.customer, row.text, row.about, row.at, row.by));
      return note(row);
    },
    removeNote(id, which, who) {
      const { id: customer } = room.row(id);
      const found = sql.one<CustomerNoteTable>(`select * from customer_notes where ${OF} and id = ?`, customer, which);
      if (!found) throw new NoSuchNote(which);
      room.change([customer], [{ type: 'customer.note_removed', subject: `customer:${customer}`, data: { customer, note: which, by: who.by } }], () => void sql.run('delete from customer_notes where id = ?', which));
    },
    tag(id, tag, who) {
      const { id: customer } = room.row(id);
      if (shown(customer).tags.some((t) => t.tag === tag && t.how === 'hand')) return shown(customer);
      room.change([customer], [{ type: 'customer.tags_changed', subject: `customer:${customer}`, data: { customer, added: tag, removed: '', by: who.by } }], () => {
        sql.run(`delete from customer_tags where customer = ? and tag = ? and how = 'removed'`, customer, tag);
        sql.run(`insert or ignore into customer_tags (customer, tag, how, at, by) values (?, ?, 'hand', ?, ?)`, customer, tag, room.now(), who.by);
      });
      return shown(customer);
    },
    untag(id, tag, who) {
      const { id: customer, root } = room.row(id);
      if (!shown(customer).tags.some((t) => t.tag === tag && t.how === 'hand')) return shown(customer);
      room.change([customer], [{ type: 'customer.tags_changed', subject: `customer:${customer}`, data: { customer, added: '', removed: tag, by: who.by } }], () => {
        sql.run(`delete from customer_tags where customer = ? and tag = ? and how = 'hand'`, customer, tag);
        const left = sql.one(`select 1 from customer_tags where how = 'hand' and tag = ? and ${OF}`, tag, root);
        if (left) sql.run(`insert or ignore into customer_tags (customer, tag, how, at, by) values (?, ?, 'removed', ?, ?)`, customer, tag, room.now(), who.by);
      });
      return shown(customer);
    },
    setConsent(id, { channel, purpose, granted, how, until }, who) {
      const { id: customer } = room.row(id);
      const consentId = newId('cons', room.now());
      room.change([customer], [{ type: 'customer.consent_changed', subject: `customer:${customer}`, data: { customer, consent: consentId, channel, purpose, granted, by: who.by } }], () =>
        void sql.run('insert into customer_consents (id, customer, channel, purpose, granted, how, until, at, by) values (?, ?, ?, ?, ?, ?, ?, ?, ?)', consentId, customer, channel, purpose, granted ? 1 : 0, how, until ?? null, room.now(), who.by));
      return shown(customer);
    },
    consents(id, limit, cursor) {
      const { rows, nextCursor } = pageBefore<CustomerConsentTable>(sql, `select * from customer_consents where ${OF}`, [room.row(id).id], limit, cursor);
      return { items: rows.map(consent), nextCursor };
    },
    mayContact: (id, channel, purpose) => shown(room.row(id).id).consents.find((c) => c.channel === channel && c.purpose === purpose)?.granted,
    verify(id, { how, forMs }, who) {
      const { id: customer } = room.row(id);
      const { verified_seconds, verified_max_seconds } = room.form();
      const at = room.now();
      const until = at + Math.min(forMs ?? verified_seconds, verified_max_seconds);
      room.change([customer], [{ type: 'customer.verified', subject: `customer:${customer}`, data: { customer, until, how, by: who.by } }], () =>
        void sql.run('update customers set verified_until = ?, verified_at = ?, verified_how = ?, verified_by = ? where id = ?', until, at, how, who.by, customer));
      return shown(customer);
    },
    unverify(id, who) {
      const { id: customer } = room.row(id);
      room.change([customer], [{ type: 'customer.unverified', subject: `customer:${customer}`, data: { customer, by: who.by } }], () => void sql.run('update customers set verified_until = null where id = ?', customer));
      return shown(customer);
    },
    count(id, kind, amount, who, at = room.now()) {
      const { id: customer } = room.row(id);
      room.change([customer], [{ type: 'customer.changed', subject: `customer:${customer}`, data: { customer, fields: `activity.${kind}`, by: who.by } }], () => addActivity(room, customer, kind, amount, at));
      return shown(customer);
    },
  };
}

export function addActivity({ sql, days }: Room, customer: string, kind: string, amount: number, at: number): void {
  sql.run('insert into customer_activity (customer, kind, day, amount) values (?, ?, ?, ?) on conflict do update set amount = amount + excluded.amount', customer, kind, days.dayOf(at), amount);
}
