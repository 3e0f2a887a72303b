import { drive, type Ms } from '../base/index.js';
import { nextClockTime } from '../config/index.js';
import type { Language } from '../speech/tts/index.js';
import { flow, startOf, type CallbackWish, type FlowEffect, type FlowEnd, type FlowEvent, type FlowFact, type FlowState, type Plan, type Variables } from './machine/index.js';
import { createErrands, type Understander } from './errands.js';
import type { HttpClient } from './http/index.js';
import type { CallbackRequest, Verbs } from './ports.js';
import { createStage } from './stage.js';

export interface FlowRun {
  readonly plan: Plan;
  readonly flow: string;
  /** Known before the flow begins, for instance from the trunk; usually not. */
  readonly language?: Language;
  /** What its steps may call `$name`: `from` and `to` of the call, and whatever else is known. */
  readonly variables?: Variables;
  /** What expressions may call `customer`. */
  readonly customer?: Variables;
  readonly verbs: Verbs;
  /** Makes sense of what the caller says; without it nothing he says is understood. */
  readonly understanding?: Understander | undefined;
  /** Asks services for `http` steps; without it none answers. */
  readonly http?: HttpClient | undefined;
  /** What facts are filed under: `call:ID` gives `call.flow_entered`. */
  readonly subject: string;
  readonly publish: (type: string, subject: string, data: Readonly<Record<string, string | number>>) => void;
  readonly log: { error(fields: object, message: string): void };
  /** Told where the flow stood when it was over. */
  readonly onOver?: (state: Pick<FlowState, 'flow' | 'language' | 'variables'>) => void;
  /** Pressed keys are published as `*`. */
  readonly maskDigits?: boolean;
  /** Answers how to call it off. */
  readonly after?: (ms: Ms, run: () => void) => () => void;
  /** Ms since 1970: for opening hours, expressions, and callbacks at a time of day. */
  readonly now?: () => number;
}

/** These go on beside what is waited for. */
const BESIDE: ReadonlySet<FlowEffect['do']> = new Set(['publish', 'stop_playing', 'stop_recording', 'listen', 'stop_listening']);

/** Runs a flow for one call until the call or the flow is over. Never rejects: a verb that fails is the flow's business. */
export function runFlow(run: FlowRun): Promise<FlowEnd> {
  const { plan, verbs, log, subject, after = armTimer, now = Date.now } = run;
  return new Promise((resolve) => {
    const stage = createStage({ verbs, log, subject, after });
    const errands = createErrands({ verbs, understanding: run.understanding, http: run.http, log, subject, after });
    let cancelTimer = (): void => undefined;
    let deaf = (): void => undefined;
    const perform = (effect: FlowEffect, post: (event: FlowEvent) => void): void => {
      if (!BESIDE.has(effect.do)) {
        cancelTimer();
        errands.drop();
      }
      switch (effect.do) {
        case 'play': return stage.play(effect, post);
        case 'record': return stage.record(effect, post);
        case 'stop_playing': case 'stop_recording': return stage.stop();
        case 'arm':
          cancelTimer = after(effect.afterMs, () => post({ type: 'time.passed', id: effect.id }));
          return;
        case 'listen': return errands.listen(effect, post);
        case 'stop_listening': return errands.stopListening();
        case 'understand': return errands.understand(effect, post);
        case 'http': return errands.http(effect, post);
        case 'script': return errands.script(effect, post);
        case 'desk': return errands.desk(effect, post);
        case 'queue': return stage.verb('queue', () => verbs.queue(effect.to), 'failed', (how) => post({ type: 'queue.ended', id: effect.id, how }));
        case 'callback':
          return stage.verb('callback', () => verbs.callback(timed(effect.to, now)), 'failed', (how) => post({ type: 'callback.ended', id: effect.id, how }));
        case 'dial': return stage.verb('dial', () => verbs.dial(effect.to), 'failed', (how) => post({ type: 'dial.ended', id: effect.id, how }));
        case 'transfer': return stage.verb('transfer', () => verbs.transfer(effect.to), 'failed', (how) => post({ type: 'dial.ended', id: effect.id, how }));
        case 'publish': return publishFact(run, effect.fact);
        case 'finish':
          deaf();
          errands.stopListening();
          verbs.signal.removeEventListener('abort', onGone);
          run.onOver?.(last);
          return stage.finish(effect.hangUp, () => resolve(effect.how));
      }
    };
    const start = startOf(plan, run.flow, run.language, run.variables, run.customer);
    let last = start;
    const advance = (s: typeof start, event: FlowEvent): ReturnType<typeof flow> => {
      const step = flow(s, event, now());
      [last] = step;
      return step;
    };
    const post = drive<typeof start, FlowEvent, FlowEffect>(advance, [start, []], perform);
    const onGone = (): void => post({ type: 'caller.gone' });
    if (verbs.signal.aborted) return onGone();
    verbs.signal.addEventListener('abort', onGone, { once: true });
    deaf = verbs.keys((key) => post({ type: 'key.pressed', key }));
    post({ type: 'started' });
  });
}

const timed = ({ at, ...wish }: CallbackWish, now: () => number): CallbackRequest =>
  ({ ...wish, at: at && nextClockTime(now(), at.time, at.timeZone) });

function publishFact({ subject, publish, maskDigits = false }: FlowRun, fact: FlowFact): void {
  const kind = subject.split(':', 1)[0] ?? subject;
  const data = fact.type === 'digits' && maskDigits ? { ...fact.data, digits: '*'.repeat(fact.data.digits.length) } : fact.data;
  publish(`${kind}.${fact.type}`, subject, data);
}

function armTimer(ms: Ms, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
