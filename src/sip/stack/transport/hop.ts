import type { Proto } from './types.js';

/** Where a request is to go: host may be a name. */
export interface Hop {
  readonly proto: Proto;
  readonly host: string;
  /** undefined: by SRV, else 5060. */
  readonly port: number | undefined;
}
