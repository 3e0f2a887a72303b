import type { DtmfSource } from '../channel/index.js';

export interface QueuedDigit {
  readonly digit: string;
  /** RTP timestamp units of 8 kHz. */
  readonly duration: number;
  readonly source: DtmfSource | 'app';
}

/** Takes a digit; answers nothing. Called only while it is the taker. */
export type DigitTaker = (digit: QueuedDigit) => void;

/**
 * Digits wait here until whoever runs on the channel wants one: an idle channel takes them at once, `sleep` leaves them
 * lying, `play_and_get_digits` finds those pressed before it began. `taken` fires for each digit that leaves the queue.
 */
export interface Digits {
  readonly push: (digit: QueuedDigit) => void;
  /** Sets who takes digits from now on; undefined leaves them in the queue. What waits is handed over at once. */
  readonly give: (taker: DigitTaker | undefined) => void;
  /** Throws away what waits. @returns how many */
  readonly flush: () => number;
  readonly waiting: () => number;
}

const MOST = 128;

export function createDigits(taken: (digit: QueuedDigit) => void): Digits {
  let queue: QueuedDigit[] = [];
  let taker: DigitTaker | undefined = () => undefined;
  let busy = false;

  // A taker may change the taker; the loop looks again before each digit.
  const drain = (): void => {
    if (busy) return;
    busy = true;
    while (taker) {
      const next = queue.shift();
      if (!next) break;
      taken(next);
      taker(next);
    }
    busy = false;
  };

  return {
    push(digit) {
      if (queue.length >= MOST) return;
      queue.push(digit);
      drain();
    },
    give(next) {
      taker = next;
      drain();
    },
    flush() {
      const count = queue.length;
      queue = [];
      return count;
    },
    waiting: () => queue.length,
  };
}
