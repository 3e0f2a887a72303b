import type { FactMap, FactType, NewFact } from '../../events/index.js';
import { newId } from '../../store/index.js';
import { NotKept } from './errors.js';
import type { LiveHub } from './live.js';
import type { Rows } from './rows.js';
import type { Conversation, Doer, Live, Message, MessageKind, Party, Visibility } from './types.js';

export interface Publish {
  /** All or nothing: false when nothing is on disk. */
  publishAll(facts: readonly NewFact[], alongside?: () => void): boolean;
}
/** What a change is made of; one commit writes it and tells it. */
export interface Draft {
  next: Conversation;
  readonly messages: Message[];
  readonly facts: NewFact[];
  readonly writes: (() => void)[];
  readonly live: Live[];
}
export const draftOf = (conversation: Conversation): Draft => ({ next: conversation, messages: [], facts: [], writes: [], live: [] });

export function fact<T extends FactType>(draft: Draft, type: T, data: FactMap[T]): void {
  draft.facts.push({ type, subject: `conversation:${draft.next.id}`, data } as NewFact);
}

export interface Saying {
  readonly by: Doer;
  readonly name?: string | null | undefined;
  readonly kind: MessageKind;
  readonly text: string;
  readonly visibility?: Visibility | undefined;
  readonly clientId?: string | undefined;
  readonly file?: string | undefined;
  readonly data?: Readonly<Record<string, string>> | undefined;
}

export interface Committing {
  readonly rows: Rows;
  readonly now: () => number;
  readonly say: (draft: Draft, what: Saying) => Message;
  readonly join: (draft: Draft, party: Party, name: string | null) => void;
  readonly leave: (draft: Draft, party: Party) => void;
  /** On disk with its facts, and told, when this returns. @throws NotKept */
  readonly commit: (draft: Draft) => Conversation;
}

export function createCommitting(rows: Rows, events: Publish, hub: LiveHub, now: () => number): Committing {
  return {
    rows, now,
    say(draft, { by, name = null, kind, text, visibility = 'public', clientId, file, data }) {
      const { next } = draft;
      const message: Message = { conversation: next.id, seq: next.lastSeq + 1, id: newId('msg', now()), clientId: clientId ?? null, at: now(), by, byName: name, kind, visibility, text, file: file ?? null, data: data ?? null };
      draft.next = { ...next, lastSeq: message.seq };
      draft.messages.push(message);
      draft.writes.push(() => rows.say(message));
      fact(draft, 'conversation.message', { message: message.id, number: message.seq, by, kind, visibility });
      return message;
    },
    join(draft, party, name) {
      const { next } = draft;
      const before = next.parties.find((p) => p.party === party);
      if (before?.leftAt === null) return;
      draft.next = { ...next, parties: [...next.parties.filter((p) => p !== before), { party, name, joinedAt: before?.joinedAt ?? now(), leftAt: null, read: before?.read ?? 0 }] };
      draft.writes.push(() => rows.join(next.id, party, name, now()));
      if (!party.startsWith('visitor:')) fact(draft, 'conversation.joined', { party, ...agentIn(party) });
    },
    leave(draft, party) {
      const { next } = draft;
      if (!next.parties.some((p) => p.party === party && p.leftAt === null)) return;
      draft.next = { ...next, parties: next.parties.map((p) => (p.party === party ? { ...p, leftAt: now() } : p)) };
      draft.writes.push(() => rows.leave(next.id, party, now()));
      fact(draft, 'conversation.left', { party, ...agentIn(party) });
    },
    commit(draft) {
      draft.next = { ...draft.next, updatedAt: now() };
      const { next } = draft;
      const write = (): void => {
        for (const one of draft.writes) one();
        rows.update(next);
      };
      // Without facts there is no batch that would carry it.
      if (draft.facts.length === 0) rows.transaction(write);
      else if (!events.publishAll(draft.facts, write)) throw new NotKept();
      for (const message of draft.messages) hub.tell({ is: 'message', message });
      for (const live of draft.live) hub.tell(live);
      return next;
    },
  };
}

const agentIn = (party: Party): { agent?: string } => (party.startsWith('agent:') ? { agent: party.slice('agent:'.length) } : {});
