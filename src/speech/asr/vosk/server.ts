import { WebSocket } from 'ws';
import type { Ms } from '../../../base/index.js';
import type { AsrLanguage, AsrLog, Engine, Recognised, Utterance, UtteranceListener, UtteranceOptions } from '../ports.js';
import { concatenate, joined, readResult } from '../result.js';

export interface VoskServerOptions {
  readonly language: AsrLanguage;
  /** ws: or wss:, for example that of alphacep/kaldi-en. */
  readonly url: string;
  readonly connectMs: Ms;
  /** Further behind than that an utterance is given up. */
  readonly maxLagMs: Ms;
  /** After a failure nothing is begun for so long. */
  readonly restMs: Ms;
  readonly log: AsrLog;
}

const ALTERNATIVES = 5;

/** A Vosk WebSocket server (github.com/alphacep/vosk-server): one connection an utterance, one answer a message. */
export function createVoskServer(options: VoskServerOptions): Engine {
  const open = new Set<Utterance>();
  let downUntil = 0;
  let why = '';
  return {
    unavailable: () => (performance.now() < downUntil ? why : undefined),
    pids: () => [],
    begin(how, heard) {
      const utterance = say(options, how, {
        ...heard,
        failed(reason) {
          why = `${options.url}: ${reason}`;
          downUntil = performance.now() + options.restMs;
          options.log.warn({ language: options.language, url: options.url, why: reason }, 'the Vosk server failed');
          heard.failed(why);
        },
      }, () => open.delete(utterance));
      open.add(utterance);
      return utterance;
    },
    close() {
      for (const utterance of open) utterance.drop();
      return Promise.resolve();
    },
  };
}

function say({ url, language, connectMs, maxLagMs }: VoskServerOptions, how: UtteranceOptions, heard: UtteranceListener, closed: () => void): Utterance {
  const socket = new WebSocket(url, { perMessageDeflate: false, handshakeTimeout: connectMs });
  const waiting: (Buffer | string)[] = [];
  const unanswered: { readonly bytes: number; readonly at: number }[] = [];
  const parts: Recognised[] = [];
  let state: 'open' | 'finished' | 'over' = 'open';
  const watch = setInterval(() => {
    const [oldest] = unanswered;
    if (oldest && socket.readyState === WebSocket.OPEN && performance.now() - oldest.at > maxLagMs && !how.patient) fail('overloaded: it does not keep up');
  }, 100);

  const over = (): boolean => {
    if (state === 'over') return false;
    state = 'over';
    clearInterval(watch);
    socket.terminate();
    closed();
    return true;
  };
  const fail = (why: string): void => {
    if (over()) heard.failed(why);
  };
  const send = (data: Buffer | string): void => {
    if (socket.readyState === WebSocket.CONNECTING) waiting.push(data);
    else socket.send(data, () => undefined); // a broken line says so by `close`
  };
  socket.on('open', () => {
    socket.send(JSON.stringify({ config: { sample_rate: how.rate, words: 1, max_alternatives: ALTERNATIVES, ...(how.words.length > 0 ? { phrase_list: how.words } : {}) } }), () => undefined);
    for (const data of waiting.splice(0)) send(data);
  });
  socket.on('error', (error) => fail(error.message));
  socket.on('close', () => fail('it closed the line'));
  socket.on('message', (data: Buffer) => {
    if (state === 'over') return;
    try {
      take(data.toString('utf8'));
    } catch (error) {
      fail(`it answered nonsense (${error instanceof Error ? error.message : String(error)})`);
    }
  });
  function take(json: string): void {
    const answered = unanswered.shift();
    const { partial } = JSON.parse(json) as { readonly partial?: string };
    if (partial !== undefined) {
      if (partial !== '') heard.partial(joined(partial, language));
      return;
    }
    parts.push(readResult(json, language));
    // The answer to the last word of ours, which is no audio.
    if (state === 'finished' && answered === undefined && over()) heard.final(concatenate(parts, language));
  }
  return {
    feed(pcm) {
      if (state !== 'open') return;
      unanswered.push({ bytes: pcm.length, at: performance.now() });
      send(pcm);
    },
    finish() {
      if (state !== 'open') return;
      state = 'finished';
      send('{"eof" : 1}');
    },
    drop: () => void over(),
    backlogMs: () => unanswered.reduce((sum, one) => sum + one.bytes, 0) / ((how.rate / 1_000) * 2),
  };
}
