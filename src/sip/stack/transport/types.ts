import type { Ms } from '../../../base/index.js';
import type { Clock } from '../clock/clock.js';
import type { SipSyntaxError } from '../message/errors.js';
import type { SipMessage } from '../message/types.js';
import type { TransportError } from './errors.js';

export type Proto = 'udp' | 'tcp';
/** An address of the other side: an IP literal without brackets, never a name (see `locate`). */
export interface Remote {
  readonly proto: Proto;
  readonly address: string;
  readonly port: number;
}
/** One of our listeners, by the address it is bound to. */
export interface Local {
  readonly proto: Proto;
  readonly address: string;
  readonly port: number;
}
export interface Listen extends Local {
  /** Host for Via and Contact; unless told the bound address, or for a wildcard the first address of this machine. */
  readonly advertise?: string | undefined;
}

export interface TransportLimits {
  /** 65 536 */
  readonly maxMessageBytes: number;
  /** TCP connections in all: 5 000. When full, the oldest untrusted one makes room. */
  readonly maxConnections: number;
  /** Untrusted TCP connections of one address: 50. */
  readonly maxConnectionsPerSource: number;
  /** Unsent bytes on one connection before it is closed: 1 MiB. */
  readonly maxSendBufferBytes: number;
  /** 4 s: shorter than Timer B, so that another host can be tried. */
  readonly connectMs: Ms;
  /** From the first byte of a message on a connection to its last: 10 s. */
  readonly partialMs: Ms;
  /** For a connection that has not sent one valid message yet: 15 s. */
  readonly strangerIdleMs: Ms;
  /** For one that has, without a byte in or out: 1 h (keep-alives count). */
  readonly idleMs: Ms;
  /** Malformed messages of one source that are reported (and answered), each second: 20. */
  readonly malformedPerSecond: number;
}

export interface SendOptions {
  /** The listener to send from; the best fitting one unless told. */
  readonly local?: Local | undefined;
  /** TCP: false sends on an existing connection only. True unless told. */
  readonly connect?: boolean | undefined;
  /** Called at most once and never before `send` returns. Without it a failure only shows in `failures()`. */
  readonly onError?: ((error: TransportError) => void) | undefined;
}

export interface Transport {
  /** Never throws; see `SendOptions.onError`. */
  send(data: Buffer | SipMessage, to: Remote, options?: SendOptions): void;
  /** What our Via and Contact name when we talk to `to`. @throws TransportError without a listener of that protocol */
  sentBy(to: Remote, local?: Local): { readonly host: string; readonly port: number };
  /** Ports are the real ones, also where 0 was asked for. */
  addresses(): readonly (Local & { readonly advertise: string })[];
  /** The connection to that address is exempt from the limits on strangers. */
  trust(remote: Remote): void;
  /** Open TCP connections. */
  connections(): number;
  /** Messages that could not be sent since the start. */
  failures(): number;
  close(): Promise<void>;
}

export interface TransportOptions {
  readonly listen: readonly Listen[];
  readonly limits?: Partial<TransportLimits>;
  readonly clock?: Clock;
  /** Requests carry received and rport already (RFC 3261 §18.2.1, RFC 3581 §4); `raw` is as it came. */
  readonly onMessage: (message: SipMessage, from: Remote, local: Local, raw: Buffer) => void;
  readonly onMalformed: (error: SipSyntaxError, from: Remote, local: Local, raw: Buffer) => void;
  /** A TCP connection ended, whoever opened it. */
  readonly onClosed?: (remote: Remote) => void;
  /** Every message handed to the network, for traces. */
  readonly onSent?: (data: Buffer, to: Remote, local: Local) => void;
}
