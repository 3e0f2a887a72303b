import type { Next } from '../../base/index.js';
import type { Language } from '../../speech/tts/index.js';
import { beginStep } from './begin.js';
import { returned } from './deciding.js';
import { attend } from './ears.js';
import { arrived, heard, keyed } from './events.js';
import { APOLOGY } from './phrases.js';
import type { Plan, Variables } from './plan.js';
import { broken, enter, fail, finish, say, stay, stepOf, type Turn } from './turn.js';
import type { FlowEffect, FlowEvent, FlowState } from './types.js';

/** More steps than this in a row without waiting for anything is a loop that would never end. */
const MOST_STEPS_AT_ONCE = 100;
/** A phone left off the hook in a menu that always comes back. */
const MOST_STEPS = 2_000;
/** Flows named by `on_error` may fail too; after so many the last resort is kinder. */
const MOST_FAILURES = 3;

type Go = Next<FlowState, FlowEffect>;

export const startOf = (plan: Plan, flow: string, language?: Language, variables: Variables = {}, customer: Variables = {}): FlowState => ({
  plan, flow, index: 0, language, variables, given: { call: variables, customer }, frames: [], waiting: { for: 'start' }, typed: undefined, talking: false, swallow: undefined,
  ears: undefined, deaf: undefined, serial: 0, failures: 0, steps: { sinceWait: 0, all: 0 }, now: 0,
});

/**
 * The flow runtime: `(state, event, now) → (state, effects)`; `now` is ms since 1970. Time-outs come to it as `time.passed`, and it
 * always ends in `finish`.
 */
export function flow(before: FlowState, event: FlowEvent, now: number = before.now): Go {
  if (before.waiting.for === 'nothing') return [before, []];
  const s = before.now === now ? before : { ...before, now };
  return attend(...settle(answer(s, event)));
}

function answer(s: FlowState, event: FlowEvent): Turn {
  switch (event.type) {
    case 'started': return s.waiting.for === 'start' ? enter(s, s.flow) : stay(s);
    case 'caller.gone': return stay(...ended(s, 'caller_gone'));
    case 'key.pressed': return keyed(s, event.key);
    case 'heard': return s.ears?.id === event.id ? heard(s, event.what) : stay(s);
    default: return arrived(s, event);
  }
}

/** Follows where steps lead until something is waited for. */
function settle(first: Turn): Go {
  const done: FlowEffect[] = [];
  for (let turn = first; ; ) {
    const { s, effects, then } = turn;
    done.push(...effects);
    switch (then.go) {
      case 'stay': return [s, done];
      case 'next':
        turn = begin({ ...s, index: s.index + 1 });
        break;
      case 'enter':
        done.push({ do: 'publish', fact: { type: 'flow_entered', data: { flow: then.flow } } });
        turn = begin({ ...s, flow: then.flow, index: 0 });
        break;
      case 'person': {
        const { person } = s.plan;
        done.push({ do: 'publish', fact: { type: 'person_wanted', data: { flow: s.flow, by: then.by } } });
        turn = person === undefined ? fail(s, 'no_person') : enter({ ...s, frames: [], typed: undefined, talking: false }, person);
        break;
      }
      case 'fail':
        turn = failed(s, then.why);
        break;
      case 'finish':
        turn = stay(...ended(s, 'hung_up'));
        break;
      case 'give_up':
        turn = stay(...ended(s, 'failed'));
    }
  }
}

/** Begins the step the state points at. */
function begin(before: FlowState): Turn {
  const s: FlowState = { ...before, steps: { sinceWait: before.steps.sinceWait + 1, all: before.steps.all + 1 } };
  if (s.steps.sinceWait > MOST_STEPS_AT_ONCE || s.steps.all > MOST_STEPS) return lastResort(s, 'endless_loop');
  const steps = s.plan.flows.get(s.flow);
  if (!steps) return lastResort(s, 'missing_flow'); // refused at check time; a last resort all the same
  const step = steps[s.index];
  if (step) return beginStep(s, step);
  const back = returned(s);
  return back ? begin(back) : finish(s);
}

function failed(s: FlowState, why: string): Turn {
  const onError = stepOf(s)?.onError;
  const failures = s.failures + 1;
  if (onError === undefined || failures > MOST_FAILURES) return lastResort(s, why);
  return enter({ ...s, failures }, onError, broken(s, why));
}

/** A caller never hears silence because of a mistake of ours. */
function lastResort(s: FlowState, why: string): Turn {
  const sorry = say(s, [APOLOGY], (id) => ({ for: 'apology', id }));
  return { ...sorry, effects: [broken(s, why), ...sorry.effects] };
}

function ended(s: FlowState, how: 'hung_up' | 'failed' | 'caller_gone'): [FlowState, FlowEffect] {
  const hangUp = { hung_up: 'completed', failed: 'failed', caller_gone: undefined } as const;
  return [{ ...s, waiting: { for: 'nothing' } }, { do: 'finish', how, hangUp: hangUp[how] }];
}
