import type { Ms } from '../base/index.js';
import type { Spoken } from '../speech/tts/index.js';

/** `stopped`: the signal fired first. `failed`: not (all) heard, the flow goes on as its `on_error` says. */
export type PlayEnd = 'ended' | 'stopped' | 'failed';
/** `completed`: an agent talked with the caller and the caller is still there. */
export type QueueEnd = 'completed' | 'failed';
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
  play(prompts: readonly Spoken[], stop: AbortSignal): Promise<PlayEnd>;
  /** Keys `0`–`9`, `*`, `#`, `A`–`D` as they are pressed, also while something plays. Answers how to stop listening. */
  keys(pressed: (key: string) => void): () => void;
  /** Waits with music, rings agents, and lasts until the conversation is over. */
  queue(to: QueueRequest): Promise<QueueEnd>;
  /** Rings an extension or number and lasts until the conversation is over. */
  dial(to: DialRequest): Promise<DialEnd>;
  hangUp(cause: HangUpCause): Promise<void>;
}

export interface QueueRequest {
  readonly name: string;
  /** 1 to 10, 10 first. */
  readonly priority: number;
  /** The language the caller chose; `undefined` = not chosen, so speak all. */
  readonly language: Spoken['lang'] | undefined;
}

export type DialRequest = {
  readonly timeoutMs: Ms;
  readonly language: Spoken['lang'] | undefined;
} & ({ readonly extension: string } | { readonly number: string });
