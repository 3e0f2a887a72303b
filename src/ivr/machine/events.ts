import type { Heard, PlayEnd } from '../ports.js';
import { again, askPlayed, heardInAnswer, isAsk, keyInAnswer, answered } from './asking.js';
import { digitsOver, digitsPlayed, heardInDigits, isCollecting, keyInDigits } from './collecting.js';
import { deskAnswered } from './desk.js';
import { judge } from './judging.js';
import { calledBack, dialled, queued, record, recorded } from './leaving.js';
import { answeredBy, ran } from './outside.js';
import { PERSON_KEY, personThere } from './person.js';
import { heardInPassing, heardInSaid, keyInSaid, said } from './saying.js';
import { keyInTongue, tongueOver, tonguePlayed } from './tongue.js';
import { next, stay, stepOf, toPerson, type Turn } from './turn.js';
import type { FlowEvent, FlowState } from './types.js';

type Answers = Exclude<FlowEvent, { type: 'started' | 'caller.gone' | 'key.pressed' | 'heard' }>;

/** What was waited for has come. An answer to something else changes nothing. */
export function arrived(s: FlowState, event: Answers): Turn {
  const w = s.waiting;
  if (!('id' in w) || w.id !== event.id) return stay(s);
  const step = stepOf(s);
  switch (event.type) {
    case 'play.ended': return played(s, event.how);
    case 'time.passed': return timeOut(s);
    case 'understood': return w.for === 'meaning' && isAsk(step) ? judge(s, w, step, event.meant) : stay(s);
    case 'http.ended': return w.for === 'http' && step?.do === 'http' ? answeredBy(s, step, event.answer) : stay(s);
    case 'script.ended': return w.for === 'script' && step?.do === 'script' ? ran(s, step, event.how) : stay(s);
    case 'desk.ended': return w.for === 'desk' && (step?.do === 'ticket' || step?.do === 'message') ? deskAnswered(s, step, event.how) : stay(s);
    case 'record.ended': return w.for === 'record' && w.at === 'recording' && step?.do === 'record' ? recorded(s, step, event.how) : stay(s);
    case 'queue.ended': return w.for === 'queue' ? queued(s, event.how) : stay(s);
    case 'callback.ended': return w.for === 'callback' ? calledBack(s, event.how) : stay(s);
    case 'dial.ended': return w.for === 'dial' ? dialled(s, event.how) : stay(s);
  }
}

function played(s: FlowState, how: PlayEnd): Turn {
  const w = s.waiting;
  const step = stepOf(s);
  switch (w.for) {
    case 'said': return said(s, how);
    case 'notice': case 'thanks': return next(s);
    case 'apology': return { s, effects: [], then: { go: 'give_up' } };
    case 'answer': return isAsk(step) ? askPlayed(s, w, step, how) : stay(s);
    case 'digits': return isCollecting(step) ? digitsPlayed(s, w, step, how) : stay(s);
    case 'tongue': return step?.do === 'language' ? tonguePlayed(s, w, step, how) : stay(s);
    case 'record': return w.at === 'prompt' && step?.do === 'record' ? record(s, step) : stay(s);
    default: return stay(s);
  }
}

/** Time counts from the end of a prompt on. */
function timeOut(s: FlowState): Turn {
  const w = s.waiting;
  if (!('prompt' in w) || w.prompt === 'playing') return stay(s);
  const step = stepOf(s);
  if (w.for === 'answer' && isAsk(step)) return again(s, step, w.tries, w.phase);
  if (w.for === 'digits' && isCollecting(step)) return digitsOver(s, w, step);
  if (w.for === 'tongue' && step?.do === 'language') return tongueOver(s, step, w.tries);
  return stay(s);
}

/** A key, wherever the flow stands. In a queue and in a conversation keys are not the flow's. */
export function keyed(before: FlowState, key: string): Turn {
  const s = before.swallow === undefined ? before : { ...before, swallow: undefined };
  if (key === before.swallow) return stay(s);
  const w = s.waiting;
  const step = stepOf(s);
  switch (w.for) {
    case 'said': return keyInSaid(s, key);
    case 'answer': return isAsk(step) ? keyInAnswer(s, w, step, key) : stay(s);
    case 'meaning': return isAsk(step) ? answered(s, step, key, w.tries, w.phase) : stay(s);
    case 'digits': return isCollecting(step) ? keyInDigits(s, w, step, key) : stay(s);
    case 'tongue': return step?.do === 'language' ? keyInTongue(s, w, step, key) : stay(s);
    case 'record': return keyInRecord(s, key);
    case 'http': case 'desk': return key === PERSON_KEY && personThere(s) ? toPerson(s, 'key') : stay(s);
    case 'notice': case 'thanks': return key === PERSON_KEY && personThere(s) ? toPerson(s, 'key', { do: 'stop_playing' }) : stay(s);
    default: return stay(s);
  }
}

/** Any key ends what is being said or recorded. */
function keyInRecord(s: FlowState, key: string): Turn {
  const w = s.waiting;
  const step = stepOf(s);
  if (w.for !== 'record' || step?.do !== 'record') return stay(s);
  const ending = w.at === 'prompt' ? ({ do: 'stop_playing' } as const) : ({ do: 'stop_recording' } as const);
  if (key === PERSON_KEY && personThere(s)) return toPerson(s, 'key', ending);
  if (w.at === 'recording') return w.keyed ? stay(s) : stay({ ...s, waiting: { ...w, keyed: true } }, ending);
  const recording = record(s, step);
  return { ...recording, effects: [ending, ...recording.effects] };
}

/** Something was heard by the ears that listen now. */
export function heard(before: FlowState, what: Heard): Turn {
  const s = what.kind === 'unavailable' ? { ...before, deaf: what.why, ears: undefined } : noted(before, what);
  const turn = heardWhere(s, what);
  if (what.kind !== 'unavailable') return turn;
  return { ...turn, effects: [{ do: 'publish', fact: { type: 'speech_unavailable', data: { why: what.why } } }, ...turn.effects] };
}

const noted = (s: FlowState, { kind }: Heard): FlowState =>
  s.ears && (kind === 'speech_started' || kind === 'final') ? { ...s, ears: { ...s.ears, speaking: kind === 'speech_started' } } : s;

function heardWhere(s: FlowState, what: Heard): Turn {
  const w = s.waiting;
  const step = stepOf(s);
  switch (w.for) {
    case 'said': return heardInSaid(s, what);
    case 'answer': return isAsk(step) ? heardInAnswer(s, w, step, what) : stay(s);
    case 'digits': return isCollecting(step) ? heardInDigits(s, w, step, what) : stay(s);
    case 'http': case 'desk': return heardInPassing(s, what, false);
    case 'notice': return heardInPassing(s, what, true);
    case 'tongue': return heardInPassing(s, what, w.prompt === 'playing');
    default: return stay(s);
  }
}

