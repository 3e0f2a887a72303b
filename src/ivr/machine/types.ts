import type { Ms } from '../../base/index.js';
import type { Language } from '../../speech/tts/index.js';
import type { Value } from '../expressions/index.js';
import type { HttpAnswer, HttpSpec } from '../http/index.js';
import type {
  CallbackEnd, CallbackRequest, DeskEnd, DeskOrder, DialEnd, DialRequest, HangUpCause, Heard, ListenRequest, Played, PlayEnd, QueueEnd, QueueRequest, RecordEnd, RecordRequest, ScriptEnd, ScriptRequest, TransferRequest,
} from '../ports.js';
import type { ClockTime, Plan, Variables } from './plan.js';

/** What a sentence was understood to mean. Structurally that of ../../nlu. */
export interface Meant {
  /** Best first; confidences 0 to 1. */
  readonly intents: readonly { readonly name: string; readonly confidence: number }[];
  /** How probably it is none of them. */
  readonly outOfScope: number;
  readonly entities: readonly { readonly entity: string; readonly value: string | number }[];
}

export type FlowEvent =
  | { readonly type: 'started' }
  | { readonly type: 'play.ended'; readonly id: number; readonly how: PlayEnd }
  | { readonly type: 'key.pressed'; readonly key: string }
  | { readonly type: 'heard'; readonly id: number; readonly what: Heard }
  /** `meant` is undefined when nothing could be made of it for want of an engine. */
  | { readonly type: 'understood'; readonly id: number; readonly meant: Meant | undefined }
  | { readonly type: 'time.passed'; readonly id: number }
  | { readonly type: 'http.ended'; readonly id: number; readonly answer: HttpAnswer }
  | { readonly type: 'script.ended'; readonly id: number; readonly how: ScriptEnd }
  | { readonly type: 'desk.ended'; readonly id: number; readonly how: DeskEnd }
  | { readonly type: 'record.ended'; readonly id: number; readonly how: RecordEnd }
  | { readonly type: 'queue.ended'; readonly id: number; readonly how: QueueEnd }
  | { readonly type: 'callback.ended'; readonly id: number; readonly how: CallbackEnd }
  | { readonly type: 'dial.ended'; readonly id: number; readonly how: DialEnd }
  | { readonly type: 'caller.gone' };

/** `id` comes back with the event that answers; an answer whose `id` is not waited for any more is ignored. */
export type FlowEffect =
  | { readonly do: 'play'; readonly id: number; readonly prompts: readonly Played[] }
  | { readonly do: 'stop_playing' }
  | { readonly do: 'listen'; readonly id: number; readonly to: ListenRequest }
  | { readonly do: 'stop_listening' }
  | { readonly do: 'understand'; readonly id: number; readonly text: string; readonly language: Language; readonly intents: readonly string[] }
  | { readonly do: 'arm'; readonly id: number; readonly afterMs: Ms }
  | { readonly do: 'http'; readonly id: number; readonly request: HttpSpec }
  | { readonly do: 'script'; readonly id: number; readonly to: ScriptRequest }
  | { readonly do: 'desk'; readonly id: number; readonly order: DeskOrder }
  | { readonly do: 'record'; readonly id: number; readonly to: Omit<RecordRequest, 'stop'> }
  | { readonly do: 'stop_recording' }
  | { readonly do: 'queue'; readonly id: number; readonly to: QueueRequest }
  | { readonly do: 'callback'; readonly id: number; readonly to: CallbackWish }
  | { readonly do: 'dial'; readonly id: number; readonly to: DialRequest }
  | { readonly do: 'transfer'; readonly id: number; readonly to: TransferRequest }
  | { readonly do: 'finish'; readonly how: FlowEnd; readonly hangUp: HangUpCause | undefined }
  | { readonly do: 'publish'; readonly fact: FlowFact };

/** A callback as the flow wants it: the driver knows what time it is. */
export type CallbackWish = Omit<CallbackRequest, 'at'> & { readonly at: ClockTime | undefined };

