import type { ErasedWhy, Marks } from '../erasing/index.js';
import type { Files } from '../files/index.js';
import { draftOf, fact, type Draft } from './commit.js';
import { ConversationHeld, WrongState } from './errors.js';
import type { Rows } from './rows.js';
import type { Conversation, Doer } from './types.js';

/** Conversations that have to go, and those that must not. */
export interface Erase {
  /** What was said stays, whoever removes the customer and however old it is. @throws NoSuchConversation, NotKept */
  hold(id: string, why: string, by: Doer): Conversation;
  /** @throws NoSuchConversation, NotKept */
  release(id: string, by: Doer): Conversation;
  /**
   * Messages, files, form, name and mails are gone for good, the customer is nobody; who answered, when and how it was rated stays as a figure.
   * Twice is once. @throws NoSuchConversation, WrongState where it has not ended, ConversationHeld, NotKept
   */
  erase(id: string, by: Doer, why: ErasedWhy): Conversation;
  /** Written for this customer and not on hold. */
  ofCustomer(customer: string, limit: number): readonly string[];
  /** Whether a hold keeps something of this customer. */
  keepsOf(customer: string): boolean;
  /** Over since before then and not on hold, oldest first. */
  outlived(before: number, limit: number): readonly string[];
}
export interface EraseDeps {
  readonly rows: Rows;
  readonly marks: Marks;
  readonly files: Pick<Files, 'of' | 'remove'>;
  readonly now: () => number;
  readonly get: (id: string) => Conversation;
  readonly commit: (draft: Draft) => Conversation;
}

/** What facts tell of somebody besides IDs. */
const PERSONAL = { 'mail.failed': { '$.why': '""' }, 'conversation.held': { '$.reason': '""' }, 'conversation.started': { '$.from': '""' }, 'conversation.browsed': { '$.pages': '[]' }, 'conversation.callback_asked': { '$.number': '""' } } as const;

export function createErase({ rows, marks, files, now, get, commit }: EraseDeps): Erase {
  return {
    hold(id, why, by) {
      const mark = { at: now(), by, why };
      const draft = draftOf({ ...get(id), hold: mark });
      draft.writes.push(() => marks.hold(`conversation:${id}`, mark));
      fact(draft, 'conversation.held', { by, on: true, reason: why });
      return commit(draft);
    },
    release(id, by) {
      const before = get(id);
      if (before.hold === null) return before;
      const draft = draftOf({ ...before, hold: null });
      draft.writes.push(() => marks.release(`conversation:${id}`));
      fact(draft, 'conversation.held', { by, on: false });
      return commit(draft);
    },
    erase(id, by, why) {
      const before = get(id);
      if (before.hold !== null) throw new ConversationHeld(before.hold.by, before.hold.why);
      if (before.state !== 'ended') throw new WrongState('it has not ended yet', { hint: 'end it first' });
      if (before.erased !== null) return before;
      // Files first: cut off in between, the rest is found again.
      for (const file of files.of(`conversation:${id}`)) files.remove(file.id);
      const mark = { at: now(), by, why };
      const draft = draftOf({
        ...before, customer: null, filedUnder: null, visitor: null, name: null, form: {}, source: null, ratingComment: null, parties: before.parties.filter((p) => !p.party.startsWith('visitor:')), erased: mark,
      });
      draft.writes.push(() => {
        rows.wipe(id, before.lastSeq);
        marks.erased(`conversation:${id}`, mark);
        marks.strike(`conversation:${id}`, PERSONAL);
        marks.dropMails(`conversation:${id}`);
      });
      fact(draft, 'conversation.erased', { by, why });
      return commit(draft);
    },
    ofCustomer: (customer, limit) => rows.filedUnder(customer, false, limit),
    keepsOf: (customer) => rows.filedUnder(customer, true, 1).length > 0,
    outlived(before, limit) {
      const found: string[] = [];
      for (let page = rows.whole(0, limit); page.length > 0; page = rows.whole(page.at(-1)?.num ?? 0, limit)) {
        for (const { id, started_at: began, ended_at: ended, held_at: held } of page) {
          // In the order of beginning: none after this one is over for so long.
          if (began >= before || found.length === limit) return found;
          if (ended !== null && ended < before && held === null) found.push(id);
        }
      }
      return found;
    },
  };
}
