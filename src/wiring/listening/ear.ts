import type { Ms } from '../../base/index.js';
import type { Leg } from '../../calls/index.js';
import type { Heard, ListenRequest } from '../../ivr/index.js';
import type { Asr, AsrEvent, AsrStream } from '../../speech/asr/index.js';
import type { ForkListener } from './fork-listener.js';
import { forkToUs, type Listened } from './line.js';

export interface EarOptions {
  /** The caller's leg, answering the call first if need be. */
  readonly leg: () => Promise<Leg>;
  readonly asr: Pick<Asr, 'open' | 'unavailable'>;
  readonly forks: ForkListener;
  readonly warn: (about: object, message: string) => void;
  /** How long the audio goes on coming while nobody listens: the next question mostly follows soon. */
  readonly lingerMs?: Ms;
}

/** Listens to one leg, over one audio fork that is there while it is needed. */
export interface Ear {
  readonly listen: (to: ListenRequest, heard: (what: Heard) => void) => () => void;
  readonly close: () => void;
}

interface Listener {
  readonly stream: AsrStream;
  readonly fail: (why: string) => void;
}

const RATE = 8_000;
const BYTES_PER_MS = (RATE / 1_000) * 2;
const LINGER_MS: Ms = 5_000;
/** What was said right before a question changed belongs to the next. */
const REMEMBERED_BYTES = 800 * BYTES_PER_MS;

export function createEar({ leg, asr, forks, warn, lingerMs = LINGER_MS }: EarOptions): Ear {
  const listeners = new Set<Listener>();
  const remembered: Buffer[] = [];
  let bytes = 0;
  let coming: Promise<Listened> | undefined;
  let linger: NodeJS.Timeout | undefined;
  let closed = false;

  const forget = (): void => {
    remembered.length = 0;
    bytes = 0;
  };
  const hear = (pcm: Buffer): void => {
    remembered.push(pcm);
    for (bytes += pcm.length; bytes > REMEMBERED_BYTES; ) bytes -= remembered.shift()?.length ?? bytes;
    for (const { stream } of [...listeners]) stream.write(pcm);
  };
  const failAll = (why: string): void => [...listeners].forEach((listener) => listener.fail(why));

  async function connect(): Promise<Listened> {
    const { endpoint, gone } = await leg();
    if (!endpoint.canFork) throw new Error(`media server ${endpoint.server} cannot fork audio (it needs mod_audio_fork)`);
    const listened = await forkToUs(endpoint, forks, { mix: 'mono', rateHz: RATE }, warn);
    gone.addEventListener('abort', close, { once: true });
    listened.line.onAudio(hear);
    listened.line.gone.addEventListener('abort', () => {
      if (coming !== mine) return;
      coming = undefined;
      forget();
      failAll('the audio fork was lost');
    }, { once: true });
    return listened;
  }
  let mine: Promise<Listened> | undefined;
  function ensure(): void {
    clearTimeout(linger);
    if (coming) return;
    const work = connect();
    mine = coming = work;
    work.catch((error: unknown) => {
      if (coming !== work) return;
      coming = undefined;
      failAll(error instanceof Error ? error.message : String(error));
    });
  }
  function hangUp(): void {
    clearTimeout(linger);
    const ending = coming;
    coming = undefined;
    forget();
    ending?.then((listened) => listened.stop(), () => undefined).catch((error: unknown) => warn({ err: error }, 'an audio fork could not be ended'));
  }
  function close(): void {
    closed = true;
    for (const { stream } of listeners) stream.abandon();
    listeners.clear();
    hangUp();
  }
  function rest(): void {
    if (listeners.size > 0 || closed) return;
    clearTimeout(linger);
    linger = setTimeout(hangUp, lingerMs);
    linger.unref();
  }

  return {
    close,
    listen(to, heard) {
      const unavailable = closed ? 'the call is over' : asr.unavailable(to.language);
      let over = false;
      const tell = (what: Heard): void => {
        if (!over) heard(what);
      };
      const stop = (): void => {
        if (over) return;
        over = true;
        stream?.abandon();
        if (listener) listeners.delete(listener);
        rest();
      };
      const fail = (why: string): void => {
        tell({ kind: 'unavailable', why });
        stop();
      };
      const stream = unavailable === undefined ? asr.open({ language: to.language, rate: RATE, words: to.words, endSilenceMs: to.endSilenceMs }, (event) => follow(event, tell, fail, forget)) : undefined;
      const listener = stream && { stream, fail };
      if (unavailable !== undefined) setImmediate(() => fail(unavailable));
      if (listener) {
        listeners.add(listener);
        for (const pcm of remembered) listener.stream.write(pcm);
        ensure();
      }
      return stop;
    },
  };
}

/** @param answered what was remembered has been understood */
function follow(event: AsrEvent, tell: (what: Heard) => void, fail: (why: string) => void, answered: () => void): void {
  switch (event.kind) {
    case 'speech_started': return tell({ kind: 'speech_started' });
    case 'partial': return tell({ kind: 'partial', text: event.text });
    case 'final':
      answered();
      return tell({ kind: 'final', text: event.text, confidence: event.confidence, alternatives: event.alternatives });
    case 'failed': return fail(event.why);
  }
}
