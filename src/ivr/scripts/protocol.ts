import type { Value } from '../expressions/index.js';
import type { ScriptEnd } from '../ports.js';
import type { CallFacts } from './api.js';

/** What came of a step: the label of the way out it took, and what variables hold now. */
export interface StepAnswer {
  readonly to: string | undefined;
  readonly language: CallFacts['language'];
  readonly variables: Readonly<Record<string, Value>>;
}

export type ToScript =
  | { readonly do: 'start'; /** URL of the compiled script. */ readonly entry: string; readonly exported: string; readonly call: CallFacts }
  | { readonly do: 'answer'; readonly id: number; readonly answer: StepAnswer }
  | { readonly do: 'refuse'; readonly id: number; readonly why: string }
  | { readonly do: 'gone' }
  | { readonly do: 'ping' };

export type FromScript =
  /** One step as it would stand in YAML: one key with its parameters. */
  | { readonly do: 'step'; readonly id: number; readonly step: Readonly<Record<string, unknown>> }
  | { readonly do: 'end'; readonly end: ScriptEnd }
  | { readonly do: 'pong' };
