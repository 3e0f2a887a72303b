import type { Acd, AgentId, Attributes, Channel, ContactId, ContactView, QueueId } from '../../acd/index.js';
import { NoSuchContact } from '../../acd/index.js';
import type { Ms } from '../../base/index.js';
import { WrongState, type Conversation, type Conversations, type Doer } from '../../desk/conversations/index.js';
import { newId } from '../../store/index.js';
import type { Desktops, TextChannel } from '../desk-queue/index.js';
import { createReplyLeases } from './leases.js';

export interface Place {
  /** 1: the next in line; null once it is somebody's. */
  readonly position: number | null;
  readonly waitMs: { readonly low: Ms; readonly high: Ms } | null;
}
/** Conversations as contacts of the queue: one engine for calls, chats and tickets. */
export interface ChatQueue {
  readonly channel: TextChannel;
  /** Answers whether it waits (or is somebody's already): a closed or full queue ends it. @throws ConversationOver */
  enter(id: string, to: { readonly queue: string; readonly by: Doer; readonly priority?: number }): boolean;
  /** Another queue's or agent's from now on; it waits before those who come new. @throws WrongState, ConversationOver, NoSuchAgent, NoSuchQueue */
  transfer(id: string, to: { readonly queue: string } | { readonly agent: string }, by: Doer): Conversation;
  end(id: string, by: Doer, why: string): Conversation;
  place(conversation: Conversation): Place | undefined;
  onPlace(fn: (conversation: string, place: Place) => void): void;
  /** After a restart: what the engine and the conversations remember is brought together. */
  resume(): void;
  close(): void;
}
export interface ChatQueueOptions {
  readonly conversations: Conversations;
  readonly acd: () => Acd;
  readonly desktops: Pick<Desktops, 'view' | 'onChange'>;
  /** As what it takes of an agent's capacity. */
  readonly channelOf: (conversation: Conversation) => Channel;
  /** What the queues are told besides: of the customer. */
  readonly about: (conversation: Conversation) => Attributes;
  /** How long an agent may leave a customer without a first word; 0: for ever. */
  readonly firstReplyMs: () => Ms;
  readonly log: { error(fields: object, message: string): void };
  /** After a restart desktops have so long to come back. */
  readonly desktopMs?: Ms;
  readonly now?: () => number;
}
/** Who was waiting or talked already goes before those who come new. */
const HANDED_ON = 8;

