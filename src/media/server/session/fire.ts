import { channelHeaders } from '../events/channel-headers.js';
import type { Header } from '../events/event.js';
import type { EventName } from '../events/names.js';
import type { CallState, ChannelState, Server, Session } from './types.js';

/** Fires an event about a channel. Built only if somebody listens, from what the channel is at this moment. */
export function fire(server: Server, session: Session, name: EventName, extra: readonly Header[] = []): void {
  server.bus.fire(name, { uuid: session.uuid, headers: () => [...channelHeaders(session, name), ...extra] });
}

export function setState(server: Server, session: Session, state: ChannelState): void {
  if (session.state === state) return;
  session.state = state;
  fire(server, session, 'CHANNEL_STATE');
}

export function setCallState(server: Server, session: Session, callState: CallState): void {
  const before = session.callState;
  if (before === callState) return;
  session.callState = callState;
  fire(server, session, 'CHANNEL_CALLSTATE', [['Original-Channel-Call-State', before]]);
}
