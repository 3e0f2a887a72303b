import type { Ms } from '../../base/index.js';
import type { Language } from '../../speech/tts/index.js';
import type { DigitCheck } from '../collect/index.js';
import type { Expression, Value } from '../expressions/index.js';
import type { Calendar } from '../hours/index.js';
import type { Method } from '../http/index.js';
import type { AttributeValue, SkillNeed } from '../ports.js';
import type { Template, Written as WrittenValue } from './template.js';

export type { WrittenValue };
/** What is said in each language; at least one is there. A text with variables in it is a template. */
export type Prompt = Readonly<Partial<Record<Language, string | Template>>>;

/** A text of the form `$name` stands for what that variable holds when the step is done. */
export type Written = AttributeValue;
/** What a step says of somebody who is to wait. */
export interface WrittenWish {
  readonly priority: number;
  readonly attributes: Readonly<Record<string, Written>>;
  readonly needs: readonly SkillNeed[];
}
/** The next time clocks of that zone show this. */
export interface ClockTime {
  readonly time: string;
  readonly timeZone: string | undefined;
}
/** What may cut a prompt short. A key that may not is kept until the prompt is over; speech that may not is not listened to. */
export type BargeIn = 'all' | 'keys' | 'speech' | 'none';

/** Where a spoken wish leads. */
export interface IntentWay {
  readonly flow: string;
  /** Asked when it is not quite certain; `undefined` = what was heard is repeated. */
  readonly confirm: Prompt | undefined;
  /** What must be known before, and how it is asked for: entity → question. */
  readonly slots: Readonly<Record<string, Prompt>>;
}

/** What every step that puts a question has. */
export interface Question {
  readonly prompt: Prompt;
  /** Instead of the prompt at the second try, the third, …; the last stays. */
  readonly help: readonly Prompt[];
  readonly bargeIn: BargeIn;
  /** How often the question is put, the first time included. */
  readonly tries: number;
  /** How long a silent caller is waited for, from the end of the prompt. */
  readonly timeoutMs: Ms;
  /** Where silence and nonsense lead in the end. */
  readonly otherwise: string | undefined;
}
export interface Ask extends Question {
  readonly do: 'ask';
  /** Key pressed → flow. */
  readonly keys: Readonly<Record<string, string>>;
  readonly intents: Readonly<Record<string, IntentWay>>;
  /** Confidences from which a wish is acted on, and asked back for. */
  readonly bands: { readonly act: number; readonly confirm: number };
  /** Spoken instead of the prompt where speech cannot be had. */
  readonly keysPrompt: Prompt | undefined;
  /** A hint for the recogniser. */
  readonly words: readonly string[];
  readonly endSilenceMs: Ms;
}
export interface Collect extends Question {
  readonly do: 'collect';
  /** The variable. */
  readonly into: string;
  readonly least: number;
  readonly most: number;
  readonly terminator: string | undefined;
  readonly betweenMs: Ms;
  /** Spoken digits are taken too. */
  readonly speech: boolean;
  readonly check: DigitCheck | undefined;
  /** Said when the check fails; `undefined` = in our words. */
  readonly wrong: Prompt | undefined;
  /** Not to be seen in any event. */
  readonly secret: boolean;
}
export interface SurveyQuestion {
  readonly name: string;
  readonly prompt: Prompt;
  readonly from: number;
  readonly to: number;
}
export interface Http {
  readonly do: 'http';
  readonly method: Method;
  readonly url: string | Template;
  readonly headers: Readonly<Record<string, string | Template>>;
  readonly body: WrittenValue | undefined;
  readonly timeoutMs: Ms;
  /** Further attempts after the first; POST and PATCH only where the service recognises a request it has seen. */
  readonly retries: number;
  readonly retryUnsafe: boolean;
  readonly expect: 'json' | 'text';
  /** Variable → path into the answer. */
  readonly save: Readonly<Record<string, string>>;
  /** Variable → value when there is no good answer; with it the flow goes on. */
  readonly fallback: Readonly<Record<string, Value>> | undefined;
  /** Where no good answer leads. */
  readonly otherwise: string | undefined;
}
/** A new ticket, or how one of the caller's stands. */
export interface Ticket {
  readonly do: 'ticket';
  readonly what:
    | {
      readonly type: string; readonly subject: string | Template; readonly text?: string | Template | undefined; readonly priority?: string | undefined; readonly tags: readonly string[];
      readonly fields: Readonly<Record<string, WrittenValue>>;
    }
    | { readonly status: 'latest' | 'open' | 'number'; readonly number: string | Template | undefined; readonly type: string | undefined };
  readonly into: string;
  /** Where it leads that there is none. */
  readonly otherwise: string | undefined;
}
export interface Message {
  readonly do: 'message';
  readonly by: 'any' | 'mail' | 'chat';
  readonly to: string | Template | undefined;
  readonly subject: Prompt | undefined;
  readonly text: Prompt;
  /** Where it leads that he cannot be reached. */
  readonly otherwise: string | undefined;
}
export interface Condition {
  readonly when: Expression;
  readonly flow: string;
}
export type DialTo = { readonly extension: string } | { readonly number: string; readonly trunk?: string | undefined };

