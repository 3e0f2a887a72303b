import { drive, type Ms } from '../base/index.js';
import type { Language } from '../speech/tts/index.js';
import { flow, startOf, type FlowEffect, type FlowEnd, type FlowEvent, type FlowFact, type Plan } from './machine/index.js';
import type { HangUpCause, PlayEnd, Verbs } from './ports.js';

export interface FlowRun {
  readonly plan: Plan;
  readonly flow: string;
  /** Known before the flow begins, for instance from the trunk; usually not. */
  readonly language?: Language;
  readonly verbs: Verbs;
  /** What facts are filed under: `call:ID` gives `call.flow_entered`. */
  readonly subject: string;
  readonly publish: (type: string, subject: string, data: Readonly<Record<string, string | number>>) => void;
  readonly log: { error(fields: object, message: string): void };
  /** Pressed keys are published as `*`. */
  readonly maskDigits?: boolean;
  /** Answers how to call it off. */
  readonly after?: (ms: Ms, run: () => void) => () => void;
}

/** How long a prompt may take to fall silent before the flow goes on without its word. */
const STOP_LEASE: Ms = 1_000;

/** Runs a flow for one call until the call or the flow is over. Never rejects: a verb that fails is the flow's business. */
export function runFlow(run: FlowRun): Promise<FlowEnd> {
  const { plan, verbs, after = armTimer } = run;
  return new Promise((resolve) => {
    const stage = createStage(run, after);
    let cancelTimer = (): void => undefined;
    let deaf = (): void => undefined;
    const perform = (effect: FlowEffect, post: (event: FlowEvent) => void): void => {
      if (effect.do !== 'publish' && effect.do !== 'stop_playing') cancelTimer();
      switch (effect.do) {
        case 'play': return stage.play(effect, post);
        case 'stop_playing': return stage.stop();
        case 'arm':
          cancelTimer = after(effect.afterMs, () => post({ type: 'time.passed', id: effect.id }));
          return;
        case 'queue': return stage.verb('queue', () => verbs.queue(effect.to), 'failed', (how) => post({ type: 'queue.ended', id: effect.id, how }));
        case 'dial': return stage.verb('dial', () => verbs.dial(effect.to), 'failed', (how) => post({ type: 'dial.ended', id: effect.id, how }));
        case 'publish': return publishFact(run, effect.fact);
        case 'finish':
          deaf();
          verbs.signal.removeEventListener('abort', onGone);
          return stage.finish(effect.hangUp, () => resolve(effect.how));
      }
    };
    const post = drive<ReturnType<typeof startOf>, FlowEvent, FlowEffect>(flow, [startOf(plan, run.flow, run.language), []], perform);
    const onGone = (): void => post({ type: 'caller.gone' });
    if (verbs.signal.aborted) return onGone();
    verbs.signal.addEventListener('abort', onGone, { once: true });
    deaf = verbs.keys((key) => post({ type: 'key.pressed', key }));
    post({ type: 'started' });
  });
}

/** One verb at a time: the next begins when the one before has settled. */
function createStage({ verbs, log, subject }: FlowRun, after: NonNullable<FlowRun['after']>) {
  let before: Promise<unknown> = Promise.resolve();
  let silence = new AbortController();
  let cancelLease = (): void => undefined;
  const verb = <T>(name: string, start: () => Promise<T>, otherwise: T, ended: (how: T) => void): void => {
    before = before.then(start).then(ended, (error: unknown) => {
      log.error({ err: error, verb: name, subject }, 'a step of the flow failed');
      ended(otherwise);
    });
  };
  return {
    verb,
    play({ id, prompts }: Extract<FlowEffect, { do: 'play' }>, post: (event: FlowEvent) => void): void {
      const stop = new AbortController();
      silence = stop;
      const start = (): Promise<PlayEnd> => (stop.signal.aborted ? Promise.resolve('stopped') : verbs.play(prompts, stop.signal));
      verb('play', start, 'failed', (how) => post({ type: 'play.ended', id, how }));
    },
    stop(): void {
      const playing = before;
      before = new Promise<void>((resolve) => {
        cancelLease = after(STOP_LEASE, resolve);
        void playing.then(() => {
          cancelLease();
          resolve();
        });
      });
      silence.abort();
    },
    finish(cause: HangUpCause | undefined, done: () => void): void {
      if (cause === undefined) {
        cancelLease();
        done();
      } else verb('hang_up', () => verbs.hangUp(cause), undefined, done);
    },
  };
}

function publishFact({ subject, publish, maskDigits = false }: FlowRun, fact: FlowFact): void {
  const kind = subject.split(':', 1)[0] ?? subject;
  const data = fact.type === 'digits' && maskDigits ? { ...fact.data, digits: '*'.repeat(fact.data.digits.length) } : fact.data;
  publish(`${kind}.${fact.type}`, subject, data);
}

function armTimer(ms: Ms, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
