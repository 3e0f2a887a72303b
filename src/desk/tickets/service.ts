import { indexDue, newId, type Due } from '../../store/index.js';
import { reaches, type Actor } from './actor.js';
import { createChanging, type Changing } from './change.js';
import { createMaking, type Making } from './create.js';
import { createDeadlines } from './deadlines.js';
import { createErase, type Erase } from './erase.js';
import { createCommit, draftOf, fact } from './draft.js';
import { NoSuchThing, NoSuchTicket, NotAllowed, TicketStale } from './errors.js';
import { visibleFields } from './fields.js';
import { changeable, fault, refuseIf, seen } from './gate.js';
import { createMacros, type Macros } from './macros.js';
import { createFieldWork, type FieldWork } from './field-work.js';
import { createMine, type Mine } from './mine.js';
import { createPageLinks, type PageLinks } from './page-links.js';
import type { TicketDeps } from './ports.js';
import { createRelations, type Relations } from './relations.js';
import { createRows, type Wait } from './rows.js';
import { findTickets } from './search/query.js';
import { createTalk, type Talk } from './talk.js';
import { createWorkersGone, type WorkersGone } from './workers-gone.js';
import type { Change, Link, LinkKind, NewTicket, Ticket, TicketFilter, TicketPage, TicketPatch, View } from './types.js';

export interface Waits {
  all(): readonly Wait[];
  of(ticket: string): Wait | undefined;
  by(contact: string): Wait | undefined;
  over(ticket: string): void;
}
type PageOf<T> = { readonly items: readonly T[]; readonly nextCursor: string | undefined };
export interface TicketDesk extends Omit<Making, 'draft'>, Pick<Changing, 'patch' | 'move' | 'moves'>, Omit<Talk, 'sayIn'>, Relations, Erase, WorkersGone {
  readonly macros: Macros;
  /** With the fields that the actor may see. @throws NoSuchTicket */
  get(id: string, actor: Actor): Ticket;
  /** Whatever anybody may see of it: for the house's own machinery. */
  find(id: string): Ticket | undefined;
  byNumber(number: number, actor: Actor): Ticket;
  list(filter: TicketFilter, actor: Actor, page: TicketPage): Promise<PageOf<Ticket>>;
  links(ticket: Ticket): Link[];
  /** Tickets with a link to it, at most a hundred. */
  linkedTo(kind: LinkKind, target: string): string[];
  watchers(ticket: Ticket): string[];
  children(ticket: Ticket, actor: Actor): Ticket[];
  history(ticket: Ticket, actor: Actor): Change[];
  views(actor: Actor): View[];
  saveView(view: { readonly id?: string | undefined; readonly name: string; readonly team: string | null; readonly filter: TicketFilter }, actor: Actor, version: number | undefined): View;
  view(id: string, actor: Actor): View;
  dropView(id: string, actor: Actor): void;
  /** What of a ticket the actor may see. */
  visible(ticket: Ticket, actor: Actor): Ticket;
  /** Into a queue, where it waits for an agent; whoever has it now has it no longer. @throws NoSuchTicket, TicketMerged, TicketRefused */
  toQueue(id: string, queue: string, actor: Actor): Ticket;
  /** Tickets in queues: kept here, looked after by whoever carries them to agents. */
  readonly waits: Waits;
  /** From the least urgent on. */
  priorities(): string[];
  readonly pageLinks: Pick<PageLinks, 'sign' | 'open'>;
  readonly mine: Mine;
  readonly fieldWork: FieldWork;
  /** The set-up was read again. */
  review(): Promise<void>;
  start(): void;
  close(): Promise<void>;
}

