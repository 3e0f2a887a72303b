import type { Ms } from '../base/index.js';

export interface RetryPolicy {
  /** Before the second attempt; each further wait is three times as long, up to `longestMs`. */
  readonly firstMs: Ms;
  readonly longestMs: Ms;
  /** Attempts in all before an event is given up. */
  readonly attempts: number;
  /** An endpoint that took nothing for so long is switched off. */
  readonly disableAfterMs: Ms;
}
/** What an attempt came to. */
export type Outcome =
  | { readonly ok: true; readonly status: number }
  | { readonly ok: false; readonly status: number | null; readonly error: string; readonly retryAfterMs: Ms | undefined };

export type Verdict = { readonly do: 'go_on' } | { readonly do: 'retry'; readonly at: number } | { readonly do: 'give_up' } | { readonly do: 'disable'; readonly why: string };

/**
 * What to do after attempt number `attempts` (from 1). `chance`, from 0 to 1, spreads retries by a fifth to either side, so that many do
 * not come back together. `failingSince`: of the endpoint's first failure after its last success.
 */
export function afterAttempt(outcome: Outcome, attempts: number, failingSince: number, policy: RetryPolicy, now: number, chance: number): Verdict {
  if (outcome.ok) return { do: 'go_on' };
  if (outcome.status === 410) return { do: 'disable', why: 'its server said 410 Gone' };
  if (now - failingSince >= policy.disableAfterMs) return { do: 'disable', why: `nothing was taken for ${Math.round(policy.disableAfterMs / 60_000)} minutes: ${outcome.error}` };
  if (attempts >= policy.attempts) return { do: 'give_up' };
  const wait = Math.min(policy.longestMs, policy.firstMs * 3 ** (attempts - 1)) * (0.8 + 0.4 * chance);
  return { do: 'retry', at: Math.round(now + Math.max(wait, Math.min(outcome.retryAfterMs ?? 0, policy.longestMs))) };
}
