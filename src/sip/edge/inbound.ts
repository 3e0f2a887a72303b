import { createResponse, fromTag, incomingKey, onDialogRequest, parseNameAddr, parseUri, SipSyntaxError, toTag, type Local, type Remote, type ServerTx, type SipRequest, type SipResponse } from '../stack/index.js';
import { isOurs, metaOf, report, type Core, type Pending } from './core.js';
import type { Held } from './dialogs.js';
import { newTransactionId } from './hangup.js';
import { cancelOf, type Outbox } from './outgoing.js';
import type { Proxies } from './proxy/index.js';
import type { Reliable } from './reliable.js';
import { armSession, MIN_SESSION_S, sessionOf } from './session-timer.js';
import { cancelled, type Uas } from './uas.js';
import { message } from './wire/notice.js';
import { endsDialog } from './within.js';

/** Everything that comes from the network and is no response to a transaction of ours. */
export interface Inbound {
  request(tx: ServerTx): void;
  ack(ack: SipRequest, from: Remote, local: Local): void;
  /** Whether a request may have a transaction at all. */
  admit(request: SipRequest, from: Remote): SipResponse | 'drop' | undefined;
}

export function createInbound(core: Core, uas: Uas, outbox: Outbox, reliable: Reliable, proxies: Proxies, limited: (kind: string, fields: object, text: string) => void): Inbound {
  return {
    request(tx) {
      const { request } = tx;
      if (toTag(request) === undefined) return fresh(core, uas, tx);
      const held = core.dialogs.byKey(incomingKey(request));
      if (held !== undefined) return inside(core, uas, outbox, reliable, tx, held);
      if (routedThroughUs(core, request)) return proxies.forward(tx);
      // drachtio-server's choice: what can live without a dialog goes to the application as if it were new.
      if (/^(INVITE|BYE|UPDATE|PRACK|REFER)$/.test(request.method)) tx.respond(createResponse(request, 481));
      else uas.offer(tx);
    },
    ack(ack, from) {
      const held = core.dialogs.byKey(incomingKey(ack));
      if (held !== undefined) {
        const raw = core.rawOf(ack);
        held.owner.send(message(metaOf('network', raw.length, from), newTransactionId(), held.id, raw));
      } else if (routedThroughUs(core, ack)) proxies.forwardAck(ack);
    },
    admit(request, from) {
      if (toTag(request) !== undefined && (core.dialogs.byKey(incomingKey(request)) !== undefined || routedThroughUs(core, request))) return undefined;
      const verdict = core.strangers.judge(from, core.now());
      if (verdict === 'welcome') return undefined;
      limited('stranger', { from: `${from.address}:${from.port}`, method: request.method, verdict }, 'too many requests from a stranger');
      return verdict === 'ignore' ? 'drop' : createResponse(request, 503, { headers: [['Retry-After', '30']] });
    },
  };
}

/** RFC 3261 §8.2.2 and §12: what an INVITE or SUBSCRIBE must carry to make a dialog. */
function fresh(core: Core, uas: Uas, tx: ServerTx): void {
  const { request } = tx;
  if (request.method === 'CANCEL' || request.method === 'PRACK' || request.method === 'BYE' || request.method === 'UPDATE') {
    tx.respond(createResponse(request, 481));
    return;
  }
  if (request.method === 'INVITE' && (fromTag(request) ?? '') === '') {
    tx.respond(createResponse(request, 400, { reason: 'Missing tag on From' }));
    return;
  }
  if (!KNOWN.test(request.method) && !core.apps.wanted(request.method.toLowerCase()) && !core.apps.wanted('*')) {
    tx.respond(createResponse(request, 501));
    return;
  }
  uas.offer(tx);
}

const KNOWN = /^(INVITE|OPTIONS|REGISTER|SUBSCRIBE|NOTIFY|MESSAGE|INFO|PUBLISH|REFER)$/;

