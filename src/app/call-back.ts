import type { CallbackOrder, ContactView, QueueId } from '../acd/index.js';
import { maskNumber } from '../config/index.js';
import type { Conversation, Conversations } from '../desk/conversations/index.js';
import type { Customers } from '../desk/customers/index.js';
import { attributesOfCaller } from '../wiring/index.js';

export interface CallingBackDeps {
  readonly book: (order: CallbackOrder) => ContactView;
  readonly customers: Pick<Customers, 'known' | 'identify'>;
  readonly queue: () => string;
}
/** From chat to call: the queue calls the number, with everything that is known, and the call is the customer's before it begins. */
export function callBackFrom({ book, customers, queue }: CallingBackDeps, conversations: Pick<Conversations, 'calledBack'>) {
  return (conversation: Conversation, { number, by, queue: named }: { readonly number: string; readonly by: string; readonly queue?: string | undefined }): Conversation => {
    const { id, customer, name, language } = conversation;
    const known = customer === null ? undefined : customers.known(customer);
    const at = (named ?? conversation.queue ?? queue()) as QueueId;
    const contact = book({
      number, queue: at, at: undefined, name: name ?? undefined, priority: 8, by: `chat:${id}`,
      attributes: { ...attributesOfCaller(known), conversation: id, ...(language === null ? {} : { language }), ...(conversation.agent === null ? {} : { last_agent: conversation.agent }) },
    });
    if (known) customers.identify(contact.subject.slice('call:'.length), known.id, 'hand', { by, source: `conversation:${id}` });
    return conversations.calledBack(id, { number, queue: at, contact: contact.id, by, shown: maskNumber(number) });
  };
}
