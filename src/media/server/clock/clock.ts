import type { Ms } from '../../../base/index.js';
import { ran, startSchedule, TICK_MS, waitFor, type Schedule } from './schedule.js';

/** Called every tick; `missed` ticks before this one were given up (the process stood still). */
export type Tick = (now: Ms, missed: number) => void;

/** The one clock of generated audio. It stands still while nobody has joined. */
export interface MediaClock {
  readonly tickMs: Ms;
  now(): Ms;
  /** @returns leave; idempotent */
  join(tick: Tick): () => void;
  timers(): number;
}

export function createClock(onTimer: () => void, tickMs: Ms = TICK_MS): MediaClock {
  const ticks = new Set<Tick>();
  const now = (): Ms => performance.now();
  let schedule: Schedule | undefined;
  let timer: NodeJS.Timeout | undefined;

  function arm(): void {
    // Node's timers are late by up to a millisecond and never early enough to matter: aim at the grid, rounded down.
    if (schedule) timer = setTimeout(run, Math.max(0, Math.floor(waitFor(schedule, now()))));
  }
  function run(): void {
    timer = undefined;
    if (!schedule) return;
    const at = now();
    if (waitFor(schedule, at) > 0.5) return arm();
    const missed = ran(schedule, at, tickMs);
    for (const tick of [...ticks]) if (ticks.has(tick)) tick(at, missed);
    // The last to leave stopped the clock; whoever joined after that has armed it.
    if (!armed()) arm();
  }
  const armed = (): boolean => timer !== undefined;

  function stop(): void {
    clearTimeout(timer);
    timer = undefined;
    schedule = undefined;
    onTimer();
  }
  return {
    tickMs,
    now,
    join(tick) {
      ticks.add(tick);
      if (!schedule) {
        schedule = startSchedule(now(), tickMs);
        arm();
        onTimer();
      }
      return () => {
        if (ticks.delete(tick) && ticks.size === 0 && schedule) stop();
      };
    },
    timers: () => (schedule ? 1 : 0),
  };
}
