import type { Attributes, ContactId, QueueId } from './engine/index.js';
import type { ContactView } from './ports.js';

/** A callback for somebody who is not on the line. */
export interface CallbackOrder {
  readonly number: string;
  readonly queue: QueueId;
  /** Not before, ms since 1970; undefined: it takes its place in line now. */
  readonly at: number | undefined;
  /** Who is called, for the agent's eyes. */
  readonly name: string | undefined;
  readonly priority: number | undefined;
  readonly attributes: Attributes;
  /** `api:NAME`. */
  readonly by: string;
}
/** What supervisors do to contacts, and their channel must hear of: carriers implement it. */
export interface ContactDesk {
  /** Takes it out of its queues; its channel ends it politely. @throws NoSuchContact */
  remove(contact: ContactId, by: string): void;
  /** It becomes a callback that keeps its place, or one for a time (ms since 1970), and its channel lets go of it. @throws NoSuchContact */
  callBack(contact: ContactId, at: number | undefined, by: string): ContactView;
  /** @throws NoSuchQueue */
  book(order: CallbackOrder): ContactView;
}
