import type { Actor } from './actor.js';
import { NoSuchThing } from './errors.js';
import { draftOf, fact, type Commit } from './draft.js';
import type { Making } from './create.js';
import { changeable, fault, refuseIf, takesWords } from './gate.js';
import type { TicketDeps } from './ports.js';
import type { Rows } from './rows.js';
import { targetFaults } from './targets.js';
import type { LinkKind, Ticket } from './types.js';

export interface Relations {
  link(id: string, kind: LinkKind, target: string, actor: Actor): Ticket;
  unlink(id: string, kind: LinkKind, target: string, actor: Actor): Ticket;
  watch(id: string, watcher: string, watches: boolean, actor: Actor): Ticket;
  /** `id` goes into `into`: its clocks stop for good, its watchers, links and children go over, whoever follows it is told. */
  merge(id: string, into: string, actor: Actor, version: number | undefined): { readonly merged: Ticket; readonly into: Ticket };
  /** These comments become a ticket of their own. */
  split(id: string, what: { readonly comments: readonly string[]; readonly subject: string; readonly type?: string | undefined }, actor: Actor): { readonly ticket: Ticket; readonly from: Ticket };
}

/** @throws NoSuchTicket, TicketStale, TicketMerged, TicketErased, TicketRefused, NoSuchThing, NotKept */
export function createRelations(deps: TicketDeps, rows: Rows, commit: Commit, making: Pick<Making, 'draft'>): Relations {
  const { now } = deps;
  const linking = (id: string, kind: LinkKind, target: string, actor: Actor, how: 'ticket.linked' | 'ticket.unlinked'): Ticket => {
    const draft = draftOf(changeable(rows, id, actor, undefined), actor);
    draft.quiet = true;
    if (how === 'ticket.linked' && (kind === 'order' || kind === 'url')) takesWords(draft.next);
    const there = rows.links(id).some((l) => l.kind === kind && l.target === target);
    if (how === 'ticket.unlinked' && !there) throw new NoSuchThing(`the ticket has no link to ${kind} "${target}"`, { hint: 'GET the ticket to see its links' });
    if (how === 'ticket.linked' && there) return draft.next;
    if (how === 'ticket.linked') refuseIf(targetFaults(deps, rows, actor, { kind, target }));
    draft.writes.push(() => (how === 'ticket.linked' ? rows.link(id, { kind, target, at: now(), by: actor.by }) : rows.unlink(id, kind, target)));
    draft.facts.push(fact(draft, how, { kind, target }));
    return commit([draft])[0] ?? draft.next;
  };
  return {
    link: (id, kind, target, actor) => linking(id, kind, target, actor, 'ticket.linked'),
    unlink: (id, kind, target, actor) => linking(id, kind, target, actor, 'ticket.unlinked'),
    watch(id, watcher, watches, actor) {
      const draft = draftOf(changeable(rows, id, actor, undefined), actor);
      draft.quiet = true;
      if (watches && watcher.includes('@')) takesWords(draft.next);
      if (rows.watchers(id).includes(watcher) === watches) return draft.next;
      draft.writes.push(() => (watches ? rows.watch(id, watcher, now()) : rows.unwatch(id, watcher)));
      draft.facts.push(fact(draft, 'ticket.watched', { watcher, watches }));
      return commit([draft])[0] ?? draft.next;
    },
    merge(id, into, actor, version) {
      const from = changeable(rows, id, actor, version);
      refuseIf(id === into ? [fault('/into', 'a ticket cannot be merged into itself')] : []);
      const target = changeable(rows, into, actor, undefined);
      takesWords(target);
      const [gone, kept] = [draftOf({ ...from, mergedInto: into, parent: null }, actor, from), draftOf({ ...target, parent: target.parent === id ? null : target.parent }, actor, target)];
      gone.clocks.push({ type: 'merged' });
      gone.facts.push(fact(gone, 'ticket.merged', { into }));
      gone.news.push({ about: 'merged' });
      const children = rows.children(id).filter((child) => child.id !== into);
      kept.facts.push(fact(kept, 'ticket.linked', { kind: 'ticket', target: id }));
      kept.writes.push(() => {
        const at = now();
        rows.link(into, { kind: 'ticket', target: id, at, by: actor.by });
        for (const l of rows.links(id)) if (l.target !== into) rows.link(into, l);
        for (const watcher of rows.watchers(id)) rows.watch(into, watcher, at);
        rows.changed(into, { at, by: actor.by, field: 'merged', before: null, after: id });
      });
      const moved = children.map((child) => draftOf({ ...child, parent: kept.next.parent === null ? into : null }, actor, child));
      const [merged = gone.next, result = kept.next] = commit([gone, kept, ...moved]);
      return { merged, into: result };
    },
    split(id, { comments, subject, type }, actor) {
      const from = changeable(rows, id, actor, undefined);
      const own = new Set(rows.comments(id).map((c) => c.id));
      refuseIf(comments.flatMap((c, i) => (own.has(c) ? [] : [fault(`/comments/${i}`, `the ticket has no comment "${c}"`)])));
      const draft = making.draft({
        type: type ?? from.type, subject, priority: from.priority, fields: type === undefined || type === from.type ? from.fields : {}, tags: from.tags, channel: from.channel,
        customer: from.customer, requester: from.requester, language: from.language, place: from.place, team: from.team, assignee: from.assignee, links: [{ kind: 'ticket', target: id }],
      }, actor);
      draft.facts.push(fact(draft, 'ticket.split', { from: id }));
      draft.writes.push(() => rows.moveComments(comments, id, draft.next.id));
      const rest = draftOf(from, actor);
      rest.facts.push(fact(rest, 'ticket.linked', { kind: 'ticket', target: draft.next.id }));
      rest.writes.push(() => {
        rows.link(id, { kind: 'ticket', target: draft.next.id, at: now(), by: actor.by });
        rows.changed(id, { at: now(), by: actor.by, field: 'split', before: null, after: draft.next.id });
      });
      const [ticket = draft.next, left = rest.next] = commit([draft, rest]);
      return { ticket, from: left };
    },
  };
}
