import type { Actor } from './actor.js';
import type { Changing } from './change.js';
import { NoSuchTicket } from './errors.js';
import { visibleFields } from './fields.js';
import type { TicketDeps, TicketFile } from './ports.js';
import type { Rows } from './rows.js';
import { asWorker, type Worker } from './setup.js';
import type { Talk } from './talk.js';
import type { Comment, Ticket, Visibility } from './types.js';

/** What an outlet or a technician outside of the house does to the tickets assigned to him, by a signed link. */
export interface FieldWork {
  /** Undefined: tickets.yaml names him no more, and his links open nothing. */
  worker(name: string): Worker | undefined;
  /** Those to be done first, the oldest first; then what was resolved in the last thirty days. At most two hundred of each. */
  list(worker: Worker): Ticket[];
  /** With the fields workers see. @throws NoSuchTicket where it is not assigned to him (any more) */
  get(worker: Worker, id: string): Ticket;
  /** Where he may bring it. */
  moves(worker: Worker, ticket: Ticket): string[];
  /** @throws NoSuchTicket, NoSuchTransition, TicketMerged, TicketRefused, NotKept */
  move(worker: Worker, id: string, to: string): Ticket;
  /** What is public, and what he said himself. */
  comments(worker: Worker, ticket: Ticket): Comment[];
  files(worker: Worker, ticket: Ticket): ReadonlyMap<string | null, readonly TicketFile[]>;
  /** @throws NoSuchTicket, TicketMerged, TicketRefused, NotKept */
  say(worker: Worker, id: string, said: { readonly text: string; readonly visibility: Visibility; readonly files: readonly string[] }): { readonly ticket: Ticket; readonly comment: Comment };
  /** As what he sends is signed: nobody else can attach it. */
  sender(worker: Worker): string;
}

const MOST = 200;
const DONE_MS = 30 * 86_400_000;

export function createFieldWork({ setup, now }: Pick<TicketDeps, 'setup' | 'now'>, rows: Pick<Rows, 'get' | 'assignedTo'>, talk: Pick<Talk, 'say' | 'comments' | 'files'>, changing: Pick<Changing, 'move' | 'moves'>): FieldWork {
  const actorOf = ({ name, label, language }: Worker): Actor => ({ by: asWorker(name), name: label[language], roles: ['worker'], teams: [], names: [asWorker(name)], scope: 'own' });
  const sender = ({ name }: Worker): string => asWorker(name);
  const get = (worker: Worker, id: string): Ticket => {
    const ticket = rows.get(id);
    if (!ticket || ticket.assignee !== asWorker(worker.name) || ticket.mergedInto !== null) throw new NoSuchTicket(id);
    return { ...ticket, fields: visibleFields(setup().types.find((t) => t.name === ticket.type), ticket.fields, actorOf(worker)) };
  };
  return {
    get, sender,
    worker: (name) => setup().workers.find((one) => one.name === name),
    list: (worker) => rows.assignedTo(asWorker(worker.name), now() - DONE_MS, MOST),
    moves: (worker, ticket) => changing.moves(ticket, actorOf(worker)),
    move: (worker, id, to) => changing.move(get(worker, id).id, to, actorOf(worker), undefined),
    comments: (worker, ticket) => talk.comments(ticket, actorOf(worker)),
    files: (worker, ticket) => talk.files(ticket, actorOf(worker)),
    say: (worker, id, { text, visibility, files }) => talk.say(get(worker, id).id, { text, visibility, files: { ids: files, by: sender(worker) } }, actorOf(worker)),
  };
}
