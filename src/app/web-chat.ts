import type { Acd, QueueId } from '../acd/index.js';
import { chatSocket, conversationSocket, type ChatDoor, type HttpDoor, type Tickets as WsTickets } from '../api/index.js';
import { ChatFault, createChat, shownSettings, type ChatDeps } from '../channels/chat/index.js';
import { matches } from '../config/index.js';
import { system, type TicketDesk } from '../desk/tickets/index.js';
import type { TextGround } from './chat.js';
import type { Talks } from './conversations.js';
import type { CustomerDesk } from './customers.js';
import type { Ground } from './rooms.js';

export interface WebChatRooms {
  readonly talks: Talks;
  readonly text: TextGround;
  readonly desk: CustomerDesk;
  readonly tickets: TicketDesk;
  readonly acd: Acd;
}
/** Chat on web pages: visitors on one side, the desk on the other. */
export interface WebChat {
  readonly api: { readonly chat: ChatDoor };
  attach(door: HttpDoor, tickets: WsTickets): void;
  lines(): number;
  /** Browsers of a customer who is no more. */
  forget(customer: string): void;
  close(): void;
}

export function openWebChat(ground: Ground, { talks, text, desk: { customers }, tickets, acd }: WebChatRooms): WebChat {
  const { store, events, live, log } = ground;
  const { conversations } = talks.desk;
  const config = () => live.now().chat;
  const isOpen = (queue: string): boolean => acd.queues().some((q) => q.id === queue && q.mode === 'open');
  const deps: ChatDeps = {
    store, events, config, conversations, customers, files: text.files, log, now: Date.now,
    queue: {
      enter: (id, to) => talks.queue.enter(id, to), end: (id, by, why) => talks.queue.end(id, by, why), place: (conversation) => talks.queue.place(conversation), check: (queue) => void acd.queue(queue as QueueId), onPlace: (fn) => talks.queue.onPlace(fn), open: isOpen,
    },
    ticket({ type, subject, text: words, name, email, phone, language, customer, visitor }) {
      const requester = { ...(name === undefined ? {} : { name }), ...(email === undefined ? {} : { email }), ...(phone === undefined ? {} : { phone: phone.replace(/[^+0-9]/g, '') }) };
      return String(tickets.create({ type, subject, text: words, channel: 'chat', language, requester, customer: customer ?? null }, system(`chat:${visitor}`)).number);
    },
    mail: (mail, about) => (text.mailer.ready() ? text.mailer.send(mail, about) : undefined),
    callBack(conversation, number, by) {
      const { numbers, perDay } = config().callback;
      if (!numbers.some((pattern) => matches(pattern, number))) throw new ChatFault('chat.not_allowed', 'this number is not called back', 'ask in the chat');
      const today = store.run(store.db.selectFrom('events').select('data').where('type', '=', 'conversation.callback_asked').where('at', '>', Date.now() - 86_400_000));
      if (today.filter(({ data }) => (JSON.parse(data) as { number: string }).number === number).length >= perDay) throw new ChatFault('chat.too_many', 'this number has been called back often enough today');
      talks.desk.callBack(conversation, { number, by });
    },
  };
  const chat = createChat(deps);
  const door: ChatDoor = {
    chat, files: text.files, origins: () => config().origins, frameBytes: () => config().limits.frameBytes,
    settings: (lang) => shownSettings(config(), lang, isOpen(config().queue)),
  };
  return {
    api: { chat: door }, lines: () => chat.lines(), forget: (customer) => chat.desk.visitors.forget(customer), close: () => chat.close(),
    attach(http, wsTickets) {
      const failed = (error: unknown): void => log.error({ err: error }, 'a WebSocket failed by our fault');
      http.onUpgrade('/v1/chat/ws', chatSocket(door, () => live.now().access.trustedProxies, failed));
      http.onUpgrade('/v1/conversations/ws', conversationSocket(talks.desk, wsTickets, failed));
    },
  };
}
