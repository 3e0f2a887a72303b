import type { Ms } from '../../base/index.js';
import type { Language, Spoken } from '../../speech/tts/index.js';
import type { DialEnd, DialRequest, HangUpCause, PlayEnd, QueueEnd, QueueRequest } from '../ports.js';
import type { Plan } from './plan.js';

export type FlowEvent =
  | { readonly type: 'started' }
  | { readonly type: 'play.ended'; readonly id: number; readonly how: PlayEnd }
  | { readonly type: 'key.pressed'; readonly key: string }
  | { readonly type: 'time.passed'; readonly id: number }
  | { readonly type: 'queue.ended'; readonly id: number; readonly how: QueueEnd }
  | { readonly type: 'dial.ended'; readonly id: number; readonly how: DialEnd }
  | { readonly type: 'caller.gone' };

/** `id` comes back with the event that answers; an answer whose `id` is not waited for any more is ignored. */
export type FlowEffect =
  | { readonly do: 'play'; readonly id: number; readonly prompts: readonly Spoken[] }
  | { readonly do: 'stop_playing' }
  | { readonly do: 'arm'; readonly id: number; readonly afterMs: Ms }
  | { readonly do: 'queue'; readonly id: number; readonly to: QueueRequest }
  | { readonly do: 'dial'; readonly id: number; readonly to: DialRequest }
  | { readonly do: 'finish'; readonly how: FlowEnd; readonly hangUp: HangUpCause | undefined }
  | { readonly do: 'publish'; readonly fact: FlowFact };

export type FlowFact =
  | { readonly type: 'flow_entered'; readonly data: { readonly flow: string } }
  | { readonly type: 'digits'; readonly data: { readonly digits: string; readonly flow: string } }
  | { readonly type: 'language_set'; readonly data: { readonly language: Language } }
  | { readonly type: 'flow_failed'; readonly data: { readonly flow: string; readonly step: number; readonly why: string } };

/** `failed`: the last resort was needed. */
export type FlowEnd = 'hung_up' | 'caller_gone' | 'failed';

/** What the flow waits for. Each kind carries what only it needs. */
export type Waiting =
  | { readonly for: 'start' | 'nothing' }
  | { readonly for: 'said' | 'queue' | 'dial' | 'notice' | 'apology'; readonly id: number }
  | { readonly for: 'answer'; readonly id: number; readonly prompt: 'playing' | 'over'; readonly tries: number };

export interface FlowState {
  readonly plan: Plan;
  readonly flow: string;
  /** Of the step being done, from 0. */
  readonly index: number;
  readonly language: Language | undefined;
  readonly waiting: Waiting;
  /** Pressed during a greeting, meant for the question that follows it. */
  readonly typed: string | undefined;
  /** The last ID given out. */
  readonly serial: number;
  /** Steps that needed their `on_error` so far in this call. */
  readonly failures: number;
  /** Steps done since something was last waited for, and in all. */
  readonly steps: { readonly sinceWait: number; readonly all: number };
}
