import type { Ms } from '../base/index.js';

export interface Clock {
  /** Monotonic: a step of the system's clock does not move it. */
  now(): Ms;
  /** Milliseconds since 1970, for what people read. */
  wall(): number;
  /** Answers how to call it off. */
  after(ms: Ms, run: () => void): () => void;
}

/** The longest `setTimeout` keeps its word for; after that we look again. */
const LONGEST: Ms = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(Math.max(0, Math.ceil(ms)), LONGEST));
    return () => clearTimeout(timer);
  },
};
