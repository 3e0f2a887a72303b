import type { Offer } from '../../acd/index.js';
import type { Leg } from '../../calls/index.js';
import { consentFor, recordedSide } from '../consent.js';
import { converse } from '../voice.js';
import { playMusic } from './announcing.js';
import { keepReady, type Room, type Waiting } from './room.js';

/** Brings caller and agent together, and stays until one of them goes. */
export async function join(room: Room, offer: Offer, w: Waiting, agent: Leg): Promise<void> {
  const { voice, acd, joined } = room;
  const mine = (): boolean => w.with === offer.id;
  w.listening = false;
  w.with = offer.id;
  keepReady(room);
  joined.set(offer.id, agent);
  w.call.entered('talk');
  w.call.adopt(agent, offer.agent);
  try {
    const side = recordedSide(w.call, consentFor(voice, w.call, 'queue'), w.noticeGiven);
    const end = await converse(voice, w.call, w.leg, {
      far: agent, about: { agent: offer.agent }, customer: side,
      onBridged() {
        if (mine()) acd().bridged(offer.contact);
      },
      // The agent is free now, not when the media server has cleared up.
      onOver() {
        if (mine()) acd().released(offer.contact);
      },
    });
    if (!mine()) return playMusic(w);
    if (end === 'far_left') w.done('completed');
    if (typeof end === 'object') {
      w.release();
      await end.take();
      w.done('completed');
    }
  } catch (error) {
    if (!mine()) return; // dropped, and with somebody else by now
    const agentLeft = agent.gone.reason === 'bye';
    if (w.leg.gone.aborted || agentLeft) w.call.log.info({ agent: offer.agent, left: agentLeft ? 'agent' : 'caller' }, 'one of the two hung up before they were joined');
    else w.call.log.warn({ err: error, agent: offer.agent }, 'caller and agent could not be joined');
    w.with = undefined;
    if (w.leg.gone.aborted) return acd().released(offer.contact);
    w.listening = true;
    acd().returned(offer.contact);
    w.call.entered('queue');
    playMusic(w);
  } finally {
    joined.delete(offer.id);
  }
}

/** The bridge took too long: the agent's side ends, the caller waits on. */
export function drop({ joined, waiting }: Room, offer: Offer): void {
  const w = waiting.get(offer.contact);
  if (w?.with === offer.id) {
    w.with = undefined;
    w.listening = true;
    w.call.entered('queue');
    playMusic(w);
  }
  void joined.get(offer.id)?.hangUp();
}
