import { Worker } from 'node:worker_threads';
import type { Ms } from '../../base/index.js';
import type { ScriptEnd } from '../ports.js';
import type { CallFacts } from './api.js';
import type { FromScript, StepAnswer, ToScript } from './protocol.js';

export interface ScriptLimits {
  /** A script that does not let go of its thread for so long will never do so. */
  readonly busyMs: Ms;
  /** How long a script may tidy up after the caller has gone. */
  readonly graceMs: Ms;
  readonly memoryMb: number;
  /** At once. */
  readonly most: number;
}
const LIMITS: ScriptLimits = { busyMs: 2_000, graceMs: 2_000, memoryMb: 64, most: 200 };

export interface ScriptRun {
  /** URL of the compiled script. */
  readonly entry: string;
  readonly exported: string;
  readonly call: CallFacts;
  /** Does a step to the call. A rejection is the step's failure. */
  readonly step: (written: Readonly<Record<string, unknown>>) => Promise<StepAnswer>;
  /** Fires when the caller has gone or the script's end is not waited for any more. */
  readonly signal: AbortSignal;
  /** What the script prints. */
  readonly print: (line: string) => void;
}
export interface ScriptRunner {
  /** Never rejects: an error, an endless loop, too much memory are ends like any other. */
  run(script: ScriptRun): Promise<ScriptEnd>;
  running(): number;
  close(): Promise<void>;
}

/** The compiled thread. */
export const scriptWorker = (): URL => new URL('worker.js', import.meta.url);

/** Lines a script may print in one call. */
const MOST_LINES = 200;

/**
 * Runs each script in a thread of its own: whatever accident befalls it ends one call's script and nothing else. One thread is
 * kept warm, because making one takes longer than a caller should hear nothing.
 */
export function createScriptRunner({ worker, limits = LIMITS }: { readonly worker: URL; readonly limits?: ScriptLimits }): ScriptRunner {
  const threads = new Set<Worker>();
  let spare: Worker | undefined;
  let closed = false;
  const thread = (): Worker => {
    const made = new Worker(worker, {
      stdout: true, stderr: true, env: {}, execArgv: ['--enable-source-maps'],
      resourceLimits: { maxOldGenerationSizeMb: limits.memoryMb, maxYoungGenerationSizeMb: 8, stackSizeMb: 4 },
    });
    threads.add(made);
    made.once('exit', () => threads.delete(made));
    made.unref();
    return made;
  };
  /** A spare that died while nobody used it is no spare. */
  const taken = (): Worker => {
    const one = spare && threads.has(spare) ? spare : thread();
    spare = undefined;
    one.removeAllListeners('error');
    return one;
  };
  const refill = (): void => {
    if (closed || spare) return;
    spare = thread();
    const mine = spare;
    mine.on('error', () => (spare = spare === mine ? undefined : spare));
  };
  let running = 0;
  return {
    running: () => running,
    async run(script) {
      if (closed || script.signal.aborted) return { how: 'failed', why: 'the call is over' };
      if (running >= limits.most) return { how: 'failed', why: `${running} scripts run already` };
      running += 1;
      try {
        return await runIn(taken(), script, limits);
      } finally {
        running -= 1;
        refill();
      }
    },
    async close() {
      closed = true;
      await Promise.all([...threads].map((one) => one.terminate()));
    },
  };
}

function runIn(thread: Worker, { entry, exported, call, step, signal, print }: ScriptRun, limits: ScriptLimits): Promise<ScriptEnd> {
  const say = (message: ToScript): void => thread.postMessage(message);
  return new Promise((resolve) => {
    let over = false;
    const end = (how: ScriptEnd): void => {
      if (over) return;
      over = true;
      clearInterval(pulse);
      clearTimeout(grace);
      signal.removeEventListener('abort', onGone);
      void thread.terminate().then(() => resolve(how));
    };
    let heardAt = performance.now();
    const pulse = setInterval(() => {
      if (performance.now() - heardAt > limits.busyMs) return end({ how: 'failed', why: `the script did not let go of its thread for ${limits.busyMs / 1000} s: an endless loop?` });
      say({ do: 'ping' });
    }, limits.busyMs / 4);
    let grace: NodeJS.Timeout | undefined;
    const onGone = (): void => {
      say({ do: 'gone' });
      grace = setTimeout(() => end({ how: 'failed', why: 'the caller has hung up' }), limits.graceMs);
    };
    signal.addEventListener('abort', onGone, { once: true });
    const doStep = (id: number, written: Readonly<Record<string, unknown>>): void => {
      step(written).then(
        (answer) => over || say({ do: 'answer', id, answer }),
        (error: unknown) => over || say({ do: 'refuse', id, why: error instanceof Error ? error.message : String(error) }),
      );
    };
    thread.on('message', (message: FromScript) => {
      heardAt = performance.now();
      if (message.do === 'step') doStep(message.id, message.step);
      else if (message.do === 'end') end(message.end);
    });
    thread.once('error', (error: Error & { code?: string }) => end({ how: 'failed', why: error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? `the script needs more than ${limits.memoryMb} MB` : (error.stack ?? error.message) }));
    thread.once('exit', (code) => end({ how: 'failed', why: `the script ended its thread (${code})` }));
    printed(thread, print);
    say({ do: 'start', entry, exported, call });
  });
}

function printed(thread: Worker, print: (line: string) => void): void {
  let lines = 0;
  for (const stream of [thread.stdout, thread.stderr]) {
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = (parts.pop() ?? '').slice(-2_000);
      for (const line of parts) if ((lines += 1) <= MOST_LINES) print(line.slice(0, 2_000));
    });
  }
}
