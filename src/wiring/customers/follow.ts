import type { Customers } from '../../desk/customers/index.js';
import { follow, type Events } from '../../events/index.js';
import { toldOf } from './facts.js';

export interface FollowOptions {
  readonly customers: Pick<Customers, 'reached' | 'take'>;
  readonly events: Pick<Events, 'subscribe' | 'since' | 'last'>;
  readonly log: { error(fields: object, message: string): void };
  readonly later?: (run: () => void, ms: number) => void;
}

/** Writes what happens into the timelines of customers. */
export const followFacts = ({ customers, events, log, ...more }: FollowOptions): { close(): void } =>
  follow({
    events, pick: toldOf, reached: () => customers.reached(), take: (told, to) => customers.take(told, to), ...more,
    failed: (error) => log.error({ err: error }, 'timelines of customers cannot be written, and are later'),
  });
