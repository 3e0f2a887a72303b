import type { Cause } from './machine/call.js';

/** How an attempt to reach somebody failed. */
export type DialFailure = 'busy' | 'no_answer' | 'rejected' | 'unreachable' | 'failed';

/**
 * The one table from a final status (RFC 3261 §21) to what is said of it. Status 0 stands for a request that never
 * left. What it does not know is the far end's refusal.
 */
export function failureOf(status: number): DialFailure {
  switch (status) {
    case 486:
    case 600:
      return 'busy';
    case 408:
    case 480:
    case 487:
      return 'no_answer';
    case 404:
    case 410:
    case 604:
    case 0:
    case 503:
      return 'unreachable';
    default:
      return status >= 500 && status < 600 ? 'failed' : 'rejected';
  }
}

export const causeOfFailure: Readonly<Record<DialFailure, Cause>> = {
  busy: 'busy',
  no_answer: 'no_answer',
  rejected: 'rejected',
  unreachable: 'no_answer',
  failed: 'failed',
};

/** What the caller hears when whom he called could not be reached. */
export const statusOfFailure: Readonly<Record<DialFailure, number>> = {
  busy: 486,
  no_answer: 480,
  rejected: 603,
  unreachable: 480,
  failed: 503,
};
