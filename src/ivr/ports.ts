import type { Ms } from '../base/index.js';
import type { Language, Spoken } from '../speech/tts/index.js';
import type { Value } from './expressions/index.js';

export type { Value };

/** A WAV file of the designer's. */
export interface Sound {
  readonly file: string;
}
export type Played = Spoken | Sound;

/** `stopped`: the signal fired first. `failed`: not (all) heard, the flow goes on as its `on_error` says. */
export type PlayEnd = 'ended' | 'stopped' | 'failed';
/**
 * `completed`: an agent talked with the caller and the caller is still there. `flow`: the queue sent the caller there (closed,
 * full, an exit key, …). A queue that takes the caller to an extension or number itself ends as that conversation does.
 */
export type QueueEnd = 'completed' | 'failed' | { readonly flow: string };
/** `booked`: the customer will be called back and may go. */
export type CallbackEnd = 'booked' | 'failed';
export type DialEnd = 'completed' | 'busy' | 'no_answer' | 'rejected' | 'unreachable' | 'failed';
export type HangUpCause = 'completed' | 'failed';

/**
 * What a flow needs of a call. Every promise settles, soon after `signal` fires at the latest; a rejection counts as
 * `failed`. One verb runs at a time.
 */
export interface Verbs {
  /** Fires when the caller is gone. Nothing is played, queued or dialled after that. */
  readonly signal: AbortSignal;
  /** Says these one after another, answering the call first if it is not. `stop` is a key pressed: silence within 60 ms. */
  play(prompts: readonly Played[], stop: AbortSignal): Promise<PlayEnd>;
  /** Keys `0`–`9`, `*`, `#`, `A`–`D` as they are pressed, also while something plays. Answers how to stop listening. */
  keys(pressed: (key: string) => void): () => void;
  /** Waits with music, rings agents, and lasts until the conversation is over. */
  queue(to: QueueRequest): Promise<QueueEnd>;
  /** Books a callback to the caller's number. The caller stays in the flow, which says goodbye. */
  callback(to: CallbackRequest): Promise<CallbackEnd>;
  /** Rings an extension or number and lasts until the conversation is over. */
  dial(to: DialRequest): Promise<DialEnd>;
  /** Gives the caller away: the same as `dial`, but for good. */
  transfer(to: TransferRequest): Promise<DialEnd>;
  /**
   * Listens to the caller, also while something plays, until the answered function is called. Never throws; whatever keeps us from
   * listening is told as `unavailable`, once and last. Utterances follow each other, each `speech_started` ended by a `final`.
   */
  listen(to: ListenRequest, heard: (what: Heard) => void): () => void;
  /** Records what the caller says, until he is silent, `maxMs` are over or `stop` fires. */
  record(to: RecordRequest): Promise<RecordEnd>;
  /** Runs a script of the dialplan. `signal`: its end is not waited for any more. Absent where there is no runner. */
  script?(to: ScriptRequest, signal: AbortSignal): Promise<ScriptEnd>;
  /** Tickets and written messages. Absent where there is no desk. */
  desk?(order: DeskOrder): Promise<DeskEnd>;
  hangUp(cause: HangUpCause): Promise<void>;
}

/** What a flow wants of the desk, for the customer who calls. */
export type DeskOrder =
  | {
    readonly do: 'create_ticket'; readonly type: string; readonly subject: string; readonly text: string; readonly priority: string | undefined; readonly tags: readonly string[];
    readonly fields: Readonly<Record<string, Value>>; readonly language: Language | undefined;
  }
  /** `open`: the newest that is not done; `number`: this one, if it is his. */
  | { readonly do: 'find_ticket'; readonly which: 'latest' | 'open' | 'number'; readonly number: string | undefined; readonly type: string | undefined }
  /** `any`: into the chat he has open, else by mail. `to`: undefined: the address that is known of him. */
  | { readonly do: 'send_message'; readonly by: 'any' | 'mail' | 'chat'; readonly to: string | undefined; readonly subject: string | undefined; readonly text: string; readonly language: Language | undefined };
/** What a flow is told of a ticket: `number`, `state`, `state_zh`, `state_en`, `kind`, … */
export type DeskTicket = Readonly<Record<string, Value>>;
/** `none`: no such ticket, or no way to reach him. */
export type DeskEnd = { readonly how: 'done'; readonly ticket?: DeskTicket } | { readonly how: 'none' } | { readonly how: 'failed'; readonly why: string };

/** A skill and the least level of it, 1 to 10. */
export interface SkillNeed {
  readonly skill: string;
  readonly level: number;
}
export type AttributeValue = string | number | readonly string[];

/** What a flow says of somebody who is to wait. */
export interface Wish {
  /** 1 to 10, 10 first. */
  readonly priority: number;
  /** What is known of the caller, by name: `intent`, `tier`, `tags`, … */
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** Besides what the queues require. */
  readonly needs: readonly SkillNeed[];
  /** The language the caller chose; `undefined` = not chosen, so speak all. */
  readonly language: Spoken['lang'] | undefined;
}

export interface QueueRequest extends Wish {
  /** Where the caller waits, in all of them at once; place and music are those of the first. */
  readonly names: readonly [string, ...string[]];
}

export interface CallbackRequest extends Wish {
  readonly queue: string;
  /** Not to be called before, ms since 1970; `undefined`: the place in line is taken now. */
  readonly at: number | undefined;
}

export type DialRequest = {
  readonly timeoutMs: Ms;
  readonly language: Spoken['lang'] | undefined;
} & ({ readonly extension: string } | { readonly number: string; /** Over this trunk only; else as the number plan says. */ readonly trunk?: string | undefined });
export type TransferRequest = DialRequest;

/** What comes of listening. `speech_started` is the earliest sign of a voice; `final` may be empty when it was none. */
export type Heard =
  | { readonly kind: 'speech_started' }
  | { readonly kind: 'partial'; readonly text: string }
  | { readonly kind: 'final'; readonly text: string; /** 0 to 1 */ readonly confidence: number; readonly alternatives: readonly string[] }
  | { readonly kind: 'unavailable'; readonly why: string };

export interface ListenRequest {
  readonly language: Language;
  /** A grammar or hint; empty: anything may be said. */
  readonly words: readonly string[];
  /** Silence that ends an utterance. */
  readonly endSilenceMs: Ms;
}

export interface RecordRequest {
  readonly maxMs: Ms;
  /** So much silence ends it. */
  readonly silenceMs: Ms;
  /** A tone before it begins. */
  readonly beep: boolean;
  readonly stop: AbortSignal;
}
/** `path` of a WAV file that only we can read; empty when it failed. */
export interface RecordEnd {
  readonly how: 'recorded' | 'failed';
  readonly ms: Ms;
  readonly path: string;
}

export interface ScriptRequest {
  readonly name: string;
  readonly args: Readonly<Record<string, Value>>;
  /** As they are when it begins. */
  readonly language: Language | undefined;
  readonly variables: Readonly<Record<string, Value>>;
}
/** `flow`: the script says where the caller goes on. */
export type ScriptEnd =
  | { readonly how: 'returned'; readonly value: Value; /** Chosen in it. */ readonly language?: Language | undefined }
  | { readonly how: 'flow'; readonly flow: string; readonly language?: Language | undefined }
  | { readonly how: 'failed'; readonly why: string };
