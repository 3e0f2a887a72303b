import { createHash, randomBytes } from 'node:crypto';
import type { Principal } from '../../access/index.js';
import type { Ms } from '../../base/index.js';

export const TICKET_MS: Ms = 60_000;

/** One-time words that open a WebSocket, because a browser can send no header with it and a token has no place in a URL. */
export interface Tickets {
  /** @returns the ticket; it is known here by its digest alone */
  give(to: Principal): string;
  /** Whose it is; each is taken once, within a minute. */
  take(ticket: string): Principal | undefined;
  size(): number;
}
export interface TicketsOptions {
  /** Monotonic milliseconds. */
  readonly now?: () => Ms;
  /** The oldest go first. */
  readonly most?: number;
}

export function createTickets({ now = () => performance.now(), most = 10_000 }: TicketsOptions = {}): Tickets {
  const given = new Map<string, { readonly to: Principal; readonly until: Ms }>();
  const digest = (ticket: string): string => createHash('sha256').update(ticket).digest('base64url');
  const forgetOld = (): void => {
    for (const [key, { until }] of given) {
      if (until > now() && given.size < most) return; // in the order of giving
      given.delete(key);
    }
  };
  return {
    give(to) {
      forgetOld();
      const ticket = randomBytes(32).toString('base64url');
      given.set(digest(ticket), { to, until: now() + TICKET_MS });
      return ticket;
    },
    take(ticket) {
      const key = digest(ticket);
      const found = given.get(key);
      given.delete(key);
      return found && found.until > now() ? found.to : undefined;
    },
    size: () => given.size,
  };
}
