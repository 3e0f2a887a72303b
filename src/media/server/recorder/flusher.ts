import type { Ms } from '../../../base/index.js';
import type { Recorder } from './recorder.js';

/** One timer for all recordings; a fifth of them is flushed every 100 ms, so the work is spread evenly. */
export interface Flusher {
  add(recorder: Recorder): void;
  remove(recorder: Recorder): void;
  timers(): number;
}

const TURN_MS: Ms = 100;
const TURNS = 5;

export function createFlusher(clock: () => Ms, onTimer: () => void): Flusher {
  const turns = Array.from({ length: TURNS }, () => new Set<Recorder>());
  let turn = 0;
  let timer: NodeJS.Timeout | undefined;
  const size = (): number => turns.reduce((sum, t) => sum + t.size, 0);

  function tick(): void {
    turn = (turn + 1) % TURNS;
    const now = clock();
    for (const recorder of [...(turns[turn] ?? [])]) recorder.flush(now);
  }
  return {
    add(recorder) {
      const [least] = [...turns].sort((a, b) => a.size - b.size);
      least?.add(recorder);
      if (timer) return;
      timer = setInterval(tick, TURN_MS);
      onTimer();
    },
    remove(recorder) {
      for (const t of turns) t.delete(recorder);
      if (size() > 0 || !timer) return;
      clearInterval(timer);
      timer = undefined;
      onTimer();
    },
    timers: () => (timer ? 1 : 0),
  };
}
