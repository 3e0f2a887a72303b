import type { Ms } from '../base/index.js';
import type { Clock } from './clock.js';

/** One timer for all that is due. */
export function createAlarm(clock: Clock, ring: () => void) {
  let cancel: (() => void) | undefined;
  let set: Ms | undefined;
  const off = (): void => {
    cancel?.();
    cancel = undefined;
    set = undefined;
  };
  const wait = (ms: Ms): void => {
    cancel = clock.after(ms, () => {
      off();
      ring();
    });
  };
  return {
    off,
    /** Nothing happens when it is set to that time already. */
    at(when: Ms | undefined, now: Ms): void {
      if (when !== undefined && when === set) return;
      off();
      set = when;
      if (when !== undefined) wait(when - now);
    },
    in(ms: Ms): void {
      if (cancel && set === undefined) return;
      off();
      wait(ms);
    },
  };
}
