import { Worker } from 'node:worker_threads';
import { StrowgerError } from '../../base/index.js';
import type { Corpus, Language, Now, Understood } from '../../nlu/index.js';

export interface Question {
  readonly text: string;
  readonly language: Language;
  /** The intents that lead anywhere now; empty: all. */
  readonly intents: readonly string[];
  readonly now: Now;
}
/** One generation of models: it learns its corpora once and answers until it is closed. */
export interface Workshop {
  /** Settles when every corpus is learnt. Rejects with WorkshopGone when that failed. */
  readonly ready: Promise<void>;
  /** @throws WorkshopGone */
  ask(question: Question): Promise<Understood>;
  /** Called once, when it ended by itself. */
  onGone(tell: (why: WorkshopGone) => void): void;
  close(): Promise<void>;
}
export type OpenWorkshop = (corpora: readonly Corpus[]) => Workshop;

export class WorkshopGone extends StrowgerError {
  readonly code = 'nlu.worker_gone';
}

/** What the thread says. */
export type Told = { readonly did: 'learnt' } | { readonly did: 'understood'; readonly id: number; readonly understood: Understood };
export interface Asked extends Question {
  readonly id: number;
}
/** Answer what came before, then end. */
export const LEAVE = 'leave';

interface Waiting {
  readonly resolve: (understood: Understood) => void;
  readonly reject: (why: WorkshopGone) => void;
}

/** A thread of its own: a second of training, and every answer, happen beside the event loop of the calls. */
export const openThread: OpenWorkshop = (corpora) => {
  const thread = new Worker(new URL('./thread.js', import.meta.url), { workerData: { corpora } });
  const waiting = new Map<number, Waiting>();
  let [lastId, gone] = [0, undefined as WorkshopGone | undefined];
  let tellGone: ((why: WorkshopGone) => void) | undefined;
  let [learnt, closed] = [false, false];
  const ready = later();

  const end = (cause: unknown): void => {
    if (gone) return;
    gone = new WorkshopGone(cause instanceof Error ? cause.message : 'the thread ended', { cause });
    ready.reject(gone);
    for (const { reject } of waiting.values()) reject(gone);
    waiting.clear();
    if (!closed) tellGone?.(gone);
  };
  thread.on('error', end);
  thread.on('exit', (code) => end(new Error(`the thread ended with ${code}`)));
  thread.on('message', (told: Told) => {
    if (told.did === 'learnt') {
      learnt = true;
      return ready.resolve();
    }
    waiting.get(told.id)?.resolve(told.understood);
    waiting.delete(told.id);
  });
  return {
    ready: ready.promise,
    ask: (question) => new Promise((resolve, reject) => {
      if (gone) return reject(gone);
      waiting.set((lastId += 1), { resolve, reject });
      thread.postMessage({ ...question, id: lastId } satisfies Asked);
    }),
    onGone: (tell) => void (tellGone = tell),
    async close() {
      closed = true;
      if (gone) return;
      const ended = new Promise<void>((resolve) => void thread.once('exit', () => resolve()));
      if (learnt) thread.postMessage(LEAVE);
      else await thread.terminate();
      await ended;
    },
  };
};

function later(): { readonly promise: Promise<void>; readonly resolve: () => void; readonly reject: (why: unknown) => void } {
  let settle: { readonly resolve: () => void; readonly reject: (why: unknown) => void } | undefined;
  const promise = new Promise<void>((resolve, reject) => void (settle = { resolve, reject }));
  promise.catch(() => undefined); // who waits for it hears of it; it may be that nobody does
  return { promise, resolve: () => settle?.resolve(), reject: (why) => settle?.reject(why) };
}
