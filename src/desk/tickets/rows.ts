import { CompiledQuery, sql } from 'kysely';
import { MARK_COLUMNS, toMarks, type MarkColumns } from '../erasing/index.js';
import { countsAs, standsFor, type Store } from '../../store/index.js';
import type { Database } from '../../store/index.js';
import type { SlaState } from './sla/index.js';
import type { Change, Comment, Fields, Link, LinkKind, Ticket, View } from './types.js';
import { indexWords } from '../../base/index.js';

/** Rows of a ticket in the index of words: its own from number × this on, then one for each comment. */
export const SPAN = 2 ** 20;

/** Cast, for a number of ours comes to SQLite as one with a fraction, which FTS5 takes for no bound at all. */
const THEIRS = `rowid >= cast(? as integer) * ${SPAN} and rowid < (cast(? as integer) + 1) * ${SPAN}`;

type Row = Database['tickets'];
/** With the customer as he counts now. */
export type TicketRow = Row & MarkColumns & { readonly root: string | null };
export const ticketsOf = (db: Store['db']) => db.selectFrom('tickets').leftJoin('desk_marks', (j) => j.on('desk_marks.about', '=', sql<string>`'ticket:' || tickets.id`)).selectAll('tickets').select(MARK_COLUMNS).select(standsFor('tickets.customer').as('root'));

export const toTicket = (r: TicketRow): Ticket => ({
  id: r.id, number: r.number, type: r.type, state: r.state, kind: r.kind, priority: r.priority, subject: r.subject, text: r.text, fields: JSON.parse(r.fields) as Fields,
  tags: JSON.parse(r.tags) as string[], channel: r.channel, customer: r.root ?? r.customer, filedUnder: r.customer, requester: { name: r.requester_name, email: r.requester_email, phone: r.requester_phone },
  language: r.language, place: r.place, team: r.team, assignee: r.assignee, parent: r.parent, mergedInto: r.merged_into, sla: r.sla, calendar: r.calendar,
  clocks: JSON.parse(r.clocks) as SlaState, lookAt: r.look_at, dueAt: r.due_at, breached: r.breached === 1, createdAt: r.created_at, createdBy: r.created_by,
  updatedAt: r.updated_at, resolvedAt: r.resolved_at, version: r.version, ...toMarks(r),
});
export const toRow = (t: Ticket): Row => ({
  id: t.id, number: t.number, type: t.type, state: t.state, kind: t.kind, priority: t.priority, subject: t.subject, text: t.text, fields: JSON.stringify(t.fields),
  tags: JSON.stringify(t.tags), channel: t.channel, customer: t.filedUnder, requester_name: t.requester.name, requester_email: t.requester.email, requester_phone: t.requester.phone,
  language: t.language, place: t.place, team: t.team, assignee: t.assignee, parent: t.parent, merged_into: t.mergedInto, sla: t.sla, calendar: t.calendar,
  clocks: JSON.stringify(t.clocks), look_at: t.lookAt, due_at: t.dueAt, breached: t.breached ? 1 : 0, created_at: t.createdAt, created_by: t.createdBy,
  updated_at: t.updatedAt, resolved_at: t.resolvedAt, version: t.version,
});