export function createChatQueue({ conversations, acd, desktops, channelOf, about, firstReplyMs, log, desktopMs = 15_000, now = Date.now }: ChatQueueOptions): ChatQueue {
  const listeners = new Set<(conversation: string, place: Place) => void>();
  const onceBack = { timer: undefined as NodeJS.Timeout | undefined };
  const leases = createReplyLeases({ firstReplyMs, now, expired: (id) => handBack(id, 'no_reply'), log });
  const handBack = (id: string, why: 'no_reply' | 'desktop_gone'): void => {
    const before = conversations.find(id);
    if (before?.state !== 'talking' || before.contact === null || (why === 'no_reply' && before.replied)) return;
    conversations.handedBack(id, why);
    acd().returned(before.contact as ContactId);
  };
  const enqueue = (conversation: Conversation, { queue, by, priority, avoid, to }: { readonly queue: string; readonly by: Doer; readonly priority?: number | undefined; readonly avoid?: readonly AgentId[]; readonly to?: string }): boolean => {
    const contact = newId('contact') as ContactId;
    acd().queue(queue as QueueId); // throws where there is none, before anything is written
    conversations.queued(conversation.id, { queue, contact, by, ...(to === undefined ? {} : { to }) });
    if (conversation.contact !== null) acd().leave(conversation.contact as ContactId, 'exit');
    acd().enqueue({
      id: contact, queues: [queue as QueueId], channel: channelOf(conversation), subject: `conversation:${conversation.id}`, attributes: attributesOf(conversation, about(conversation)), ...(priority === undefined ? {} : { priority }),
      ...(avoid === undefined ? {} : { avoid }),
    });
    return conversations.get(conversation.id).state !== 'ended';
  };
  const end = (id: string, by: Doer, why: string): Conversation => {
    const before = conversations.get(id);
    const ended = conversations.end(id, by, why);
    if (before.state !== 'ended' && before.contact !== null) acd().leave(before.contact as ContactId, before.state === 'queued' ? 'abandoned' : 'exit');
    return ended;
  };
  const endOf = (contact: ContactId, why: string): void => {
    const found = conversations.byContact(contact);
    if (found) conversations.end(found.id, 'queue', why);
  };
  const unfollow = conversations.followAll((live) => {
    if (live.is === 'changed') leases.watch(live.conversation);
  });
  desktops.onChange(({ agent, present }) => {
    if (present) return;
    for (const one of conversations.live()) if (one.agent === agent) handBack(one.id, 'desktop_gone');
  });
  const place = (conversation: Conversation): Place | undefined => {
    const contact = contactOf(acd(), conversation.contact);
    if (!contact || conversation.queue === null || conversation.state !== 'queued') return undefined;
    const band = acd().queue(conversation.queue as QueueId).expectedWait;
    return { position: contact.position, waitMs: band && { low: band.lowMs, high: band.highMs } };
  };
  return {
    end, place,
    onPlace: (fn) => void listeners.add(fn),
    enter: (id, how) => enqueue(conversations.get(id), how),
    transfer(id, to, by) {
      const before = conversations.get(id);
      if (before.state === 'open') throw new WrongState('it has not begun to wait yet', { hint: 'wait until it is queued' });
      if ('queue' in to) enqueue(before, { queue: to.queue, by, priority: HANDED_ON, to: `queue:${to.queue}` });
      else enqueue(before, { ...onlyFor(acd(), to.agent, before.queue), by, priority: HANDED_ON, to: `agent:${to.agent}` });
      return conversations.get(id);
    },
    channel: {
      connected({ contact, agent, queue }) {
        const found = conversations.byContact(contact);
        if (!found || found.state === 'ended') throw new WrongState(`no conversation waits as ${contact}`);
        conversations.assigned(found.id, { agent, name: acd().agent(agent).name, queue, by: 'queue' });
      },
      announce(contact, { position, wait }) {
        const found = conversations.byContact(contact);
        if (found) for (const tell of listeners) tell(found.id, { position, waitMs: wait ? { low: wait.lowMs, high: wait.highMs } : null });
      },
      divert(contact, target, why) {
        if (target.to === 'callback') acd().leave(contact, 'exit'); // nobody knows a number to call here
        endOf(contact, why);
      },
      dismissed: (contact) => endOf(contact, 'failed'),
      alive: (contact) => conversations.byContact(contact)?.state !== 'ended' && conversations.byContact(contact) !== undefined,
      about(contact) {
        const found = conversations.byContact(contact);
        if (!found) return {};
        const last = conversations.lastSaid(found.id, 'customer');
        return { conversation: found.id, channel: found.channel, name: found.name, customer: found.customer, language: found.language, form: found.form, source: found.source, preview: last?.text.slice(0, 200) ?? null };
      },
    },
    resume() {
      for (const one of conversations.live()) settle(one);
      onceBack.timer = setTimeout(() => {
        for (const one of conversations.live()) if (one.agent !== null && !desktops.view(one.agent as AgentId).present) handBack(one.id, 'desktop_gone');
      }, desktopMs).unref();
    },
    close() {
      clearTimeout(onceBack.timer);
      unfollow();
      leases.close();
    },
  };

  /** The engine is right about who has it; a conversation that it does not know waits anew. */
  function settle(conversation: Conversation): void {
    const { id, state, queue, agent } = conversation;
    // Cut off between its beginning and the queue: its visitor begins again.
    if (state === 'open') return void conversations.end(id, 'system', 'failed');
    try {
      const contact = contactOf(acd(), conversation.contact);
      if (!contact) enqueue(conversation, { queue: queue ?? '', by: 'system', priority: HANDED_ON });
      else if (contact.state === 'connecting') acd().returned(contact.id);
      else if (contact.state === 'connected' && contact.agent !== null && contact.agent !== agent) conversations.assigned(id, { agent: contact.agent, name: acd().agent(contact.agent).name, queue: queue ?? contact.queues[0] ?? '', by: 'queue' });
      else if (contact.state !== 'connected' && agent !== null) conversations.handedBack(id, 'restart');
      else leases.watch(conversation);
    } catch (error) {
      log.error({ err: error, conversation: id }, 'a conversation of the last run could not be taken up, and ends');
      conversations.end(id, 'system', 'failed');
    }
  }
}

function contactOf(acd: Acd, contact: string | null): ContactView | undefined {
  if (contact === null) return undefined;
  try {
    return acd.contact(contact as ContactId);
  } catch (error) {
    if (error instanceof NoSuchContact) return undefined;
    throw error;
  }
}

/** A queue that this agent serves, and everybody else to be left out. @throws NoSuchAgent, WrongState */
function onlyFor(acd: Acd, agent: string, before: string | null): { readonly queue: string; readonly avoid: readonly AgentId[] } {
  const { id, queues } = acd.agent(agent as AgentId);
  const queue = queues.find((q) => q === before) ?? queues[0];
  if (queue === undefined) throw new WrongState(`agent "${agent}" serves no queue`, { hint: 'transfer it to a queue' });
  return { queue, avoid: acd.agents().map((a) => a.id).filter((other) => other !== id) };
}

function attributesOf({ id, channel, language, form, source }: Conversation, customer: Attributes): Attributes {
  return { source: channel, conversation: id, ...(language === null ? {} : { language }), ...(source === null ? {} : { page: source.slice(0, 300) }), ...Object.fromEntries(Object.entries(form).map(([key, value]) => [`form_${key}`, value.slice(0, 300)])), ...customer };
}
