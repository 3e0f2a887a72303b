import { fork, type ChildProcess } from 'node:child_process';
import type { Ms } from '../../../base/index.js';
import type { UtteranceOptions } from '../ports.js';
import type { FromRecogniser, ToRecogniser } from './protocol.js';

/** One process of recognisers, from its start to its end. */
export interface RecogniserProcess {
  readonly state: () => 'starting' | 'ready' | 'ended';
  readonly utterances: () => number;
  /** How many were begun in it. */
  readonly begun: () => number;
  /** How long the oldest message has waited for its answer. */
  readonly lagMs: () => Ms;
  /** What it needs, and what it needed with the model alone. */
  readonly memory: () => { readonly rssBytes: number; readonly atStartBytes: number };
  begin(how: UtteranceOptions, heard: ProcessListener): ProcessUtterance;
  /** It hangs: ends it as if it had died. */
  kill(why: string): void;
  /** Ends it; what runs in it is told `lost`. */
  end(why: string): Promise<void>;
  pid(): number | undefined;
}
export interface ProcessListener {
  partial(text: string): void;
  final(results: readonly string[]): void;
  refused(why: string): void;
  /** The process has gone. */
  lost(why: string): void;
}
export interface ProcessUtterance {
  readonly patient: boolean;
  feed(pcm: Buffer): void;
  finish(): void;
  /** It is told nothing any more. */
  drop(): void;
  backlogBytes(): number;
}

export interface ProcessOptions {
  /** The compiled `recogniser.js`. */
  readonly script: string;
  readonly library: string;
  readonly model: string;
  readonly startMs: Ms;
}
export interface ProcessEvents {
  readonly ready: () => void;
  /** `why` it ended, unless it was told to. */
  readonly ended: (why: string) => void;
  /** An utterance is over. */
  readonly free: () => void;
}

interface Running {
  readonly heard: ProcessListener;
  readonly pieces: number[];
  backlog: number;
}

export function startProcess({ script, library, model, startMs }: ProcessOptions, on: ProcessEvents): RecogniserProcess {
  const child: ChildProcess = fork(script, [library, model], { serialization: 'advanced', execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const running = new Map<number, Running>();
  /** When each unanswered piece of audio was sent, oldest first. */
  const sent: number[] = [];
  let state: 'starting' | 'ready' | 'ended' = 'starting';
  let begun = 0;
  let memory = { rssBytes: 0, atStartBytes: 0 };
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const timer = setTimeout(() => over(`was not ready in ${startMs} ms`), startMs);

  function over(why: string, asked = false): void {
    if (state === 'ended') return;
    state = 'ended';
    clearTimeout(timer);
    child.kill('SIGKILL');
    const left = [...running.values()];
    running.clear();
    if (!asked) on.ended(why);
    for (const { heard } of left) heard.lost(why);
  }
  const send = (message: ToRecogniser): void => {
    if (state === 'ended') return;
    child.send(message, (error) => {
      if (error) over(`could not be reached (${error.message})`);
    });
  };
  const close = (id: number): Running | undefined => {
    const one = running.get(id);
    if (!running.delete(id)) return undefined;
    on.free();
    return one;
  };
  child.on('message', (message: FromRecogniser) => {
    switch (message.at) {
      case 'ready':
        clearTimeout(timer);
        if (state !== 'starting') return;
        state = 'ready';
        memory = { rssBytes: message.rssBytes, atStartBytes: message.rssBytes };
        sent.fill(performance.now());
        return on.ready();
      case 'broken':
        return over(message.why);
      case 'heard': {
        sent.shift();
        const one = running.get(message.id);
        if (!one) return;
        one.backlog -= one.pieces.shift() ?? 0;
        if (message.partial !== undefined && message.partial !== '') one.heard.partial(message.partial);
        return;
      }
      case 'final':
        memory = { ...memory, rssBytes: message.rssBytes };
        close(message.id)?.heard.final(message.results);
        return;
      case 'refused':
        close(message.id)?.heard.refused(message.why);
    }
  });
  child.on('exit', (code, signal) => over(`ended (${signal ?? String(code ?? 'unknown')})`));
  child.on('error', (error) => over(`could not be started (${error.message})`));

  return {
    state: () => state,
    utterances: () => running.size,
    begun: () => begun,
    lagMs: () => (state === 'ready' && sent[0] !== undefined ? performance.now() - sent[0] : 0),
    memory: () => memory,
    pid: () => child.pid,
    begin({ rate, words, patient }, heard) {
      const id = (begun += 1);
      const mine: Running = { heard, pieces: [], backlog: 0 };
      running.set(id, mine);
      if (state === 'ended') setImmediate(() => close(id)?.heard.lost('has ended'));
      send({ do: 'begin', id, rate, words });
      return {
        patient,
        feed(pcm) {
          if (!running.has(id)) return;
          mine.pieces.push(pcm.length);
          mine.backlog += pcm.length;
          sent.push(performance.now());
          send({ do: 'audio', id, pcm });
        },
        finish() {
          if (running.has(id)) send({ do: 'finish', id });
        },
        drop() {
          if (!close(id)) return;
          send({ do: 'drop', id });
        },
        backlogBytes: () => mine.backlog,
      };
    },
    kill: (why) => over(why),
    async end(why) {
      over(why, true);
      await gone;
    },
  };
}
