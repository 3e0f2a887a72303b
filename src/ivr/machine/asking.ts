import type { Ms } from '../../base/index.js';
import { cuts, takesSpeech } from './ahead.js';
import { listeningIn } from './ears.js';
import { asksForPerson, PERSON_KEY, personThere } from './person.js';
import { BY_KEYS, DID_YOU_SAY, WRONG, YES_OR_NO } from './phrases.js';
import type { Ask, Prompt, Step } from './plan.js';
import { unheard } from './saying.js';
import { also, arm, begin, enter, goWhere, say, stay, toPerson, type Turn } from './turn.js';
import type { FlowEffect, FlowState, Phase, Waiting } from './types.js';
import type { Heard, PlayEnd } from '../ports.js';

export type Answer = Extract<Waiting, { for: 'answer' }>;

/** Nobody speaks so long in one go: then the recogniser has failed us, or it was not meant for us. */
export const UTTERANCE: Ms = 20_000;
const YES = '1';
const NO = '2';
const HUSH: FlowEffect = { do: 'stop_playing' };
const hush = (w: { readonly prompt: 'playing' | 'over' }): readonly FlowEffect[] => (w.prompt === 'playing' ? [HUSH] : []);

/** A question begins: with what was pressed or begun to be said in the greeting, else by being put. */
export function startAsking(s: FlowState, step: Ask): Turn {
  const { typed, talking } = s;
  const fresh = { ...s, typed: undefined, talking: false };
  if (typed !== undefined) return answered(fresh, step, typed, 0, { at: 'question' });
  if (talking) return begin(fresh, (id) => answer(id, 'over', 0, { at: 'question' }), arm(UTTERANCE));
  return put(fresh, step, 1, { at: 'question' });
}

const answer = (id: number, prompt: Answer['prompt'], tries: number, phase: Phase, kept?: string): Answer => ({ for: 'answer', id, prompt, tries, phase, kept });

/** Puts the question, or what is asked back. */
export function put(s: FlowState, step: Ask, tries: number, phase: Phase, lead: readonly Prompt[] = []): Turn {
  const prompts = textsOf(s, step, tries, phase);
  return prompts ? say(s, [...lead, ...prompts], (id) => answer(id, 'playing', tries, phase)) : giveUp(s, step);
}

/** `undefined`: there is no way left to answer it. */
function textsOf(s: FlowState, step: Ask, tries: number, phase: Phase): readonly Prompt[] | undefined {
  switch (phase.at) {
    case 'confirm': {
      const confirm = step.intents[phase.intent]?.confirm;
      const language = listeningIn(s);
      return confirm ? [confirm] : [{ [language]: `${DID_YOU_SAY[language]} ${phase.text}${language === 'en' ? '. ' : '。'}${YES_OR_NO[language]}` }];
    }
    case 'slot': return [step.intents[phase.intent]?.slots[phase.entity] ?? step.prompt];
    case 'question': {
      const prompt = tries < 2 ? step.prompt : (step.help[Math.min(tries - 2, step.help.length - 1)] ?? step.prompt);
      if (s.deaf === undefined || !takesSpeech(step)) return [prompt];
      return Object.keys(step.keys).length === 0 ? undefined : step.keysPrompt ? [step.keysPrompt] : [BY_KEYS, prompt];
    }
  }
}

export function askPlayed(s: FlowState, w: Answer, step: Ask, how: PlayEnd): Turn {
  if (w.prompt === 'over') return stay(s);
  if (w.kept !== undefined) return answered(s, step, w.kept, w.tries, w.phase);
  return how === 'failed' ? unheard(s, (after) => listen(after, w, step.timeoutMs)) : listen(s, w, s.ears?.speaking === true ? UTTERANCE : step.timeoutMs);
}

const listen = (s: FlowState, { tries, phase }: Answer, afterMs: Ms): Turn => begin(s, (id) => answer(id, 'over', tries, phase), arm(afterMs));

