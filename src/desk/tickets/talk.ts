import { newId } from '../../store/index.js';
import { isStaff, mayRead, reaches, type Actor } from './actor.js';
import { draftOf, fact, type Commit, type Draft } from './draft.js';
import { attachIn } from './attach.js';
import type { Changing } from './change.js';
import { changeable, fault, refuseIf, takesWords, typeOf } from './gate.js';
import type { TicketDeps, TicketFile } from './ports.js';
import type { Rows } from './rows.js';
import type { Comment, Sent, Ticket, Visibility } from './types.js';

export interface Said {
  readonly text: string;
  readonly visibility: Visibility;
  readonly files?: Sent | undefined;
}
export interface Talk {
  say(id: string, said: Said, actor: Actor): { readonly ticket: Ticket; readonly comment: Comment };
  sayIn(draft: Draft, said: Said): Comment;
  comments(ticket: Ticket, actor: Actor): Comment[];
  /** What the actor may see of its files, by comment; null: sent when it was opened. */
  files(ticket: Ticket, actor: Actor): ReadonlyMap<string | null, readonly TicketFile[]>;
  /** Whether a file belongs to what the actor may see. */
  mayOpen(file: string, actor: Actor): boolean;
}

/** A comment needs no version: two people may speak at once. @throws NoSuchTicket, TicketMerged, TicketErased, TicketRefused, NotKept */
export function createTalk(deps: TicketDeps, rows: Rows, commit: Commit, changing: Pick<Changing, 'moveIn'>): Talk {
  const { setup, now } = deps;
  function sayIn(draft: Draft, { text, visibility, files: sent }: Said): Comment {
    const { next, actor } = draft;
    refuseIf(isStaff(actor) || visibility === 'public' ? [] : [fault('/visibility', 'customers speak publicly')]);
    const comment: Comment = { id: newId('cmt', now()), ticket: next.id, at: now(), by: actor.by, byName: actor.name, visibility, text };
    draft.writes.push(() => rows.comment(comment));
    attachIn(deps, rows, draft, sent, comment.id);
    draft.facts.push(fact(draft, 'ticket.commented', { comment: comment.id, visibility, ...(sent && sent.ids.length > 0 ? { files: sent.ids.length } : {}) }));
    draft.news.push({ about: 'comment', visibility, text });
    if (visibility === 'public') {
      const type = typeOf(setup(), next.type);
      const goes = isStaff(actor) ? type.onStaffReply : type.onCustomerReply;
      // The answer first: the clocks must not run on while the state changes.
      if (isStaff(actor) && !actor.roles.includes('system')) draft.clocks.push({ type: 'answered' });
      if (goes !== undefined && goes !== next.state) changing.moveIn(draft, goes, 'by_rule');
    }
    return comment;
  }
  const comments: Talk['comments'] = (ticket, actor) => rows.comments(ticket.id).filter((c) => mayRead(actor, c));
  return {
    sayIn,
    say(id, said, actor) {
      const draft = draftOf(changeable(rows, id, actor, undefined), actor);
      takesWords(draft.next);
      const comment = sayIn(draft, said);
      return { ticket: commit([draft])[0] ?? draft.next, comment };
    },
    comments,
    files(ticket, actor) {
      const seen = new Set<string | null>([null, ...comments(ticket, actor).map((c) => c.id)]);
      const found = new Map<string | null, TicketFile[]>();
      for (const { file, comment } of rows.files(ticket.id)) if (seen.has(comment)) found.set(comment, [...(found.get(comment) ?? []), ...[deps.files.find(file) ?? []].flat()]);
      return found;
    },
    mayOpen(file, actor) {
      const owner = rows.fileOwner(file);
      const ticket = owner && rows.get(owner.ticket);
      if (!owner || !ticket || !reaches(actor, ticket)) return false;
      const comment = owner.comment === null ? undefined : rows.commentOf(owner.comment);
      return owner.comment === null || (comment !== undefined && mayRead(actor, comment));
    },
  };
}
