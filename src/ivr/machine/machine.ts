import type { Next } from '../../base/index.js';
import type { Language } from '../../speech/tts/index.js';
import { APOLOGY, NOBODY, spoken } from './phrases.js';
import type { Plan, Prompt, Step } from './plan.js';
import type { FlowEffect, FlowEvent, FlowState, Waiting } from './types.js';

/** More steps than this in a row without waiting for anything is a loop that would never end. */
const MOST_STEPS_AT_ONCE = 100;
/** A phone left off the hook in a menu that always comes back. */
const MOST_STEPS = 2_000;
/** Flows named by `on_error` may fail too; after so many the last resort is kinder. */
const MOST_FAILURES = 3;

type Go = Next<FlowState, FlowEffect>;

export const startOf = (plan: Plan, flow: string, language?: Language): FlowState => ({
  plan, flow, index: 0, language, waiting: { for: 'start' }, typed: undefined, serial: 0, failures: 0, steps: { sinceWait: 0, all: 0 },
});

/** The flow runtime: `(state, event) → (state, effects)`. Time comes to it as `time.passed`, and it always ends in `finish`. */
export function flow(s: FlowState, event: FlowEvent): Go {
  const w = s.waiting;
  if (w.for === 'nothing') return [s, []];
  switch (event.type) {
    case 'started': return w.for === 'start' ? enter(s, s.flow) : [s, []];
    case 'caller.gone': return [{ ...s, waiting: { for: 'nothing' } }, [{ do: 'finish', how: 'caller_gone', hangUp: undefined }]];
    case 'key.pressed': return pressed(s, event.key);
    case 'play.ended': return 'id' in w && w.id === event.id ? played(s, w, event.how) : [s, []];
    case 'time.passed': return w.for === 'answer' && w.id === event.id ? askAgain(s, w.tries) : [s, []];
    case 'queue.ended':
      if (w.for !== 'queue' || w.id !== event.id) return [s, []];
      return event.how === 'completed' ? next(s) : failed(s, 'queue_failed');
    case 'dial.ended': {
      if (w.for !== 'dial' || w.id !== event.id) return [s, []];
      if (event.how === 'completed') return next(s);
      if (event.how === 'failed' || stepOf(s)?.onError !== undefined) return failed(s, `dial_${event.how}`);
      return play(s, NOBODY, (id) => ({ for: 'notice', id }));
    }
  }
}

function played(s: FlowState, w: Waiting, how: 'ended' | 'stopped' | 'failed'): Go {
  switch (w.for) {
    case 'said': return how === 'failed' ? unheard(s, next) : next(s);
    case 'notice': return next(s);
    case 'apology': return finish(s, 'failed');
    case 'answer': {
      const step = stepOf(s);
      if (step?.do !== 'ask' || w.prompt === 'over') return [s, []];
      return how === 'failed' ? unheard(s, (after) => listen(after, w.tries, step.timeoutMs)) : listen(s, w.tries, step.timeoutMs);
    }
    default: return [s, []];
  }
}

/** A prompt that cannot be played must not cost the caller the call: without `on_error` the flow goes on. */
function unheard(s: FlowState, goOn: (s: FlowState) => Go): Go {
  return stepOf(s)?.onError === undefined ? also([broken(s, 'prompt_failed')], goOn(s)) : failed(s, 'prompt_failed');
}

function pressed(s: FlowState, key: string): Go {
  const { waiting } = s;
  if (waiting.for === 'said' && leadsToQuestion(s)) return also([{ do: 'stop_playing' }], next({ ...s, typed: key }));
  if (waiting.for !== 'answer') return [s, []];
  return also(waiting.prompt === 'playing' ? [{ do: 'stop_playing' }] : [], answered(s, key, waiting.tries));
}

/** A key pressed in a greeting counts when nothing but greetings stands between it and the next question. */
function leadsToQuestion(s: FlowState): boolean {
  let { flow: at, index } = s;
  for (let n = 0; n < MOST_STEPS_AT_ONCE; n += 1) {
    index += 1;
    const step = s.plan.flows.get(at)?.[index];
    if (step?.do === 'ask') return true;
    if (step?.do === 'goto') [at, index] = [step.flow, -1];
    else if (step?.do !== 'say' && step?.do !== 'set') return false;
  }
  return false;
}

function answered(s: FlowState, key: string, tries: number): Go {
  const step = stepOf(s);
  if (step?.do !== 'ask') return [s, []];
  const target = step.keys[key];
  const heard: FlowEffect = { do: 'publish', fact: { type: 'digits', data: { digits: key, flow: s.flow } } };
  return also([heard], target === undefined ? askAgain(s, tries) : enter(s, target));
}

