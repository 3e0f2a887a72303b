import { randomUUID } from 'node:crypto';
import { ackFor2xx, inDialogRequest, nextHop, serialize, SipSyntaxError, TransportError, type ClientHandlers, type Remote, type SipRequest } from '../stack/index.js';
import type { Core } from './core.js';
import { metaOf, report } from './core.js';
import type { Held } from './dialogs.js';
import { Refused } from './errors.js';
import { attempt, behindNat, resolve, type Attempt } from './reach.js';
import { message } from './wire/notice.js';

const silent: ClientHandlers = { onResponse: () => undefined, onTimeout: () => undefined, onTransportError: () => undefined };

/**
 * Sends a request of a dialog: to the peer's last address where its Contact cannot be trusted, to the Contact when
 * that connection is gone. @throws SipSyntaxError for a Contact or Route that is no SIP URI
 */
export function sendWithin(core: Core, held: Held, request: SipRequest, handlers: ClientHandlers): Attempt | Promise<Attempt> {
  const go = (remotes: readonly Remote[]): Attempt => attempt(core.transactions, request, remotes, handlers, held.local);
  const remotes = routes(held, request);
  return remotes instanceof Promise ? remotes.then(go) : go(remotes);
}

/** Where a request of the dialog may go, in order of preference. */
export function routes(held: Held, request: SipRequest): readonly Remote[] | Promise<readonly Remote[]> {
  const observed = behindNat(held.dialog) && !request.headers.has('Route') ? held.dialog.observed : undefined;
  if (observed === undefined) return resolve(nextHop(request));
  const named = resolve(nextHop(request));
  if (observed.proto === 'udp' || named instanceof Promise) return [observed];
  return [observed, ...named];
}

/** Ends a dialog on the edge's own account: BYE to the peer, and the application is told as if a BYE had come. */
export function hangUp(core: Core, held: Held, reason: string): void {
  if (held.ended) return;
  core.dialogs.remove(held);
  const { request } = inDialogRequest(held.dialog, { method: 'BYE', headers: [['Reason', `SIP ;cause=200 ;text="${reason}"`]] });
  // `unsolicited` tells drachtio-srf that nobody waits for its answer.
  held.owner.send(message(metaOf('application', 0, held.dialog.observed ?? nowhere), 'unsolicited', held.id, serialize(request)));
  report(core, 'stop', 'application', request, reason.startsWith('Session') ? 'session-expired' : 'system-initiated-termination');
  core.log.info({ dialog: held.id, reason }, 'dialog ended by the edge');
  void launch(core, held, request);
}

async function launch(core: Core, held: Held, request: SipRequest): Promise<void> {
  try {
    await sendWithin(core, held, request, silent);
  } catch (error) {
    if (!(error instanceof TransportError || error instanceof SipSyntaxError || error instanceof Refused)) throw error;
    core.log.info({ dialog: held.id, err: error }, 'BYE could not be sent');
  }
}

/** ACK and BYE for a 2xx that no application will take: it is gone, it cancelled, or another fork was first. */
export function ackAndBye(core: Core, held: Held, reason: string): void {
  const { unacked } = held;
  if (unacked !== undefined) {
    held.unacked = undefined;
    unacked.stop();
    void acknowledge(core, held, ackFor2xx(held.dialog, unacked.invite), unacked.tx.ack.bind(unacked.tx));
  }
  hangUp(core, held, reason);
}

/** Sends an ACK where requests of the dialog go. */
export async function acknowledge(core: Core, held: Held, ack: SipRequest, send: (ack: SipRequest, to: Remote) => void): Promise<void> {
  try {
    const found = routes(held, ack);
    const [to] = found instanceof Promise ? await found : found;
    if (to !== undefined) send(ack, to);
  } catch (error) {
    if (!(error instanceof TransportError || error instanceof SipSyntaxError)) throw error;
    core.log.info({ dialog: held.id, err: error }, 'ACK could not be sent');
  }
}

export const newTransactionId = (): string => randomUUID();
const nowhere: Remote = { proto: 'udp', address: '0.0.0.0', port: 0 };
