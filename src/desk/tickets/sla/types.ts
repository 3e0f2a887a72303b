import type { Ms } from '../../../base/index.js';
import type { BusinessTime } from './business.js';

/** `response`: the first public answer. `update`: the next one, again and again. `resolution`: until it is resolved. */
export type Target = 'response' | 'update' | 'resolution';
export const TARGETS: readonly Target[] = ['response', 'update', 'resolution'];

/** Durations of business time. */
export interface Goal {
  readonly targetMs: Ms;
  /** So long before the target somebody is warned; null: nobody. Less than the target. */
  readonly warnMs: Ms | null;
  /** So long after the target it goes up, one level after the other; ascending. */
  readonly escalateMs: readonly Ms[];
}
/** What was promised. A target without goal is measured, and nobody is warned. */
export interface Policy {
  readonly name: string;
  readonly goals: Readonly<Partial<Record<Target, Goal>>>;
}

/** What has been told already in this round of a clock: `warn`, `breach`, `escalate:1`, … */
export type Mark = 'warn' | 'breach' | `escalate:${number}`;
export interface Clock {
  readonly spentMs: Ms;
  readonly told: readonly Mark[];
}
/** `within`: null where nothing was promised. */
export interface Result {
  readonly at: number;
  readonly businessMs: Ms;
  readonly within: boolean | null;
}
export interface SlaState {
  /** Up to when time has been counted. */
  readonly at: number;
  readonly calendar: string;
  readonly policy: Policy | null;
  readonly answered: boolean;
  /** The customer has to do something first. */
  readonly paused: boolean;
  readonly resolved: boolean;
  /** Merged into another: no clock of it ever runs again. */
  readonly over: boolean;
  readonly clocks: Readonly<Record<Target, Clock>>;
  readonly response: Result | null;
  /** The latest one; stays when the ticket is reopened, until it is resolved again. */
  readonly resolution: Result | null;
  readonly firstResolution: Result | null;
  readonly reopened: number;
}

export type SlaEvent =
  | { readonly type: 'answered' | 'paused' | 'resumed' | 'resolved' | 'reopened' | 'merged' | 'time_passed' }
  | { readonly type: 'policy_set'; readonly policy: Policy | null }
  | { readonly type: 'calendar_set'; readonly calendar: string };

/** `at`: when it came to pass, which may lie before now: nobody looked. */
export type SlaEffect =
  | { readonly do: 'warn' | 'breach'; readonly target: Target; readonly at: number }
  | { readonly do: 'escalate'; readonly target: Target; readonly level: number; readonly at: number }
  | { readonly do: 'met'; readonly target: 'response' | 'resolution'; readonly result: Result };

export type Calendars = (name: string) => BusinessTime;
