import type { Ms } from '../../../base/index.js';
import { parseToneScript, readTones, type ToneReader } from '../../../audio/index.js';
import type { MediaClock } from '../clock/clock.js';
import { FRAME_SAMPLES, RATE_HZ } from '../codec/codec.js';
import { eventOfDigit } from './event.js';
import { DEFAULT_DIAL_TIMING, dialSteps, parseDigits, type DialStep, type DialTiming } from './send.js';

/** Where digits go: events of RFC 4733 where the far end knows them, the tones themselves where not. */
export interface DialSink {
  hasEvents(): boolean;
  event(event: number, first: boolean, end: boolean, durationMs: Ms, copies: number, now: Ms): void;
  frame(samples: Int16Array, joins: boolean, now: Ms): void;
}

/** Dials strings of digits one after another. */
export interface Dialler {
  /** Resolves when the last digit is out, or on `stop`. @throws BadDigits */
  dial(digits: string, timing?: Partial<DialTiming>): Promise<void>;
  busy(): boolean;
  stop(): void;
}

interface Job {
  readonly steps: Generator<DialStep, void>;
  readonly done: () => void;
}

export function createDialler(clock: MediaClock, sink: DialSink): Dialler {
  const jobs: Job[] = [];
  const frame = new Int16Array(FRAME_SAMPLES);
  let leave: (() => void) | undefined;
  let tone: ToneReader | undefined;

  function perform(step: DialStep, now: Ms): void {
    if (step.do === 'rest') return;
    if (sink.hasEvents()) return sink.event(eventOfDigit(step.digit), step.first, step.end, step.durationMs, step.copies, now);
    if (step.first || !tone) tone = readTones(parseToneScript(`v=-9;d=60000;${step.digit}`), RATE_HZ);
    tone(frame);
    sink.frame(frame, step.first, now);
  }
  function tick(now: Ms): void {
    const [job] = jobs;
    const next = job?.steps.next();
    if (next && !next.done) return perform(next.value, now);
    jobs.shift();
    job?.done();
    if (jobs.length === 0) stop();
  }
  function stop(): void {
    leave?.();
    leave = undefined;
    for (const job of jobs.splice(0)) job.done();
  }
  return {
    async dial(digits, timing) {
      const items = parseDigits(digits);
      if (items.length === 0) return;
      const steps = dialSteps(items, { ...DEFAULT_DIAL_TIMING, ...timing });
      await new Promise<void>((done) => {
        jobs.push({ steps, done });
        leave ??= clock.join(tick);
      });
    },
    busy: () => jobs.length > 0,
    stop,
  };
}
