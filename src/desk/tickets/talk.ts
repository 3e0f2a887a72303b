import { newId } from '../../store/index.js';
import { isStaff, type Actor } from './actor.js';
import { draftOf, fact, type Commit, type Draft } from './draft.js';
import type { Changing } from './change.js';
import { changeable, fault, refuseIf, typeOf } from './gate.js';
import type { TicketDeps } from './ports.js';
import type { Rows } from './rows.js';
import type { Comment, Ticket, Visibility } from './types.js';

export interface Said {
  readonly text: string;
  readonly visibility: Visibility;
}
export interface Talk {
  say(id: string, said: Said, actor: Actor): { readonly ticket: Ticket; readonly comment: Comment };
  sayIn(draft: Draft, said: Said): Comment;
  comments(ticket: Ticket, actor: Actor): Comment[];
}

/** A comment needs no version: two people may speak at once. @throws NoSuchTicket, TicketMerged, TicketRefused, NotKept */
export function createTalk(deps: TicketDeps, rows: Rows, commit: Commit, changing: Pick<Changing, 'moveIn'>): Talk {
  const { setup, now } = deps;
  function sayIn(draft: Draft, { text, visibility }: Said): Comment {
    const { next, actor } = draft;
    refuseIf(isStaff(actor) || visibility === 'public' ? [] : [fault('/visibility', 'customers speak publicly')]);
    const comment: Comment = { id: newId('cmt', now()), ticket: next.id, at: now(), by: actor.by, byName: actor.name, visibility, text };
    draft.writes.push(() => rows.comment(comment));
    draft.facts.push(fact(draft, 'ticket.commented', { comment: comment.id, visibility }));
    draft.news.push({ about: 'comment', comment: comment.id, visibility, text });
    if (visibility === 'public') {
      const type = typeOf(setup(), next.type);
      const goes = isStaff(actor) ? type.onStaffReply : type.onCustomerReply;
      // The answer first: the clocks must not run on while the state changes.
      if (isStaff(actor) && !actor.roles.includes('system')) draft.clocks.push({ type: 'answered' });
      if (goes !== undefined && goes !== next.state) changing.moveIn(draft, goes, 'by_rule');
    }
    return comment;
  }
  return {
    sayIn,
    say(id, said, actor) {
      const draft = draftOf(changeable(rows, id, actor, undefined), actor);
      const comment = sayIn(draft, said);
      return { ticket: commit([draft])[0] ?? draft.next, comment };
    },
    comments: (ticket, actor) => rows.comments(ticket.id).filter((c) => isStaff(actor) || c.visibility === 'public'),
  };
}
