import type { Language } from '../../speech/tts/index.js';
import type { ListenRequest } from '../ports.js';
import { cuts, hearsDuringPrompt, questionAhead, takesSpeech } from './ahead.js';
import { PERSON_WORDS, personThere } from './person.js';
import type { Step } from './plan.js';
import { stepOf } from './turn.js';
import type { FlowEffect, FlowState } from './types.js';

/** Silence that ends what somebody says who was not asked. */
const PASSING_SILENCE = 700;
/** While the caller has not chosen: as prompts, Chinese first. */
const FIRST: Language = 'zh-CN';

export const listeningIn = (s: Pick<FlowState, 'language'>): Language => s.language ?? FIRST;

/**
 * Listens as what is waited for now demands, and stops where it does not. What is the same goes on, so that a sentence begun in
 * a greeting is whole when the question comes.
 */
export function attend(s: FlowState, effects: readonly FlowEffect[]): readonly [FlowState, readonly FlowEffect[]] {
  const to = s.plan.speech === true && s.deaf === undefined ? wanted(s) : undefined;
  if (same(to, s.ears?.to)) return [s, effects];
  const stopped: readonly FlowEffect[] = s.ears ? [{ do: 'stop_listening' }] : [];
  if (!to) return [{ ...s, ears: undefined }, [...stopped, ...effects]];
  const id = s.serial + 1;
  return [{ ...s, serial: id, ears: { id, to, speaking: false } }, [...stopped, ...effects, { do: 'listen', id, to }]];
}

function wanted(s: FlowState): ListenRequest | undefined {
  const { waiting: w } = s;
  const step = stepOf(s);
  switch (w.for) {
    case 'meaning': return s.ears?.to;
    case 'said': {
      const bargeIn = step?.do === 'say' || step?.do === 'play' ? step.bargeIn : undefined;
      if (!cuts(bargeIn, 'speech')) return undefined;
      const ahead = questionAhead(s);
      return ahead && hearsDuringPrompt(ahead) ? request(s, ahead) : passing(s);
    }
    case 'answer':
    case 'digits':
      if (!takesSpeech(step)) return w.for === 'answer' ? passing(s) : undefined;
      return step && (w.prompt === 'over' || hearsDuringPrompt(step)) ? request(s, step) : undefined;
    case 'tongue': case 'http': case 'desk': case 'notice': return passing(s);
    default: return undefined;
  }
}

function request(s: FlowState, step: Step): ListenRequest {
  const language = listeningIn(s);
  const [words, endSilenceMs] = step.do === 'ask' ? [step.words, step.endSilenceMs] : [[], PASSING_SILENCE];
  return { language, words: words.length === 0 ? [] : [...words, ...PERSON_WORDS[language]], endSilenceMs };
}

/** Only for whoever asks for a person. */
function passing(s: FlowState): ListenRequest | undefined {
  const language = listeningIn(s);
  return personThere(s) ? { language, words: PERSON_WORDS[language], endSilenceMs: PASSING_SILENCE } : undefined;
}

const same = (a: ListenRequest | undefined, b: ListenRequest | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.language === b.language && a.endSilenceMs === b.endSilenceMs && a.words.join('\n') === b.words.join('\n'));
