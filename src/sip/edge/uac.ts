import { answerKey, callIdOf, createRequest, cseqOf, fromTag, newCallId, newTag, onDialogResponse, parseNameAddr, serialize, SipSyntaxError, toTag, TransportError, uacDialog, type ClientTx, type Dialog, type Fork, type Remote, type SipRequest, type SipResponse } from '../stack/index.js';
import type { App } from './apps.js';
import { isOurs, metaOf, placeFor, report, welcome, type Core } from './core.js';
import { dialogId, type Held } from './dialogs.js';
import { Refused } from './errors.js';
import { ackAndBye, newTransactionId } from './hangup.js';
import { bracketed, contactAt, DIALOG_HEADERS, delocalized, find, fromApp, withContentType, type Place } from './headers.js';
import { asSent, cancelOf, fabricate, passUp, type Outbox, type Outgoing } from './outgoing.js';
import { attempt, hopOf, resolve } from './reach.js';
import { armSession } from './session-timer.js';
import type { Cancel, Request } from './wire/command.js';
import { nok, requestSent } from './wire/notice.js';

/** Requests that applications send outside of any dialog. */
export interface Uac {
  request(app: App, command: Request): Promise<void>;
  cancel(app: App, command: Cancel): void;
  /** Cancels the INVITEs of an application that is gone. */
  gone(app: App): void;
}

const METHODS = /^(INVITE|OPTIONS|REGISTER|SUBSCRIBE|NOTIFY|MESSAGE|INFO|PUBLISH|REFER|UPDATE|BYE)$/;

export function createUac(core: Core, outbox: Outbox): Uac {
  const cancelling = (out: Outgoing, headers: Iterable<readonly [string, string]>): void => {
    out.cancelled = headers;
    out.attempt?.tx().cancel(headers);
    if (out.held !== undefined) out.held.abandoned = true;
  };
  return {
    async request(app, command) {
      try {
        await launch(core, outbox, app, command);
      } catch (error) {
        if (!(error instanceof Refused || error instanceof SipSyntaxError || error instanceof TransportError)) throw error;
        app.send(nok(command.id, error.message));
      }
    },
    cancel(app, command) {
      const out = outbox.find(command.transactionId);
      if (out === undefined || out.method !== 'INVITE') {
        app.send(nok(command.id, `unable to cancel unknown transaction id: ${command.transactionId}`));
        return;
      }
      const headers = fromApp(command.headers, { proto: 'udp', host: '', port: 0 }, new Set([...DIALOG_HEADERS, 'contact', 'p-asserted-identity', 'max-forwards']));
      cancelling(out, headers);
      const tx = out.attempt?.tx();
      if (tx === undefined) app.send(nok(command.id, 'not sent yet; it will not be'));
      else {
        const raw = cancelOf(tx.request, headers);
        app.send(requestSent(command.id, metaOf('application', raw.length, tx.to), newTransactionId(), raw));
      }
    },
    gone(app) {
      for (const out of outbox.of(app)) if (out.method === 'INVITE') cancelling(out, []);
    },
  };
}

async function launch(core: Core, outbox: Outbox, app: App, command: Request): Promise<void> {
  if (!METHODS.test(command.method)) throw new Refused(`invalid method: ${command.method}`);
  const aim = hopOf(command.uri);
  if (isOurs(core, aim.host, aim.port, aim.proto)) throw new Refused('can not send request to myself');
  const bound = command.nextHop === '' ? core.bindings.find(command.uri, core.now()) : undefined;
  const hop = command.nextHop === '' ? aim : hopOf(command.nextHop);
  if (!core.transport.addresses().some((own) => own.proto === hop.proto)) throw new Refused('requested protocol/transport not available');
  const likely: Remote = bound ?? { proto: hop.proto, address: hop.host, port: hop.port ?? 5060 };
  const request = compose(command, placeFor(core, likely));
  const out: Outgoing = {
    id: newTransactionId(), app, method: command.method, attempt: undefined, held: undefined, cancelled: undefined,
    dialogId: command.method === 'INVITE' || command.method === 'SUBSCRIBE' ? dialogId(callIdOf(request), fromTag(request) ?? '') : '',
  };
  outbox.add(out);
  const found = bound === undefined ? resolve(hop) : [bound];
  const remotes = found instanceof Promise ? await found.catch(nobody) : found;
  const [first] = remotes;
  if (first === undefined || out.cancelled !== undefined) return unsent(core, outbox, out, command, request, likely);
  out.attempt = attempt(core.transactions, request, remotes, handlersFor(core, outbox, out, request));
  const { request: sent } = out.attempt.tx();
  const raw = serialize(sent);
  if (command.method === 'INVITE') report(core, 'attempt', 'application', sent);
  app.send(requestSent(command.id, metaOf('application', raw.length, ownAddress(core, first)), out.id, raw));
}

