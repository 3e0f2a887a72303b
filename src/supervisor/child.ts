import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Ms } from '../base/index.js';
import { afterDeath, noDeaths, type Deaths } from './backoff.js';
import { ChildFailed } from './errors.js';
import type { Log } from './log.js';
import type { ChildName, RunFiles } from './run-files.js';

/** How to start one of our processes. Its first line on stdout must be READY. */
export type Launch = {
  readonly name: ChildName;
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
};

export type ChildEvents = {
  /** Each time the process has said READY: the first time and after every restart. */
  readonly onReady: (name: ChildName) => void;
  readonly onMessage: (name: ChildName, message: unknown) => void;
  readonly onDeath: (name: ChildName) => void;
  /** What it prints after READY. */
  readonly onLine: (name: ChildName, line: string) => void;
};

export type ChildDeps = ChildEvents & {
  readonly files: RunFiles;
  readonly log: Log;
  /** Silent for longer than this after its start, a process counts as dead. */
  readonly readyMs?: Ms;
  /** A file descriptor for what the processes log; the supervisor's own stderr unless told. */
  readonly stderr?: number | undefined;
};

/** One process that is kept alive. */
export interface Child {
  /** Settles with the first READY. @throws ChildFailed when it never came */
  readonly ready: Promise<void>;
  send(message: object): void;
  signal(signal: NodeJS.Signals): void;
  /** From now on its end is final. The promise settles when it has ended; `killAfterMs` is when SIGKILL follows. */
  stop(signal: NodeJS.Signals, killAfterMs?: Ms): Promise<void>;
  /** Settles when the process has ended for good. */
  readonly ended: Promise<void>;
}

const READY_MS: Ms = 60_000;

/** Starts a process and starts it again whenever it dies, at once at first, with bounded pauses when it keeps dying. */
export function keepAlive(launch: Launch, deps: ChildDeps): Child {
  const log = deps.log.child({ process: launch.name });
  let life: ChildProcess | undefined;
  let pause: NodeJS.Timeout | undefined;
  let deaths: Deaths = noDeaths;
  let everReady = false;
  let final = false;
  const first = deferred();
  const end = deferred();
  const finish = (): void => {
    final = true;
    end.resolve();
  };
  const onReady = (): void => {
    everReady = true;
    first.resolve();
    deps.onReady(launch.name);
  };
  const onGone = ({ how, livedMs, cause }: Death): void => {
    life = undefined;
    deps.onDeath(launch.name);
    if (final) return finish();
    if (!everReady) {
      first.reject(new ChildFailed(launch.name, how, cause));
      return finish();
    }
    const [next, pauseMs] = afterDeath(deaths, livedMs);
    deaths = next;
    log.error({ how, pause_ms: pauseMs }, 'died, starting it again');
    pause = setTimeout(start, pauseMs);
  };
  const start = (): void => {
    life = oneLife(launch, deps, log, onReady, onGone);
  };

  start();
  return {
    ready: first.promise,
    ended: end.promise,
    send: (message) => {
      // Between two lives, and while the channel closes, there is nobody to tell.
      if (life?.connected) life.send(message, () => undefined);
    },
    signal: (signal) => void life?.kill(signal),
    stop: async (signal, killAfterMs) => {
      final = true;
      clearTimeout(pause);
      if (!life) finish();
      life?.kill(signal);
      const hard = killAfterMs === undefined ? undefined : setTimeout(() => life?.kill('SIGKILL'), killAfterMs);
      await end.promise;
      clearTimeout(hard);
    },
  };
}

type Death = { readonly how: string; readonly livedMs: Ms; readonly cause?: unknown };

/** From spawn to exit. `onGone` comes exactly once, and never before this function has returned. */
function oneLife(launch: Launch, deps: ChildDeps, log: Log, onReady: () => void, onGone: (death: Death) => void): ChildProcess {
  const { name } = launch;
  const startedAt = performance.now();
  const lived = () => Math.round(performance.now() - startedAt);
  const child = spawn(launch.file, launch.args, {
    env: launch.env, stdio: ['ignore', 'pipe', deps.stderr ?? 'inherit', 'ipc'],
    detached: true, // a Ctrl-C in the terminal is for the supervisor, which lets calls end first
  });
  if (child.pid !== undefined) deps.files.write(name, child.pid);
  const silent = setTimeout(() => {
    log.error({ pid: child.pid }, 'no READY in time, killing it');
    child.kill('SIGKILL');
  }, deps.readyMs ?? READY_MS);
  readLines(child, (line) => deps.onLine(name, line), () => {
    clearTimeout(silent);
    log.info({ pid: child.pid, after_ms: lived() }, 'ready');
    onReady();
  });
  child.on('message', (message) => deps.onMessage(name, message));
  let over = false;
  const gone = (how: string, cause?: unknown): void => {
    if (over) return;
    over = true;
    clearTimeout(silent);
    if (child.pid !== undefined) deps.files.remove(name, child.pid);
    onGone({ how, livedMs: lived(), cause });
  };
  child.once('error', (error) => gone(error.message, error));
  child.once('exit', (code, signal) => gone(signal ? `ended by ${signal}` : `exit code ${code ?? 'unknown'}`));
  return child;
}

function readLines(child: ChildProcess, onLine: (line: string) => void, onReady: () => void): void {
  if (!child.stdout) return; // never spawned: 'error' says so
  let ready = false;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (ready || line !== 'READY') return onLine(line);
    ready = true;
    onReady();
  });
}

function deferred(): { promise: Promise<void>; resolve: () => void; reject: (error: Error) => void } {
  let resolve!: () => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  promise.catch(() => undefined); // whoever awaits it sees the error; nobody has to
  return { promise, resolve, reject };
}
