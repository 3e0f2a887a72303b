import type { Digit } from '../channel/types.js';

/**
 * Named telephone event, RFC 4733 §2.3:
 *
 *     |     event     |E|R| volume    |          duration             |
 */
export const EVENT_BYTES = 4;

const DIGITS: readonly Digit[] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '#', 'A', 'B', 'C', 'D'];

/** undefined: flash, fax and other events that are no digit (RFC 4733 §3). */
export const digitOfEvent = (event: number): Digit | undefined => DIGITS[event];

export function eventOfDigit(digit: Digit): number {
  return DIGITS.indexOf(digit);
}

/** Lower-case a–d count as A–D. */
export function parseDigit(character: string): Digit | undefined {
  const upper = character.toUpperCase();
  return DIGITS.find((digit) => digit === upper);
}

export function writeEvent(out: Uint8Array, at: number, event: number, end: boolean, duration: number): void {
  out[at] = event;
  out[at + 1] = (end ? 0x80 : 0) | VOLUME;
  out[at + 2] = duration >> 8;
  out[at + 3] = duration;
}

/** −10 dBm0, what most phones send. */
const VOLUME = 10;
