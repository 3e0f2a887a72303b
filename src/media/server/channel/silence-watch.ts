import type { Ms } from '../../../base/index.js';

/** Tells once that no RTP came for a while. One timer a period, not one a packet. */
export interface SilenceWatch {
  set(ms: Ms | undefined, listener?: () => void): void;
  /** Counts from now again: a rest is over. */
  restart(): void;
  timers(): number;
}

/**
 * @param lastHeardAt monotonic; undefined before the first packet
 * @param rests whether silence is in order now (hold); time only counts when it is not
 */
export function createSilenceWatch(clock: () => Ms, lastHeardAt: () => Ms | undefined, rests: () => boolean, onTimer: () => void): SilenceWatch {
  let timer: NodeJS.Timeout | undefined;
  let from: Ms = 0;

  function arm(limit: Ms, listener: () => void): void {
    timer = setTimeout(() => {
      from = rests() ? clock() : Math.max(from, lastHeardAt() ?? from);
      if (clock() - from < limit) return arm(limit, listener);
      timer = undefined;
      onTimer();
      listener();
    }, Math.max(1, Math.ceil(from + limit - clock())));
  }
  return {
    set(ms, listener = () => undefined) {
      clearTimeout(timer);
      timer = undefined;
      from = clock();
      if (ms !== undefined) arm(ms, listener);
      onTimer();
    },
    restart: () => void (from = clock()),
    timers: () => (timer ? 1 : 0),
  };
}