/** The tables of tickets, by key; lists of many tickets are asked for in `finder.ts`. */
export function createRows(store: Store) {
  const { db } = store;
  const newest = (limit: number) => ticketsOf(db).where('merged_into', 'is', null).orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit);
  const one = <T>(rows: readonly T[]): T | undefined => rows[0];
  const change = (text: string, ...values: (string | number | null)[]): void => void store.change({ compile: () => CompiledQuery.raw(text, values) });
  const numberOf = (id: string): number => one(store.run(db.selectFrom('tickets').select('number').where('id', '=', id)))?.number ?? 0;
  const forget = (number: number): void => change(`delete from ticket_words where ${THEIRS}`, number, number);
  /** With who asks in a column of its own, for those who may not see it find nothing by it. */
  const index = ({ number, subject, text, place, tags, fields, requester: { name, email, phone } }: Ticket): void => {
    const thing = [number, subject, text, place, ...tags, ...Object.values(fields)].filter((part) => part !== null);
    const asker = [name, email, phone].filter((part) => part !== null);
    change(`insert or replace into ticket_words (rowid, thing, asker) values (cast(? as integer) * ${SPAN}, ?, ?)`, number, indexWords(thing.join('\n')), indexWords(asker.join('\n')));
  };
  const indexComment = (number: number, text: string): void =>
    change(`insert into ticket_words (rowid, thing) select coalesce(max(rowid), cast(? as integer) * ${SPAN}) + 1, ? from ticket_words where ${THEIRS}`, number, indexWords(text), number, number);
  /** All of a ticket that is not erased. */
  const reindex = (number: number): void => {
    const row = one(store.run(ticketsOf(db).where('number', '=', number)));
    forget(number);
    if (!row || row.erased_at !== null) return;
    index(toTicket(row));
    for (const { text } of store.run(db.selectFrom('ticket_comments').select('text').where('ticket', '=', row.id).orderBy('at').orderBy(sql`rowid`))) indexComment(number, text);
  };
  return {
    get(id: string): Ticket | undefined {
      const row = one(store.run(ticketsOf(db).where('id', '=', id)));
      return row && toTicket(row);
    },
    byNumber(number: number): Ticket | undefined {
      const row = one(store.run(ticketsOf(db).where('number', '=', number)));
      return row && toTicket(row);
    },
    /** A number that no ticket ever had. */
    number(ticket: string): number {
      const first = one(store.run(db.selectFrom('ticket_numbers').select('number').limit(1))) === undefined;
      store.change(db.insertInto('ticket_numbers').values(first ? { number: 1001, ticket } : { ticket }));
      return one(store.run(db.selectFrom('ticket_numbers').select('number').where('ticket', '=', ticket)))?.number ?? 0;
    },
    insert: (t: Ticket): void => void store.change(db.insertInto('tickets').values(toRow(t))),
    update: (t: Ticket): void => void store.change(db.updateTable('tickets').set(toRow(t)).where('id', '=', t.id)),
    tags(ticket: string, tags: readonly string[]): void {
      store.change(db.deleteFrom('ticket_tags').where('ticket', '=', ticket));
      for (const tag of tags) store.change(db.insertInto('ticket_tags').values({ ticket, tag }));
    },
    index, reindex,
    comment(c: Comment): void {
      store.change(db.insertInto('ticket_comments').values({ id: c.id, ticket: c.ticket, at: c.at, by: c.by, by_name: c.byName, visibility: c.visibility, text: c.text }));
      indexComment(numberOf(c.ticket), c.text);
    },
    comments: (ticket: string): Comment[] =>
      store.run(db.selectFrom('ticket_comments').selectAll().where('ticket', '=', ticket).orderBy('at').orderBy(sql`rowid`)).map(({ by_name: byName, ...c }) => ({ ...c, byName })),
    /** Who wrote as this worker is nobody by name from now on. */
    forgetName: (worker: string): void => void store.change(db.updateTable('ticket_comments').set({ by_name: '' }).where('by', '=', worker).where(sql<boolean>`by glob 'worker:*'`)),
    moveComments(ids: readonly string[], from: string, to: string): void {
      store.change(db.updateTable('ticket_comments').set({ ticket: to }).where('id', 'in', ids).where('ticket', '=', from));
      store.change(db.updateTable('ticket_files').set({ ticket: to }).where('comment', 'in', ids).where('ticket', '=', from));
      for (const ticket of [from, to]) reindex(numberOf(ticket));
    },
    attach: (ticket: string, comment: string | null, file: string, at: number): void => void store.change(db.insertInto('ticket_files').values({ file, ticket, comment, at }).onConflict((c) => c.doNothing())),
    /** Its files in the order of sending, each with its comment. */
    files: (ticket: string): { readonly file: string; readonly comment: string | null }[] => store.run(db.selectFrom('ticket_files').select(['file', 'comment']).where('ticket', '=', ticket).orderBy('at').orderBy('file')),
    fileOwner: (file: string) => one(store.run(db.selectFrom('ticket_files').select(['ticket', 'comment']).where('file', '=', file))),
    commentOf: (id: string): Pick<Comment, 'visibility' | 'by'> | undefined => one(store.run(db.selectFrom('ticket_comments').select(['visibility', 'by']).where('id', '=', id))),
    wait: (ticket: string, queue: string, contact: string, at: number): void =>
      void store.change(db.insertInto('ticket_waits').values({ ticket, queue, contact, at }).onConflict((c) => c.column('ticket').doUpdateSet({ queue, contact, at }))),
    unwait: (ticket: string): number => store.change(db.deleteFrom('ticket_waits').where('ticket', '=', ticket)),
    waits: (): Wait[] => store.run(db.selectFrom('ticket_waits').selectAll().orderBy('at').orderBy('ticket')),
    waitOf: (ticket: string): Wait | undefined => one(store.run(db.selectFrom('ticket_waits').selectAll().where('ticket', '=', ticket))),
    waitBy: (contact: string): Wait | undefined => one(store.run(db.selectFrom('ticket_waits').selectAll().where('contact', '=', contact))),
    link: (ticket: string, l: Link): void =>
      void store.change(db.insertInto('ticket_links').values({ ticket, ...l }).onConflict((c) => c.doNothing())),
    unlink: (ticket: string, kind: LinkKind, target: string): number =>
      store.change(db.deleteFrom('ticket_links').where('ticket', '=', ticket).where('kind', '=', kind).where('target', '=', target)),
    links: (ticket: string): Link[] => store.run(db.selectFrom('ticket_links').select(['kind', 'target', 'at', 'by']).where('ticket', '=', ticket).orderBy('at')).map((l) => ({ ...l, kind: l.kind as LinkKind })),
    linked: (kind: LinkKind, target: string): string[] => store.run(db.selectFrom('ticket_links').select('ticket').where('kind', '=', kind).where('target', '=', target).limit(100)).map((l) => l.ticket),
    watch: (ticket: string, watcher: string, at: number): void => void store.change(db.insertInto('ticket_watchers').values({ ticket, watcher, at }).onConflict((c) => c.doNothing())),
    unwatch: (ticket: string, watcher: string): number => store.change(db.deleteFrom('ticket_watchers').where('ticket', '=', ticket).where('watcher', '=', watcher)),
    watchers: (ticket: string): string[] => store.run(db.selectFrom('ticket_watchers').select('watcher').where('ticket', '=', ticket).orderBy('at')).map((w) => w.watcher),
    children: (parent: string): Ticket[] => store.run(ticketsOf(db).where('parent', '=', parent).orderBy('created_at').limit(1_000)).map(toTicket),
    /** Newest first; without those merged into another. */
    askedBy: (email: string, limit: number): Ticket[] => store.run(newest(limit).where('requester_email', '=', email)).map(toTicket),
    ofCustomer: (id: string, limit: number): Ticket[] => store.run(newest(limit).where('customer', 'in', countsAs(id))).map(toTicket),
    /** What is to be done, the oldest first, and then what was resolved since; as many of each at most. */
    assignedTo: (assignee: string, since: number, limit: number): Ticket[] => {
      const theirs = ticketsOf(db).where('assignee', '=', assignee).where('merged_into', 'is', null).limit(limit);
      return [...store.run(theirs.where('kind', 'in', ['open', 'waiting']).orderBy('number')), ...store.run(theirs.where('kind', 'in', ['resolved', 'closed']).where('resolved_at', '>', since).orderBy('number', 'desc'))].map(toTicket);
    },
    /** Written for this customer, on hold or not. */
    filedUnder: (customer: string, held: boolean, limit: number): string[] => store.run(ticketsOf(db).where('customer', '=', customer).where('held_at', held ? 'is not' : 'is', null).limit(limit)).map(({ id }) => id),
    /** Of those erased: words, addresses and what leads to somebody; who did what when stays. `goes`: which fields go from the history. */
    wipe(id: string, goes: (field: string) => boolean): void {
      forget(numberOf(id));
      store.change(db.updateTable('ticket_comments').set({ text: '' }).where('ticket', '=', id));
      store.change(db.updateTable('ticket_comments').set({ by_name: '' }).where('ticket', '=', id).where('by', '=', 'customer'));
      for (const { field } of store.run(db.selectFrom('ticket_history').select('field').distinct().where('ticket', '=', id)))
        if (goes(field)) store.change(db.updateTable('ticket_history').set({ before: null, after: null }).where('ticket', '=', id).where('field', '=', field));
      store.change(db.deleteFrom('ticket_links').where('ticket', '=', id).where('kind', 'in', ['order', 'url']));
      store.change(db.deleteFrom('ticket_watchers').where('ticket', '=', id).where('watcher', 'like', '%@%'));
      store.change(db.deleteFrom('ticket_files').where('ticket', '=', id));
    },
    mergedInto: (into: string): string[] => store.run(db.selectFrom('tickets').select('id').where('merged_into', '=', into)).map((t) => t.id),
    changed(ticket: string, { at, by, field, before, after }: Change): void {
      const text = (value: unknown): string | null => (value === null || value === undefined ? null : JSON.stringify(value));
      store.change(db.insertInto('ticket_history').values({ ticket, at, by, field, before: text(before), after: text(after) }));
    },
    history: (ticket: string): Change[] =>
      store.run(db.selectFrom('ticket_history').selectAll().where('ticket', '=', ticket).orderBy('seq').limit(10_000)).map(({ at, by, field, before, after }) =>
        ({ at, by, field, before: before === null ? null : (JSON.parse(before) as unknown), after: after === null ? null : (JSON.parse(after) as unknown) })),
    /** Tickets whose clocks want to be looked at. */
    due: (now: number, limit: number): Ticket[] => store.run(ticketsOf(db).where('look_at', '<=', now).orderBy('look_at').limit(limit)).map(toTicket),
    nextLook: (): number | undefined => one(store.run(db.selectFrom('tickets').select('look_at').where('look_at', 'is not', null).orderBy('look_at').limit(1)))?.look_at ?? undefined,
    /** How many tickets that are not resolved each of these has. */
    loads: (assignees: readonly string[]): ReadonlyMap<string, number> =>
      new Map(assignees.map((assignee) => [assignee, one(store.run(db.selectFrom('tickets').select((e) => e.fn.countAll<number>().as('n')).where('assignee', '=', assignee).where('kind', 'in', ['open', 'waiting']).where('merged_into', 'is', null)))?.n ?? 0])),
    /** Those not settled, by ID, for a look at each of them in portions. */
    openAfter: (id: string, limit: number): Ticket[] =>
      store.run(ticketsOf(db).where('id', '>', id).where('kind', 'in', ['open', 'waiting']).where('merged_into', 'is', null).orderBy('id').limit(limit)).map(toTicket),
    view: (id: string): View | undefined => one(store.run(db.selectFrom('ticket_views').selectAll().where('id', '=', id)).map(toView)),
    views: (): View[] => store.run(db.selectFrom('ticket_views').selectAll().orderBy('created_at', 'desc').limit(1_000)).map(toView),
    saveView: (v: View, at: number): void => {
      const row = { id: v.id, name: v.name, owner: v.owner, team: v.team, filter: JSON.stringify(v.filter), created_at: at, version: v.version };
      store.change(db.insertInto('ticket_views').values(row).onConflict((c) => c.column('id').doUpdateSet({ name: v.name, team: v.team, filter: row.filter, version: v.version })));
    },
    dropView: (id: string): number => store.change(db.deleteFrom('ticket_views').where('id', '=', id)),
    transaction: <T>(work: () => T): T => store.transaction(work),
  };
}
/** A ticket in a queue, as the contact it is there. */
export interface Wait {
  readonly ticket: string;
  readonly queue: string;
  readonly contact: string;
  readonly at: number;
}
export type Rows = ReturnType<typeof createRows>;

const toView = (v: Database['ticket_views']): View => ({ id: v.id, name: v.name, owner: v.owner, team: v.team, filter: JSON.parse(v.filter) as View['filter'], version: v.version });
