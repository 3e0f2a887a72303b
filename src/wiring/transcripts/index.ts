import type { Ms } from '../../base/index.js';
import type { RecordingBegun } from '../../calls/index.js';
import type { RecordingsConfig } from '../../config/index.js';
import type { Events } from '../../events/index.js';
import type { Asr, AsrLanguage } from '../../speech/asr/index.js';
import { StoreError, type Store } from '../../store/index.js';
import type { ForkListener } from '../listening/index.js';
import { NotTranscribed, transcribeFile } from './after.js';
import { transcribeLive } from './live.js';
import { inOrder, type Segment } from './segments.js';
import { createShelf, type Transcript, type Untold } from './shelf.js';

export type { Segment } from './segments.js';

export interface TranscriptView extends Transcript {
  readonly state: 'live' | 'done' | 'failed';
  readonly error: string | null;
}
export interface Transcripts {
  /** A recording has begun. */
  readonly follow: (begun: RecordingBegun) => void;
  /** In order of their parts; those that run have what was said so far. */
  ofCall(callId: string): readonly TranscriptView[];
  /** Looks for recordings that have none: at the start, and when a model has come. */
  wake(): void;
  /** Settles when nothing runs any more. */
  close(): Promise<void>;
}
export interface TranscriptsOptions {
  readonly asr: Asr;
  readonly forks: ForkListener;
  readonly store: Store;
  readonly events: Events;
  readonly config: () => Pick<RecordingsConfig, 'transcripts' | 'transcriptLanguage'>;
  /** The language that the caller chose. */
  readonly languageOf: (callId: string) => string | null | undefined;
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  readonly now: () => number;
  /** Recordings older than that are left alone. */
  readonly lookBackMs?: Ms;
  /** When the recogniser had no time: how soon to ask again. */
  readonly retryMs?: Ms;
}

const DAY_MS: Ms = 86_400_000;
const AT_A_TIME = 20;

/** What was said, word by word: written down while a conversation is recorded, or afterwards from the file, one at a time. */
export function createTranscripts(options: TranscriptsOptions): Transcripts {
  const { asr, forks, store, events, config, log, now, lookBackMs = DAY_MS, retryMs = 30_000 } = options;
  const shelf = createShelf(store, now);
  const live = new Map<string, TranscriptView & { readonly segments: Segment[] }>();
  const stopped = new AbortController();
  let working: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;
  let again = false;

  const languageFor = (chosen: string | null | undefined): AsrLanguage => (chosen === 'zh-CN' || chosen === 'en' ? chosen : config().transcriptLanguage);
  function keep(transcript: Transcript, error?: string): void {
    const { callId, recording, part, language, how, segments } = transcript;
    try {
      shelf.keep(transcript, error);
    } catch (failure) {
      if (!(failure instanceof StoreError)) throw failure;
      return log.warn({ err: failure, call: callId, recording }, 'a transcript could not be kept'); // it has no row, so it is made once more
    }
    if (error === undefined) events.publish('call.transcribed', `call:${callId}`, { recording, part, language, how, segments: segments.length });
    else events.publish('call.transcript_failed', `call:${callId}`, { recording, part, why: error });
  }
  const say = (callId: string, recording: string, part: number, { speaker, start_ms, end_ms, text, confidence }: Segment): void =>
    void events.publish('call.transcript_segment', `call:${callId}`, { recording, part, speaker, start_ms, end_ms, text, confidence });

  async function followLive(begun: RecordingBegun): Promise<void> {
    const { call, recording, part } = begun;
    const language = languageFor(options.languageOf(call.id));
    const mine = { callId: call.id, recording, part, language, how: 'live' as const, segments: [] as Segment[], state: 'live' as const, error: null };
    live.set(recording, mine);
    const failure = await transcribeLive(begun, {
      asr, forks, language, warn: (about, message) => call.log.warn(about, message),
      heard(segment) {
        mine.segments.push(segment);
        say(call.id, recording, part, segment);
      },
    });
    await begun.over;
    live.delete(recording);
    if (stopped.signal.aborted) return;
    if (failure === undefined) return keep(mine);
    call.log.info({ recording, why: failure }, 'not transcribed live; it will be from the recording');
    wake();
  }
  /** Recordings without a transcript, newest first, until there is none left that can be made now. */
  async function work(): Promise<void> {
    do {
      again = false;
      for (const one of shelf.untold(now() - lookBackMs, AT_A_TIME)) {
        const language = languageFor(one.language);
        if (stopped.signal.aborted || config().transcripts === 'off') return;
        if (live.has(one.recording) || !asr.languages().includes(language)) continue;
        if (!(await told(one, language))) return later();
        again = true;
      }
    } while (again);
  }
  /** false: not now. */
  async function told({ recording, callId, part, path }: Untold, language: AsrLanguage): Promise<boolean> {
    if (asr.unavailable(language) !== undefined) return false;
    const about = { callId, recording, part, language, how: 'after' as const };
    try {
      const segments = inOrder(await transcribeFile(path, language, asr, stopped.signal));
      if (shelf.gone(recording)) return true;
      for (const segment of segments) say(callId, recording, part, segment);
      keep({ ...about, segments });
    } catch (error) {
      if (!(error instanceof NotTranscribed)) throw error;
      if (error.later) return false;
      log.warn({ err: error, call: callId, recording }, 'a recording cannot be transcribed');
      keep({ ...about, segments: [] }, error.message);
    }
    return true;
  }
  function later(): void {
    clearTimeout(retry);
    if (!stopped.signal.aborted) retry = setTimeout(wake, retryMs).unref();
  }
  function wake(): void {
    again = true;
    if (working || stopped.signal.aborted || config().transcripts === 'off') return;
    working = work().catch((error: unknown) => {
      log.warn({ err: error }, 'recordings could not be transcribed');
      later();
    }).finally(() => (working = undefined));
  }
  return {
    follow(begun) {
      const how = config().transcripts;
      if (how === 'off' || asr.languages().length === 0) return;
      const done = how === 'live' ? followLive(begun) : begun.over.then(wake);
      done.catch((error: unknown) => log.warn({ err: error, recording: begun.recording }, 'a conversation could not be transcribed'));
    },
    ofCall: (callId) => [...shelf.ofCall(callId), ...[...live.values()].filter((one) => one.callId === callId)].sort((a, b) => a.part - b.part),
    wake,
    async close() {
      stopped.abort('closed');
      clearTimeout(retry);
      await working;
    },
  };
}
