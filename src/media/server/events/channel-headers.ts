import { STATES, type Session } from '../session/types.js';
import type { Header } from './event.js';
import { carriesVariables, type EventName } from './names.js';

/** The headers of an event about a channel (switch_channel_event_set_basic_data), with its variables where they belong. */
export function channelHeaders(session: Session, name: EventName): Header[] {
  const headers = [...basicHeaders(session), ...callerHeaders(session, 'Caller')];
  if (session.peer) headers.push(['Other-Type', session.variables.get('last_bridge_role') === 'originatee' ? 'originator' : 'originatee'], ...callerHeaders(session.peer, 'Other-Leg'));
  if (carriesVariables(name)) for (const [key, value] of session.variables.entries()) headers.push([`variable_${key}`, value]);
  return headers;
}

/** What `connect` on an outbound socket answers: the profile once more as `Channel-…`, then all of the channel. */
export const channelData = (session: Session): Header[] => [...callerHeaders(session, 'Channel'), ...channelHeaders(session, 'CHANNEL_DATA')];

function basicHeaders(session: Session): Header[] {
  const headers: Header[] = [
    ['Channel-State', session.state],
    ['Channel-Call-State', session.callState],
    ['Channel-State-Number', String(STATES[session.state])],
    ['Channel-Name', session.name],
    ['Unique-ID', session.uuid],
    ['Session-External-ID', session.uuid],
    ['Call-Direction', 'inbound'],
    ['Presence-Call-Direction', 'inbound'],
    ['Channel-HIT-Dialplan', 'true'],
    ['Channel-Call-UUID', session.variables.get('call_uuid') ?? session.uuid],
    ['Answer-State', session.cause ? 'hangup' : session.answered ? 'answered' : 'ringing'],
  ];
  if (session.cause) headers.push(['Hangup-Cause', session.cause]);
  const codec = session.variables.get('read_codec');
  if (codec) {
    for (const side of ['Read', 'Write']) headers.push([`Channel-${side}-Codec-Name`, codec], [`Channel-${side}-Codec-Rate`, '8000'], [`Channel-${side}-Codec-Bit-Rate`, '64000']);
  }
  return headers;
}

function callerHeaders(session: Session, prefix: string): Header[] {
  const { profile, times } = session;
  return [
    [`${prefix}-Direction`, 'inbound'],
    [`${prefix}-Logical-Direction`, 'inbound'],
    [`${prefix}-Username`, profile.username],
    [`${prefix}-Dialplan`, 'XML'],
    [`${prefix}-Caller-ID-Name`, profile.callerName],
    [`${prefix}-Caller-ID-Number`, profile.callerNumber],
    [`${prefix}-Orig-Caller-ID-Name`, profile.callerName],
    [`${prefix}-Orig-Caller-ID-Number`, profile.callerNumber],
    [`${prefix}-Network-Addr`, profile.networkAddress],
    [`${prefix}-ANI`, profile.callerNumber],
    [`${prefix}-Destination-Number`, profile.destination],
    [`${prefix}-Unique-ID`, session.uuid],
    [`${prefix}-Source`, 'mod_sofia'],
    [`${prefix}-Context`, profile.context],
    [`${prefix}-Channel-Name`, session.name],
    [`${prefix}-Profile-Index`, '1'],
    [`${prefix}-Profile-Created-Time`, String(times.created)],
    [`${prefix}-Channel-Created-Time`, String(times.created)],
    [`${prefix}-Channel-Answered-Time`, String(times.answered)],
    [`${prefix}-Channel-Progress-Time`, '0'],
    [`${prefix}-Channel-Progress-Media-Time`, '0'],
    [`${prefix}-Channel-Hangup-Time`, String(times.hungUp)],
    [`${prefix}-Channel-Transfer-Time`, String(times.transferred)],
    [`${prefix}-Channel-Resurrect-Time`, '0'],
    [`${prefix}-Channel-Bridged-Time`, String(times.bridged)],
    [`${prefix}-Channel-Last-Hold`, String(times.lastHold)],
    [`${prefix}-Channel-Hold-Accum`, String(times.heldFor)],
    [`${prefix}-Screen-Bit`, 'true'],
    [`${prefix}-Privacy-Hide-Name`, 'false'],
    [`${prefix}-Privacy-Hide-Number`, 'false'],
  ];
}
