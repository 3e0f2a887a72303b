import { cseqOf, createResponse, onDialogAnswer, onDialogRequest, type ServerTx, type SipRequest, type SipResponse } from '../../../sip/stack/index.js';
import type { Digit } from '../channel/index.js';
import { NotAcceptable } from '../errors.js';
import { causeInReason } from '../session/causes.js';
import { accept, ALLOW, applyMedia, sendBye, type Leg, type LegPorts } from './leg.js';
import { answerOffer, makeOffer, readAnswer } from './negotiate.js';
import { setMediaVariables } from './variables.js';

/** A request of the far end within a dialog of ours. */
export function inDialog(ports: LegPorts, leg: Leg, tx: ServerTx): void {
  if (!leg.dialog) return reply(leg, tx, 481);
  const { dialog, refusal } = onDialogRequest(leg.dialog, tx.request, tx.remote);
  if (refusal) return reply(leg, tx, refusal);
  leg.dialog = dialog;
  switch (tx.request.method) {
    case 'BYE': return onBye(ports, leg, tx);
    case 'INVITE':
    case 'UPDATE': return onOffer(ports, leg, tx);
    case 'INFO': return onInfo(leg, tx);
    case 'OPTIONS': return reply(leg, tx, 200, [['Accept', 'application/sdp']]);
    default: return reply(leg, tx, 405);
  }
}

function reply(leg: Leg, tx: ServerTx, status: number, headers: readonly (readonly [string, string])[] = []): void {
  const response = createResponse(tx.request, status, { headers: [['Allow', ALLOW], ...headers] });
  settle(leg, tx, response);
  tx.respond(response);
}

function settle(leg: Leg, tx: ServerTx, response: SipResponse): void {
  if (leg.dialog) leg.dialog = onDialogAnswer(leg.dialog, tx.request, response);
}

function onBye(ports: LegPorts, leg: Leg, tx: ServerTx): void {
  reply(leg, tx, 200);
  const { session } = leg;
  const reason = tx.request.headers.get('Reason');
  session.variables.set('sip_reason', reason);
  session.variables.set('sip_hangup_disposition', 'recv_bye');
  leg.over = true;
  leg.unacknowledged?.sending.stop();
  leg.unacknowledged = undefined;
  session.hangUp(causeInReason(reason) ?? 'NORMAL_CLEARING', 'far_end');
  ports.forget(leg);
}

/** Re-INVITE or UPDATE: a new address, hold, resume (RFC 3264 §8); without a body, our offer or nothing. */
function onOffer(ports: LegPorts, leg: Leg, tx: ServerTx): void {
  const { session } = leg;
  if (leg.over || session.cause) return reply(leg, tx, 481);
  const body = tx.request.body;
  if (body.length === 0 && tx.request.method === 'UPDATE') return reply(leg, tx, 200);
  if (body.length > 0 && !/^application\/sdp\b/i.test(tx.request.headers.get('Content-Type') ?? '')) return reply(leg, tx, 415, [['Accept', 'application/sdp']]);
  const us = { ...leg.us, version: leg.us.version + 1 };
  try {
    const agreed = body.length > 0 ? answerOffer(body, us) : undefined;
    leg.us = us;
    leg.sdp = agreed?.answer ?? makeOffer(us);
    settle(leg, tx, accept(ports, leg, tx));
    if (agreed) applyMedia(ports.server, leg, agreed);
    else leg.agreed = undefined;
    setMediaVariables(session.variables, us, leg.sdp, agreed ? body.toString() : undefined, agreed);
  } catch (error) {
    if (!(error instanceof NotAcceptable)) throw error;
    ports.server.log.info({ uuid: session.uuid, err: error }, 'a new offer was refused');
    reply(leg, tx, error.status);
  }
}

/** The ACK of a 2xx of ours: its retransmission ends, an answer in it is taken, a BYE that waited goes out. */
export function onAck(ports: LegPorts, leg: Leg, ack: SipRequest): void {
  const { session, unacknowledged } = leg;
  if (unacknowledged?.seq !== String(cseqOf(ack).seq)) return;
  unacknowledged.sending.stop();
  leg.unacknowledged = undefined;
  if (leg.byeDue) return sendBye(ports, leg, leg.byeDue);
  if (leg.agreed || session.cause) return;
  try {
    const agreed = readAnswer(ack.body, leg.us);
    setMediaVariables(session.variables, leg.us, leg.sdp, ack.body.toString(), agreed);
    applyMedia(ports.server, leg, agreed);
  } catch (error) {
    if (!(error instanceof NotAcceptable)) throw error;
    ports.server.log.info({ uuid: session.uuid, err: error }, 'the answer in an ACK cannot be used');
    session.hangUp('INCOMPATIBLE_DESTINATION');
  }
}

const DEFAULT_MS = 160;

/** Digits as INFO: `application/dtmf-relay` with Signal and Duration lines, or `application/dtmf` with the bare digit. */
function onInfo(leg: Leg, tx: ServerTx): void {
  const type = tx.request.headers.get('Content-Type') ?? '';
  const body = tx.request.body.toString();
  if (body.trim() === '') return reply(leg, tx, 200);
  if (!/^application\/dtmf(-relay)?\b/i.test(type)) return reply(leg, tx, 415, [['Accept', 'application/dtmf-relay, application/dtmf']]);
  const digit = digitOf(/Signal\s*=\s*(\S+)/i.exec(body)?.[1] ?? body.trim());
  if (!digit) return reply(leg, tx, 400);
  const duration = Number(/Duration\s*=\s*(\d{1,5})/i.exec(body)?.[1] ?? DEFAULT_MS);
  reply(leg, tx, 200);
  leg.session.media.dtmfFromInfo(digit, duration);
}

const DIGITS: readonly Digit[] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#', 'A', 'B', 'C', 'D'];

function digitOf(signal: string): Digit | undefined {
  if (signal === '10') return '*';
  if (signal === '11') return '#';
  return DIGITS.find((digit) => digit === signal.toUpperCase());
}
