import { cuts, hearsDuringPrompt, questionAhead } from './ahead.js';
import { listeningIn } from './ears.js';
import { asksForPerson, PERSON_KEY, personThere } from './person.js';
import type { Step } from './plan.js';
import { also, broken, fail, next, say, sound, stay, stepOf, toPerson, type Turn } from './turn.js';
import type { FlowState } from './types.js';
import type { Heard, PlayEnd } from '../ports.js';

type Saying = Extract<Step, { do: 'say' | 'play' }>;

/** Who has answered already is not greeted on. */
export function startSaying(s: FlowState, step: Saying): Turn {
  if (s.typed !== undefined || s.talking) return next(s);
  if (step.do === 'say') return say(s, [step.prompt], (id) => ({ for: 'said', id }));
  const { language } = s;
  const file = step.files.any ?? (language === undefined ? undefined : step.files[language]);
  const all = file === undefined ? Object.values(step.files) : [file];
  return sound(s, all.map((one) => ({ file: one })), (id) => ({ for: 'said', id }));
}

/** A prompt that cannot be played must not cost the caller the call: without `on_error` the flow goes on. */
export function unheard(s: FlowState, goOn: (s: FlowState) => Turn): Turn {
  return stepOf(s)?.onError === undefined ? also([broken(s, 'prompt_failed')], goOn(s)) : fail(s, 'prompt_failed');
}

export function said(s: FlowState, how: PlayEnd): Turn {
  const wantsPerson = s.typed === PERSON_KEY && !questionAhead(s) && personThere(s);
  if (wantsPerson) return toPerson({ ...s, typed: undefined }, 'key');
  return how === 'failed' ? unheard(s, next) : next(s);
}

const bargeInOf = (s: FlowState) => {
  const step = stepOf(s);
  return step?.do === 'say' || step?.do === 'play' ? step.bargeIn : undefined;
};

/** A key pressed in a greeting counts when nothing but greetings stands between it and the next question. */
export function keyInSaid(s: FlowState, key: string): Turn {
  const ahead = questionAhead(s);
  const forPerson = key === PERSON_KEY && personThere(s) && !takesZero(ahead);
  if (!ahead && !forPerson) return stay(s);
  if (!cuts(bargeInOf(s), 'keys')) return stay(s.typed === undefined ? { ...s, typed: key } : s);
  return forPerson ? toPerson(s, 'key', { do: 'stop_playing' }) : next({ ...s, typed: key }, { do: 'stop_playing' });
}

/** In these, 0 is an answer. */
function takesZero(step: ReturnType<typeof questionAhead>): boolean {
  switch (step?.do) {
    case 'collect': return true;
    case 'survey': return (step.questions[0]?.from ?? 1) === 0;
    case 'ask': case 'language': return Object.hasOwn(step.keys, PERSON_KEY);
    case undefined: return false;
  }
}

/** What is said in a greeting is the beginning of an answer; elsewhere only whoever asks for a person is heard. */
export function heardInSaid(s: FlowState, what: Heard): Turn {
  if (what.kind === 'speech_started' && hearsDuringPrompt(questionAhead(s))) return next({ ...s, talking: true }, { do: 'stop_playing' });
  return heardInPassing(s, what, true);
}

export function heardInPassing(s: FlowState, what: Heard, playing: boolean): Turn {
  if (what.kind !== 'final' || !personThere(s) || !asksForPerson(what.text, listeningIn(s))) return stay(s);
  return toPerson(s, 'speech', ...(playing ? [{ do: 'stop_playing' } as const] : []));
}
