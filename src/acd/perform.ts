import type { AcdEffect, AcdEvent, Channel, ContactId, FactData, OfferId } from './engine/index.js';
import type { Carrier, Carriers } from './ports.js';

/** A fact that the engine states: `events` gives it a number and a time. */
export interface AcdFact {
  readonly type: string;
  readonly subject: string;
  readonly data: FactData;
}
export interface PerformerOptions {
  readonly carriers: Carriers;
  readonly log: { error(fields: object, message: string): void };
  /** Says that an effect came to nothing. */
  readonly post: (event: AcdEvent) => void;
}
/** What a step decided, and the channels of the contacts it speaks of. */
export interface Decided {
  readonly effects: readonly AcdEffect[];
  readonly channelOf: (contact: ContactId) => Channel | undefined;
}

/** What carriers must do, in order. One broken effect does not take the others along: a queue whose dispatcher dies takes every caller with it. */
export function createPerformer({ carriers, log, post }: PerformerOptions): (decided: Decided) => void {
  const complain = (error: unknown, what: string): void => log.error({ err: error, effect: what }, 'the queue could not do what it decided');
  return ({ effects, channelOf }) => {
    for (const effect of effects) {
      if (effect.do === 'publish' || effect.do === 'wake' || effect.do === 'remember') continue;
      const channel = 'offer' in effect ? effect.offer.channel : channelOf(effect.contact);
      const carrier = channel === undefined ? undefined : carriers[channel];
      try {
        if (!carrier) throw new Error(`nobody carries ${channel ?? 'the channel of an unknown contact'}`);
        carry(carrier, effect);
      } catch (error) {
        complain(error, effect.do);
        makeGood(effect, carrier);
      }
    }
  };

  /** What must not stay undone is said to have come to nothing. */
  function makeGood(effect: CarrierEffect, carrier: Carrier | undefined): void {
    if (effect.do === 'offer') return post({ type: 'offer.declined', offer: effect.offer.id, why: 'unreachable' });
    if (effect.do === 'connect') return post({ type: 'contact.returned', contact: effect.offer.contact });
    if (effect.do !== 'divert') return;
    try {
      carrier?.dismiss(effect.contact);
    } catch (error) {
      complain(error, 'dismiss');
    }
  }
}

/** Offers that were made and taken back among these are nobody's business but that of those who read the facts. */
export function withoutFleeting(all: readonly Decided[], standing: ReadonlyMap<OfferId, unknown>): Decided[] {
  const made = new Set(all.flatMap(({ effects }) => effects.flatMap((e) => (e.do === 'offer' && !standing.has(e.offer.id) ? [e.offer.id] : []))));
  return all.map(({ effects, channelOf }) => ({ effects: effects.filter((e) => !((e.do === 'offer' || e.do === 'withdraw') && made.has(e.offer.id))), channelOf }));
}

type CarrierEffect = Exclude<AcdEffect, { readonly do: 'publish' | 'wake' | 'remember' }>;

function carry(carrier: Carrier, effect: CarrierEffect): void {
  switch (effect.do) {
    case 'offer': return carrier.offer(effect.offer);
    case 'connect': return carrier.connect(effect.offer);
    case 'withdraw': return carrier.withdraw(effect.offer, effect.why);
    case 'drop': return carrier.drop(effect.offer);
    case 'announce': {
      const { queue, position, waiting, wait } = effect;
      return carrier.announce(effect.contact, { queue, position, waiting, wait });
    }
    case 'divert': return carrier.divert(effect.contact, effect.target, effect.why);
    case 'dismiss': return carrier.dismiss(effect.contact);
  }
}