/** Everything about tickets: one writer, each change committed before it is answered. */
export function createTickets(deps: TicketDeps): TicketDesk {
  const { store, setup, now, finder, log } = deps;
  let due: Due | undefined;
  const rows = createRows(store);
  const pageLinks = createPageLinks(deps);
  const written = createCommit(deps, rows, { ...deps, links: pageLinks });
  const commit: typeof written = (drafts) => {
    const done = written(drafts);
    deadlines.wake();
    return done;
  };
  const deadlines = createDeadlines(deps, rows, written);
  const making = createMaking(deps, rows, commit);
  const changing = createChanging(deps, rows, commit);
  const talk = createTalk(deps, rows, commit, changing);
  const relations = createRelations(deps, rows, commit, making);
  const macros = createMacros(deps, rows, commit, changing, talk);
  const typeNamed = (name: string) => setup().types.find((t) => t.name === name);
  const shown = (ticket: Ticket, actor: Actor): Ticket => ({ ...ticket, fields: visibleFields(typeNamed(ticket.type), ticket.fields, actor) });
  const viewFor = (id: string, actor: Actor): View => {
    const view = rows.view(id);
    if (!view || !(view.owner === actor.by || view.team === '*' || (view.team !== null && (actor.scope === 'all' || actor.teams.includes(view.team))))) throw new NoSuchThing(`there is no view "${id}" for you`, { hint: 'GET /v1/ticket-views lists them' });
    return view;
  };
  const ownView = (id: string, actor: Actor): View => {
    const view = viewFor(id, actor);
    if (view.owner !== actor.by && actor.scope !== 'all') throw new NotAllowed('this view is somebody else\'s', { hint: 'save it under another name' });
    return view;
  };
  return {
    ...changing, ...talk, ...relations, ...createErase(deps, rows), ...createWorkersGone(deps, rows), macros, visible: shown,
    create: (what: NewTicket, actor) => making.create(what, actor),
    patch: (id: string, patch: TicketPatch, actor, version) => changing.patch(id, patch, actor, version),
    get: (id, actor) => shown(seen(rows, id, actor), actor),
    find: (id) => rows.get(id),
    byNumber(number, actor) {
      const ticket = rows.byNumber(number);
      if (!ticket || !reaches(actor, ticket)) throw new NoSuchTicket(String(number));
      return shown(ticket, actor);
    },
    async list(filter, actor, wanted) {
      const { items, nextCursor } = await findTickets(finder, store.db, filter, actor, wanted);
      return { items: items.map((ticket) => shown(ticket, actor)), nextCursor };
    },
    links: (ticket) => rows.links(ticket.id),
    linkedTo: (kind, target) => rows.linked(kind, target),
    watchers: (ticket) => rows.watchers(ticket.id),
    children: (ticket, actor) => rows.children(ticket.id).filter((child) => reaches(actor, child)).map((child) => shown(child, actor)),
    history: (ticket, actor) => rows.history(ticket.id).filter(({ field }) => !field.startsWith('fields.') || field.slice('fields.'.length) in visibleFields(typeNamed(ticket.type), { [field.slice('fields.'.length)]: '' }, actor)),
    views: (actor) => rows.views().filter((v) => v.owner === actor.by || v.team === '*' || (v.team !== null && (actor.scope === 'all' || actor.teams.includes(v.team)))),
    view: viewFor,
    saveView({ id, ...what }, actor, version) {
      const before = id === undefined ? undefined : ownView(id, actor);
      if (before && version !== undefined && version !== before.version) throw new TicketStale(before.version);
      if (what.team !== null && actor.scope !== 'all' && !actor.teams.includes(what.team)) throw new NotAllowed('you may share views with your own teams only');
      const view: View = { id: before?.id ?? newId('tvw', now()), owner: before?.owner ?? actor.by, version: (before?.version ?? 0) + 1, ...what };
      rows.saveView(view, now());
      return view;
    },
    dropView(id, actor) {
      ownView(id, actor);
      rows.dropView(id);
    },
    toQueue(id, queue, actor) {
      const ticket = changeable(rows, id, actor, undefined);
      refuseIf(ticket.kind === 'open' ? [] : [fault('/queue', `a ticket that is ${ticket.kind} waits for no agent`, 'bring it to an open state first')]);
      const draft = draftOf({ ...ticket, assignee: null }, actor, ticket);
      draft.writes.push(() => rows.wait(id, queue, newId('tkc', now()), now()));
      draft.facts.push(fact(draft, 'ticket.assigned', { assignee: null, team: ticket.team }));
      return commit([draft])[0] ?? draft.next;
    },
    waits: { all: rows.waits, of: rows.waitOf, by: rows.waitBy, over: (ticket) => void rows.unwait(ticket) },
    priorities: () => setup().priorities.map((p) => p.name),
    pageLinks, mine: createMine(deps, rows, talk), fieldWork: createFieldWork(deps, rows, talk, changing),
    review: () => deadlines.review(),
    start() {
      deadlines.start();
      due = indexDue({ store, kind: 'ticket', portion: 5, index: (number) => rows.reindex(number), failed: (error) => log.error({ err: error }, 'older tickets could not be put into the index of words; tried again at the next start') });
    },
    async close() {
      deadlines.close();
      due?.close();
      await finder.close();
    },
  };
}
