import type { Ms } from '../../base/index.js';
import { checkDigits, spokenDigits, type DigitCheck } from '../collect/index.js';
import type { Value } from '../expressions/index.js';
import type { Heard, PlayEnd } from '../ports.js';
import { cuts } from './ahead.js';
import { UTTERANCE } from './asking.js';
import { listeningIn } from './ears.js';
import { PERSON_KEY, personThere } from './person.js';
import { WRONG, type WrongWith } from './phrases.js';
import type { BargeIn, Prompt, Step } from './plan.js';
import { unheard } from './saying.js';
import { also, arm, begin, goWhere, next, say, stay, toPerson, type Turn } from './turn.js';
import type { FlowEffect, FlowState, Waiting } from './types.js';

export type Digits = Extract<Waiting, { for: 'digits' }>;
export type Collecting = Extract<Step, { do: 'collect' | 'survey' }>;

/** A number that is asked for: by `collect`, or by one question of a survey. */
interface Wanted {
  readonly prompt: Prompt;
  readonly help: readonly Prompt[];
  readonly bargeIn: BargeIn;
  readonly tries: number;
  readonly timeoutMs: Ms;
  readonly betweenMs: Ms;
  readonly least: number;
  readonly most: number;
  readonly terminator: string | undefined;
  readonly check: DigitCheck | undefined;
  readonly range: readonly [from: number, to: number] | undefined;
  readonly wrong: Prompt | undefined;
  readonly secret: boolean;
}
const BETWEEN: Ms = 3_000;

function wantedBy(step: Collecting, question: number): Wanted | undefined {
  if (step.do === 'collect') return { ...step, range: undefined };
  const q = step.questions[question];
  if (!q) return undefined;
  const most = String(q.to).length;
  return {
    prompt: q.prompt, help: [], bargeIn: 'all', tries: step.tries, timeoutMs: step.timeoutMs, betweenMs: BETWEEN, least: 1, most, terminator: most > 1 ? '#' : undefined,
    check: undefined, range: [q.from, q.to], wrong: undefined, secret: false,
  };
}

const waitingFor = (id: number, more: Partial<Digits>): Digits => ({ for: 'digits', id, prompt: 'over', tries: 1, digits: '', question: 0, due: false, ...more });

/** A number is asked for; what was pressed in the greeting is its first digit. */
export function startCollecting(s: FlowState, step: Collecting, question = 0): Turn {
  const { typed, talking } = s;
  const fresh = { ...s, typed: undefined, talking: false };
  const begun = begin(fresh, (id) => waitingFor(id, { question }), arm(UTTERANCE));
  if (typed !== undefined) return keyInDigits(begun.s, waitingFor(begun.s.serial, { question }), step, typed);
  return talking ? begun : put(fresh, step, 1, question);
}

function put(s: FlowState, step: Collecting, tries: number, question: number, lead: readonly Prompt[] = []): Turn {
  const wanted = wantedBy(step, question);
  if (!wanted) return surveyed(s, step);
  const prompt = tries < 2 ? wanted.prompt : (wanted.help[Math.min(tries - 2, wanted.help.length - 1)] ?? wanted.prompt);
  return say(s, [...lead, prompt], (id) => waitingFor(id, { prompt: 'playing', tries, question }));
}

const surveyed = (s: FlowState, step: Collecting): Turn => (step.do === 'survey' && step.thanks ? say(s, [step.thanks], (id) => ({ for: 'thanks', id })) : next(s));

export function digitsPlayed(s: FlowState, w: Digits, step: Collecting, how: PlayEnd): Turn {
  const wanted = wantedBy(step, w.question);
  if (!wanted || w.prompt === 'over') return stay(s);
  if (w.due) return submit(s, w, step, wanted);
  const goOn = (after: FlowState): Turn => listen(after, w, w.digits !== '' ? wanted.betweenMs : after.ears?.speaking === true ? UTTERANCE : wanted.timeoutMs);
  return how === 'failed' ? unheard(s, goOn) : goOn(s);
}

const listen = (s: FlowState, w: Digits, afterMs: Ms): Turn => begin(s, (id) => ({ ...w, id, prompt: 'over' }), arm(afterMs));