export type StepDo =
  | { readonly do: 'say'; readonly prompt: Prompt; readonly bargeIn?: BargeIn | undefined }
  | { readonly do: 'play'; readonly files: Readonly<Partial<Record<Language | 'any', string>>>; readonly bargeIn?: BargeIn | undefined }
  | Ask
  | Collect
  | { readonly do: 'language'; readonly prompt: Prompt; readonly keys: Readonly<Record<string, Language>>; readonly tries: number; readonly timeoutMs: Ms; readonly otherwise: Language | undefined }
  | { readonly do: 'branch'; readonly cases: readonly Condition[]; readonly otherwise: string | undefined }
  | { readonly do: 'hours'; readonly calendar: string; readonly open: string | undefined; readonly closed: string | undefined; readonly holiday: string | undefined }
  | Http
  | Ticket
  | Message
  | ({ readonly do: 'queue'; readonly names: readonly [string, ...string[]]; /** The flow is over after it. */ readonly forGood?: boolean } & WrittenWish)
  | ({ readonly do: 'callback'; readonly queue: string; readonly at: ClockTime | undefined } & WrittenWish)
  | { readonly do: 'dial'; readonly to: DialTo; readonly timeoutMs: Ms }
  | { readonly do: 'transfer'; readonly to: DialTo | { readonly flow: string }; readonly timeoutMs: Ms }
  | { readonly do: 'record'; readonly prompt: Prompt | undefined; readonly into: string; readonly maxMs: Ms; readonly silenceMs: Ms; readonly beep: boolean }
  | { readonly do: 'survey'; readonly questions: readonly SurveyQuestion[]; readonly tries: number; readonly timeoutMs: Ms; readonly thanks: Prompt | undefined }
  | { readonly do: 'set'; readonly language: Language | undefined; readonly variables: Readonly<Record<string, WrittenValue>> }
  | { readonly do: 'goto'; readonly flow: string }
  | { readonly do: 'call'; readonly flow: string; readonly args: Readonly<Record<string, WrittenValue>> }
  | { readonly do: 'script'; readonly name: string; readonly args: Readonly<Record<string, WrittenValue>>; readonly into: string | undefined }
  | { readonly do: 'hang_up' };
/** What a flow remembers of a call, by name. */
export type Variables = Readonly<Record<string, Value>>;
export type StepKind = StepDo['do'];
export type Step = StepDo & { readonly onError: string | undefined };

/** One dialplan file as it was when it was read. Never changes: a call finishes on the plan it began with. */
export interface Plan {
  readonly file: string;
  readonly flows: ReadonlyMap<string, readonly Step[]>;
  /** The flow in which a person takes the call: where 0 and "人工" lead. */
  readonly person?: string | undefined;
  /** Some question can be answered by speech: callers are listened to everywhere. */
  readonly speech?: boolean | undefined;
  /** By name. */
  readonly calendars?: ReadonlyMap<string, Calendar> | undefined;
  /** IANA; that of the machine where it is not said. */
  readonly timeZone?: string | undefined;
}
