import type { Ms } from '../base/index.js';
import type { FlowEffect, FlowEvent } from './machine/index.js';
import type { HangUpCause, PlayEnd, RecordEnd, Verbs } from './ports.js';

export type After = (ms: Ms, run: () => void) => () => void;
type Post = (event: FlowEvent) => void;

/** How long a prompt or a recording may take to fall silent before the flow goes on without its word. */
const STOP_LEASE: Ms = 1_000;

export interface StageOptions {
  readonly verbs: Verbs;
  readonly log: { error(fields: object, message: string): void };
  readonly subject: string;
  readonly after: After;
}

/** What the caller hears, and where he is: one verb at a time, the next begins when the one before has settled. */
export function createStage({ verbs, log, subject, after }: StageOptions) {
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
    play({ id, prompts }: Extract<FlowEffect, { do: 'play' }>, post: Post): void {
      const stop = new AbortController();
      silence = stop;
      const start = (): Promise<PlayEnd> => {
        if (stop.signal.aborted) return Promise.resolve('stopped');
        return prompts.length === 0 ? Promise.resolve('ended') : verbs.play(prompts, stop.signal);
      };
      verb('play', start, 'failed', (how) => post({ type: 'play.ended', id, how }));
    },
    record({ id, to }: Extract<FlowEffect, { do: 'record' }>, post: Post): void {
      const stop = new AbortController();
      silence = stop;
      const failed: RecordEnd = { how: 'failed', ms: 0, path: '' };
      verb('record', () => (stop.signal.aborted ? Promise.resolve(failed) : verbs.record({ ...to, stop: stop.signal })), failed, (how) => post({ type: 'record.ended', id, how }));
    },
    /** Ends what plays or is recorded. */
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
