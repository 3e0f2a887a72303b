import type { ContactId } from '../../acd/index.js';
import type { Room } from './room.js';

/** An offer is over without an agent: unless somebody else is rung for it, or the customer is there, so is this attempt. */
export function attemptOver(room: Room, contact: ContactId, why: 'unanswered' | 'gone'): void {
  const one = room.callbacks.get(contact);
  if (!one || one.agent) return;
  const busy = one.customer ?? one.reaching ?? [...room.ringing.values()].find(({ offer }) => offer.contact === contact);
  if (why === 'gone' || !busy) void one.call.end({ by: 'us', cause: why === 'gone' ? 'cancelled' : 'no_answer' });
}
