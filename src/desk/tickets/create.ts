import { newId } from '../../store/index.js';
import { reaches, type Actor } from './actor.js';
import { assign } from './assign.js';
import { fact, newDraft, type Commit, type Draft } from './draft.js';
import { changedFields, missingFields } from './fields.js';
import { fault, refuseIf, typeOf } from './gate.js';
import type { TicketDeps } from './ports.js';
import type { Rows } from './rows.js';
import { workerOf } from './setup.js';
import { startSla } from './sla/index.js';
import { attachIn } from './attach.js';
import { targetFaults } from './targets.js';
import type { NewTicket, Requester, Ticket } from './types.js';
import type { TicketFault } from './errors.js';

export interface Making {
  /** A draft of a new ticket, for whoever commits it together with others. */
  draft(what: NewTicket, actor: Actor): Draft;
  create(what: NewTicket, actor: Actor): Ticket;
}

/** @throws TicketRefused, NotKept */
export function createMaking(deps: TicketDeps, rows: Rows, commit: Commit): Making {
  const { setup, now, customers } = deps;
  const draft = (what: NewTicket, actor: Actor): Draft => {
    const s = setup();
    const type = typeOf(s, what.type);
    const priority = what.priority ?? s.priorities.find((p) => p.name === 'normal')?.name ?? s.priorities[0]?.name ?? 'normal';
    const { fields, faults } = changedFields(type, {}, what.fields ?? {}, actor);
    refuseIf([...faults, ...missingFields(type, fields, 'created'), ...faultsOf(s, priority, what), ...parentFaults(rows, actor, what.parent), ...customerFaults(deps, what.customer), ...(what.links ?? []).flatMap((link, i) => targetFaults(deps, rows, actor, link, `/links/${i}`))]);
    const requester: Requester = { name: what.requester?.name ?? null, email: what.requester?.email?.toLowerCase() ?? null, phone: what.requester?.phone ?? null };
    const customer = (what.customer == null ? customers.find(requester) : customers.canonical(what.customer)) ?? null;
    const [at, id, tags] = [now(), newId('tkt', now()), [...new Set(what.tags ?? [])]];
    const traits = { type: type.name, priority, tags, team: what.team ?? null, place: what.place ?? placeIn(type.fields, fields), channel: what.channel };
    const given = what.assignee === undefined || what.assignee === null ? assign(s, rows, traits) : { team: what.team ?? teamOf(s, what.assignee), assignee: what.assignee, queue: null };
    const [first] = type.states;
    const ticket: Ticket = {
      ...traits, id, number: 0, state: first?.name ?? 'new', kind: first?.kind ?? 'open', subject: what.subject, text: what.text ?? '', fields, customer, filedUnder: customer, requester,
      language: what.language ?? 'zh-CN', team: given.team, assignee: given.assignee, parent: what.parent ?? null, mergedInto: null, sla: null, calendar: s.calendar,
      clocks: startSla(at, s.calendar, null), lookAt: null, dueAt: null, breached: false, createdAt: at, createdBy: actor.by, updatedAt: at, resolvedAt: null, version: 1, hold: null, erased: null,
    };
    const numbered = { ...ticket, number: rows.transaction(() => rows.number(id)) };
    const d = newDraft(numbered, actor);
    d.facts.push(fact(d, 'ticket.created', {
      number: String(numbered.number), type: type.name, state: numbered.state, priority, channel: what.channel, ...(given.team === null ? {} : { team: given.team }), ...(given.assignee === null ? {} : { assignee: given.assignee }),
    }));
    d.news.push({ about: 'created' });
    if (given.assignee !== null) d.news.push({ about: 'assigned' });
    for (const link of what.links ?? []) {
      d.facts.push(fact(d, 'ticket.linked', link));
      d.writes.push(() => rows.link(id, { ...link, at, by: actor.by }));
    }
    attachIn(deps, rows, d, what.files, null);
    const { queue } = given;
    if (queue !== null) d.writes.push(() => rows.wait(id, queue, newId('tkc', at), at));
    return d;
  };
  return {
    draft,
    create(what, actor) {
      const d = draft(what, actor);
      return commit([d])[0] ?? d.next;
    },
  };
}

const teamOf = (setup: ReturnType<TicketDeps['setup']>, agent: string): string | null => setup.teams.find((t) => t.members.includes(agent))?.name ?? null;
const placeIn = (known: readonly { readonly kind: string; readonly name: string }[], fields: Ticket['fields']): string | null => {
  const place = known.find((f) => f.kind === 'place');
  const value = place && fields[place.name];
  return typeof value === 'string' ? value : null;
};

/** Names that the set-up must know. */
export function faultsOf(setup: ReturnType<TicketDeps['setup']>, priority: string | undefined, { team, tags, assignee }: Pick<NewTicket, 'team' | 'tags' | 'assignee'>): TicketFault[] {
  const listed = (list: readonly { readonly name: string }[]): string => list.map((one) => one.name).join(', ');
  return [
    ...(priority === undefined || setup.priorities.some((p) => p.name === priority) ? [] : [fault('/priority', `there is no priority "${priority}"`, `there are ${listed(setup.priorities)}`)]),
    ...(team === undefined || team === null || setup.teams.some((t) => t.name === team) ? [] : [fault('/team', `there is no team "${team}"`, `there are ${listed(setup.teams)}`)]),
    ...(assignee?.startsWith('worker:') === true && !workerOf(setup, assignee) ? [fault('/assignee', `there is no worker "${assignee.slice('worker:'.length)}"`, setup.workers.length === 0 ? 'tickets.yaml names none' : `there are ${listed(setup.workers)}`)] : []),
    ...((tags?.length ?? 0) > 50 ? [fault('/tags', 'at most 50 tags')] : []),
  ];
}

/** A customer that is there. */
export const customerFaults = ({ customers }: Pick<TicketDeps, 'customers'>, customer: string | null | undefined): TicketFault[] =>
  (customer == null || customers.canonical(customer) !== undefined ? [] : [fault('/customer', `there is no customer "${customer}"`, 'GET /v1/customers finds them')]);

/** A parent that is there, and is nobody's child. */
export function parentFaults(rows: Pick<Rows, 'get' | 'children'>, actor: Actor, parent: string | null | undefined, of?: string): TicketFault[] {
  if (parent === undefined || parent === null) return [];
  const found = rows.get(parent);
  if (!found || !reaches(actor, found) || found.mergedInto !== null) return [fault('/parent', `there is no ticket "${parent}"`)];
  if (parent === of) return [fault('/parent', 'a ticket is not its own parent')];
  if (found.parent !== null) return [fault('/parent', 'its parent has a parent itself', 'families have two generations')];
  return of !== undefined && rows.children(of).length > 0 ? [fault('/parent', 'it has children itself', 'families have two generations')] : [];
}
