/**
 * One clock for every stream of the process. A frame of 20 ms is cut into ten slots; each stream lives in the least
 * crowded one, so packets leave evenly spread and each stream exactly every 20 ms, without drift.
 */
const SLOTS = 10;
const SLOT_MS = 2;

export type RtpClock = {
  /** Calls `tick` every 20 ms from now on; the answer stops it. */
  readonly join: (tick: () => void) => () => void;
  /** The worst delay of a slot since the last call, in ms: above 10 the machine, not the system under test, is late. */
  readonly worstLatenessMs: () => number;
};

export function createClock(): RtpClock {
  const slots = Array.from({ length: SLOTS }, () => new Set<() => void>());
  let running = 0;
  let epoch = 0;
  let slot = 0;
  let worst = 0;

  function run(): void {
    const now = performance.now();
    worst = Math.max(worst, now - (epoch + slot * SLOT_MS));
    while (running > 0 && epoch + slot * SLOT_MS <= now) {
      for (const tick of [...(slots[slot % SLOTS] ?? [])]) tick();
      slot += 1;
    }
    if (running > 0) setTimeout(run, Math.max(0, epoch + slot * SLOT_MS - performance.now()));
  }
  return {
    join(tick) {
      const home = slots.reduce((least, one) => (one.size < least.size ? one : least));
      home.add(tick);
      running += 1;
      if (running === 1) {
        epoch = performance.now();
        slot = 0;
        setTimeout(run, 0);
      }
      return () => { if (home.delete(tick)) running -= 1; };
    },
    worstLatenessMs() {
      const was = worst;
      worst = 0;
      return was;
    },
  };
}

export const rtpClock = createClock();
