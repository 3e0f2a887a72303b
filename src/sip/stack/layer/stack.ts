import { rejection } from '../message/create.js';
import type { SipSyntaxError } from '../message/errors.js';
import { topVia } from '../message/read.js';
import { createTransport } from '../transport/transport.js';
import type { Local, Remote, Transport, TransportOptions } from '../transport/types.js';
import { responseTarget } from '../transport/via.js';
import { createTransactions } from './transactions.js';
import type { Transactions, TransactionsOptions } from './types.js';

export type StackOptions = Omit<TransportOptions, 'onMessage' | 'onMalformed'> &
  Omit<TransactionsOptions, 'transport'> & {
    /** For the log; the answer, where one is due, has been sent. */
    readonly onMalformed?: TransportOptions['onMalformed'];
    /** Every message received, for traces, before it is handled. */
    readonly onReceived?: TransportOptions['onMessage'];
  };
export interface Stack {
  readonly transport: Transport;
  readonly transactions: Transactions;
  close(): Promise<void>;
}

/** Transport and transactions wired together; malformed requests are answered with their status. @throws ListenError */
export async function createStack(options: StackOptions): Promise<Stack> {
  const late: { transactions?: Transactions } = {}; // a datagram may come before all listeners are open
  const transport = await createTransport({
    ...options,
    onMessage(message, from, local, raw) {
      options.onReceived?.(message, from, local, raw);
      late.transactions?.receive(message, from, local);
    },
    onMalformed(error, from, local, raw) {
      answer(transport, error, from, local);
      options.onMalformed?.(error, from, local, raw);
    },
  });
  const transactions = createTransactions({ ...options, transport });
  late.transactions = transactions;
  return {
    transport,
    transactions,
    async close() {
      transactions.close();
      await transport.close();
    },
  };
}

function answer(transport: Transport, error: SipSyntaxError, from: Remote, local: Local): void {
  const response = rejection(error);
  if (response && error.partial) transport.send(response, responseTarget(topVia(error.partial), from), { local, connect: false });
}