export type FlowFact =
  | { readonly type: 'flow_entered'; readonly data: { readonly flow: string } }
  | { readonly type: 'digits'; readonly data: { readonly digits: string; readonly flow: string } }
  | { readonly type: 'language_set'; readonly data: { readonly language: Language } }
  | { readonly type: 'flow_failed'; readonly data: { readonly flow: string; readonly step: number; readonly why: string } }
  | { readonly type: 'heard'; readonly data: { readonly text: string; readonly confidence: number; readonly flow: string } }
  | { readonly type: 'understood'; readonly data: { readonly flow: string; readonly intent: string; readonly confidence: number; readonly verdict: Verdict } }
  | { readonly type: 'speech_unavailable'; readonly data: { readonly why: string } }
  | { readonly type: 'person_wanted'; readonly data: { readonly flow: string; readonly by: PersonBy } }
  | { readonly type: 'http_answered'; readonly data: { readonly flow: string; readonly step: number; readonly status?: number; readonly why?: string } }
  | { readonly type: 'survey_answered'; readonly data: { readonly question: string; readonly answer: number } };
/** What a confidence leads to. */
export type Verdict = 'act' | 'confirm' | 'again';
export type PersonBy = 'key' | 'speech' | 'errors';

/** `failed`: the last resort was needed. */
export type FlowEnd = 'hung_up' | 'caller_gone' | 'failed';

/** Where a spoken question stands: put as it is, asked back, or asking for what is missing. */
export type Phase =
  | { readonly at: 'question' }
  /** `found`: entities that were named already. */
  | { readonly at: 'confirm'; readonly intent: string; readonly text: string; readonly again: boolean; readonly found: readonly string[] }
  | { readonly at: 'slot'; readonly intent: string; readonly entity: string; readonly found: readonly string[] };

/** What the flow waits for. Each kind carries what only it needs. */
export type Waiting =
  | { readonly for: 'start' | 'nothing' }
  | { readonly for: 'said' | 'queue' | 'callback' | 'dial' | 'notice' | 'apology' | 'http' | 'desk' | 'script' | 'thanks'; readonly id: number }
  | { readonly for: 'record'; readonly id: number; readonly at: 'prompt' | 'recording'; readonly keyed: boolean }
  /** `kept`: a key pressed while the prompt might not be cut short. */
  | { readonly for: 'answer'; readonly id: number; readonly prompt: 'playing' | 'over'; readonly tries: number; readonly phase: Phase; readonly kept: string | undefined }
  | { readonly for: 'meaning'; readonly id: number; readonly tries: number; readonly phase: Phase; readonly text: string }
  /** `question`: of a survey, from 0. `digits`: pressed so far. */
  | { readonly for: 'digits'; readonly id: number; readonly prompt: 'playing' | 'over'; readonly tries: number; readonly digits: string; readonly question: number; readonly due: boolean }
  | { readonly for: 'tongue'; readonly id: number; readonly prompt: 'playing' | 'over'; readonly tries: number };

/** Where a sub-flow returns to, and what its arguments were called before. */
export interface Frame {
  readonly flow: string;
  readonly index: number;
  readonly before: Readonly<Record<string, Value | undefined>>;
}

export interface FlowState {
  readonly plan: Plan;
  readonly flow: string;
  /** Of the step being done, from 0. */
  readonly index: number;
  readonly language: Language | undefined;
  /** `from`, `to`, … as they were given, and what steps have set. */
  readonly variables: Variables;
  /** What was known of the call and its caller before the flow began. */
  readonly given: { readonly call: Variables; readonly customer: Variables };
  readonly frames: readonly Frame[];
  readonly waiting: Waiting;
  /** Pressed during a greeting, meant for the question that follows it. */
  readonly typed: string | undefined;
  /** Begun to speak during a greeting, for the question that follows it. */
  readonly talking: boolean;
  /** The end of a number that was complete before it. */
  readonly swallow: string | undefined;
  /** How the caller is listened to now. */
  readonly ears: { readonly id: number; readonly to: ListenRequest; readonly speaking: boolean } | undefined;
  /** Why nobody listens in this call any more. */
  readonly deaf: string | undefined;
  /** The last ID given out. */
  readonly serial: number;
  /** Steps that needed their `on_error` so far in this call. */
  readonly failures: number;
  /** Steps done since something was last waited for, and in all. */
  readonly steps: { readonly sinceWait: number; readonly all: number };
  /** Ms since 1970, at the event being handled. */
  readonly now: number;
}
