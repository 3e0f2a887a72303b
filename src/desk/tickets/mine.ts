import type { Actor } from './actor.js';
import { NoSuchTicket } from './errors.js';
import { visibleFields } from './fields.js';
import type { Reader } from './page-links.js';
import type { TicketDeps, TicketFile } from './ports.js';
import type { Rows } from './rows.js';
import type { Talk } from './talk.js';
import type { Comment, Ticket } from './types.js';

/** A customer's own look at his tickets, by a signed link. */
export interface Mine {
  /** Newest first, at most a hundred; those merged into another are left out. */
  list(reader: Reader): Ticket[];
  /** With the fields customers see. @throws NoSuchTicket where it is not his */
  get(reader: Reader, id: string): Ticket;
  comments(ticket: Ticket): Comment[];
  files(ticket: Ticket): ReadonlyMap<string | null, readonly TicketFile[]>;
  /** @throws NoSuchTicket, TicketMerged, TicketRefused, NotKept */
  say(reader: Reader, id: string, text: string, files: readonly string[]): { readonly ticket: Ticket; readonly comment: Comment };
  /** As what this reader sends is signed: nobody else can attach it. */
  sender(reader: Reader): string;
}

const MOST = 100;

export function createMine({ customers, setup }: TicketDeps, rows: Rows, talk: Pick<Talk, 'say' | 'comments' | 'files'>): Mine {
  const actorFor = ({ requester }: Ticket): Actor => ({ by: 'customer', name: requester.name ?? requester.email ?? requester.phone ?? 'customer', roles: ['customer'], teams: [], names: [], scope: 'all' });
  const sender = ({ of, id }: Reader): string => `customer:${of}:${id}`;
  const get = ({ of, id: own }: Reader, id: string): Ticket => {
    const ticket = rows.get(id);
    const theirs = ticket && { ticket: () => id === own, email: () => ticket.requester.email === own, customer: () => ticket.customer !== null && customers.canonical(ticket.customer) === customers.canonical(own) }[of]();
    if (!ticket || theirs !== true) throw new NoSuchTicket(id);
    return { ...ticket, fields: visibleFields(setup().types.find((t) => t.name === ticket.type), ticket.fields, actorFor(ticket)) };
  };
  return {
    get, sender,
    list(reader) {
      if (reader.of === 'ticket') return [rows.get(reader.id) ?? []].flat();
      return reader.of === 'email' ? rows.askedBy(reader.id, MOST) : rows.ofCustomer(reader.id, MOST);
    },
    comments: (ticket) => talk.comments(ticket, actorFor(ticket)),
    files: (ticket) => talk.files(ticket, actorFor(ticket)),
    say(reader, id, text, files) {
      const ticket = get(reader, id);
      return talk.say(ticket.id, { text, visibility: 'public', files: { ids: files, by: sender(reader) } }, actorFor(ticket));
    },
  };
}
