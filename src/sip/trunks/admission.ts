import type { Ms } from '../../base/index.js';
import type { TrunkConfig } from '../../config/index.js';

/** Lines in use and calls started on one trunk, both ways. */
export interface Admission {
  /** A line, given back by calling what is returned (once or often); undefined where a limit is reached. */
  admit(limits: Pick<TrunkConfig, 'maxCalls' | 'maxCps'>, emergency: boolean): (() => void) | undefined;
  calls(): number;
}

export function createAdmission(now: () => Ms): Admission {
  let calls = 0;
  let starts: Ms[] = [];
  return {
    calls: () => calls,
    admit({ maxCalls, maxCps }, emergency) {
      const at = now();
      // Below one call a second the window is as long as one call takes.
      const windowMs = maxCps !== undefined && maxCps < 1 ? 1000 / maxCps : 1000;
      starts = starts.filter((t) => at - t < windowMs);
      const full = maxCalls !== undefined && calls >= maxCalls;
      const fast = maxCps !== undefined && starts.length >= Math.max(1, Math.floor(maxCps));
      if (!emergency && (full || fast)) return undefined;
      calls += 1;
      if (maxCps !== undefined) starts.push(at);
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        calls -= 1;
      };
    },
  };
}
