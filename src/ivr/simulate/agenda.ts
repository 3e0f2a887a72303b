import type { Ms } from '../../base/index.js';
import type { FlowEvent } from '../machine/index.js';

export interface Due {
  readonly at: Ms;
  /** A caller who does nothing lets this happen; everything else happens by itself. */
  readonly silence: boolean;
  readonly event: FlowEvent;
}
/** The virtual clock, and what happens when. */
export interface Agenda {
  readonly now: () => Ms;
  readonly put: (afterMs: Ms, event: FlowEvent, silence?: boolean) => void;
  readonly forget: (which: (event: FlowEvent) => boolean) => void;
  /** The first that still matters. */
  readonly next: (matters: (event: FlowEvent) => boolean) => Due | undefined;
  /** It happens now: the clock goes on to it. */
  readonly take: (one: Due) => void;
  /** Never backwards. */
  readonly moveTo: (at: Ms) => void;
}

export function createAgenda(): Agenda {
  let now: Ms = 0;
  let due: readonly Due[] = [];
  const moveTo = (at: Ms): void => void (now = Math.max(now, at));
  return {
    now: () => now,
    put: (afterMs, event, silence = false) => void (due = [...due, { at: now + afterMs, silence, event }]),
    forget: (which) => void (due = due.filter(({ event }) => !which(event))),
    next(matters) {
      due = due.filter(({ event }) => matters(event));
      return due.reduce<Due | undefined>((first, one) => (first === undefined || one.at < first.at ? one : first), undefined);
    },
    take(one) {
      due = due.filter((other) => other !== one);
      moveTo(one.at);
    },
    moveTo,
  };
}
