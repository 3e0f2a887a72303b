import { finderHere, newId, type Finder, type Store } from '../../store/index.js';
import { createMarks } from '../erasing/index.js';
import type { Files } from '../files/index.js';
import { createCommitting, draftOf, fact, type Draft, type Publish } from './commit.js';
import { createErase, type Erase } from './erase.js';
import { ConversationOver, NoSuchConversation, WrongState } from './errors.js';
import { createHub, type HubLog, type LiveHub } from './live.js';
import { createRows } from './rows.js';
import { createSearch, type Search } from './search.js';
import { createTalk, takesPart, type Talk } from './talk.js';
import type { Conversation, ConversationQuery, Doer, Message, NewConversation, Party } from './types.js';

/** Threads of words with one customer, whatever channel carries them. All changes are on disk, with their facts, before they return. */
export interface Conversations extends Talk, Erase, Search, Pick<LiveHub, 'follow' | 'followAll'> {
  open(what: NewConversation): Conversation;
  /** @throws NoSuchConversation */
  get(id: string): Conversation;
  find(id: string): Conversation | undefined;
  byContact(contact: string): Conversation | undefined;
  /** Not ended. */
  live(): readonly Conversation[];
  newestOf(of: 'visitor' | 'customer', id: string): Conversation | undefined;
  /** The one that this customer has open, on whatever channel. */
  openOf(customer: string): Conversation | undefined;
  /** Newest first. @throws BadCursor */
  list(query: ConversationQuery): { readonly items: readonly Conversation[]; readonly nextCursor: string | undefined };
  /** After this number, oldest first; `internal`: with notes. @throws NoSuchConversation */
  messages(id: string, after: number, limit: number, internal: boolean): readonly Message[];
  /** Of what everybody may read; `customer`: on whatever device or by whatever app he said it. */
  lastSaid(id: string, by: 'anybody' | 'customer'): Message | undefined;
  /** @throws NoSuchConversation, ConversationOver, NotKept */
  join(id: string, party: Party, name: string | null): Conversation;
  leave(id: string, party: Party): Conversation;
  /** It waits in this queue as this contact; whoever had it has it no longer. @throws NoSuchConversation, ConversationOver, NotKept */
  queued(id: string, where: { readonly queue: string; readonly contact: string; readonly by: Doer; readonly to?: string }): Conversation;
  assigned(id: string, to: { readonly agent: string; readonly name: string; readonly queue: string; readonly by: Doer }): Conversation;
  /** Its agent does not answer: it waits again. */
  handedBack(id: string, why: 'no_reply' | 'desktop_gone' | 'restart'): Conversation;
  /** Twice is once: the first end holds. */
  end(id: string, by: Doer, why: string): Conversation;
  /** After the end; once. @throws WrongState */
  rate(id: string, rating: number, comment?: string): Conversation;
  /** Whose it is. */
  identify(id: string, customer: string, by: Doer): Conversation;
  /** Its customer calls: the call goes on with it. @throws NoSuchConversation, ConversationOver, NotKept */
  calledIn(id: string, call: string): void;
  /** The customer asked to be called, or an agent for him. */
  calledBack(id: string, what: { readonly number: string; readonly queue: string; readonly contact: string; readonly by: Doer; readonly shown: string }): Conversation;
  transcriptSent(id: string, mail: string): void;
  close(): Promise<void>;
  browsed(id: string, customer: string, pages: readonly { readonly at: string; readonly url: string; readonly title: string }[]): void;
}
export interface ConversationsOptions {
  readonly store: Store;
  readonly events: Publish;
  readonly files: Pick<Files, 'get' | 'attach' | 'of' | 'remove'>;
  /** Where searches are asked; left out, in this thread: for a database in memory. */
  readonly finder?: Finder | undefined;
  readonly log: HubLog;
  readonly now?: () => number;
}

