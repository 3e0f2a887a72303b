import { mayAs, type Actor } from './actor.js';
import { NoSuchTransition } from './errors.js';
import { changesOf, draftOf, fact, type Commit, type Draft } from './draft.js';
import { changedFields, missingFields } from './fields.js';
import { customerFaults, faultsOf, parentFaults } from './create.js';
import { changeable, refuseIf, stateOf, takesWords, typeOf } from './gate.js';
import type { TicketDeps } from './ports.js';
import type { Rows } from './rows.js';
import type { TicketType } from './setup.js';
import type { Ticket, TicketPatch } from './types.js';

export interface Changing {
  patch(id: string, patch: TicketPatch, actor: Actor, version: number | undefined): Ticket;
  move(id: string, to: string, actor: Actor, version: number | undefined): Ticket;
  /** Into a draft that others go on with. */
  patchIn(draft: Draft, patch: TicketPatch): void;
  moveIn(draft: Draft, to: string, how?: 'by_rule'): void;
  /** What the actor may make of it. */
  moves(ticket: Ticket, actor: Actor): string[];
}

/** What says something of somebody. */
const WORDED = ['subject', 'text', 'fields', 'customer', 'requester', 'place'] as const;

/** @throws NoSuchTicket, TicketStale, TicketMerged, TicketErased, TicketRefused, NoSuchTransition, NotKept */
export function createChanging(deps: TicketDeps, rows: Rows, commit: Commit): Changing {
  const { setup } = deps;
  const one = (draft: Draft): Ticket => commit([draft])[0] ?? draft.next;

  function patchIn(draft: Draft, patch: TicketPatch): void {
    const { next, actor } = draft;
    if (WORDED.some((name) => patch[name] !== undefined)) takesWords(next);
    const s = setup();
    const type = typeOf(s, patch.type ?? next.type);
    const { fields, faults } = changedFields(type, next.fields, patch.fields ?? {}, actor);
    const missing = patch.fields === undefined && patch.type === undefined ? [] : missingFields(type, fields, 'created');
    refuseIf([...faults, ...missing, ...faultsOf(s, patch.priority, patch), ...parentFaults(rows, actor, patch.parent, next.id), ...customerFaults(deps, patch.customer)]);
    const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as TicketPatch;
    const { requester, fields: _fields, tags, customer, ...rest } = given;
    const changed: Ticket = {
      ...next, ...(rest as Partial<Ticket>), fields, ...(tags === undefined ? {} : { tags: [...new Set(tags)] }), ...movedTo(next, customer === undefined || customer === null ? customer : deps.customers.canonical(customer)),
      requester: { ...next.requester, ...Object.fromEntries(Object.entries(requester ?? {}).filter(([, value]) => value !== undefined)) },
      ...(type.name === next.type || type.states.some((state) => state.name === next.state) ? {} : { state: type.states[0]?.name ?? next.state, kind: type.states[0]?.kind ?? next.kind }),
    };
    const names = changesOf(next, changed).map(({ field }) => field);
    draft.next = changed;
    if (names.length === 0) return;
    const about = names.filter((name) => !['assignee', 'team', 'customer', 'state'].includes(name));
    if (about.length > 0) draft.facts.push(fact(draft, 'ticket.changed', { fields: about, version: (draft.before?.version ?? 0) + 1 }));
    if (names.includes('assignee') || names.includes('team')) draft.facts.push(fact(draft, 'ticket.assigned', { assignee: changed.assignee, team: changed.team }));
    if (names.includes('assignee') && changed.assignee !== null) draft.news.push({ about: 'assigned' });
    if (names.includes('customer')) draft.facts.push(fact(draft, 'ticket.customer_set', next.customer === null ? {} : { was: next.customer }));
  }

  function moveIn(draft: Draft, to: string, how?: 'by_rule'): void {
    const { next, actor } = draft;
    const type = typeOf(setup(), next.type);
    const state = stateOf(type, to);
    const possible = moves(type, next, actor);
    if (how !== 'by_rule' && !possible.includes(to)) throw new NoSuchTransition(next.state, to, possible);
    if (to === next.state) return;
    if (state.kind === 'resolved' || state.kind === 'closed') refuseIf(missingFields(type, next.fields, 'resolved'));
    draft.next = { ...next, state: to, kind: state.kind };
    draft.facts.push(fact(draft, 'ticket.state_changed', { from: next.state, to, kind: state.kind }));
    draft.news.push({ about: 'state', label: state.label });
    draft.clocks.push(...clockEvents(next.kind, state.kind));
  }

  return {
    patchIn, moveIn, moves: (ticket, actor) => moves(typeOf(setup(), ticket.type), ticket, actor),
    patch(id, patch, actor, version) {
      const draft = draftOf(changeable(rows, id, actor, version), actor);
      patchIn(draft, patch);
      if (changesOf(draft.before ?? draft.next, draft.next).length === 0) return draft.next;
      return one(draft);
    },
    move(id, to, actor, version) {
      const draft = draftOf(changeable(rows, id, actor, version), actor);
      moveIn(draft, to);
      return one(draft);
    },
  };
}

/** Whose it is from now on; for whom it was written changes only where he is another. */
const movedTo = ({ customer }: Ticket, to: string | null | undefined): Partial<Ticket> => (to === undefined || to === customer ? {} : { customer: to, filedUnder: to });

const moves = (type: TicketType, { state }: Ticket, actor: Actor): string[] =>
  [...new Set(type.transitions.filter((t) => t.to !== state && (t.from.includes('*') || t.from.includes(state)) && mayAs(actor, t.roles)).map((t) => t.to))];

function clockEvents(from: Ticket['kind'], to: Ticket['kind']): { readonly type: 'paused' | 'resumed' | 'resolved' | 'reopened' }[] {
  const [was, is] = [from, to].map((kind) => kind === 'resolved' || kind === 'closed');
  if (is === true) return was === true ? [] : [{ type: 'resolved' }];
  const begun = was === true ? [{ type: 'reopened' } as const] : [];
  return [...begun, { type: to === 'waiting' ? 'paused' : 'resumed' } as const];
}
