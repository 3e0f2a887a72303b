import type { Acd } from '../acd/index.js';
import type { Asker, CallbackBooker, ConversationDesk } from '../api/index.js';
import { createConversations, type Conversation } from '../desk/conversations/index.js';
import { finderBeside } from '../store/index.js';
import { attributesOfCaller, createChatQueue, type ChatQueue, type OpenTalks } from '../wiring/index.js';
import type { TextGround } from './chat.js';
import type { CustomerDesk } from './customers.js';
import { callBackFrom } from './call-back.js';
import type { Ground } from './rooms.js';

/** Conversations, and what ties them to queues, files and people. */
export interface Talks {
  readonly queue: ChatQueue;
  readonly desk: ConversationDesk;
  /** For calls of customers who have one open. */
  readonly open: OpenTalks;
  /** Who has to do with it: for events and files. */
  agentsOf(id: string): readonly string[];
  resume(): void;
  close(): Promise<void>;
}

/** Before the queues are made. */
export function openTalks({ store, events, live, log, access }: Ground, text: TextGround, { customers }: CustomerDesk, { acd, book }: { readonly acd: () => Acd; readonly book: CallbackBooker['book'] }): Talks {
  const conversations = createConversations({ store, events, files: text.files, log, finder: finderBeside(store.path) });
  const queue = createChatQueue({
    conversations, acd, desktops: text.desktops, log, channelOf: ({ channel }) => (channel === 'app' ? live.now().chat.app.capacity : 'chat'), firstReplyMs: () => live.now().chat.times.firstReplyMs,
    about: ({ customer }) => attributesOfCaller(customer === null ? undefined : customers.known(customer)),
  });
  for (const channel of ['chat', 'app']) text.carry(channel, queue.channel);
  const theirs = ({ principal, scope }: Asker): readonly string[] => (scope === 'team' ? access.users.agentsNear(principal) : principal.agent === null ? [] : [principal.agent]);
  const partiesOf = (asker: Asker): string[] => [...theirs(asker).map((agent) => `agent:${agent}`), `user:${asker.principal.id}`];
  const offeredTo = (asker: Asker): string[] => theirs(asker).flatMap((agent) => text.offers.list(agent as Parameters<typeof text.offers.list>[0]).map((offer) => offer.contact as string));
  const reaches = (asker: Asker, { parties, contact }: Conversation): boolean =>
    asker.scope === 'all' || parties.some((p) => partiesOf(asker).includes(p.party)) || (contact !== null && offeredTo(asker).includes(contact));
  text.guard('conversation', (asker, { about }) => {
    const found = conversations.find((about ?? '').slice('conversation:'.length));
    return found !== undefined && reaches(asker, found);
  });
  return {
    queue,
    open: {
      open: (customer) => conversations.openOf(customer),
      called(id, call) {
        if (conversations.find(id)?.state !== 'ended') conversations.calledIn(id, call);
      },
    },
    agentsOf: (id) => (conversations.find(id)?.parties ?? []).flatMap(({ party }) => (party.startsWith('agent:') ? [party.slice('agent:'.length)] : [])),
    desk: {
      conversations, reaches, callBack: callBackFrom({ book, customers, queue: () => live.now().chat.callback.queue ?? live.now().chat.queue }, conversations), transfer: (id, to, by) => queue.transfer(id, to, by), end: (id, by, why) => queue.end(id, by, why), customer: (id) => customers.view(id).id,
      within: (asker) => (asker.scope === 'all' ? {} : { parties: partiesOf(asker), contacts: offeredTo(asker) }),
      place: (one) => queue.place(one),
      nameOf: ({ agent, name }) => (agent === null ? name : (acd().agents().find((a) => a.id === agent)?.name ?? name)),
    },
    resume() {
      queue.resume();
      conversations.indexOlder();
    },
    close() {
      queue.close();
      return conversations.close();
    },
  };
}
