import type { Timers } from '../clock/timers.js';
import type { Timing } from '../transaction/link.js';
import type { Transport } from '../transport/types.js';

/** What every transaction of a layer shares. */
export interface Context {
  readonly transport: Transport;
  readonly timers: Timers;
  readonly timing: Timing;
}
