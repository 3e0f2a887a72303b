import type { SipRequest, SipResponse } from '../message/types.js';
import type { Timing } from '../transaction/link.js';
import type { TransportError } from '../transport/errors.js';
import type { Local, Remote, Transport } from '../transport/types.js';
import type { Clock } from '../clock/clock.js';

export interface ClientHandlers {
  /** Provisional answers; one final one, or for an INVITE one 2xx per To tag (forks), also after `cancel`. */
  onResponse(response: SipResponse, from: Remote): void;
  /** Timer B or F, or 64·T1 after our CANCEL (§9.1): to be treated as 408. */
  onTimeout(): void;
  /** To be treated as 503. */
  onTransportError(error: TransportError): void;
  /** Last call of all: the transaction is gone. */
  onTerminated?(): void;
  /**
   * A 2xx of another fork after one was acknowledged, instead of `onResponse`. With it the layer forgets request, answers
   * and handlers as soon as the ACK is out, instead of keeping them 64·T1 for forks that hardly ever are.
   */
  readonly onFork?: ((fork: Fork) => void) | undefined;
}

/** A 2xx to an INVITE that was answered by somebody else before. */
export interface Fork {
  /** The INVITE without body and Via. */
  readonly request: SipRequest;
  readonly response: SipResponse;
  readonly from: Remote;
  readonly ack: ClientTx['ack'];
}

export interface ClientTx {
  readonly branch: string;
  /** As sent, with our Via on top. */
  readonly request: SipRequest;
  readonly to: Remote;
  /** Nothing but copies of its final answer can come any more, which are dealt with without it. */
  readonly terminated: boolean;
  /** INVITE only: sends CANCEL, held back until a 1xx is there (§9.1); nothing after a final answer. `headers`: e.g. Reason. */
  cancel(headers?: Iterable<readonly [name: string, value: string]>): void;
  /** Sends the ACK of a 2xx, and again for each retransmission of that 2xx (§13.2.2.4), which is not passed up. */
  ack(ack: SipRequest, to: Remote, local?: Local): void;
}

export type ServerEnd = 'done' | 'no_ack' | 'transport';
export interface ServerTx {
  readonly request: SipRequest;
  readonly remote: Remote;
  readonly local: Local;
  /** A final answer has gone out. */
  readonly answered: boolean;
  readonly cancelled: boolean;
  readonly terminated: boolean;
  /** @returns false when the state does not allow it any more (answered, terminated): nothing was sent. A 2xx to INVITE may be sent again. */
  respond(response: SipResponse): boolean;
  /** The CANCEL has been answered 200; the INVITE still wants its 487. Called at once if it came before the handler. */
  onCancel(handler: (cancel: SipRequest) => void): void;
  /** Nothing but copies of the request can come any more, or not even these. */
  onTerminated(handler: (why: ServerEnd) => void): void;
  /** For the layer: the ACK of its 2xx is there. `gone` comes when copies need not be expected any more. */
  acknowledged(gone: () => void): void;
}

export interface RequestOptions {
  readonly local?: Local | undefined;
}
export interface Retransmission {
  stop(): void;
}

export interface TransactionsOptions {
  readonly transport: Transport;
  readonly timing?: Timing;
  readonly clock?: Clock;
  /** Never ACK or CANCEL. */
  readonly onRequest: (tx: ServerTx) => void;
  /** The ACK of a 2xx, its first copy. */
  readonly onAck: (ack: SipRequest, from: Remote, local: Local) => void;
  /** A response that no transaction waits for. */
  readonly onStrayResponse?: (response: SipResponse, from: Remote, local: Local) => void;
  /** Asked before a transaction is made for a new request: undefined lets it in, `drop` says nothing, a response is sent statelessly. */
  readonly admit?: (request: SipRequest, from: Remote, local: Local) => SipResponse | 'drop' | undefined;
  /** After how long an INVITE that nobody answered gets 100 Trying (§17.2.1): 200 ms. */
  readonly tryingMs?: number;
  /** Requests above 1300 bytes go by TCP when there is such a listener (§18.1.1), by UDP when that fails. False unless told. */
  readonly tcpForLarge?: boolean;
  /** New requests out of dialog get 503 beyond it: 50 000. */
  readonly maxServerTransactions?: number;
}

export interface Transactions {
  /** To be called for everything the transport delivers. */
  receive(message: SipRequest | SipResponse, from: Remote, local: Local): void;
  /** Sends a copy with a Via of ours on top. Not for ACK. */
  request(request: SipRequest, to: Remote, handlers: ClientHandlers, options?: RequestOptions): ClientTx;
  /** Sends an ACK of a 2xx outside a `ClientTx` with a new Via on top (proxies). */
  sendAck(ack: SipRequest, to: Remote, local?: Local): void;
  /** Answers without a transaction. */
  respondStateless(request: SipRequest, response: SipResponse, from: Remote, local: Local): void;
  /** Sends a 2xx to INVITE, and again after T1, doubling to T2, until its ACK (§13.3.1.4). `onNoAck` after 64·T1: then BYE is due. */
  retransmit2xx(tx: ServerTx, response: SipResponse, onNoAck: () => void): Retransmission;
  count(): number;
  timers(): number;
  /** Ends all transactions without a word. */
  close(): void;
}
