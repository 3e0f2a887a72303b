import { instantOf } from '../../config/index.js';
import { acdSetup, type AcdConfig } from '../setup.js';
import { historyOf } from './history.js';
import { readLog } from './log.js';
import { replay, type Replayed } from './replay.js';
import { modeAt, openings, worldOf } from './rich.js';
import { idsOf, type Scenario } from './scenario.js';
import { runSimple, type SimpleOutcome } from './simple.js';
import { tally, type Outcome } from './tally.js';
import { simulate } from './world.js';
import type { AgentId } from '../engine/index.js';

export { LogUnreadable } from './log.js';
export type { Figures } from './figures.js';
export type { Replayed } from './replay.js';
export type { SimpleFigures, SimpleOutcome } from './simple.js';
export type { GroupFigures, Outcome, WaitsTold } from './tally.js';
export { readScenario, type Scenario } from './scenario.js';

export type Simulated = { readonly form: 'simple'; readonly outcome: SimpleOutcome } | { readonly form: 'rich'; readonly seed: number; readonly outcome: Outcome };

/** Runs a scenario through the engine. The same scenario and seed give the same figures on every machine. */
export function simulateScenario(scenario: Scenario, seed?: number): Simulated {
  if (scenario.form === 'simple') return { form: 'simple', outcome: runSimple(scenario.simple, seed === undefined ? {} : { seed }) };
  const { rich, config } = scenario;
  const chosen = seed ?? rich.seed;
  const world = worldOf(rich, config, chosen);
  const groups = new Map(rich.agents.flatMap((a) => idsOf(a).map((id) => [id as AgentId, a.id] as const)));
  const { watch, outcome } = tally(world.setup, groups, world.start);
  return { form: 'rich', seed: chosen, outcome: outcome(simulate(world, watch)) };
}

export interface ReplayOrder {
  /** `strowger.db`, or lines of JSON. */
  readonly log: string;
  /** Only this day, `2026-11-20` in the zone; undefined: all of the log. */
  readonly day: string | undefined;
  readonly zone: string;
  readonly seed: number;
  /** The settings to try; undefined: only those of the log. */
  readonly config: AcdConfig | undefined;
}

/** Runs the contacts of a log through the engine, with its own settings and with others. @throws LogUnreadable */
export function replayLog({ log, day, zone, seed, config }: ReplayOrder): Replayed {
  const [from, until] = day === undefined ? [-Infinity, Infinity] : [instantOf(day, 0, zone), instantOf(day, 1440, zone)];
  const history = historyOf(readLog(log, from, until), from);
  if (!config) return replay(history, undefined, seed);
  const setup = acdSetup(config, (q) => modeAt(q, history.start, zone));
  return replay(history, { setup, changes: openings(config, setup, history.start, history.end, zone) }, seed);
}

