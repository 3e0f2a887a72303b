import { createResponse, createStack, incomingKey, keyOf, toTag, type Dialog, type Listen, type ServerTx, type Stack } from '../../../sip/stack/index.js';
import type { Server } from '../session/types.js';
import { inDialog, onAck } from './in-dialog.js';
import { ALLOW, type Leg, type LegPorts } from './leg.js';
import { newCall, type NewCallOptions } from './new-call.js';

export interface UserAgent {
  /** `ip:port` of the first listener. */
  readonly address: () => string;
  readonly dialogs: () => number;
  readonly transactions: () => number;
  readonly timers: () => number;
  readonly close: () => Promise<void>;
}

/** The SIP user agent of the media server: takes calls, never makes any. */
export async function createUserAgent(server: Server, listen: readonly Listen[], options: NewCallOptions): Promise<UserAgent> {
  const legs = new Map<string, Leg>();
  const keys = new Map<Leg, string>();
  const late: { ports?: LegPorts } = {};

  const stack: Stack = await createStack({
    listen,
    onRequest(tx) {
      if (!late.ports) return;
      route(late.ports, tx);
    },
    onAck(ack) {
      const leg = legs.get(incomingKey(ack));
      if (leg && late.ports) onAck(late.ports, leg, ack);
    },
    onMalformed: (error, from) => server.log.info({ err: error, from }, 'a malformed SIP message came in'),
  });

  const ports: LegPorts = {
    server, stack,
    known(leg: Leg, dialog: Dialog) {
      const key = keyOf(dialog);
      keys.set(leg, key);
      legs.set(key, leg);
    },
    forget(leg) {
      const key = keys.get(leg);
      keys.delete(leg);
      if (key !== undefined) legs.delete(key);
    },
  };
  late.ports = ports;

  const route = (known: LegPorts, tx: ServerTx): void => {
    const { request } = tx;
    if (toTag(request) !== undefined) {
      const leg = legs.get(incomingKey(request));
      if (leg) inDialog(known, leg, tx);
      else tx.respond(createResponse(request, 481));
      return;
    }
    if (request.method === 'INVITE') {
      newCall(known, options, tx).catch((error: unknown) => {
        server.log.error({ err: error }, 'a call could not be taken');
        tx.respond(createResponse(request, 500));
      });
      return;
    }
    if (request.method === 'OPTIONS') tx.respond(createResponse(request, 200, { headers: [['Allow', ALLOW], ['Accept', 'application/sdp']] }));
    else tx.respond(createResponse(request, 405, { headers: [['Allow', ALLOW]] }));
  };

  return {
    address() {
      const [first] = stack.transport.addresses();
      return first ? `${first.advertise}:${first.port}` : '';
    },
    dialogs: () => legs.size,
    transactions: () => stack.transactions.count(),
    timers: () => stack.transactions.timers(),
    close: () => stack.close(),
  };
}
