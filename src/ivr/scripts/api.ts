import type { Value } from '../expressions/index.js';
import type { Language } from '../../speech/tts/index.js';
import type { StepInputs } from './inputs.js';

/** What a script knows of its call when it begins. */
export interface CallFacts {
  /** As in every log line about this call. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** The language chosen so far. */
  readonly language: Language | undefined;
  /** What the step that started the script gave it. */
  readonly args: Readonly<Record<string, Value>>;
  readonly variables: Readonly<Record<string, Value>>;
}

/**
 * A step done by a script: its parameters are those of YAML. Names of flows in it (`keys`, `intents`, `otherwise`, `on_error`) are
 * labels of the script's own: the promise resolves with the one that was taken, or `undefined` where the step just went on.
 * Rejects with `StepFailed` when the step failed and has no `on_error`, and with `CallGone` once the caller has hung up.
 */
export type StepVerb<K extends keyof StepInputs> = (parameters: StepInputs[K]) => Promise<string | undefined>;

export type DialplanCall = Omit<CallFacts, 'language' | 'variables'> & {
  /** Fires when the caller is gone; every verb rejects from then on, and the script has two seconds to finish. */
  readonly signal: AbortSignal;
  /** The language chosen so far. */
  readonly speaks: Language | undefined;
  /** As the steps so far have left them. */
  readonly variables: Readonly<Record<string, Value>>;
  /** Ends the script; the call goes on in this flow of the dialplan. */
  goto(flow: string): Promise<never>;
} & { readonly [K in keyof StepInputs]: StepVerb<K> };

export type DialplanScript = (call: DialplanCall) => Promise<unknown>;

/** `export const main = dialplan(async (call) => { … })`. What it resolves with is the value of the `script` step. */
export const dialplan = (script: DialplanScript): DialplanScript => script;

/** Whether an error says that the caller has hung up: nothing is wrong then. */
export const isGone = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'call.gone';
/** Whether an error says that a step failed. */
export const isStepFailed = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'script.step_failed';