export function createConversations({ store, events, files, log, finder = finderHere(store), now = Date.now }: ConversationsOptions): Conversations {
  const rows = createRows(store);
  const hub = createHub(log);
  const work = createCommitting(rows, events, hub, now);
  const { say, join, leave } = work;
  const get = (id: string): Conversation => {
    const found = rows.get(id);
    if (!found) throw new NoSuchConversation(id);
    return found;
  };
  const live = (id: string): Conversation => {
    const found = get(id);
    if (found.state === 'ended') throw new ConversationOver(id);
    return found;
  };
  const commit = (draft: Draft): Conversation => {
    const done = work.commit(draft);
    hub.tell({ is: 'changed', conversation: done });
    return done;
  };
  const event = (draft: Draft, by: Doer, text: string, data: Record<string, string> = {}): void => void say(draft, { by, kind: 'event', text, data });
  return {
    ...createTalk(work, get, files, hub), ...createSearch({ store, rows, finder, log }), ...createErase({ rows, marks: createMarks(store), files, now, get, commit }), get, follow: hub.follow, followAll: hub.followAll,
    find: rows.get, byContact: rows.byContact, live: rows.live, newestOf: rows.newest, openOf: rows.openOf, list: (query) => rows.list(query), lastSaid: rows.lastSaid,
    messages(id, after, limit, internal) {
      get(id);
      return rows.messages(id, after, limit, internal);
    },
    open({ channel, visitor, customer, name, language, form = {}, source }) {
      const at = now();
      const draft = draftOf({
        id: newId('cnv', at), channel, state: 'open', queue: null, contact: null, agent: null, customer: customer ?? null, filedUnder: customer ?? null, visitor: visitor ?? null, name: name ?? null, language: language ?? null, form,
        source: source ?? null, lastSeq: 0, replied: false, startedAt: at, updatedAt: at, assignedAt: null, firstReplyAt: null, endedAt: null, endedBy: null, endWhy: null, rating: null, ratingComment: null, parties: [], hold: null, erased: null,
      });
      const { next } = draft;
      draft.writes.push(() => {
        rows.insert(next);
        rows.count(next.id);
      });
      fact(draft, 'conversation.started', { channel, ...(customer === undefined ? {} : { customer }), ...(visitor === undefined ? {} : { visitor }), ...(language === undefined ? {} : { language }), ...(source === undefined ? {} : { from: source }) });
      if (visitor !== undefined) join(draft, `visitor:${visitor}`, name ?? null);
      return commit(draft);
    },
    join(id, party, name) {
      const before = live(id);
      if (takesPart(before, party)) return before;
      const draft = draftOf(before);
      join(draft, party, name);
      if (!party.startsWith('visitor:')) event(draft, party, 'joined', name === null ? {} : { name });
      return commit(draft);
    },
    leave(id, party) {
      const before = live(id);
      if (party === `agent:${before.agent ?? ''}`) throw new WrongState('the conversation is yours', { hint: 'transfer or end it' });
      if (!takesPart(before, party)) return before;
      const draft = draftOf(before);
      leave(draft, party);
      event(draft, party, 'left');
      return commit(draft);
    },
    queued(id, { queue, contact, by, to }) {
      const before = live(id);
      const draft = draftOf({ ...before, state: 'queued', queue, contact, agent: null, replied: false, assignedAt: null });
      if (before.agent !== null) leave(draft, `agent:${before.agent}`);
      if (to !== undefined) {
        fact(draft, 'conversation.transferred', { by, to });
        event(draft, by, 'transferred', { to });
      }
      return commit(draft);
    },
    assigned(id, { agent, name, queue, by }) {
      const draft = draftOf({ ...live(id), state: 'talking', agent, queue, replied: false, assignedAt: now() });
      join(draft, `agent:${agent}`, name);
      fact(draft, 'conversation.assigned', { agent, queue, by });
      event(draft, by, 'assigned', { agent, name });
      return commit(draft);
    },
    handedBack(id, why) {
      const before = live(id);
      if (before.agent === null) return before;
      const draft = draftOf({ ...before, state: 'queued', agent: null, replied: false, assignedAt: null });
      leave(draft, `agent:${before.agent}`);
      fact(draft, 'conversation.handed_back', { agent: before.agent, why });
      event(draft, 'system', 'handed_back', { why });
      return commit(draft);
    },
    end(id, by, why) {
      const before = get(id);
      if (before.state === 'ended') return before;
      const draft = draftOf({ ...before, state: 'ended', endedAt: now(), endedBy: by, endWhy: why });
      event(draft, by, 'ended', { why });
      fact(draft, 'conversation.ended', { by, why, duration_ms: Math.max(0, now() - before.startedAt), messages: draft.next.lastSeq, ...(before.agent === null ? {} : { agent: before.agent }) });
      return commit(draft);
    },
    rate(id, rating, comment) {
      const before = get(id);
      if (before.state !== 'ended') throw new WrongState('it has not ended yet', { hint: 'the question comes at the end' });
      if (before.rating !== null) throw new WrongState('it has been rated already');
      const draft = draftOf({ ...before, rating, ratingComment: comment ?? null });
      fact(draft, 'conversation.rated', { rating, ...(before.agent === null ? {} : { agent: before.agent }) });
      return commit(draft);
    },
    identify(id, customer, by) {
      const before = get(id);
      if (before.customer === customer) return before;
      const draft = draftOf({ ...before, customer, filedUnder: customer });
      fact(draft, 'conversation.customer_identified', { customer, by });
      return commit(draft);
    },
    calledIn(id, call) {
      const draft = draftOf(live(id));
      fact(draft, 'conversation.called_in', { call });
      event(draft, 'system', 'called', { call });
      commit(draft);
    },
    calledBack(id, { number, queue, contact, by, shown }) {
      const draft = draftOf(live(id));
      fact(draft, 'conversation.callback_asked', { number, queue, contact, by });
      event(draft, by, 'callback', { number: shown });
      return commit(draft);
    },
    transcriptSent(id, mail) {
      const draft = draftOf(get(id));
      fact(draft, 'conversation.transcript_sent', { mail });
      work.commit(draft);
    },
    browsed(id, customer, pages) {
      const draft = draftOf(get(id));
      fact(draft, 'conversation.browsed', { customer, pages: [...pages] });
      work.commit(draft);
    },
  };
}
