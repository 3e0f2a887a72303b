import type { NewFact } from '../../events/index.js';
import { createMarks, type ErasedWhy } from '../erasing/index.js';
import { system, type Actor } from './actor.js';
import { fact } from './draft.js';
import { NoSuchTicket, NotKept, TicketHeld } from './errors.js';
import { seen } from './gate.js';
import type { TicketDeps } from './ports.js';
import type { Rows } from './rows.js';
import type { TicketType } from './setup.js';
import type { Ticket } from './types.js';

/** Tickets whose words have to go, and those that must not. */
export interface Erase {
  /** What is written in it stays, whoever removes the customer. @throws NoSuchTicket, NotKept */
  hold(id: string, why: string, actor: Actor): Ticket;
  /** @throws NoSuchTicket, NotKept */
  release(id: string, actor: Actor): Ticket;
  /**
   * Subject, text, comments, requester, files, mails and fields with words are gone for good and the customer is nobody; type, state, dates, numbers, choices, tags,
   * promises and the history of who did what when stay. Twice is once. @throws NoSuchTicket, TicketHeld, NotKept
   */
  erase(id: string, by: string, why: ErasedWhy): void;
  /** Written for this customer and not on hold. */
  ofCustomer(customer: string, limit: number): readonly string[];
  /** Whether a hold keeps something of this customer. */
  keepsOf(customer: string): boolean;
}

/** Stands where a subject has to. */
const NOTHING = { 'zh-CN': '（已删除）', en: '(removed)' } as const;
const COLUMNS: ReadonlySet<string> = new Set(['subject', 'text', 'customer', 'requester', 'place']);
/** What facts tell of somebody besides IDs: addresses, the words of a mail server about one, the words of a hold. */
const PERSONAL = { 'mail.failed': { '$.why': '""' }, 'ticket.held': { '$.reason': '""' }, 'ticket.watched': { '$.watcher': '""' }, 'ticket.notified': { '$.to': '""' }, 'ticket.notice_failed': { '$.to': '""' }, 'ticket.linked': { '$.target': '""' }, 'ticket.unlinked': { '$.target': '""' } } as const;

export function createErase({ store, events, setup, files, now }: Pick<TicketDeps, 'store' | 'events' | 'setup' | 'files' | 'now'>, rows: Rows): Erase {
  const marks = createMarks(store);
  const publish = (told: NewFact, write: () => void): void => {
    if (!events.publishAll([told], write)) throw new NotKept();
  };
  return {
    hold(id, why, actor) {
      const next: Ticket = { ...seen(rows, id, actor), hold: { at: now(), by: actor.by, why } };
      publish(fact({ next, actor }, 'ticket.held', { on: true, reason: why }), () => marks.hold(`ticket:${id}`, { at: now(), by: actor.by, why }));
      return next;
    },
    release(id, actor) {
      const next: Ticket = { ...seen(rows, id, actor), hold: null };
      publish(fact({ next, actor }, 'ticket.held', { on: false }), () => marks.release(`ticket:${id}`));
      return next;
    },
    erase(id, by, why) {
      const before = rows.get(id);
      if (!before) throw new NoSuchTicket(id);
      if (before.hold !== null) throw new TicketHeld(before.hold.by, before.hold.why);
      if (before.erased !== null) return;
      const worded = wordedIn(setup().types.find((t) => t.name === before.type));
      // Files first: cut off in between, the rest is found again.
      for (const file of files.of(`ticket:${id}`)) files.remove(file.id);
      const next: Ticket = {
        ...before, subject: NOTHING[before.language], text: '', customer: null, filedUnder: null, requester: { name: null, email: null, phone: null }, place: null, fields: Object.fromEntries(Object.entries(before.fields).filter(([name]) => !worded(name))),
        updatedAt: now(), version: before.version + 1,
      };
      publish(fact({ next, actor: system(by) }, 'ticket.erased', { why }), () => {
        rows.update(next);
        rows.wipe(id, (field) => COLUMNS.has(field) || (field.startsWith('fields.') && worded(field.slice('fields.'.length))));
        marks.erased(`ticket:${id}`, { at: now(), by, why });
        marks.strike(`ticket:${id}`, PERSONAL);
        marks.dropMails(`ticket:${id}`);
      });
    },
    ofCustomer: (customer, limit) => rows.filedUnder(customer, false, limit),
    keepsOf: (customer) => rows.filedUnder(customer, true, 1).length > 0,
  };
}

/** Whether a field may hold words of somebody: those that the type does not know any more too, for nobody can say what is in them. */
const wordedIn = (type: TicketType | undefined) => (name: string): boolean => {
  const kind = type?.fields.find((f) => f.name === name)?.kind;
  return kind === undefined || kind === 'text' || kind === 'order' || kind === 'place';
};
