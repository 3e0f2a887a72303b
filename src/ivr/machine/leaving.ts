import type { CallbackEnd, DialEnd, QueueEnd, RecordEnd } from '../ports.js';
import { NOBODY } from './phrases.js';
import type { Step } from './plan.js';
import { begin, enter, fail, finish, next, say, stepOf, type Turn } from './turn.js';
import type { FlowState, Waiting } from './types.js';
import { wishOf } from './wish.js';

type Do<K extends Step['do']> = Extract<Step, { do: K }>;

export function queue(s: FlowState, step: Do<'queue'>): Turn {
  const to = { names: step.names, ...wishOf(s, step) };
  return begin(s, (id) => ({ for: 'queue', id }), (id) => ({ do: 'queue', id, to }));
}

export function queued(s: FlowState, how: QueueEnd): Turn {
  if (typeof how === 'object') return enter(s, how.flow);
  if (how === 'failed') return fail(s, 'queue_failed');
  const step = stepOf(s);
  return step?.do === 'queue' && step.forGood === true ? finish(s) : next(s);
}

export function callback(s: FlowState, step: Do<'callback'>): Turn {
  const to = { queue: step.queue, at: step.at, ...wishOf(s, step) };
  return begin(s, (id) => ({ for: 'callback', id }), (id) => ({ do: 'callback', id, to }));
}

export const calledBack = (s: FlowState, how: CallbackEnd): Turn => (how === 'booked' ? next(s) : fail(s, 'callback_failed'));

export function dial(s: FlowState, step: Do<'dial'>): Turn {
  const to = { ...step.to, timeoutMs: step.timeoutMs, language: s.language };
  return begin(s, (id) => ({ for: 'dial', id }), (id) => ({ do: 'dial', id, to }));
}

/** Given away for good: what follows is only for when nobody took him. A flow leaves all sub-flows behind. */
export function transfer(s: FlowState, step: Do<'transfer'>): Turn {
  if ('flow' in step.to) return enter({ ...s, frames: [] }, step.to.flow);
  const to = { ...step.to, timeoutMs: step.timeoutMs, language: s.language };
  return begin(s, (id) => ({ for: 'dial', id }), (id) => ({ do: 'transfer', id, to }));
}

export function dialled(s: FlowState, how: DialEnd): Turn {
  const step = stepOf(s);
  if (how === 'completed') return step?.do === 'transfer' ? finish(s) : next(s);
  if (how === 'failed' || step?.onError !== undefined) return fail(s, `dial_${how}`);
  return say(s, [NOBODY], (id) => ({ for: 'notice', id }));
}

export type Recording = Extract<Waiting, { for: 'record' }>;

export function startRecord(s: FlowState, step: Do<'record'>): Turn {
  return step.prompt ? say(s, [step.prompt], (id) => ({ for: 'record', id, at: 'prompt', keyed: false })) : record(s, step);
}

export function record(s: FlowState, { maxMs, silenceMs, beep }: Do<'record'>): Turn {
  return begin(s, (id) => ({ for: 'record', id, at: 'recording', keyed: false }), (id) => ({ do: 'record', id, to: { maxMs, silenceMs, beep } }));
}

/** The variable holds `path` and `seconds`. */
export function recorded(s: FlowState, step: Do<'record'>, { how, path, ms }: RecordEnd): Turn {
  if (how === 'failed') return fail(s, 'record_failed');
  return next({ ...s, variables: { ...s.variables, [step.into]: { path, seconds: Math.round(ms / 1_000) } } });
}
