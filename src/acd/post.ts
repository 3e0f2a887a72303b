import type { Ms } from '../base/index.js';
import { createAlarm } from './alarm.js';
import type { Clock, EngineTime } from './clock.js';
import { decide, saving, type Core, type Taken } from './core.js';
import type { AcdEffect, AcdEvent } from './engine/index.js';
import { createPerformer, withoutFleeting, type Decided } from './perform.js';
import type { AcdOptions } from './options.js';

/** After a fault the engine is woken again so much later. */
const FAULT_PAUSE: Ms = 1_000;

export interface Poster {
  /** `at`: when it happened, engine time; now unless told. */
  readonly post: (event: AcdEvent, at?: Ms) => readonly AcdEffect[] | undefined;
  /** Decides several things before anything is performed; what one decided and another took back is not performed at all. */
  readonly together: (tell: () => void) => void;
  readonly close: () => void;
}

/**
 * Steps the engine at once, so that the caller knows what was decided, and performs in order: an event posted from inside an effect
 * is decided immediately but its effects wait their turn.
 */
export function createPost(core: Core, time: EngineTime, clock: Clock, { carriers, journal, publish, log, onStep }: AcdOptions): Poster {
  let outbox: Decided[] = [];
  let busy = false;
  const perform = createPerformer({ carriers, log, post: (event) => void post(event) });
  const alarm = createAlarm(clock, () => {
    if (!post({ type: 'time.passed' })) alarm.in(FAULT_PAUSE);
  });
  let saveOn: ReturnType<typeof saving> | undefined;
  const housekeeping = createAlarm(clock, () => {
    saveOn ??= saving(core, journal, time.now(), log);
    if (saveOn(() => clock.now(), journal.due() === 'at once' ? Infinity : undefined)) return housekeeping.in(0);
    saveOn = undefined;
  });

  function post(event: AcdEvent, at = time.now()): readonly AcdEffect[] | undefined {
    const began = onStep ? clock.now() : 0;
    const taken = decide(core, journal, at, event, log);
    onStep?.(clock.now() - began);
    if (!taken) {
      alarm.in(FAULT_PAUSE);
      return undefined;
    }
    const { effects, gone } = taken;
    const channels = gone.length === 0 ? undefined : new Map(gone.map((one) => [one.contact, one.channel]));
    outbox.push({ effects, channelOf: (contact) => channels?.get(contact) ?? core.memo.contacts.get(contact)?.channel });
    const nested = busy;
    busy = true; // who hears of it may tell us something
    record(at, taken);
    busy = nested;
    if (!busy) work();
    return effects;
  }
  /** On disk, with its facts, before anybody acts on it. */
  function record(at: Ms, { text, effects, gone }: Taken): void {
    const facts = effects.flatMap((e) => (e.do === 'publish' ? [{ type: e.type, subject: e.subject, data: e.data }] : []));
    if (facts.length === 0) return journal.append(at, text, gone);
    journal.append(at, text, gone, (alongside) => {
      try {
        return publish(facts, alongside);
      } catch (error) {
        log.error({ err: error, facts: facts.map((f) => f.type) }, 'the queue could not state what it decided');
        return false;
      }
    });
  }
  function work(): void {
    busy = true;
    try {
      for (let decided = outbox.shift(); decided; decided = outbox.shift()) perform(decided);
    } finally {
      busy = false;
    }
    alarm.at(core.state.timers.top()?.at, time.now());
    if (!saveOn && journal.due() !== 'no') housekeeping.in(0);
  }
  return {
    post,
    together(tell) {
      busy = true;
      tell();
      outbox = withoutFleeting(outbox, core.state.offers);
      work();
    },
    close() {
      alarm.off();
      housekeeping.off();
    },
  };
}
