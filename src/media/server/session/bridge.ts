import type { Header } from '../events/event.js';
import { fire, setState } from './fire.js';
import type { Server, Session } from './types.js';

/**
 * Connects two answered channels as switch_ivr_uuid_bridge does: whatever runs on either ends, a former partner is let
 * go, packets flow before this returns; the events follow when the interrupted applications have unwound.
 * @returns false when either is not there to be bridged
 */
export function bridge(server: Server, a: Session, b: Session): boolean {
  if (a === b || a.cause || b.cause || !a.answered || !b.answered) return false;
  if (a.peer !== b) {
    leaveBridge(server, a);
    leaveBridge(server, b);
  }
  const unwound = Promise.all([a.runner.interrupt(), b.runner.interrupt()]);
  a.peer = b;
  b.peer = a;
  server.core.bridge(a.media, b.media);
  bond(a, b, 'originator');
  bond(b, a, 'originatee');
  a.times.bridged = b.times.bridged = server.microtime();
  void unwound.then(() => {
    if (a.peer !== b || a.cause || b.cause) return;
    announce(server, a, b);
  });
  return true;
}

function announce(server: Server, a: Session, b: Session): void {
  for (const [one, other] of [[a, b], [b, a]] as const) {
    setState(server, one, 'CS_EXCHANGE_MEDIA');
    one.application = ['uuid_bridge', other.uuid];
    fire(server, one, 'CHANNEL_EXECUTE', [['Application', 'uuid_bridge'], ['Application-Data', other.uuid]]);
  }
  fire(server, a, 'CHANNEL_BRIDGE', between(a, b));
}

/** Takes a channel out of its bridge; the partner, left alone, is parked if it asked for that and hung up if not. */
export function leaveBridge(server: Server, session: Session): void {
  const partner = part(server, session);
  if (partner) leftAlone(partner);
}

/** A channel lost its partner: parked if `park_after_bridge` says so and somebody is there to pick it up, else hung up. */
export function leftAlone(session: Session): void {
  if (session.cause) return;
  if (session.variables.isTrue('park_after_bridge') && !session.orphaned) session.runner.transfer([{ name: 'park', args: '' }]);
  else session.hangUp('NORMAL_CLEARING');
}

/** Ends a bridge without deciding what becomes of the two. @returns the former partner */
export function part(server: Server, session: Session): Session | undefined {
  const partner = session.peer;
  if (!partner) return undefined;
  server.core.unbridge(session.media);
  session.peer = undefined;
  partner.peer = undefined;
  const [a, b] = session.variables.get('last_bridge_role') === 'originatee' ? [partner, session] : [session, partner];
  for (const one of [session, partner]) one.variables.set('signal_bond', undefined);
  fire(server, a, 'CHANNEL_UNBRIDGE', between(a, b));
  return partner;
}

const between = (a: Session, b: Session): Header[] => [['Bridge-A-Unique-ID', a.uuid], ['Bridge-B-Unique-ID', b.uuid]];

function bond(session: Session, partner: Session, role: string): void {
  const { variables } = session;
  variables.set('bridge_channel', partner.name);
  variables.set('bridge_uuid', partner.uuid);
  variables.set('signal_bond', partner.uuid);
  variables.set('last_bridge_to', partner.uuid);
  variables.set('last_bridge_role', role);
}
