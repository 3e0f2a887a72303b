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

/** Time as the engine counts it: ms since 1970 that never run backwards, whatever becomes of the machine's clock meanwhile. */
export interface EngineTime {
  now(): Ms;
  /** What people's clocks show at that engine time, as far as we know today. */
  wallOf(at: Ms): number;
  /** The other way round. */
  atWall(wall: number): Ms;
}

/** Both clocks are read one after the other, and the wall clock in whole milliseconds: such a difference is none. */
const JITTER: Ms = 20;

/** Goes on where the log ended, or with the wall clock if that is ahead. */
export function engineTime(clock: Clock, lastLogged: Ms | undefined): EngineTime {
  const began = clock.now();
  const anchor = Math.max(Math.floor(clock.wall()), Math.ceil(lastLogged ?? 0));
  const now = (): Ms => anchor + Math.floor(clock.now() - began);
  let ahead = 0;
  /** How far the wall clock is ahead; the same from call to call until somebody sets it. */
  const offset = (): Ms => {
    const current = Math.round(clock.wall() - now());
    if (Math.abs(current - ahead) > JITTER) ahead = current;
    return ahead;
  };
  return { now, wallOf: (at) => at + offset(), atWall: (wall) => wall - offset() };
}