/** A request inside a dialog of an application. */
function inside(core: Core, uas: Uas, outbox: Outbox, reliable: Reliable, tx: ServerTx, held: Held): void {
  const { request } = tx;
  const { dialog, refusal } = onDialogRequest(held.dialog, request, tx.remote);
  const refuse = (status: number, headers: (readonly [string, string])[] = []): void => void tx.respond(createResponse(request, status, { headers }));
  if (refusal !== undefined) return refuse(refusal);
  if (request.method === 'INVITE') {
    // Glare: RFC 3261 §14.2, both ways.
    if (held.inviting !== undefined) return refuse(491);
    if (held.answering !== undefined) return refuse(500, [['Retry-After', '2']]);
    tx.respond(createResponse(request, 100));
  }
  const offer = sessionOf(request);
  if (offer !== undefined && offer.seconds < MIN_SESSION_S && /^(INVITE|UPDATE)$/.test(request.method)) return refuse(422, [['Min-SE', String(MIN_SESSION_S)]]);
  held.dialog = dialog;
  const over = endsDialog(held, request);
  if (request.method === 'BYE' && cancelByBye(core, uas, held)) return refuse(200);
  if (over) {
    end(core, outbox, held);
    report(core, 'stop', 'network', request, 'normal-release');
  }
  if (!held.owner.connected) return over ? refuse(200) : refuse(503, [['Retry-After', '5']]);
  if (request.method === 'PRACK' && !pracks(core, reliable, uas, request, held)) return refuse(481);
  pass(core, uas, tx, held);
  if (request.method === 'UPDATE') refreshed(core, held, request);
}

/** A caller may end an early dialog with BYE (RFC 3261 §15): for the application that is a CANCEL. */
function cancelByBye(core: Core, uas: Uas, held: Held): boolean {
  if (held.dialog.role !== 'uas' || held.dialog.state !== 'early' || held.answering === undefined) return false;
  const pending = uas.take(held.answering);
  if (pending === undefined) return false;
  cancelled(pending, cancelOf(pending.tx.request, []));
  pending.tx.respond(createResponse(pending.tx.request, 487, pending.tag === undefined ? {} : { toTag: pending.tag }));
  core.dialogs.remove(held);
  return true;
}

function end(core: Core, outbox: Outbox, held: Held): void {
  core.dialogs.remove(held);
  const out = held.inviting === undefined ? undefined : outbox.find(held.inviting);
  if (out === undefined) return;
  out.attempt?.tx().cancel();
  outbox.remove(out.id);
}

function pracks(core: Core, reliable: Reliable, uas: Uas, prack: SipRequest, held: Held): boolean {
  const invite = held.answering === undefined ? undefined : core.pending.get(held.answering);
  return invite !== undefined && reliable.acknowledged(invite, prack, () => lost(uas, invite));
}

function lost(uas: Uas, pending: Pending): void {
  uas.take(pending.id);
  pending.tx.respond(createResponse(pending.tx.request, 500));
}

function pass(core: Core, uas: Uas, tx: ServerTx, held: Held): void {
  const pending = uas.await(tx, held.owner, held);
  if (tx.request.method === 'INVITE') {
    held.answering = pending.id;
    tx.onCancel((cancel) => {
      if (uas.take(pending.id) === undefined) return;
      cancelled(pending, core.rawOf(cancel));
      tx.respond(createResponse(tx.request, 487));
    });
  }
  const raw = core.rawOf(tx.request);
  held.owner.send(message(metaOf('network', raw.length, tx.remote), pending.id, held.id, raw));
}

/** A session refresh by UPDATE counts when it comes; the answer repeats what it asked. */
function refreshed(core: Core, held: Held, request: SipRequest): void {
  if (sessionOf(request) === undefined) return;
  armSession(core, held, request, createResponse(request, 200, { headers: [['Session-Expires', request.headers.get('Session-Expires') ?? '']] }), 'uas');
}

/** Whether the top Route is one we put there as Record-Route. */
function routedThroughUs(core: Core, request: SipRequest): boolean {
  const route = request.headers.all('Route')[0];
  if (route === undefined) return false;
  try {
    const uri = parseUri(parseNameAddr(route).uri);
    return uri.kind === 'sip' && isOurs(core, uri.host, uri.port);
  } catch (error) {
    if (error instanceof SipSyntaxError) return false;
    throw error;
  }
}

