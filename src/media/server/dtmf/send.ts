import { StrowgerError, type Ms } from '../../../base/index.js';
import type { Digit } from '../channel/types.js';
import { parseDigit } from './event.js';

/** A character that is neither digit nor pause. */
export class BadDigits extends StrowgerError {
  readonly code = 'media.bad_digits';
}

/** What happens in one 20 ms step of dialling. `packet` is to be sent as many times as `copies` says. */
export type DialStep =
  | { readonly do: 'rest' }
  | { readonly do: 'packet'; readonly digit: Digit; readonly first: boolean; readonly end: boolean; readonly durationMs: Ms; readonly copies: number };

export interface DialTiming {
  readonly durationMs: Ms;
  readonly gapMs: Ms;
}

/** RFC 4733 §2.5.1.4: the last packet goes out three times. */
const END_COPIES = 3;
const STEP_MS: Ms = 20;
/** A longer event would need a second segment (RFC 4733 §2.5.1.3). */
const MAX_DURATION_MS: Ms = 8_000;
export const DEFAULT_DIAL_TIMING: DialTiming = { durationMs: 100, gapMs: 60 };
const PAUSES = new Map<string, Ms>([['w', 500], ['W', 1_000]]);

export type DialItem = { readonly digit: Digit } | { readonly pauseMs: Ms };

/** @throws BadDigits */
export function parseDigits(text: string): readonly DialItem[] {
  return Array.from(text, (character) => {
    const pauseMs = PAUSES.get(character);
    if (pauseMs !== undefined) return { pauseMs };
    const digit = parseDigit(character);
    if (!digit) throw new BadDigits(`"${character}" cannot be dialled`, { hint: 'digits are 0-9, *, #, A-D; w and W are pauses' });
    return { digit };
  });
}

/** The 20 ms steps of dialling: each digit sounds for its duration, rounded up, and a gap follows. */
export function* dialSteps(items: readonly DialItem[], timing: DialTiming): Generator<DialStep, void> {
  const steps = Math.max(2, Math.ceil(Math.min(timing.durationMs, MAX_DURATION_MS) / STEP_MS));
  for (const item of items) {
    if ('pauseMs' in item) {
      for (let i = 0; i < item.pauseMs / STEP_MS; i += 1) yield { do: 'rest' };
      continue;
    }
    for (let i = 1; i <= steps; i += 1) {
      yield { do: 'packet', digit: item.digit, first: i === 1, end: i === steps, durationMs: i * STEP_MS, copies: i === steps ? END_COPIES : 1 };
    }
    for (let i = 0; i < Math.max(2, timing.gapMs / STEP_MS); i += 1) yield { do: 'rest' };
  }
}
