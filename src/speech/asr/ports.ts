import type { Ms } from '../../base/index.js';

/** BCP 47 tags of the languages that can be listened to. */
export const ASR_LANGUAGES = ['zh-CN', 'en'] as const;
export type AsrLanguage = (typeof ASR_LANGUAGES)[number];
export type AsrRate = 8_000 | 16_000;

/** Times are those of the stream: 0 is its first sample. */
export interface AsrWord {
  readonly word: string;
  readonly startMs: Ms;
  readonly endMs: Ms;
  /** 0 to 1 */
  readonly confidence: number;
}

/** What was understood of one utterance. */
export interface Recognised {
  /** Empty when it was none of the words known. Chinese has no blanks in it. */
  readonly text: string;
  /** 0 to 1, against the alternatives. */
  readonly confidence: number;
  /** Other readings, likeliest first. */
  readonly alternatives: readonly string[];
  readonly words: readonly AsrWord[];
}

/** Utterances follow each other: `speech_started`, partials, `final`. After `failed` there is nothing more. */
export type AsrEvent =
  /** Somebody has begun to speak, at that time. */
  | { readonly kind: 'speech_started'; readonly atMs: Ms }
  | { readonly kind: 'partial'; readonly text: string }
  | ({ readonly kind: 'final'; readonly startMs: Ms; readonly endMs: Ms } & Recognised)
  | { readonly kind: 'failed'; readonly why: string };

export interface AsrOptions {
  readonly language: AsrLanguage;
  readonly rate: AsrRate;
  /** A grammar, where the model allows one; left out or empty: anything may be said. */
  readonly words?: readonly string[] | undefined;
  /** Silence that ends an utterance. */
  readonly endSilenceMs: Ms;
  /** Audio from a file: it may take its time, and gives way when the machine is busy. Then `drained` says when to write on. */
  readonly patient?: boolean;
}

export interface AsrStream {
  /** L16, little-endian, mono, any number of whole samples. Never blocks, never throws. */
  write(pcm: Buffer): void;
  /** What is being said is finished, then nothing more comes. Idempotent. */
  end(): void;
  /** Stops at once; nothing more is heard. */
  abandon(): void;
  /** Settles when what was written has been worked on, but for half a second of it. */
  drained(): Promise<void>;
  /** Settles when nothing more will come. */
  readonly over: Promise<void>;
}

/** Speech recognition. */
export interface Asr {
  /** Those with a model or a server, whether it works now or not. */
  languages(): readonly AsrLanguage[];
  /** undefined, or why this language cannot be listened to now. */
  unavailable(language: AsrLanguage): string | undefined;
  /** Never throws: what cannot be is heard as `failed`, in a later turn. */
  open(options: AsrOptions, heard: (event: AsrEvent) => void): AsrStream;
  /** Streams that are open. */
  streams(): number;
  /** Of the processes that serve them. */
  pids(): readonly number[];
  close(): Promise<void>;
}

/** One language of one engine. It knows utterances; where they begin and end in a stream is decided before it. */
export interface Engine {
  /** Why nothing can be begun now; who is patient does not mind that it is busy. */
  unavailable(patient?: boolean): string | undefined;
  /** Never throws; one of `final` and `failed` comes, once, in a later turn, unless it is dropped. */
  begin(how: UtteranceOptions, heard: UtteranceListener): Utterance;
  /** Of its processes. */
  pids(): readonly number[];
  close(): Promise<void>;
}
export interface UtteranceOptions {
  readonly rate: AsrRate;
  readonly words: readonly string[];
  readonly patient: boolean;
}
export interface UtteranceListener {
  partial(text: string): void;
  final(what: Recognised): void;
  failed(why: string): void;
}
export interface Utterance {
  feed(pcm: Buffer): void;
  finish(): void;
  drop(): void;
  /** Audio that was fed and has not been worked on yet. */
  backlogMs(): Ms;
}

/** What of a logger this room uses. */
export interface AsrLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}
