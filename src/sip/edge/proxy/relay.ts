import { createResponse, nextHop, SipSyntaxError, TransportError, type Remote, type ServerTx, type SipRequest } from '../../stack/index.js';
import type { Core } from '../core.js';
import { attempt, resolve, type Attempt } from '../reach.js';
import type { Copies } from './copies.js';
import { oneHopFurther, upstream, withoutTopRoute } from './rewrite.js';

/** A request of a dialog in whose path we stay (RFC 3261 §16.4–16.6). */
export async function relay(core: Core, copies: Copies, tx: ServerTx): Promise<void> {
  const fail = (status: number): void => void tx.respond(createResponse(tx.request, status));
  const request = oneHopFurther(withoutTopRoute(tx.request));
  if (request === undefined) return fail(483);
  let sent: Attempt | undefined;
  tx.onCancel(() => sent?.tx().cancel());
  try {
    const remotes = await towards(request);
    sent = attempt(core.transactions, request, remotes, {
      onResponse(response) {
        if (response.status === 100) return;
        tx.respond(upstream(response));
        if (response.status < 300 && response.status >= 200 && sent !== undefined) copies.expect(sent.tx(), tx);
      },
      onTimeout: () => fail(408),
      onTransportError: () => fail(503),
    });
    if (tx.cancelled) sent.tx().cancel();
  } catch (error) {
    if (!(error instanceof TransportError || error instanceof SipSyntaxError)) throw error;
    fail(error instanceof TransportError ? 503 : 400);
  }
}

/** The ACK of a 2xx, which has no transaction (§16.11). */
export async function relayAck(core: Core, ack: SipRequest): Promise<void> {
  const request = oneHopFurther(withoutTopRoute(ack));
  if (request === undefined) return;
  try {
    const [to] = await towards(request);
    if (to !== undefined) core.transactions.sendAck(request, to);
  } catch (error) {
    if (!(error instanceof TransportError || error instanceof SipSyntaxError)) throw error;
    core.log.info({ err: error }, 'ACK could not be forwarded');
  }
}

const towards = async (request: SipRequest): Promise<readonly Remote[]> => resolve(nextHop(request));
