import { StrowgerError } from '../../../base/index.js';
import type { Headers } from './types.js';

/** What could be read of a message that was refused; enough to answer it when Via, From, To, Call-ID and CSeq are there. */
export interface PartialMessage {
  readonly type: 'request' | 'response';
  readonly method: string | undefined;
  readonly headers: Headers;
}

/** The only error the parsers of this folder throw. `status` is what RFC 3261 owes the sender of such a request. */
export class SipSyntaxError extends StrowgerError {
  readonly code = 'sip.syntax';
  readonly status: number;
  readonly partial: PartialMessage | undefined;
  constructor(message: string, options: { status?: number; partial?: PartialMessage | undefined; hint?: string; cause?: unknown } = {}) {
    super(message, options);
    this.status = options.status ?? 400;
    this.partial = options.partial;
  }
}