export function keyInAnswer(s: FlowState, w: Answer, step: Ask, key: string): Turn {
  if (w.prompt === 'playing' && !cuts(step.bargeIn, 'keys')) return stay(w.kept === undefined ? { ...s, waiting: { ...w, kept: key } } : s);
  return also(hush(w), answered(s, step, key, w.tries, w.phase));
}

/** What a key means, where the question stands. */
export function answered(s: FlowState, step: Ask, key: string, tries: number, phase: Phase): Turn {
  const pressed: FlowEffect = { do: 'publish', fact: { type: 'digits', data: { digits: key, flow: s.flow } } };
  const target = Object.hasOwn(step.keys, key) ? step.keys[key] : undefined;
  if (phase.at === 'confirm' && key === YES) return also([pressed], yes(s, step, phase));
  if (phase.at === 'confirm' && key === NO) return also([pressed], again(s, step, tries, { at: 'question' }));
  if (target !== undefined) return enter(s, target, pressed);
  if (key === PERSON_KEY && personThere(s)) return toPerson(s, 'key', pressed);
  return also([pressed], again(s, step, tries, phase));
}

/** The caller stands by what he said: on to what is still missing, or where it leads. */
export function yes(s: FlowState, step: Ask, { intent, found }: { readonly intent: string; readonly found: readonly string[] }): Turn {
  const way = step.intents[intent];
  if (!way) return giveUp(s, step);
  const missing = Object.keys(way.slots).find((entity) => !found.includes(entity));
  const known = { ...s, variables: { ...s.variables, intent } };
  return missing === undefined ? enter(known, way.flow) : put(known, step, 1, { at: 'slot', intent, entity: missing, found });
}

/** Silence and nonsense count alike. What was asked back and not answered is asked once more, then taken for no. */
export function again(s: FlowState, step: Ask, tries: number, phase: Phase): Turn {
  if (phase.at === 'confirm' && !phase.again) return put(s, step, tries, { ...phase, again: true });
  if (tries >= step.tries) return giveUp(s, step);
  return phase.at === 'slot' ? put(s, step, tries + 1, phase, [WRONG.unclear]) : put(s, step, tries + 1, { at: 'question' });
}

/** `otherwise`; without it whoever was asked for his wish gets a person, and others go on. */
export function giveUp(s: FlowState, step: Ask): Turn {
  if (step.otherwise === undefined && takesSpeech(step) && personThere(s)) return toPerson(s, 'errors');
  return goWhere(s, step.otherwise);
}

/** Speech stops a prompt at its first sign; it is judged when it is whole. Asked back, everything is heard. */
export function heardInAnswer(s: FlowState, w: Answer, step: Ask, what: Heard): Turn {
  const speech = takesSpeech(step);
  switch (what.kind) {
    case 'speech_started':
    case 'partial':
      if (!speech || (what.kind === 'partial' && w.prompt === 'over')) return stay(s);
      return also(hush(w), listen(s, w, UTTERANCE));
    case 'final': {
      if (personThere(s) && asksForPerson(what.text, listeningIn(s))) return toPerson(s, 'speech', ...hush(w));
      if (!speech) return stay(s);
      const text = what.text.trim();
      if (text === '') return also(hush(w), again(s, step, w.tries, w.phase));
      const language = listeningIn(s);
      const heard: FlowEffect = { do: 'publish', fact: { type: 'heard', data: { text, confidence: what.confidence, flow: s.flow } } };
      return also([...hush(w), heard], begin({ ...s, variables: { ...s.variables, heard: text } }, (id) => ({ for: 'meaning', id, tries: w.tries, phase: w.phase, text }),
        (id) => ({ do: 'understand', id, text, language, intents: Object.keys(step.intents) })));
    }
    case 'unavailable': return speech ? also(hush(w), byKeys(s, step, w)) : stay(s);
  }
}

/** The question once more, for keys; the same try. */
const byKeys = (s: FlowState, step: Ask, { tries }: Answer): Turn => put(s, step, Math.max(tries, 1), { at: 'question' });

export const isAsk = (step: Step | undefined): step is Ask & Step => step?.do === 'ask';
