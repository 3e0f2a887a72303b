import type { Ms } from '../../../base/index.js';

/** What the four machines need to know of their surroundings. RFC 3261 §17.1.1.1 and table 4 explain the times. */
export interface Timing {
  readonly t1Ms: Ms;
  readonly t2Ms: Ms;
  readonly t4Ms: Ms;
}
export const standardTiming: Timing = { t1Ms: 500, t2Ms: 4_000, t4Ms: 5_000 };

export interface Link extends Timing {
  /** TCP and the like: nothing is retransmitted, and nobody waits for retransmissions. */
  readonly reliable: boolean;
}

export type ClientTimer = 'A' | 'B' | 'D' | 'E' | 'F' | 'K' | 'M';
export type ServerTimer = 'G' | 'H' | 'I' | 'J' | 'L';

export interface Arm<Timer> {
  readonly do: 'arm';
  readonly timer: Timer;
  readonly afterMs: Ms;
}
export const arm = <T>(timer: T, afterMs: Ms): Arm<T> => ({ do: 'arm', timer, afterMs });

export type ClientInput<Timer extends ClientTimer> =
  | { readonly type: 'response'; readonly status: number }
  | { readonly type: 'timer'; readonly name: Timer }
  | { readonly type: 'transport_failed' };

/** `send_ack` acknowledges a 300–699 inside the transaction; `report` tells the user, after which nothing follows. */
export type ClientEffect<Timer extends ClientTimer> =
  | { readonly do: 'send_request' | 'send_ack' | 'pass_up' }
  | Arm<Timer>
  | { readonly do: 'report'; readonly failure: 'timeout' | 'transport' };

export type ServerInput<Timer extends ServerTimer> =
  /** A copy of the request. */
  | { readonly type: 'request' }
  /** The user answers. */
  | { readonly type: 'respond'; readonly status: number }
  | { readonly type: 'timer'; readonly name: Timer }
  | { readonly type: 'transport_failed' };

/** `send_response` sends what the user last gave; `report` says how the transaction ended, when not as it should. */
export type ServerEffect<Timer extends ServerTimer> =
  | { readonly do: 'send_response' }
  | Arm<Timer>
  | { readonly do: 'report'; readonly failure: 'no_ack' | 'transport' };
