import { systemClock } from '../clock/clock.js';
import { createTimers } from '../clock/timers.js';
import { createResponse } from '../message/create.js';
import { newBranch } from '../message/ids.js';
import { toTag, topVia } from '../message/read.js';
import { serialize } from '../message/serialize.js';
import type { SipRequest, SipResponse } from '../message/types.js';
import { standardTiming } from '../transaction/link.js';
import type { Local, Remote } from '../transport/types.js';
import { responseTarget } from '../transport/via.js';
import { createAccepted } from './accepted.js';
import { withVia } from './build.js';
import { createClientTx, type ClientDriver } from './client-tx.js';
import type { Context } from './context.js';
import { clientKey, clientKeyOf, serverKey } from './keys.js';
import { compact, type ClientRest, type ServerRest } from './rest.js';
import { createServerTx, type ServerDriver } from './server-tx.js';
import type { ClientHandlers, ClientTx, RequestOptions, Transactions, TransactionsOptions } from './types.js';

const trying = 200;
const maxServers = 50_000;
/** RFC 3261 §18.1.1 */
const largeBytes = 1_300;
/** Methods whose CANCEL is answered 200 though it changes nothing (§9.2). */
const uncancellable = ['BYE', 'OPTIONS', 'REGISTER', 'INFO', 'UPDATE', 'PRACK', 'REFER', 'NOTIFY', 'SUBSCRIBE', 'MESSAGE', 'PUBLISH'];
const silent: ClientHandlers = { onResponse: () => undefined, onTimeout: () => undefined, onTransportError: () => undefined };

/** The transaction layer of RFC 3261 §17 over one transport. */
export function createTransactions(options: TransactionsOptions): Transactions {
  const { transport } = options;
  const timers = createTimers(options.clock ?? systemClock);
  const context: Context = { transport, timers, timing: options.timing ?? standardTiming };
  const clients = new Map<string, ClientDriver | ClientRest>();
  const accepted = createAccepted(context);
  const servers = createServers(options, context, accepted);

  const start = (request: SipRequest, to: Remote, handlers: ClientHandlers, { local }: RequestOptions, branch: string): ClientTx => {
    const key = compact(clientKey(branch, request.method));
    const large = options.tcpForLarge === true && to.proto === 'udp' && isLarge(request) && canTcp();
    const tx = createClientTx({
      context, request, local, branch, handlers,
      to: large ? { ...to, proto: 'tcp' } : to,
      fallback: large ? to : undefined,
      sendCancel: (cancel, where) => startCancel(cancel, where, local, branch),
      onGone: () => clients.delete(key),
      onRest: (rest) => clients.set(key, rest),
    });
    clients.set(key, tx);
    return tx;
  };
  // A CANCEL shares the branch of its INVITE, so its Via is taken off here and put on again there.
  const startCancel = (cancel: SipRequest, to: Remote, local: Local | undefined, branch: string): void => {
    cancel.headers.remove('Via');
    start(cancel, to, silent, { local }, branch);
  };
  const canTcp = (): boolean => transport.addresses().some((a) => a.proto === 'tcp');
  return {
    receive(message, from, local) {
      if (message.type === 'request') return servers.receive(message, from, local);
      const key = clientKeyOf(message);
      const tx = key === undefined ? undefined : clients.get(key);
      if (tx) tx.receive(message, from);
      else options.onStrayResponse?.(message, from, local);
    },
    request: (request, to, handlers, more = {}) => start(request, to, handlers, more, newBranch()),
    sendAck: (ack, to, local) => transport.send(withVia(ack, transport, to, local, newBranch()), to, { local }),
    respondStateless: servers.stateless,
    retransmit2xx: (tx, response, onNoAck) => accepted.retransmit(tx, response, onNoAck),
    count: () => clients.size + servers.count(),
    timers: () => timers.armed,
    close() {
      for (const tx of clients.values()) tx.drop();
      clients.clear();
      servers.clear();
      accepted.clear();
      timers.close();
    },
  };
}

/** With the 200 bytes that our Via may take. */
const isLarge = (request: SipRequest): boolean => serialize(request).length + 200 > largeBytes;

function createServers(options: TransactionsOptions, context: Context, accepted: ReturnType<typeof createAccepted>) {
  const table = new Map<string, ServerDriver | ServerRest>();
  const { transport } = context;
  const max = options.maxServerTransactions ?? maxServers;

  const stateless = (request: SipRequest, response: SipResponse, from: Remote, local: Local): void =>
    transport.send(response, responseTarget(topVia(request), from), { local, connect: false });

  const open = (request: SipRequest, remote: Remote, local: Local, received: string): ServerDriver => {
    const key = compact(received);
    const tx = createServerTx({
      context, request, remote, local,
      tryingMs: options.tryingMs ?? trying,
      onGone: () => table.delete(key),
      onRest: (rest) => table.set(key, rest),
    });
    table.set(key, tx);
    return tx;
  };
  const onAck = (ack: SipRequest, from: Remote, local: Local): void => {
    const tx = table.get(serverKey(ack, 'INVITE'));
    if (tx && tx.state !== 'accepted') return tx.acked();
    if (accepted.acked(ack) !== 'copy') options.onAck(ack, from, local);
  };
  const onCancel = (cancel: SipRequest, from: Remote, local: Local): void => {
    const own = open(cancel, from, local, serverKey(cancel, 'CANCEL'));
    const invite = table.get(serverKey(cancel, 'INVITE'));
    const other = invite ?? uncancellable.map((method) => table.get(serverKey(cancel, method))).find((tx) => tx !== undefined);
    own.respond(other ? createResponse(cancel, 200, { toTag: other.tag() }) : createResponse(cancel, 481));
    if (invite && !invite.answered) invite.cancel(cancel);
  };
  /** RFC 3261 §21.5.4: what is in a dialog already is never turned away. */
  const refusal = (request: SipRequest, from: Remote, local: Local): SipResponse | 'drop' | undefined => {
    if (table.size >= max && toTag(request) === undefined) return createResponse(request, 503, { headers: [['Retry-After', '10']] });
    return options.admit?.(request, from, local);
  };
  return {
    stateless,
    receive(request: SipRequest, from: Remote, local: Local): void {
      if (request.method === 'ACK') return onAck(request, from, local);
      const key = serverKey(request, request.method);
      const known = table.get(key);
      if (known) return known.again();
      if (request.method === 'CANCEL') return onCancel(request, from, local);
      const no = refusal(request, from, local);
      if (no === 'drop') return;
      if (no) stateless(request, no, from, local);
      else options.onRequest(open(request, from, local, key));
    },
    count: () => table.size,
    clear(): void {
      for (const tx of table.values()) tx.drop();
      table.clear();
    },
  };
}
