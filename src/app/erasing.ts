import { createErasing, type Erasing } from '../desk/erasing/index.js';
import type { TicketDesk } from '../desk/tickets/index.js';
import type { Talks } from './conversations.js';
import type { Ground } from './rooms.js';
import type { WebChat } from './web-chat.js';

const DAY_MS = 86_400_000;

/** What has to go once a customer is removed, a conversation was kept for long enough, or a hold has ended. */
export function openErasing({ store, events, live, access, log }: Ground, { talks, tickets, chat }: { readonly talks: Talks; readonly tickets: TicketDesk; readonly chat: WebChat }): Erasing {
  const { conversations } = talks.desk;
  const erasing = createErasing({
    store, log, tickets, forgetVisitors: (customer) => chat.forget(customer),
    conversations: {
      ofCustomer: (customer, limit) => conversations.ofCustomer(customer, limit), keepsOf: (customer) => conversations.keepsOf(customer), outlived: (before, limit) => conversations.outlived(before, limit),
      erase(id, by, why) {
        if (conversations.get(id).state !== 'ended') talks.desk.end(id, 'system', why);
        conversations.erase(id, by, why);
      },
    },
    keepMs: () => {
      const { keepDays } = live.now().conversations;
      return keepDays === undefined ? undefined : keepDays * DAY_MS;
    },
    audit: (action, object, after) => access.audit.append({ actor: 'retention', actorName: 'retention', action, object, outcome: 'done', after, source: 'system' }),
  });
  const follow = events.subscribe(['customer.deleted', 'conversation.held', 'ticket.held'], () => erasing.wake());
  erasing.wake();
  return {
    ...erasing,
    close() {
      follow();
      return erasing.close();
    },
  };
}
