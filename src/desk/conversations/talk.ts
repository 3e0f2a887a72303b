import type { Files } from '../files/index.js';
import { draftOf, fact, type Committing } from './commit.js';
import { ConversationOver, MessageRefused, NotJoined } from './errors.js';
import type { LiveHub } from './live.js';
import type { Conversation, Message, NewMessage, Party, Visibility } from './types.js';

/** Characters of one message. */
export const LONGEST_TEXT = 4_000;

export interface Talk {
  /**
   * On disk when this returns. The same `clientId` from the same party again is the same message, also after the end.
   * @throws NoSuchConversation, ConversationOver, NotJoined, MessageRefused, FileFault, NotKept
   */
  say(id: string, what: NewMessage): { readonly message: Message; readonly repeated: boolean };
  /** Up to this message; never back. @throws NoSuchConversation, NotKept */
  read(id: string, party: Party, seq: number): void;
  /** Told to whoever follows, kept nowhere. @throws NoSuchConversation */
  typing(id: string, party: Party, on: boolean, visibility?: Visibility): void;
}

export const takesPart = (c: Conversation, party: Party): boolean => c.parties.some((p) => p.party === party && p.leftAt === null);

export function createTalk({ rows, now, say, commit }: Committing, get: (id: string) => Conversation, files: Pick<Files, 'get' | 'attach'>, hub: LiveHub): Talk {
  return {
    say(id, { by, name, text = '', file, sentBy = by, visibility = 'public', clientId }) {
      const before = get(id);
      const known = clientId === undefined ? undefined : rows.said(id, by, clientId);
      if (known) return { message: known, repeated: true };
      if (before.state === 'ended' && (visibility === 'public' || before.erased !== null)) throw new ConversationOver(id);
      if (visibility === 'public' && !takesPart(before, by)) throw new NotJoined(id);
      if (by.startsWith('visitor:') && visibility !== 'public') throw new MessageRefused('notes are for agents');
      if (text.length > LONGEST_TEXT) throw new MessageRefused(`a message has at most ${LONGEST_TEXT} characters`, { hint: 'send it in parts, or as a file' });
      if (file === undefined && text.trim() === '') throw new MessageRefused('there is nothing in this message', { hint: 'send text, or the ID of a file' });
      if (file !== undefined) files.attach(file, `conversation:${id}`, sentBy);
      const draft = draftOf(before);
      const message = say(draft, { by, name, kind: file === undefined ? 'text' : 'file', text, visibility, clientId, file });
      if (visibility === 'public' && !by.startsWith('visitor:')) {
        draft.next = { ...draft.next, firstReplyAt: draft.next.firstReplyAt ?? now(), replied: draft.next.replied || by === `agent:${before.agent ?? ''}` };
      }
      commit(draft);
      if (before.replied !== draft.next.replied) hub.tell({ is: 'changed', conversation: draft.next });
      return { message, repeated: false };
    },
    read(id, party, seq) {
      const before = get(id);
      const mine = before.parties.find((p) => p.party === party);
      const upTo = Math.min(seq, before.lastSeq);
      if (!mine || upTo <= mine.read) return;
      const draft = draftOf({ ...before, parties: before.parties.map((p) => (p === mine ? { ...p, read: upTo } : p)) });
      draft.writes.push(() => rows.read(id, party, upTo));
      draft.live.push({ is: 'read', conversation: id, party, seq: upTo });
      fact(draft, 'conversation.read', { party, number: upTo });
      commit(draft);
    },
    typing(id, party, on, visibility = 'public') {
      const { parties, state } = get(id);
      const mine = parties.find((p) => p.party === party && p.leftAt === null);
      if (mine && state !== 'ended') hub.tell({ is: 'typing', conversation: id, party, name: mine.name, on, visibility });
    },
  };
}
