import { StrowgerError } from '../base/index.js';
import type { DialFailure } from './verdict.js';

/** The caller hung up or cancelled while something was being done for him. */
export class CallerGone extends StrowgerError {
  readonly code = 'calls.caller_gone';
}

/** Nobody was reached. `status` is the last final SIP status, 0 where there was none. */
export class DialFailed extends StrowgerError {
  readonly code = 'calls.dial_failed';
  constructor(readonly why: DialFailure, readonly status: number, message: string, cause?: unknown) {
    super(message, { cause });
  }
}
