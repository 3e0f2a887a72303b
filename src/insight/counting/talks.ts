import type { Ms } from '../../base/index.js';
import type { Stay } from './stays.js';
import { text, verb, type Told } from './told.js';

/** One agent, or another person, in one contact. */
export interface Talk {
  readonly seq: number;
  readonly from: number;
  agent: string;
  talkMs: Ms;
  holdMs: Ms;
  transfers: number;
  /** The stay that ended with it. */
  stay: Stay | undefined;
}

/** Follows who talked in a call and for how long: from each bridge on, the time in which the call's state is `talking` and `held`. */
export function talkReader() {
  const talks: Talk[] = [];
  let [now, since] = ['', 0];
  let running: Talk | undefined;
  /** A stay that ended before it was said who has it. */
  let unclaimed: Stay | undefined;
  const spend = (at: number): void => {
    if (running && now === 'talking') running.talkMs += at - since;
    if (running && now === 'held') running.holdMs += at - since;
    since = at;
  };
  return {
    talks,
    read(told: Told): void {
      switch (verb(told)) {
        case 'state_changed':
          spend(told.at);
          now = text(told, 'to');
          if (now !== 'talking' && now !== 'held') running = undefined;
          return;
        case 'bridged':
          spend(told.at);
          running = { seq: told.seq, from: told.at, agent: text(told, 'agent'), talkMs: 0, holdMs: 0, transfers: 0, stay: undefined };
          talks.push(running);
          return;
        case 'assigned': {
          // Of written words: from here on it is this agent's. The queue says so before or after.
          spend(told.at);
          const before = running?.agent === text(told, 'agent') ? running : undefined;
          if (before) return;
          now = 'talking';
          running = { seq: told.seq, from: told.at, agent: text(told, 'agent'), talkMs: 0, holdMs: 0, transfers: 0, stay: unclaimed };
          unclaimed = undefined;
          talks.push(running);
          return;
        }
        case 'handed_back': case 'queued':
          if (told.type.startsWith('call.')) return;
          spend(told.at);
          running = undefined;
          return;
        case 'transferred':
          if (running) running.transfers += 1;
          return;
        case 'returned_to_queue':
          // The bridge came to nothing.
          if (running?.stay) talks.splice(talks.indexOf(running), 1);
          running = undefined;
          return;
        case 'ended':
          spend(told.at);
          running = undefined;
          return;
        default:
      }
    },
    /** The stay ended by this talk. */
    answered(stay: Stay): void {
      if (!running) unclaimed = stay;
      if (running && !running.stay) running.stay = stay;
      if (running && running.agent === '') running.agent = stay.agent;
    },
  };
}
