import { randomInt, randomUUID } from 'node:crypto';
import { createResponse, type ServerTx } from '../../../sip/stack/index.js';
import type { App } from '../apps/app.js';
import type { MediaChannel } from '../channel/index.js';
import { NotAcceptable } from '../errors.js';
import { mrfExtension } from '../session/dialplan.js';
import { fire, setCallState, setState } from '../session/fire.js';
import { begin, createSession } from '../session/session.js';
import type { Server, Session } from '../session/types.js';
import { ALLOW, answerInvite, endLeg, type Leg, type LegPorts } from './leg.js';
import { answerOffer, type OurSide } from './negotiate.js';
import { callerProfile, channelName, setInviteVariables } from './variables.js';

export interface NewCallOptions {
  /** What our SDP advertises. */
  readonly mediaAddress: string;
  readonly applications: ReadonlyMap<string, App>;
}

/** A call comes in: a channel, a session, and the extension that hands it to its application. */
export async function newCall(ports: LegPorts, options: NewCallOptions, tx: ServerTx): Promise<void> {
  const { server } = ports;
  const refusal = refuse(server, tx);
  if (refusal) return refuseWith(tx, ...refusal);
  const uuid = randomUUID();
  let media: MediaChannel;
  try {
    media = await server.core.createChannel({ uuid });
  } catch (error) {
    server.log.error({ err: error }, 'no media channel for a new call');
    return refuseWith(tx, 503, [['Retry-After', '10']]);
  }
  const us: OurSide = { address: options.mediaAddress, port: media.localPort, sessionId: randomInt(1, 2 ** 31), version: 1 };
  try {
    const offered = tx.request.body.length > 0 ? answerOffer(tx.request.body, us) : undefined;
    if (tx.cancelled) throw new NotAcceptable(488, 'cancelled');
    start(ports, options, tx, { uuid, media, us, offered });
  } catch (error) {
    await media.destroy();
    if (!(error instanceof NotAcceptable)) throw error;
    server.log.info({ err: error }, 'a call was refused');
    refuseWith(tx, tx.cancelled ? 487 : error.status, tx.cancelled ? [] : [['Reason', 'Q.850;cause=88;text="INCOMPATIBLE_DESTINATION"']]);
  }
}

interface Start {
  readonly uuid: string;
  readonly media: MediaChannel;
  readonly us: OurSide;
  readonly offered: ReturnType<typeof answerOffer> | undefined;
}

function start(ports: LegPorts, options: NewCallOptions, tx: ServerTx, { uuid, media, us, offered }: Start): void {
  const { server } = ports;
  const session: Session = createSession(server, {
    uuid, media,
    name: channelName(server.profileName, tx.request),
    profile: callerProfile(tx.request, tx.remote),
    applications: options.applications,
    signalling: { answer: () => answer(ports, leg), end: (cause) => endLeg(ports, leg, cause) },
  });
  const leg: Leg = { session, invite: tx, dialog: undefined, us, agreed: offered, sdp: offered?.answer ?? '', unacknowledged: undefined, byeDue: undefined, over: false };
  setInviteVariables(session.variables, tx.request, tx.remote, server.profileName);
  session.variables.set('media_timeout', tx.request.headers.get('X-Media-Timeout')?.trim());
  session.state = 'CS_INIT';
  fire(server, session, 'CHANNEL_CREATE');
  setState(server, session, 'CS_ROUTING');
  setCallState(server, session, 'RINGING');
  tx.onCancel(() => session.hangUp('ORIGINATOR_CANCEL'));
  tx.onTerminated((why) => {
    if (why === 'transport' && !session.answered) session.hangUp('NETWORK_OUT_OF_ORDER');
  });
  if (server.sessions.get(uuid)?.cause) return;
  const plan = mrfExtension(session);
  if (!plan) return session.hangUp('NO_ROUTE_DESTINATION');
  setState(server, session, 'CS_EXECUTE');
  begin(session, plan);
}

function answer(ports: LegPorts, leg: Leg): void {
  const { server } = ports;
  const { session } = leg;
  if (session.answered) return;
  if (!answerInvite(ports, leg)) return;
  fire(server, session, 'CHANNEL_ANSWER');
  setCallState(server, session, session.held ? 'HELD' : 'ACTIVE');
}

type Refusal = readonly [status: number, headers: readonly (readonly [string, string])[]];

function refuse(server: Server, { request }: ServerTx): Refusal | undefined {
  if (server.sessions.size >= server.maxSessions) return [503, [['Retry-After', '10']]];
  const required = request.headers.all('Require');
  if (required.length > 0) return [420, [['Unsupported', required.join(', ')]]];
  if (request.body.length > 0 && !/^application\/sdp\b/i.test(request.headers.get('Content-Type') ?? '')) return [415, [['Accept', 'application/sdp']]];
  return undefined;
}

const refuseWith = (tx: ServerTx, status: number, headers: Refusal[1]): void => void tx.respond(createResponse(tx.request, status, { headers: [['Allow', ALLOW], ...headers] }));