const ownAddress = (core: Core, to: Remote): Remote => {
  const { host, port, proto } = placeFor(core, to);
  return { proto, address: host, port };
};

function nobody(error: unknown): readonly Remote[] {
  if (error instanceof TransportError) return [];
  throw error;
}

/** No such host, or cancelled before there was one: the application sees its request fail as if it had gone out. */
function unsent(core: Core, outbox: Outbox, out: Outgoing, { id }: Request, request: SipRequest, to: Remote): void {
  outbox.remove(out.id);
  const shown = asSent(request, placeFor(core, to));
  const raw = serialize(shown);
  out.app.send(requestSent(id, metaOf('application', raw.length, to), out.id, raw));
  passUp(core, out, fabricate(shown, out.cancelled === undefined ? 503 : 487), to);
}

function compose(command: Request, place: Place): SipRequest {
  const lines = withContentType(command.headers, command.body);
  const headers = fromApp(lines, place, new Set([...DIALOG_HEADERS, 'max-forwards']));
  const dialogue = command.method === 'INVITE' || command.method === 'SUBSCRIBE';
  if (dialogue && find(headers, 'contact') === undefined) headers.push(['Contact', contactAt(place)]);
  const from = bracketed(delocalized(find(lines, 'from') ?? contactAt({ ...place, proto: 'udp' }), place));
  const seq = Number.parseInt(find(lines, 'cseq') ?? '', 10);
  const hops = Number.parseInt(find(lines, 'max-forwards') ?? '', 10);
  const request = createRequest({
    method: command.method,
    uri: command.uri,
    from: parseNameAddr(from).params.has('tag') ? from : `${from};tag=${newTag()}`,
    to: bracketed(delocalized(find(lines, 'to') ?? command.uri, place)),
    callId: find(lines, 'call-id') ?? newCallId(),
    cseq: Number.isInteger(seq) ? seq : 1,
    headers,
    body: command.body,
    ...(Number.isInteger(hops) ? { maxForwards: hops } : {}),
  });
  // Refuses here what the peer's parser would: an app's typing error must not become a stranger's 400.
  parseNameAddr(request.headers.get('To') ?? '');
  return request;
}

function handlersFor(core: Core, outbox: Outbox, out: Outgoing, request: SipRequest): Parameters<typeof attempt>[3] {
  const fail = (status: 408 | 503): void => {
    outbox.remove(out.id);
    dropEarly(core, out);
    const tx = out.attempt?.tx();
    if (out.app.connected && tx !== undefined) passUp(core, out, fabricate(tx.request, status), tx.to);
  };
  return {
    ...(out.method === 'INVITE' ? { onFork: lateFork(core, out.app) } : {}),
    onTimeout: () => fail(408),
    onTransportError: () => fail(503),
    onResponse(response, from) {
      const { status } = response;
      if (status >= 200) outbox.remove(out.id);
      if (status >= 200 && status < 300) welcome(core, from);
      if (out.dialogId === '') {
        if (out.app.connected) passUp(core, out, response, from);
        return;
      }
      if (status >= 300) {
        dropEarly(core, out);
        if (out.method === 'INVITE') report(core, 'stop', 'network', response, status === 487 ? 'call-canceled' : 'call-rejected');
      } else if (!advance(core, out, request, response, from)) return;
      if (out.app.connected) passUp(core, out, response, from);
    },
  };
}

function dropEarly(core: Core, out: Outgoing): void {
  if (out.held !== undefined) core.dialogs.remove(out.held);
  out.held = undefined;
}

