import type { Language } from '../../speech/tts/index.js';
import type { PlayEnd } from '../ports.js';
import { PERSON_KEY, personThere } from './person.js';
import type { Step } from './plan.js';
import { unheard } from './saying.js';
import { also, arm, begin, next, say, stay, toPerson, type Turn } from './turn.js';
import type { FlowEffect, FlowState, Waiting } from './types.js';

export type Tongue = Extract<Waiting, { for: 'tongue' }>;
export type LanguageStep = Extract<Step, { do: 'language' }>;

/** Which language he speaks: asked in all of them. */
export function startTongue(s: FlowState, step: LanguageStep): Turn {
  const { typed } = s;
  const fresh = { ...s, typed: undefined, talking: false };
  return typed === undefined ? put(fresh, step, 1) : chosen(fresh, step, typed, 0);
}

function put(s: FlowState, step: LanguageStep, tries: number): Turn {
  const turn = say({ ...s, language: undefined }, [step.prompt], (id) => ({ for: 'tongue', id, prompt: 'playing', tries }));
  return { ...turn, s: { ...turn.s, language: s.language } };
}

export function tonguePlayed(s: FlowState, w: Tongue, step: LanguageStep, how: PlayEnd): Turn {
  if (w.prompt === 'over') return stay(s);
  const goOn = (after: FlowState): Turn => begin(after, (id) => ({ ...w, id, prompt: 'over' }), arm(step.timeoutMs));
  return how === 'failed' ? unheard(s, goOn) : goOn(s);
}

export function keyInTongue(s: FlowState, w: Tongue, step: LanguageStep, key: string): Turn {
  return also(w.prompt === 'playing' ? [{ do: 'stop_playing' }] : [], chosen(s, step, key, w.tries));
}

function chosen(s: FlowState, step: LanguageStep, key: string, tries: number): Turn {
  const pressed: FlowEffect = { do: 'publish', fact: { type: 'digits', data: { digits: key, flow: s.flow } } };
  const language = Object.hasOwn(step.keys, key) ? step.keys[key] : undefined;
  if (language !== undefined) return also([pressed], speaks(s, language));
  if (key === PERSON_KEY && personThere(s)) return toPerson(s, 'key', pressed);
  return also([pressed], tongueOver(s, step, tries));
}

export function tongueOver(s: FlowState, step: LanguageStep, tries: number): Turn {
  if (tries < step.tries) return put(s, step, tries + 1);
  return step.otherwise === undefined ? next(s) : speaks(s, step.otherwise);
}

export const speaks = (s: FlowState, language: Language): Turn => next({ ...s, language }, { do: 'publish', fact: { type: 'language_set', data: { language } } });
