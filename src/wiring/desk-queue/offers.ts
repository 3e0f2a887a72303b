import type { Acd, AgentId, Carrier, Channel, ContactId, DeclineReason, DivertReason, Offer, OfferId, Target } from '../../acd/index.js';
import { NoSuchOffer, OfferOver } from './errors.js';

/** What a text channel does when the queue has decided. Everything returns at once. */
export interface TextChannel {
  /** The contact is the agent's from now on; a throw puts it back into the queue. */
  connected(offer: Offer): void;
  announce: Carrier['announce'];
  divert(contact: ContactId, target: Target, why: DivertReason): void;
  /** Its queue is no more. */
  dismissed(contact: ContactId): void;
  alive(contact: ContactId): boolean;
  /** For the agent's eyes, beside the offer. */
  about?(contact: ContactId): Readonly<Record<string, unknown>>;
}
export type OfferState = 'pending' | 'accepted' | DeclineReason | Parameters<Carrier['withdraw']>[1];
export interface OfferView {
  readonly id: OfferId;
  readonly contact: ContactId;
  readonly agent: AgentId;
  readonly queue: string;
  readonly channel: Channel;
  readonly subject: string;
  readonly attempt: number;
  readonly state: OfferState;
  /** ms since 1970 */
  readonly offeredAt: number;
  readonly expiresAt: number;
  readonly about: Readonly<Record<string, unknown>>;
}
/** Offers of channels whose agents answer by API. */
export interface TextOffers {
  carrier(channel: Channel, text: TextChannel): Carrier;
  /** Live ones, the oldest first. */
  list(agent?: AgentId): readonly OfferView[];
  /** Live, or over not long ago. @throws NoSuchOffer */
  get(id: string): OfferView;
  /** Twice is once. @throws NoSuchOffer @throws OfferOver */
  accept(id: string): OfferView;
  /** Twice is once. @throws NoSuchOffer @throws OfferOver */
  decline(id: string, why: 'rejected' | 'busy'): OfferView;
}

interface Live {
  readonly offer: Offer;
  readonly text: TextChannel;
  readonly offeredAt: number;
  state: OfferState;
}
/** Offers that are over and still known, so that a late or repeated answer hears what became of it. */
const REMEMBERED = 5_000;

export function createTextOffers({ acd, now = Date.now }: { readonly acd: () => Acd; readonly now?: () => number }): TextOffers {
  const live = new Map<string, Live>();
  const past = new Map<string, Live>();
  const end = (id: string, state: OfferState): void => {
    const found = live.get(id);
    if (!found) return;
    found.state = state;
    live.delete(id);
    past.set(id, found);
    if (past.size > REMEMBERED) past.delete(past.keys().next().value ?? '');
  };
  const known = (id: string): Live => {
    const found = live.get(id) ?? past.get(id);
    if (!found) throw new NoSuchOffer(id);
    return found;
  };
  const view = ({ offer, text, offeredAt, state }: Live): OfferView => ({
    id: offer.id, contact: offer.contact, agent: offer.agent, queue: offer.queue, channel: offer.channel, subject: offer.subject, attempt: offer.attempt, state, offeredAt,
    expiresAt: offeredAt + offer.offerMs, about: text.about?.(offer.contact) ?? {},
  });
  const accept = (id: string): OfferView => {
    const found = known(id);
    if (found.state === 'accepted') return view(found);
    if (found.state !== 'pending' || acd().accepted(found.offer.id) === 'too_late') throw new OfferOver(id, found.state === 'pending' ? 'timed_out' : found.state);
    return view(found);
  };
  return {
    accept,
    list: (agent) => [...live.values()].filter(({ offer }) => agent === undefined || offer.agent === agent).map(view),
    get: (id) => view(known(id)),
    decline(id, why) {
      const found = known(id);
      if (found.state === why) return view(found);
      if (found.state !== 'pending') throw new OfferOver(id, found.state);
      end(id, why);
      acd().declined(found.offer.id, why);
      return view(found);
    },
    carrier: (_channel, text) => ({
      offer(offer) {
        live.set(offer.id, { offer, text, offeredAt: now(), state: 'pending' });
        if (offer.autoAccept) queueMicrotask(() => live.has(offer.id) && accept(offer.id));
      },
      withdraw: (offer, why) => end(offer.id, why),
      connect(offer) {
        end(offer.id, 'accepted');
        text.connected(offer);
        acd().bridged(offer.contact);
      },
      drop: (offer) => end(offer.id, 'contact_left'),
      announce: (contact, news) => text.announce(contact, news),
      divert: (contact, target, why) => text.divert(contact, target, why),
      dismiss: (contact) => text.dismissed(contact),
      alive: (contact) => text.alive(contact),
    }),
  };
}