/** Silence and nonsense count alike. */
function askAgain(s: FlowState, tries: number): Go {
  const step = stepOf(s);
  if (step?.do !== 'ask') return [s, []];
  if (tries < step.tries) return ask(s, step, tries + 1);
  return step.otherwise === undefined ? next(s) : enter(s, step.otherwise);
}

const ask = (s: FlowState, step: Extract<Step, { do: 'ask' }>, tries: number): Go =>
  play(s, step.prompt, (id) => ({ for: 'answer', id, prompt: 'playing', tries }));

function listen(s: FlowState, tries: number, afterMs: number): Go {
  const id = s.serial + 1;
  return [{ ...s, serial: id, waiting: { for: 'answer', id, prompt: 'over', tries } }, [{ do: 'arm', id, afterMs }]];
}

function play(s: FlowState, prompt: Prompt, waiting: (id: number) => Waiting): Go {
  const id = s.serial + 1;
  return [wait({ ...s, serial: id }, waiting(id)), [{ do: 'play', id, prompts: spoken(prompt, s.language) }]];
}

const wait = (s: FlowState, waiting: Waiting): FlowState => ({ ...s, waiting, steps: { ...s.steps, sinceWait: 0 } });
const stepOf = (s: FlowState): Step | undefined => s.plan.flows.get(s.flow)?.[s.index];
const also = (first: readonly FlowEffect[], [s, effects]: Go): Go => [s, [...first, ...effects]];

function enter(s: FlowState, name: string): Go {
  const entered: FlowEffect = { do: 'publish', fact: { type: 'flow_entered', data: { flow: name } } };
  return also([entered], begin({ ...s, flow: name, index: 0 }));
}
const next = (s: FlowState): Go => begin({ ...s, index: s.index + 1 });

/** Begins the step the state points at. */
function begin(before: FlowState): Go {
  const s: FlowState = { ...before, steps: { sinceWait: before.steps.sinceWait + 1, all: before.steps.all + 1 } };
  if (s.steps.sinceWait > MOST_STEPS_AT_ONCE || s.steps.all > MOST_STEPS) return lastResort(s, 'endless_loop');
  const steps = s.plan.flows.get(s.flow);
  if (!steps) return lastResort(s, 'missing_flow'); // refused at check time; a last resort all the same
  const step = steps[s.index];
  if (!step) return finish(s, 'hung_up');
  const id = s.serial + 1;
  switch (step.do) {
    case 'say': return s.typed === undefined ? play(s, step.prompt, (n) => ({ for: 'said', id: n })) : next(s);
    case 'ask': return s.typed === undefined ? ask(s, step, 1) : answered({ ...s, typed: undefined }, s.typed, 0);
    case 'set': return also([{ do: 'publish', fact: { type: 'language_set', data: { language: step.language } } }], next({ ...s, language: step.language }));
    case 'goto': return enter(s, step.flow);
    case 'hang_up': return finish(s, 'hung_up');
    case 'queue': {
      const to = { name: step.name, priority: step.priority, language: s.language };
      return [wait({ ...s, serial: id }, { for: 'queue', id }), [{ do: 'queue', id, to }]];
    }
    case 'dial': {
      const to = { ...step.to, timeoutMs: step.timeoutMs, language: s.language };
      return [wait({ ...s, serial: id }, { for: 'dial', id }), [{ do: 'dial', id, to }]];
    }
  }
}

const broken = (s: FlowState, why: string): FlowEffect => ({ do: 'publish', fact: { type: 'flow_failed', data: { flow: s.flow, step: s.index + 1, why } } });

function failed(s: FlowState, why: string): Go {
  const onError = stepOf(s)?.onError;
  const failures = s.failures + 1;
  if (onError === undefined || failures > MOST_FAILURES) return lastResort(s, why);
  return also([broken(s, why)], enter({ ...s, failures }, onError));
}

/** A caller never hears silence because of a mistake of ours. */
function lastResort(s: FlowState, why: string): Go {
  return also([broken(s, why)], play(s, APOLOGY, (id) => ({ for: 'apology', id })));
}

const finish = (s: FlowState, how: 'hung_up' | 'failed'): Go =>
  [{ ...s, waiting: { for: 'nothing' } }, [{ do: 'finish', how, hangUp: how === 'failed' ? 'failed' : 'completed' }]];
