import { drive, type Ms, type Next } from '../../../base/index.js';
import type { Timer, Timers } from '../clock/timers.js';
import type { Arm } from '../transaction/link.js';

interface Expired<Name> {
  readonly type: 'timer';
  readonly name: Name;
}
export interface Machine<Input> {
  readonly state: string;
  /** Terminated or dropped: it takes nothing any more. */
  readonly over: boolean;
  readonly input: (event: Input) => void;
  /** Until the last of its timers rings. */
  readonly left: () => Ms;
  /** Ends it without a word. */
  readonly drop: () => void;
}

export interface MachineParts<State extends { readonly state: string }, Name extends string, Input extends object, Effect> {
  readonly timers: Timers;
  readonly start: Next<State, Effect | Arm<Name>>;
  readonly step: (state: State, event: Input | Expired<Name>) => Next<State, Effect | Arm<Name>>;
  /** All effects but timers, which are armed here and end with the machine. */
  readonly perform: (effect: Effect) => void;
  /** Once, after the effects that led to the state `terminated`. */
  readonly onTerminated: () => void;
}

const isArm = (effect: unknown): effect is Arm<string> => (effect as { readonly do: string }).do === 'arm';

/** One pure machine with its timers: what they yield goes back into it. */
export function createMachine<State extends { readonly state: string }, Name extends string, Input extends object, Effect>(
  parts: MachineParts<State, Name, Input, Effect>,
): Machine<Input> {
  const armed = new Map<Name, Timer>();
  let { state } = parts.start[0];
  let over = false;
  const disarm = (): void => {
    for (const timer of armed.values()) parts.timers.cancel(timer);
    armed.clear();
  };
  const drop = (): void => {
    over = true;
    disarm();
  };
  const input = (event: Input | Expired<Name>): void => {
    if (over) return;
    post(event);
    // Read again: an input from inside an effect has been taken, or the machine dropped, by now.
    if (state !== 'terminated' || isOver()) return;
    drop();
    parts.onTerminated();
  };
  const isOver = (): boolean => over;
  const perform = (effect: Effect | Arm<Name>, again: (event: Input | Expired<Name>) => void): void => {
    if (!isArm(effect)) return parts.perform(effect);
    if (over) return; // dropped by the effect before
    const event = { type: 'timer', name: effect.timer } as const;
    if (effect.afterMs === 0) return again(event);
    parts.timers.cancel(armed.get(effect.timer));
    armed.set(effect.timer, parts.timers.after(effect.afterMs, () => input(event)));
  };
  const step = (before: State, event: Input | Expired<Name>): Next<State, Effect | Arm<Name>> => {
    const next = parts.step(before, event);
    // Once a final response is there no earlier timer means anything; they would only wait for their time in the heap.
    if (next[0].state !== state && next[0].state !== 'proceeding') disarm();
    ({ state } = next[0]);
    return next;
  };
  const post = drive(step, parts.start, perform);
  return {
    get state() {
      return state;
    },
    get over() {
      return over;
    },
    input,
    left: () => Math.max(0, ...[...armed.values()].map((timer) => parts.timers.left(timer))),
    drop,
  };
}
