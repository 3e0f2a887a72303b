import type { Ms } from '../../base/index.js';
import type { Language } from '../../speech/tts/index.js';
import type { Value } from '../expressions/index.js';
import type { HttpAnswer, HttpSpec } from '../http/index.js';
import type { FlowEnd, Meant } from '../machine/index.js';
import type { DeskEnd, DeskOrder, ScriptEnd, ScriptRequest } from '../ports.js';

/** Where an answer of the world comes from, and how long it takes on the virtual clock. */
export interface Taking<T> {
  readonly answer: T;
  readonly tookMs: Ms;
}
/** What is outside the flow: doubles in tests, the real thing in a conversation at the terminal. */
export interface World {
  readonly http: (spec: HttpSpec) => Promise<Taking<HttpAnswer>> | Taking<HttpAnswer>;
  readonly script: (to: ScriptRequest) => Promise<Taking<ScriptEnd>> | Taking<ScriptEnd>;
  readonly desk: (order: DeskOrder) => Taking<DeskEnd>;
  /** undefined: there is no engine, so nothing is understood. */
  readonly understand: ((sentence: Sentence) => Promise<Meant>) | undefined;
}
export interface Sentence {
  readonly text: string;
  readonly language: Language;
  readonly intents: readonly string[];
  /** When it is said, ms since 1970, and where. */
  readonly atMs: number;
  readonly timeZone: string | undefined;
}

/** Where a call left the flow, for the time being or for good. */
export type Place =
  | { readonly by: 'queue'; readonly queues: readonly string[]; readonly priority: number; readonly attributes: Readonly<Record<string, Value>>; readonly language: Language | undefined }
  | { readonly by: 'dial' | 'transfer'; readonly extension?: string; readonly number?: string }
  | { readonly by: 'callback'; readonly queue: string }
  | { readonly by: 'record' }
  | { readonly by: 'hang_up' | 'caller' | 'failed' };

/** What happened, when, counted from the first ring. */
export type Line = { readonly atMs: Ms } & (
  | { readonly kind: 'flow'; readonly flow: string }
  | { readonly kind: 'said'; readonly text: string; readonly language: Language | undefined; readonly untilMs: Ms }
  | { readonly kind: 'hushed' }
  | { readonly kind: 'pressed'; readonly key: string }
  | { readonly kind: 'spoke'; readonly text: string; readonly lost: boolean }
  | { readonly kind: 'understood'; readonly intent: string; readonly confidence: number; readonly verdict: string }
  | { readonly kind: 'http'; readonly method: string; readonly url: string; readonly body: Value | undefined; readonly outcome: string }
  | { readonly kind: 'script'; readonly name: string; readonly outcome: string }
  | { readonly kind: 'desk'; readonly order: DeskOrder; readonly outcome: string }
  | { readonly kind: 'knows'; readonly name: string; readonly value: Value }
  | { readonly kind: 'language'; readonly language: Language }
  | { readonly kind: 'waits'; readonly ms: Ms }
  | { readonly kind: 'person'; readonly by: string }
  | { readonly kind: 'silent'; readonly why: string }
  | { readonly kind: 'failed'; readonly flow: string; readonly step: number; readonly why: string }
  | { readonly kind: 'left'; readonly place: Place }
  | { readonly kind: 'over'; readonly how: FlowEnd }
);

/** A step that was done: `index` from 0. */
export interface Visit {
  readonly flow: string;
  readonly index: number;
}