export function keyInDigits(s: FlowState, w: Digits, step: Collecting, key: string): Turn {
  const wanted = wantedBy(step, w.question);
  if (!wanted || w.due) return stay(s);
  if (key === PERSON_KEY && step.do === 'survey' && (wanted.range?.[0] ?? 0) > 0 && personThere(s)) return toPerson(s, 'key', ...hush(w));
  const ended = key === wanted.terminator;
  if (!ended && !/^\d$/.test(key)) return stay(s);
  const more: Digits = { ...w, digits: ended ? w.digits : w.digits + key };
  const whole = ended || more.digits.length >= wanted.most;
  if (w.prompt === 'playing' && !cuts(wanted.bargeIn, 'keys')) return stay({ ...s, waiting: { ...more, due: whole } });
  if (!whole) return also(hush(w), listen(s, more, wanted.betweenMs));
  return also(hush(w), submit({ ...s, swallow: ended ? undefined : wanted.terminator }, more, step, wanted));
}

const hush = (w: Digits): readonly FlowEffect[] => (w.prompt === 'playing' ? [{ do: 'stop_playing' }] : []);

export function heardInDigits(s: FlowState, w: Digits, step: Collecting, what: Heard): Turn {
  const wanted = wantedBy(step, w.question);
  if (!wanted || step.do !== 'collect' || !step.speech || w.due) return stay(s);
  switch (what.kind) {
    case 'speech_started': case 'partial': return what.kind === 'partial' && w.prompt === 'over' ? stay(s) : also(hush(w), listen(s, w, UTTERANCE));
    case 'unavailable': return stay(s);
    case 'final': {
      const said = [what.text, ...what.alternatives].map((text) => spokenDigits(text, listeningIn(s))).find((digits) => digits !== undefined && digits !== '');
      if (said === undefined) return also(hush(w), wrong(s, w, step, wanted, 'unclear'));
      const more: Digits = { ...w, digits: w.digits + said };
      if (more.digits.length > wanted.most) return also(hush(w), wrong(s, more, step, wanted, 'long'));
      return also(hush(w), more.digits.length === wanted.most ? submit(s, more, step, wanted) : listen(s, more, wanted.timeoutMs));
    }
  }
}

/** Silence ends a number that is long enough. */
export function digitsOver(s: FlowState, w: Digits, step: Collecting): Turn {
  const wanted = wantedBy(step, w.question);
  return wanted ? submit(s, w, step, wanted) : stay(s);
}

function submit(s: FlowState, w: Digits, step: Collecting, wanted: Wanted): Turn {
  const { digits } = w;
  if (digits === '') return wrong(s, w, step, wanted, 'silent');
  const shown = wanted.secret ? '*'.repeat(digits.length) : digits;
  const pressed: FlowEffect = { do: 'publish', fact: { type: 'digits', data: { digits: shown, flow: s.flow } } };
  if (digits.length < wanted.least) return also([pressed], wrong(s, w, step, wanted, 'short'));
  const checked = wanted.check ? checkDigits(wanted.check, digits, s.now) : { ok: true as const, value: digits };
  if (!checked.ok) return also([pressed], wrong(s, w, step, wanted, checked.why === 'no_such_date' ? 'date' : 'check'));
  if (step.do === 'collect') return next(remember(s, step.into, checked.value), pressed);
  const answer = Number(digits);
  const [from, to] = wanted.range ?? [0, 0];
  if (answer < from || answer > to) return also([pressed], wrong(s, w, step, wanted, 'check'));
  const question = step.questions[w.question]?.name ?? '';
  return also([{ do: 'publish', fact: { type: 'survey_answered', data: { question, answer } } }], put(remember(s, question, answer), step, 1, w.question + 1));
}

const remember = (s: FlowState, name: string, value: Value): FlowState => ({ ...s, variables: { ...s.variables, [name]: value } });

/** Says what was wrong and asks again. In the end a person takes over; the rest of a survey is let go. */
function wrong(s: FlowState, { tries, question }: Digits, step: Collecting, wanted: Wanted, what: WrongWith): Turn {
  const said = what === 'silent' ? [] : [(what === 'check' || what === 'date' ? wanted.wrong : undefined) ?? WRONG[what]];
  if (tries < wanted.tries) return put(s, step, tries + 1, question, said);
  if (step.do === 'survey') return put(s, step, 1, question + 1);
  return step.otherwise === undefined && personThere(s) ? toPerson(s, 'errors') : goWhere(s, step.otherwise);
}

export const isCollecting = (step: Step | undefined): step is Collecting => step?.do === 'collect' || step?.do === 'survey';
