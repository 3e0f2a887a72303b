import { isStaff, mayAs, type Actor } from './actor.js';
import type { Changing } from './change.js';
import { draftOf, type Commit } from './draft.js';
import { NoSuchThing, NotAllowed } from './errors.js';
import { changeable } from './gate.js';
import type { TicketDeps } from './ports.js';
import type { Rows } from './rows.js';
import type { Macro } from './setup.js';
import type { Talk } from './talk.js';
import type { Ticket } from './types.js';

export interface Macros {
  /** Those that the actor may use. */
  list(actor: Actor): Macro[];
  /** All of it or nothing. @throws NoSuchThing, NotAllowed, NoSuchTicket, TicketStale, NoSuchTransition, TicketRefused */
  run(id: string, name: string, actor: Actor, version: number | undefined): Ticket;
}

export function createMacros({ setup }: TicketDeps, rows: Rows, commit: Commit, changing: Changing, talk: Talk): Macros {
  const list = (actor: Actor): Macro[] => setup().macros.filter((m) => isStaff(actor) && mayAs(actor, m.roles));
  return {
    list,
    run(id, name, actor, version) {
      const macro = setup().macros.find((m) => m.name === name);
      if (!macro) throw new NoSuchThing(`there is no macro "${name}"`, { hint: 'GET /v1/ticket-macros lists them' });
      if (!mayAs(actor, macro.roles)) throw new NotAllowed(`you may not use the macro "${name}"`, { hint: `it is for ${macro.roles.join(', ')}` });
      const draft = draftOf(changeable(rows, id, actor, version), actor);
      if (macro.types?.includes(draft.next.type) === false) throw new NotAllowed(`the macro "${name}" is not for tickets of type "${draft.next.type}"`, { hint: `it is for ${macro.types.join(', ')}` });
      const tags = [...draft.next.tags.filter((tag) => !macro.removeTags.includes(tag)), ...macro.addTags];
      changing.patchIn(draft, {
        tags, priority: macro.priority, ...(macro.team === undefined ? {} : { team: macro.team }),
        ...(macro.assignee === undefined ? {} : { assignee: macro.assignee === 'me' ? (actor.names[0] ?? null) : macro.assignee }),
      });
      if (macro.comment) talk.sayIn(draft, { visibility: macro.comment.visibility, text: macro.comment.text[draft.next.language] });
      if (macro.state !== undefined && macro.state !== draft.next.state) changing.moveIn(draft, macro.state);
      return commit([draft])[0] ?? draft.next;
    },
  };
}
