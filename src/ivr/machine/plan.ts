import type { Ms } from '../../base/index.js';
import type { Language } from '../../speech/tts/index.js';

/** What is said in each language; at least one is there. */
export type Prompt = Readonly<Partial<Record<Language, string>>>;

export type StepDo =
  | { readonly do: 'say'; readonly prompt: Prompt }
  | {
      readonly do: 'ask';
      readonly prompt: Prompt;
      /** Key pressed → flow. */
      readonly keys: Readonly<Record<string, string>>;
      /** How often the question is put, the first time included. */
      readonly tries: number;
      /** How long a silent caller is waited for, from the end of the prompt. */
      readonly timeoutMs: Ms;
      /** Where silence and nonsense lead in the end; `undefined` = to the next step. */
      readonly otherwise: string | undefined;
    }
  | { readonly do: 'queue'; readonly name: string; readonly priority: number }
  | { readonly do: 'dial'; readonly to: { readonly extension: string } | { readonly number: string }; readonly timeoutMs: Ms }
  | { readonly do: 'set'; readonly language: Language }
  | { readonly do: 'goto'; readonly flow: string }
  | { readonly do: 'hang_up' };
export type StepKind = StepDo['do'];
export type Step = StepDo & { readonly onError: string | undefined };

/** One dialplan file as it was when it was read. Never changes: a call finishes on the plan it began with. */
export interface Plan {
  readonly file: string;
  readonly flows: ReadonlyMap<string, readonly Step[]>;
}
