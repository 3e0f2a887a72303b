import { fork, type ChildProcess } from 'node:child_process';
import type { Ms } from '../../base/index.js';
import { TtsFailed } from './errors.js';
import type { VoiceAnswer, VoiceJob } from './protocol.js';

export interface VoiceProcess {
  /** One job after another, urgent ones first. A voice that crashes or hangs is replaced and the job tried once more. @throws TtsFailed */
  ask(job: Job, urgent: boolean): Promise<Uint8Array>;
  pid(): number | undefined;
  close(): Promise<void>;
}
/** What to do, without the number that the answer comes back with. */
export type Job = VoiceJob extends infer J ? (J extends VoiceJob ? Omit<J, 'id'> : never) : never;

export interface VoiceProcessOptions {
  /** The compiled `voice.js`. */
  readonly script: string;
  readonly jobMs?: Ms;
  readonly startMs?: Ms;
  /** A process that did nothing for so long is ended; the next job starts another. */
  readonly idleMs?: Ms;
  /** Started at once, renewed at once, and never ended for having nothing to do: nobody waits for its start. */
  readonly warm?: boolean;
  /** Recycled after so many jobs, or above so much memory. */
  readonly maxJobs?: number;
  readonly maxRssBytes?: number;
}

interface Wanted {
  readonly job: Job;
  tries: number;
  readonly done: (wav: Uint8Array) => void;
  readonly failed: (error: Error) => void;
}

/** Every job is tried at most this often: a text that kills the voice must not do so for ever. */
const TRIES = 2;

export function createVoiceProcess(options: VoiceProcessOptions): VoiceProcess {
  const { script, warm = false, jobMs = 20_000, startMs = 20_000, idleMs = 60_000, maxJobs = 500, maxRssBytes = 400e6 } = options;
  const waiting = { urgent: [] as Wanted[], later: [] as Wanted[] };
  let child: ChildProcess | undefined;
  let current: Wanted | undefined;
  let ready = false;
  let jobs = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const end = (): void => {
    clearTimeout(timer);
    const old = child;
    child = undefined;
    old?.removeAllListeners();
    old?.on('error', () => undefined); // it may fail once more while it dies
    old?.kill('SIGKILL');
  };
  const lost = (why: string): void => {
    end();
    const wanted = current;
    current = undefined;
    if (wanted && wanted.tries < TRIES && !closed) waiting.urgent.unshift(wanted);
    else wanted?.failed(new TtsFailed(`the voice ${why}`, { hint: 'see the log; a recorded prompt takes its place' }));
    next();
  };
  const start = (): ChildProcess => {
    jobs = 0;
    ready = false;
    const started = fork(script, [], { serialization: 'advanced', execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    started.on('message', (reply: VoiceAnswer) => answered(reply));
    started.on('exit', (code, signal) => lost(`ended (${signal ?? code ?? 'unknown'})`));
    started.on('error', (error) => lost(`could not be started (${error.message})`));
    return started;
  };
  const lease = (ms: Ms): void => {
    clearTimeout(timer);
    timer = setTimeout(() => lost(`said nothing for ${ms} ms`), ms);
  };
  /** Better while nobody waits, but not for ever. */
  const isDue = (rssBytes: number): boolean =>
    (jobs >= maxJobs || rssBytes > maxRssBytes) && (waiting.urgent.length === 0 || jobs >= 2 * maxJobs || rssBytes > 2 * maxRssBytes);
  const answered = (reply: VoiceAnswer): void => {
    const wanted = current;
    if ('ready' in reply) {
      ready = true;
      if (wanted) lease(jobMs);
      return;
    }
    if (!wanted || reply.id !== jobs) return;
    current = undefined;
    clearTimeout(timer);
    if (isDue(reply.rssBytes)) {
      end();
      if (warm) child = start();
    }
    if ('error' in reply) wanted.failed(new TtsFailed(`the voice refused: ${reply.error}`));
    else wanted.done(reply.wav);
    next();
  };
  const next = (): void => {
    if (current || closed) return;
    clearTimeout(timer);
    current = waiting.urgent.shift() ?? waiting.later.shift();
    if (!current) {
      if (!warm) timer = setTimeout(end, idleMs).unref();
      return;
    }
    child ??= start();
    lease(ready ? jobMs : startMs);
    current.tries += 1;
    jobs += 1;
    const { job } = current;
    const to = child;
    to.send({ ...job, id: jobs } satisfies VoiceJob, (error) => error && child === to && lost(`could not be reached (${error.message})`));
  };

  if (warm) child = start();
  return {
    ask: (job, urgent) =>
      new Promise((done, failed) => {
        if (closed) return failed(new TtsFailed('the voice is closed'));
        waiting[urgent ? 'urgent' : 'later'].push({ job, tries: 0, done, failed });
        next();
      }),
    pid: () => child?.pid,
    async close() {
      closed = true;
      const left = [...(current ? [current] : []), ...waiting.urgent.splice(0), ...waiting.later.splice(0)];
      current = undefined;
      const gone = child ? new Promise<void>((resolve) => child?.once('exit', () => resolve())) : undefined;
      clearTimeout(timer);
      child?.kill('SIGKILL');
      for (const wanted of left) wanted.failed(new TtsFailed('the voice was closed'));
      await gone;
    },
  };
}
