import { manualClock, type ManualClock } from '../clock/clock.js';
import { createRequest, type RequestParts } from '../message/create.js';
import type { SipRequest, SipResponse } from '../message/types.js';
import type { Remote } from '../transport/types.js';
import { createTransactions } from './transactions.js';
import type { ClientHandlers, ServerTx, Transactions, TransactionsOptions } from './types.js';
import { createWire, type Wire } from './wire.js';

/** For tests: one user of the stack who writes down what reaches him. */
export interface Party {
  readonly transactions: Transactions;
  /** `200`, `timeout`, `INVITE`, `ACK`, `stray 200`, `cancelled`, `ended done`, … in order. */
  readonly heard: string[];
  readonly requests: ServerTx[];
  readonly responses: SipResponse[];
  readonly handlers: ClientHandlers;
  /** His address as others send to it. */
  readonly at: Remote;
}

export interface Parties {
  readonly clock: ManualClock;
  readonly wire: Wire;
  readonly a: Party;
  readonly b: Party;
}

/** Two users, 1.1.1.1 and 2.2.2.2, one millisecond apart. */
export function parties(options: Partial<TransactionsOptions> = {}): Parties {
  const clock = manualClock();
  const wire = createWire(clock);
  return { clock, wire, a: party(clock, wire, '1.1.1.1', options), b: party(clock, wire, '2.2.2.2', options) };
}

function party(clock: ManualClock, wire: Wire, address: string, options: Partial<TransactionsOptions>): Party {
  const heard: string[] = [];
  const requests: ServerTx[] = [];
  const responses: SipResponse[] = [];
  const transport = wire.join(address, (message, from, local) => transactions.receive(message, from, local));
  const transactions: Transactions = createTransactions({
    transport, clock,
    onRequest(tx) {
      heard.push(tx.request.method);
      requests.push(tx);
      tx.onCancel(() => heard.push('cancelled'));
      tx.onTerminated((why) => heard.push(`ended ${why}`));
    },
    onAck: () => heard.push('ACK'),
    onStrayResponse: (response) => heard.push(`stray ${response.status}`),
    ...options,
  });
  const handlers: ClientHandlers = {
    onResponse(response) {
      heard.push(String(response.status));
      responses.push(response);
    },
    onTimeout: () => heard.push('timeout'),
    onTransportError: () => heard.push('unreachable'),
    onTerminated: () => heard.push('gone'),
  };
  return { transactions, heard, requests, responses, handlers, at: { proto: 'udp', address, port: 5060 } };
}

export const request = (method: string, more: Partial<RequestParts> = {}): SipRequest =>
  createRequest({ method, uri: 'sip:b@2.2.2.2', from: '<sip:a@1.1.1.1>;tag=a1', to: '<sip:b@2.2.2.2>', callId: 'call-1', cseq: 1, ...more });
