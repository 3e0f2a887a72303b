import { Worker } from 'node:worker_threads';
import { ConfigFaults } from '../../config/index.js';
import { StrowgerError, type Ms } from '../../base/index.js';
import type { Calendar } from '../hours/index.js';
import type { Job, JobDone } from './job.js';
import type { TestsResult } from './tests.js';

/** Too many at once, or one that takes for ever. */
export class WorkbenchBusy extends StrowgerError {
  readonly code = 'dialplan.workbench_busy';
}

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
/** Pictures and conversation tests of dialplans, worked out beside the calls. @throws ConfigFaults, WorkbenchBusy */
export interface Workbench {
  readonly draw: (what: Without<Extract<Job, { do: 'draw' }>, 'do' | 'dir' | 'calendars'>) => Promise<string>;
  readonly simulate: (what: Without<Extract<Job, { do: 'simulate' }>, 'do' | 'dir' | 'calendars'>) => Promise<TestsResult>;
}
export interface WorkbenchOptions {
  /** The folder of dialplans. */
  readonly dir: string;
  /** Calendars that lie in no file, as they are now. */
  readonly calendars?: () => ReadonlyMap<string, Calendar>;
  readonly run?: (job: Job, limitMs: Ms) => Promise<JobDone>;
  readonly limitMs?: Ms;
}

const LIMIT: Ms = 30_000;
/** One works, so many wait. */
const MOST_WAITING = 4;
/** Megabytes. */
const MEMORY = 256;

/** One job at a time, each in a thread of its own: what loops, leaks or crashes ends there. */
export function createWorkbench({ dir, calendars = () => new Map(), run = inThread, limitMs = LIMIT }: WorkbenchOptions): Workbench {
  let waiting = 0;
  let before: Promise<unknown> = Promise.resolve();
  const turn = async (job: Job): Promise<Extract<JobDone, { ok: true }>> => {
    if (waiting > MOST_WAITING) throw new WorkbenchBusy('too many drawings and simulations at once', { hint: 'try again in some seconds' });
    waiting += 1;
    const mine = before.then(() => run(job, limitMs)).finally(() => (waiting -= 1));
    before = mine.catch(() => undefined); // its own caller hears of it
    const done = await mine;
    if (!done.ok) throw new ConfigFaults(done.faults);
    return done;
  };
  return {
    async draw(what) {
      const done = await turn({ ...what, do: 'draw', dir, calendars: calendars() });
      return 'drawn' in done ? done.drawn : '';
    },
    async simulate(what) {
      const done = await turn({ ...what, do: 'simulate', dir, calendars: calendars() });
      return 'result' in done ? done.result : { cases: [], faults: [], coverage: [] };
    },
  };
}

function inThread(job: Job, limitMs: Ms): Promise<JobDone> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./thread.js', import.meta.url), { workerData: { job }, resourceLimits: { maxOldGenerationSizeMb: MEMORY } });
    const late = setTimeout(() => end(new WorkbenchBusy(`it takes longer than ${limitMs / 1_000} s`, { hint: 'fewer tests, or one flow of it' })), limitMs);
    const end = (why: Error): void => {
      clearTimeout(late);
      reject(why);
      void thread.terminate();
    };
    thread.once('message', (done: JobDone) => {
      clearTimeout(late);
      resolve(done);
      void thread.terminate();
    });
    thread.once('error', end);
    thread.once('exit', (code) => end(new WorkbenchBusy(`its thread ended with ${code}`, { hint: 'fewer tests, or one flow of it' })));
  });
}
