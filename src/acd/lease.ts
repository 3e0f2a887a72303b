import type { Ms } from '../base/index.js';
import type { Clock } from './clock.js';
import type { Contact, ContactId, State } from './engine/index.js';
import type { Carriers } from './ports.js';

export interface LeaseOptions {
  readonly carriers: Carriers;
  readonly log: { error(fields: object, message: string): void };
}

/** Asks carriers whether they still have what the engine believes in. */
export interface Inquiry {
  alive(contact: Contact): boolean;
  /** Contacts that an agent is busy with, and that nobody has. */
  lost(s: State): ContactId[];
}

export function createInquiry({ carriers, log }: LeaseOptions): Inquiry {
  const alive = (contact: Contact): boolean => {
    try {
      return carriers[contact.channel]?.alive(contact.id) ?? false;
    } catch (error) {
      log.error({ err: error, contact: contact.id }, 'a carrier does not know what it has; the contact counts as there');
      return true;
    }
  };
  return {
    alive,
    lost(s) {
      const lost = new Set<ContactId>();
      for (const agent of s.agents.values()) {
        for (const work of agent.work) if (work.is !== 'wrap_up' && held(work.offer.contact) && !alive(work.offer.contact)) lost.add(work.offer.contact.id);
      }
      return [...lost];
    },
  };
}

/** Whether somebody is on the line, or should be: a callback that only rings an agent has nobody there yet. */
export const held = (contact: Contact): boolean => !contact.callback || contact.stage.is === 'connecting' || contact.stage.is === 'connected';

/** Every `leaseMs` those are looked for whom nobody has. Missing once may be a hand-over in progress; missing twice is gone. */
export function watchLeases(clock: Clock, leaseMs: Ms, look: () => readonly ContactId[], gone: (contact: ContactId) => void): () => void {
  let suspects = new Set<ContactId>();
  let cancel = clock.after(leaseMs, tick);
  function tick(): void {
    cancel = clock.after(leaseMs, tick);
    const lost = look();
    for (const contact of lost) if (suspects.has(contact)) gone(contact);
    suspects = new Set(lost.filter((contact) => !suspects.has(contact)));
  }
  return () => cancel();
}
