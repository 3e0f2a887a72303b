import {
  createResponse, inDialogRequest, locate, nextHop, onDialogAnswer, onDialogResponse, uasDialog,
  type Dialog, type Retransmission, type ServerTx, type SipResponse, type Stack,
} from '../../../sip/stack/index.js';
import { reasonHeader, statusFor, type Cause } from '../session/causes.js';
import { setHeld } from '../session/hold.js';
import type { Server, Session } from '../session/types.js';
import { makeOffer, type Agreement, type OurSide } from './negotiate.js';
import { setMediaVariables } from './variables.js';

export const ALLOW = 'INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE, INFO';

/** The SIP side of one session. */
export interface Leg {
  readonly session: Session;
  /** The INVITE that began it. */
  readonly invite: ServerTx;
  dialog: Dialog | undefined;
  us: OurSide;
  /** The far end's media stands in what we answered; undefined: it comes in the ACK. */
  agreed: Agreement | undefined;
  /** Our last SDP. */
  sdp: string;
  /** A 2xx of ours that waits for its ACK, and the CSeq of its INVITE. */
  unacknowledged: { readonly seq: string; readonly sending: Retransmission } | undefined;
  /** BYE must wait for the ACK (RFC 3261 §15). */
  byeDue: Cause | undefined;
  /** Nobody will hear from it any more. */
  over: boolean;
}

export interface LegPorts {
  readonly server: Server;
  readonly stack: Stack;
  /** The dialog exists now under this leg. */
  readonly known: (leg: Leg, dialog: Dialog) => void;
  readonly forget: (leg: Leg) => void;
}

export const contactOfOurs = ({ stack }: LegPorts, tx: ServerTx): string => {
  const { host, port } = stack.transport.sentBy(tx.remote, tx.local);
  return `<sip:mod_sofia@${host.includes(':') ? `[${host}]` : host}:${port}${tx.local.proto === 'tcp' ? ';transport=tcp' : ''}>`;
};

/** 2xx with our SDP, sent again until it is acknowledged. */
export function accept(ports: LegPorts, leg: Leg, tx: ServerTx): SipResponse {
  const response = createResponse(tx.request, 200, {
    headers: [['Contact', contactOfOurs(ports, tx)], ['Allow', ALLOW], ['Supported', 'path'], ['Content-Type', 'application/sdp']],
    body: leg.sdp,
  });
  if (tx.request.method !== 'INVITE') {
    tx.respond(response);
    return response;
  }
  leg.unacknowledged?.sending.stop();
  const sending = ports.stack.transactions.retransmit2xx(tx, response, () => noAck(ports, leg));
  leg.unacknowledged = { seq: seqOf(tx), sending };
  return response;
}

export const seqOf = (tx: ServerTx): string => tx.request.headers.get('CSeq')?.trim().split(/\s+/)[0] ?? '';

/** Answers the first INVITE; later calls do nothing. @returns whether it was answered now */
export function answerInvite(ports: LegPorts, leg: Leg): boolean {
  const { session, invite } = leg;
  if (session.answered || session.cause || invite.answered || invite.cancelled) return false;
  if (!leg.agreed) leg.sdp = makeOffer(leg.us);
  session.answered = true;
  session.times.answered = ports.server.microtime();
  const response = accept(ports, leg, invite);
  leg.dialog = onDialogAnswer(uasDialog(invite.request, response, invite.remote), invite.request, response);
  ports.known(leg, leg.dialog);
  setMediaVariables(session.variables, leg.us, leg.sdp, leg.agreed ? invite.request.body.toString() : undefined, leg.agreed);
  session.variables.set('endpoint_disposition', 'ANSWER');
  if (leg.agreed) applyMedia(ports.server, leg, leg.agreed);
  return true;
}

/** Hands what was agreed on to the media channel. */
export function applyMedia(server: Server, leg: Leg, agreed: Agreement): void {
  leg.agreed = agreed;
  leg.session.media.setRemote(agreed.remote);
  setHeld(server, leg.session, agreed.held);
}

function noAck(ports: LegPorts, leg: Leg): void {
  leg.unacknowledged = undefined;
  ports.server.log.warn({ uuid: leg.session.uuid }, 'no ACK came for our 200 OK');
  if (leg.byeDue) sendBye(ports, leg, leg.byeDue);
  else leg.session.hangUp('RECOVERY_ON_TIMER_EXPIRE');
}

/** Ends the dialog from our side: a refusal before the answer, BYE after it. */
export function endLeg(ports: LegPorts, leg: Leg, cause: Cause): void {
  if (leg.over) return;
  if (!leg.session.answered) {
    leg.over = true;
    if (!leg.invite.answered) leg.invite.respond(createResponse(leg.invite.request, statusFor(cause), { headers: [['Reason', reasonHeader(cause)]] }));
    ports.forget(leg);
    return;
  }
  if (leg.unacknowledged) leg.byeDue = cause;
  else sendBye(ports, leg, cause);
}

export function sendBye(ports: LegPorts, leg: Leg, cause: Cause): void {
  if (leg.over || !leg.dialog) return;
  leg.over = true;
  leg.byeDue = undefined;
  const { dialog, request } = inDialogRequest(leg.dialog, { method: 'BYE', headers: [['Reason', reasonHeader(cause)]] });
  leg.dialog = dialog;
  const { server, stack } = ports;
  const failed = (why: string) => {
    server.log.warn({ uuid: leg.session.uuid }, why);
    ports.forget(leg);
  };
  locate(nextHop(request, { observed: dialog.observed }))
    .then(([to]) => {
      if (!to) return failed('BYE has nowhere to go');
      stack.transactions.request(request, to, {
        onResponse(response, from) {
          if (response.status < 200) return;
          if (leg.dialog) leg.dialog = onDialogResponse(leg.dialog, request, response, from);
          ports.forget(leg);
        },
        onTimeout: () => failed('BYE was not answered'),
        onTransportError: () => failed('BYE could not be sent'),
      });
    })
    .catch((error: unknown) => {
      server.log.warn({ uuid: leg.session.uuid, err: error }, 'BYE could not be sent');
      ports.forget(leg);
    });
}
