import type { Ms } from '../../../base/index.js';
import type { Clock } from './clock.js';

export interface Timer {
  at: Ms;
  /** Index in the heap; −1 when not armed. */
  place: number;
  readonly fire: () => void;
}

/** Any number of timers over one wake-up of the clock: a binary heap, so arming and cancelling cost O(log n). */
export interface Timers {
  after(delay: Ms, fire: () => void): Timer;
  cancel(timer: Timer | undefined): void;
  /** Until it rings; 0 when it is not armed. */
  left(timer: Timer): Ms;
  readonly armed: number;
  close(): void;
}

export function createTimers(clock: Clock): Timers {
  const heap: Timer[] = [];
  let wakeAt = Infinity;
  let stopWaking = (): void => undefined;

  const expect = (): void => {
    const first = heap[0];
    // A wake-up that comes too early finds nothing due and asks again: cheaper than a new one at each cancel.
    if (first && first.at >= wakeAt) return;
    stopWaking();
    wakeAt = Infinity;
    if (!first) return;
    wakeAt = first.at;
    stopWaking = clock.after(Math.max(0, first.at - clock.now()), wake);
  };
  const wake = (): void => {
    wakeAt = Infinity;
    stopWaking = () => undefined;
    const now = clock.now();
    for (let first = heap[0]; first && first.at <= now; first = heap[0]) {
      removeAt(heap, 0);
      first.fire();
    }
    expect();
  };
  return {
    after(delay, fire) {
      const timer: Timer = { at: clock.now() + delay, place: heap.length, fire };
      heap.push(timer);
      up(heap, timer);
      if (timer.place === 0) expect();
      return timer;
    },
    cancel(timer) {
      if (!timer || timer.place < 0) return;
      removeAt(heap, timer.place);
      if (heap.length === 0) expect();
    },
    left: (timer) => (timer.place < 0 ? 0 : Math.max(0, timer.at - clock.now())),
    get armed() {
      return heap.length;
    },
    close() {
      for (const timer of heap.splice(0)) timer.place = -1;
      expect();
    },
  };
}

function put(heap: Timer[], timer: Timer, place: number): void {
  heap[place] = timer;
  timer.place = place;
}

function up(heap: Timer[], timer: Timer): void {
  let i = timer.place;
  for (;;) {
    const above = (i - 1) >> 1;
    const parent = i > 0 ? heap[above] : undefined;
    if (!parent || parent.at <= timer.at) break;
    put(heap, parent, i);
    i = above;
  }
  put(heap, timer, i);
}

function down(heap: Timer[], timer: Timer): void {
  let i = timer.place;
  for (;;) {
    const left = heap[2 * i + 1];
    const right = heap[2 * i + 2];
    const child = right && left && right.at < left.at ? right : left;
    if (!child || child.at >= timer.at) break;
    const below = child.place;
    put(heap, child, i);
    i = below;
  }
  put(heap, timer, i);
}

function removeAt(heap: Timer[], place: number): void {
  const gone = heap[place];
  const last = heap.pop();
  if (gone) gone.place = -1;
  if (!last || last === gone) return;
  put(heap, last, place);
  up(heap, last);
  down(heap, last);
}