/** What a 1xx or 2xx makes of the dialog (RFC 3261 §13.2.2). @returns false when the application is not to hear of it */
function advance(core: Core, out: Outgoing, request: SipRequest, response: SipResponse, from: Remote): boolean {
  const tag = toTag(response);
  if (response.status === 100 || (tag === undefined && response.status < 200)) return true;
  const whole = reachable(response, from);
  const known = core.dialogs.byKey(answerKey(response));
  const early = known?.forks.get(tag ?? '');
  const dialog = early === undefined ? uacDialog(request, whole, from) : onDialogResponse(early, request, whole, from);
  const final = response.status >= 200;
  if (final && out.held?.dialog.state === 'confirmed') {
    const tx = out.attempt?.tx();
    if (tx !== undefined) secondFork(core, out.app, request, dialog, tx);
    return false;
  }
  const held = out.held ?? hold(core, out, request, dialog);
  if (held === undefined) return true;
  core.dialogs.alias(held, dialog);
  held.dialog = dialog;
  if (final) confirm(core, out, held, request, response, whole !== response);
  return true;
}

/** A 2xx without Contact (RFC 3261 §12.1.1 demands one): the dialog can still be ended where the answer came from. */
function reachable(response: SipResponse, from: Remote): SipResponse {
  if (response.headers.has('Contact')) return response;
  const headers = response.headers.clone();
  headers.set('Contact', contactAt({ proto: from.proto, host: from.address, port: from.port }));
  return { ...response, headers };
}

function hold(core: Core, out: Outgoing, request: SipRequest, dialog: Dialog): Held | undefined {
  const held: Held = {
    id: out.dialogId, method: request.method, local: undefined, contact: request.headers.get('Contact') ?? '', dialog, owner: out.app, forks: new Map(),
    inviting: request.method === 'INVITE' ? out.id : undefined, answering: undefined, unacked: undefined, abandoned: out.cancelled !== undefined,
    sdp: request.body, timer: { stop: () => undefined }, orphan: { stop: () => undefined }, ended: false,
  };
  if (!core.dialogs.add(held)) return undefined;
  out.held = held;
  return held;
}

function confirm(core: Core, out: Outgoing, held: Held, request: SipRequest, response: SipResponse, noContact: boolean): void {
  held.inviting = undefined;
  if (cseqOf(response).method !== 'INVITE') return;
  report(core, 'start', 'network', response, 'uac');
  awaitAck(core, out, held, request);
  armSession(core, held, request, response, 'uac');
  if (noContact) held.abandoned = true;
  if (!out.app.connected) ackAndBye(core, held, 'application gone');
}

/** The application owes an ACK; without it the edge ends the call when the peer does (64·T1). */
export function awaitAck(core: Core, out: Outgoing, held: Held, invite: SipRequest): void {
  const tx = out.attempt?.tx();
  if (tx === undefined) return;
  held.unacked?.stop();
  held.unacked = { tx, invite, stop: core.alarms.after(64 * core.patience.timing.t1Ms, () => ackAndBye(core, held, 'no ACK from the application')) };
}

/** The same after the first was acknowledged, when nothing of the transaction is left. */
const lateFork = (core: Core, app: App) => ({ request, response, from, ack }: Fork): void => secondFork(core, app, request, uacDialog(request, reachable(response, from), from), { ack, to: from });

/** Another fork answered too: the application has its call already (RFC 3261 §13.2.2.4). */
function secondFork(core: Core, app: App, request: SipRequest, dialog: Dialog, tx: Pick<ClientTx, 'ack' | 'to'>): void {
  const nobodys: App = { ...app, connected: false, send: () => undefined };
  const held: Held = {
    id: '', method: 'INVITE', local: undefined, contact: '', dialog, owner: nobodys, forks: new Map(), inviting: undefined, answering: undefined,
    unacked: { tx, invite: request, stop: () => undefined }, abandoned: true, sdp: Buffer.alloc(0), timer: { stop: () => undefined }, orphan: { stop: () => undefined }, ended: false,
  };
  ackAndBye(core, held, 'answered elsewhere');
}
