import type { Ms } from '../base/index.js';
import type { Clock } from './clock.js';
import type { AcdSetup, AgentId, Remembered } from './engine/index.js';
import type { Journal } from './journal-types.js';
import type { AcdFact } from './perform.js';
import type { Carriers } from './ports.js';

export interface AcdOptions {
  readonly setup: AcdSetup;
  readonly carriers: Carriers;
  readonly journal: Journal;
  /** Facts of one step, in order. Runs `alongside` in the transaction that writes them; answers whether all of it is on disk. */
  readonly publish: (facts: readonly AcdFact[], alongside: () => void) => boolean;
  readonly log: { error(fields: object, message: string): void };
  readonly clock?: Clock;
  /** How often carriers are asked whether they still have whom agents are busy with. */
  readonly leaseMs?: Ms;
  /** Where the days of the centre begin. */
  readonly timeZone?: string;
  /** What agents had chosen before there was a log. */
  readonly former?: () => ReadonlyMap<AgentId, Remembered>;
  /** How long a step took, for the gauge. */
  readonly onStep?: (ms: Ms) => void;
}
