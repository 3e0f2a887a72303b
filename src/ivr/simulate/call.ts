import type { Ms } from '../../base/index.js';
import type { Language } from '../../speech/tts/index.js';
import { flow, startOf, type FlowEnd, type FlowEvent, type FlowState, type Plan, type Variables } from '../machine/index.js';
import type { DialEnd, QueueEnd } from '../ports.js';
import { createAgenda, type Due } from './agenda.js';
import { speakingMs } from './pace.js';
import { createStage, idOf, RECORDED, type Stage } from './stage.js';
import { visitsOf } from './trail.js';
import type { Line, Place, Visit, World } from './types.js';

export interface CallSetup {
  readonly plan: Plan;
  readonly flow: string;
  readonly language?: Language | undefined;
  /** `from`, `to`, … */
  readonly given: Variables;
  readonly customer?: Variables;
  /** ms since 1970 */
  readonly startsAt: number;
  readonly world: World;
  /** There is a recogniser. */
  readonly speech: boolean;
}
/** How a stay outside the flow ends. */
export type Outcome = DialEnd | QueueEnd | 'booked' | 'recorded';

/** A call whose caller, clock and world are at the test's command. The flow in it is the real one. */
export interface SimulatedCall {
  /** Time goes on until the flow has nothing more to say or do by itself. */
  readonly listen: () => Promise<void>;
  /** Time goes on until this has begun to be said; false when it never is. */
  readonly listenFor: (said: (line: Line) => boolean) => Promise<boolean>;
  readonly press: (keys: string) => Promise<void>;
  readonly speak: (text: string, confidence: number) => Promise<void>;
  readonly wait: (ms: Ms) => Promise<void>;
  /** Silence until something happens; false when nothing will. */
  readonly waitForTimer: () => Promise<boolean>;
  /** The queue, the phone, … is done with the caller. False when that cannot be how it ends. */
  readonly outcome: (how: Outcome) => Promise<boolean>;
  readonly hangUp: () => Promise<void>;
  /** Where the caller is, if it is not in the flow. */
  readonly place: () => Place | undefined;
  readonly ended: () => FlowEnd | undefined;
  readonly state: () => FlowState;
  readonly lines: () => readonly Line[];
  readonly visits: () => readonly Visit[];
  /** Since the first ring. */
  readonly now: () => Ms;
}

/** Between keys that are pressed one after another. */
const KEY_PACE: Ms = 200;
/** From the start of a prompt to whoever cuts it short. */
const REACTION: Ms = 300;

export function simulateCall(setup: CallSetup): SimulatedCall {
  const time = createTime(setup);
  const { stage, post, until, listen } = time;
  const { state, now } = time;
  post({ type: 'started' });
  return {
    listen, state, now,
    wait: (ms) => until(now() + ms),
    listenFor: (said) => listenFor(time, said),
    async press(keys) {
      for (const key of keys) {
        stage.note({ kind: 'pressed', key });
        post({ type: 'key.pressed', key });
        await until(now() + KEY_PACE);
      }
    },
    async speak(text, confidence) {
      const { ears } = state();
      const heard = ears !== undefined && setup.speech;
      stage.note({ kind: 'spoke', text, lost: !heard });
      if (heard) post({ type: 'heard', id: ears.id, what: { kind: 'speech_started' } });
      await until(now() + speakingMs(text, undefined) + (ears?.to.endSilenceMs ?? 0));
      const still = state().ears;
      if (heard && still) post({ type: 'heard', id: still.id, what: { kind: 'final', text, confidence, alternatives: [] } });
      await stage.settled();
    },
    async waitForTimer() {
      await listen();
      const one = time.next();
      if (one) await until(one.at);
      return one !== undefined;
    },
    async outcome(how) {
      const event = outcomeEvent(state(), how);
      if (event) {
        stage.comeBack();
        post(event);
        await stage.settled();
      }
      return event !== undefined;
    },
    async hangUp() {
      post({ type: 'caller.gone' });
      await stage.settled();
    },
    place: stage.place, ended: stage.ended, lines: stage.lines, visits: () => time.visits,
  };
}

async function listenFor({ stage, next, happen, until }: Time, said: (line: Line) => boolean): Promise<boolean> {
  for (let from = 0; ; ) {
    await stage.settled();
    const found = stage.lines().slice(from).find(said);
    if (found) {
      await until(found.atMs + REACTION);
      return true;
    }
    from = stage.lines().length;
    const one = next();
    if (!one || one.silence) return false;
    happen(one);
  }
}

interface Time {
  readonly stage: Stage;
  readonly visits: readonly Visit[];
  readonly state: () => FlowState;
  readonly now: () => Ms;
  readonly post: (event: FlowEvent) => void;
  readonly next: () => Due | undefined;
  readonly happen: (one: Due) => void;
  /** Everything up to a moment, silence included. */
  readonly until: (at: Ms) => Promise<void>;
  readonly listen: () => Promise<void>;
}

/** The flow, its clock and its world, going on step by step. */
function createTime({ plan, flow: first, language, given, customer = {}, startsAt, world, speech }: CallSetup): Time {
  let s = startOf(plan, first, language, given, customer);
  const agenda = createAgenda();
  const stage = createStage({ world, speech, agenda, state: () => s });
  const visits: Visit[] = [];
  const post = (event: FlowEvent): void => {
    const before = s;
    const [after, effects] = flow(s, event, startsAt + agenda.now());
    s = after;
    visits.push(...visitsOf(before, after, effects));
    for (const [name, value] of Object.entries(after.variables)) if (before.variables[name] !== value) stage.note({ kind: 'knows', name, value });
    for (const effect of effects) stage.perform(effect);
  };
  /** Whether anybody still waits for it. */
  const matters = (event: FlowEvent): boolean => !('id' in event) || event.type === 'heard' || idOf(s) === event.id;
  const next = (): Due | undefined => agenda.next(matters);
  const happen = (one: Due): void => {
    agenda.take(one);
    post(one.event);
  };
  const goOn = async (may: (one: Due) => boolean): Promise<void> => {
    await stage.settled();
    for (let one = next(); one && may(one); one = next()) {
      happen(one);
      await stage.settled();
    }
  };
  return {
    stage, visits, post, next, happen, state: () => s, now: agenda.now,
    listen: () => goOn((one) => !one.silence),
    async until(at) {
      await goOn((one) => one.at <= at);
      agenda.moveTo(at);
    },
  };
}

function outcomeEvent(s: FlowState, how: Outcome): FlowEvent | undefined {
  const id = idOf(s);
  switch (s.waiting.for) {
    case 'queue': return how === 'completed' || how === 'failed' || typeof how === 'object' ? { type: 'queue.ended', id, how } : undefined;
    case 'callback': return how === 'booked' || how === 'failed' ? { type: 'callback.ended', id, how } : undefined;
    case 'dial': return typeof how === 'object' || how === 'booked' || how === 'recorded' ? undefined : { type: 'dial.ended', id, how };
    case 'record':
      if (how === 'recorded') return { type: 'record.ended', id, how: RECORDED };
      return how === 'failed' ? { type: 'record.ended', id, how: { how, ms: 0, path: '' } } : undefined;
    default: return undefined;
  }
}
