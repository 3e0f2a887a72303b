import { describe, expect, it } from 'vitest';
import type { AcdEffect, AcdEvent, Offer, OfferId } from './engine/index.js';
import { agentId, contactId, dovecote, queueId } from './office.fixture.js';
import { createPerformer, withoutFleeting } from './perform.js';
import type { Carrier } from './ports.js';

const offer = (id: string, contact = 'c1'): Offer => ({
  id: id as OfferId, contact: contactId(contact), agent: agentId('lin'), queue: queueId('support'), channel: 'pigeon', subject: `call:${contact}`, attempt: 1, offerMs: 15_000, autoAccept: false,
  callback: undefined,
});
const announce: AcdEffect = { do: 'announce', contact: contactId('c1'), queue: queueId('support'), position: 2, waiting: 3, wait: undefined };
const divert: AcdEffect = { do: 'divert', contact: contactId('c1'), queue: queueId('support'), target: { to: 'hang_up' }, why: 'full' };

function perform(effects: readonly AcdEffect[], carrier: Partial<Carrier> = {}, channel: string | undefined = 'pigeon') {
  const cote = dovecote(carrier);
  const posted: AcdEvent[] = [];
  const errors: string[] = [];
  createPerformer({ carriers: { pigeon: cote.carrier }, post: (event) => void posted.push(event), log: { error: (_f, message) => void errors.push(message) } })({ effects, channelOf: () => channel });
  return { did: cote.did, posted, errors };
}
const broken = (): never => {
  throw new Error('broken');
};

describe('what was decided', () => {
  it('is done by the carrier of its channel, in order; facts and wishes of the engine are not its affair', () => {
    const effects: AcdEffect[] = [{ do: 'publish', type: 'call.queued', subject: 'call:c1', data: {} }, { do: 'offer', offer: offer('o1') }, announce, { do: 'wake', at: 5 }, { do: 'drop', offer: offer('o1') }];
    expect(perform(effects)).toEqual({ did: ['offer lin←c1', 'announce c1 2', 'drop lin←c1'], posted: [], errors: [] });
  });

  it.each<[what: string, effect: AcdEffect, carrier: Partial<Carrier>, posted: AcdEvent[]]>([
    ['an offer counts as unreachable', { do: 'offer', offer: offer('o1') }, { offer: broken }, [{ type: 'offer.declined', offer: 'o1' as OfferId, why: 'unreachable' }]],
    ['a bridge as never made', { do: 'connect', offer: offer('o1') }, { connect: broken }, [{ type: 'contact.returned', contact: contactId('c1') }]],
    ['a withdrawal as done', { do: 'withdraw', offer: offer('o1'), why: 'timed_out' }, { withdraw: broken }, []],
    ['an announcement as made', announce, { announce: broken }, []],
  ])('and fails: %s, and the rest goes on', (_what, effect, carrier, posted) => {
    expect(perform([effect, { do: 'dismiss', contact: contactId('c2') }], carrier)).toEqual({ did: ['dismiss c2'], posted, errors: ['the queue could not do what it decided'] });
  });

  it('a caller who cannot be sent on is dismissed, and even that may fail', () => {
    expect(perform([divert], { divert: broken }).did).toEqual(['dismiss c1']);
    expect(perform([divert], { divert: broken, dismiss: broken }).errors).toHaveLength(2);
  });

  it('for a channel that nobody carries is logged', () => {
    expect(perform([announce], {}, 'smoke')).toMatchObject({ did: [], errors: ['the queue could not do what it decided'] });
  });
});

describe('several decisions at once', () => {
  const channelOf = () => 'pigeon';

  it('leave out what one made and another took back', () => {
    const all = [{ effects: [{ do: 'offer', offer: offer('o1') }, { do: 'offer', offer: offer('o2', 'c2') }], channelOf }, { effects: [{ do: 'withdraw', offer: offer('o1'), why: 'agent_unreachable' }], channelOf }] as const;
    expect(withoutFleeting(all, new Map([['o2' as OfferId, true]])).map((d) => d.effects.length)).toEqual([1, 0]);
  });

  it('but not the end of what was made before', () => {
    const all = [{ effects: [{ do: 'withdraw', offer: offer('o1'), why: 'agent_unreachable' }], channelOf }] as const;
    expect(withoutFleeting(all, new Map()).map((d) => d.effects.length)).toEqual([1]);
  });
});
