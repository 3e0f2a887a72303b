import type { ChatConfig } from '../../config/index.js';
import type { Conversation, Conversations } from '../../desk/conversations/index.js';
import type { Customers } from '../../desk/customers/index.js';
import type { Files } from '../../desk/files/index.js';
import type { Events } from '../../events/index.js';
import type { Store } from '../../store/index.js';

export interface Place {
  readonly position: number | null;
  readonly waitMs: { readonly low: number; readonly high: number } | null;
}
/** What this channel needs of the queue. */
export interface ChatQueuePort {
  enter(id: string, to: { readonly queue: string; readonly by: string }): boolean;
  end(id: string, by: string, why: string): Conversation;
  /** @throws NoSuchQueue */
  check(queue: string): void;
  place(conversation: Conversation): Place | undefined;
  onPlace(fn: (conversation: string, place: Place) => void): void;
  /** Whether somebody who came now would be let in. */
  open(queue: string): boolean;
}
export interface OfflineOrder {
  readonly type: string;
  readonly subject: string;
  readonly text: string;
  readonly name: string | undefined;
  readonly email: string | undefined;
  readonly phone: string | undefined;
  readonly language: 'zh-CN' | 'en';
  readonly customer: string | undefined;
  readonly visitor: string;
}
export interface ChatLog {
  error(fields: object, message: string): void;
}
export interface ChatDeps {
  readonly store: Store;
  readonly events: Pick<Events, 'publish' | 'subscribe' | 'of'>;
  readonly config: () => ChatConfig;
  readonly conversations: Conversations;
  readonly customers: Pick<Customers, 'resolve' | 'canonical' | 'byIdentity' | 'known' | 'mayContact'>;
  readonly files: Pick<Files, 'add' | 'get' | 'links'>;
  readonly queue: ChatQueuePort;
  /** Answers the number people know the ticket by. */
  readonly ticket: (order: OfflineOrder) => string;
  /** On disk when it returns; undefined: this house sends no mail. */
  readonly mail: (mail: { readonly to: string; readonly subject: string; readonly text: string }, about: string) => string | undefined;
  /** Has the visitor called; answers the contact that waits for it. */
  readonly callBack: (conversation: Conversation, number: string, by: string) => void;
  readonly log: ChatLog;
  /** ms since 1970 */
  readonly now: () => number;
}
/** One connection of a visitor's browser. */
export interface VisitorSocket {
  send(text: string): void;
  close(code: number, why: string): void;
  /** Bytes that wait to be sent. */
  waiting(): number;
}
