import type { Core } from './core.js';
import type { AcdEvent } from './engine/index.js';
import { held, type Inquiry } from './lease.js';

/**
 * Brings what the log remembers in line with what is left of it after a restart. Who is reachable and who is in a call of his own is
 * told anew, so it is forgotten first: that takes back what was ringing. Contacts that no carrier has any more leave; agents who talk
 * with those that live on stay with them. All of it happens as of the moment when the last run ended, for the time in which nobody
 * could answer counts against nobody.
 */
export function settleLastRun(core: Core, post: (event: AcdEvent) => void, inquiry: Inquiry): void {
  for (const { setup, reachable, engaged } of [...core.state.agents.values()]) {
    if (reachable) post({ type: 'agent.reachable', agent: setup.id, yes: false });
    for (let calls = engaged; calls > 0; calls -= 1) post({ type: 'agent.engaged', agent: setup.id, yes: false });
  }
  for (const offer of [...core.state.offers.keys()]) if (core.state.offers.has(offer)) post({ type: 'offer.declined', offer, why: 'unreachable' });
  for (const contact of [...core.state.contacts.values()]) if (held(contact) && !inquiry.alive(contact)) post({ type: 'contact.left', contact: contact.id, why: 'failed' });
}
