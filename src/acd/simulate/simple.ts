import type { Ms } from '../../base/index.js';
import type { AcdSetup, AgentId, ContactId, QueueId } from '../engine/index.js';
import { batches, type Batches } from './batches.js';
import type { Estimate } from './estimate.js';
import { theoryOf, type Theory } from './erlang.js';
import { randomFrom } from './random.js';
import { simulate, type Caller, type Watcher, type World } from './world.js';

/** One queue, agents who are all alike, Poisson arrivals, exponential times: what theory can be held against. Durations in seconds. */
export interface SimpleScenario {
  readonly arrivals_per_hour: number;
  readonly mean_handling_s: number;
  /** Null: nobody gives up. */
  readonly mean_patience_s: number | null;
  readonly agents: number;
  /** At least; longer where the figures would else be too uncertain. */
  readonly hours: number;
  readonly seed: number;
  readonly threshold_s: number;
}
export interface SimpleFigures {
  /** Answered within the threshold, of all who came. */
  readonly service_level: number;
  /** Mean wait of those who were answered. Null: nobody was. */
  readonly asa_s: number | null;
  readonly abandoned_share: number;
  readonly occupancy: number;
  /** Found no agent free. */
  readonly waiting_share: number;
}
export interface SimpleOutcome extends SimpleFigures {
  /** Null where there is no steady state. */
  readonly analytical: (SimpleFigures & { readonly model: Theory['model'] }) | null;
  /** Standard errors of the figures above, by batch means, with what chance was off in arrivals and handling taken out of the shares. */
  readonly standard_error: SimpleFigures;
  readonly seed: number;
  readonly contacts: number;
  readonly simulated_hours: number;
  readonly warm_up_hours: number;
}

const HOUR: Ms = 3_600_000;
/** Standard errors that are small enough; of the mean wait, by itself. */
const SHARE_ERROR = 0.003;
const WAIT_ERROR = 0.01;
/** No longer than this, however uncertain: the standard error says so. */
const MOST_CONTACTS = 600_000;
const QUEUE = 'queue' as QueueId;

/** Runs the engine with this queue for as long as the figures need, and no longer than `mostContacts` take to come. */
export function runSimple(scenario: SimpleScenario, { seed = scenario.seed, mostContacts = MOST_CONTACTS }: { readonly seed?: number; readonly mostContacts?: number } = {}): SimpleOutcome {
  const warmUpMs = warmUp(scenario);
  const most = Math.max(scenario.hours * HOUR, (mostContacts / scenario.arrivals_per_hour) * HOUR);
  const tally = batches({
    start: warmUpMs, batchMs: Math.max(scenario.hours / 20, 0.05) * HOUR, thresholdMs: scenario.threshold_s * 1000, agents: scenario.agents,
    perHour: scenario.arrivals_per_hour, handlingMs: scenario.mean_handling_s * 1000,
  });
  const world = worldOf(scenario, seed);
  const [anyAgent] = world.setup.agents;
  let contacts = 0;
  let lookAt = warmUpMs + scenario.hours * HOUR;
  const watch: Watcher = {
    came(caller) {
      contacts += 1;
      if (anyAgent) tally.arrived(caller.at, caller.handlingMs(anyAgent));
    },
    answered: (caller, at) => tally.answered(caller.at, at),
    left: (caller, at) => tally.gone(caller.at, at),
    told: () => undefined,
    agentBecame: (_agent, at, from, to) => tally.busy(at, (to === 'talking' ? 1 : 0) - (from === 'talking' ? 1 : 0)),
    handled: () => undefined,
    enough(at) {
      if (at < lookAt || !tally.closed(at)) return false;
      lookAt = warmUpMs + (at - warmUpMs) * 1.2;
      return at - warmUpMs >= most || settled(tally);
    },
  };
  const endedAt = simulate(world, watch);
  const theory = theoryOf({
    arrivalsPerHour: scenario.arrivals_per_hour, meanHandlingS: scenario.mean_handling_s, meanPatienceS: scenario.mean_patience_s, agents: scenario.agents, thresholdS: scenario.threshold_s,
  });
  return {
    ...figures(tally, 'value'), analytical: theory ? asFigures(theory) : null, standard_error: figures(tally, 'error'), seed, contacts,
    simulated_hours: rounded(endedAt / HOUR), warm_up_hours: rounded(warmUpMs / HOUR),
  };
}

/** Until the empty beginning is forgotten: some handling times, more of them the closer to saturation. */
function warmUp({ arrivals_per_hour, mean_handling_s, agents, mean_patience_s }: SimpleScenario): Ms {
  const load = (arrivals_per_hour / 3600) * mean_handling_s / agents;
  const slack = Math.max(0.02, 1 - Math.sqrt(Math.min(1, load)));
  const settlingS = mean_patience_s === null ? (3 * mean_handling_s) / (agents * slack * slack) : 5 * mean_patience_s;
  return Math.max(10 * mean_handling_s, settlingS) * 1000;
}

function settled(tally: Batches): boolean {
  const { waiting_share, service_level, abandoned_share, occupancy, asa } = tally.estimates();
  const wide = (e: Estimate): boolean => e.error > SHARE_ERROR;
  return !wide(waiting_share) && !wide(service_level) && !wide(abandoned_share) && !wide(occupancy) && asa.error <= Math.max(1, WAIT_ERROR * asa.value);
}

function figures(tally: Batches, part: keyof Estimate): SimpleFigures {
  const { service_level, asa, abandoned_share, occupancy, waiting_share } = tally.estimates();
  const shown = (e: Estimate): number => rounded(e[part]);
  return {
    service_level: shown(service_level), asa_s: Number.isFinite(asa[part]) ? rounded(asa[part] / 1000) : null,
    abandoned_share: shown(abandoned_share), occupancy: shown(occupancy), waiting_share: shown(waiting_share),
  };
}

const asFigures = ({ model, serviceLevel, asaS, abandonedShare, occupancy, waitingShare }: Theory): SimpleFigures & { readonly model: Theory['model'] } => ({
  model, service_level: rounded(serviceLevel), asa_s: rounded(asaS), abandoned_share: rounded(abandonedShare), occupancy: rounded(occupancy), waiting_share: rounded(waitingShare),
});
const rounded = (n: number): number => Math.round(n * 1e5) / 1e5;

function worldOf(scenario: SimpleScenario, seed: number): World {
  const ids = Array.from({ length: scenario.agents }, (_, i) => `agent-${i + 1}` as AgentId);
  return {
    start: 0, end: Infinity, setup: setupOf(ids), others: [], callers: callersOf(scenario, seed),
    players: ids.map((id) => ({ id, duties: [], ringMs: () => 0 })),
  };
}

function* callersOf({ arrivals_per_hour, mean_handling_s, mean_patience_s }: SimpleScenario, seed: number): Generator<Caller, never> {
  const [gaps, handling, patience] = [randomFrom(seed, 1), randomFrom(seed, 2), randomFrom(seed, 3)];
  const exponential = (mean: number, draw: number): number => -Math.log(1 - draw) * mean;
  for (let at = 0, n = 0; ; n += 1) {
    at += exponential(HOUR / arrivals_per_hour, gaps());
    const id = `c${n}`;
    const handlingMs = exponential(mean_handling_s * 1000, handling());
    yield {
      at, kind: 'all', contact: { id: id as ContactId, queues: [QUEUE], channel: 'voice', subject: `call:${id}` },
      patienceMs: mean_patience_s === null ? Infinity : exponential(mean_patience_s * 1000, patience()), handlingMs: () => handlingMs,
    };
  }
}

const setupOf = (agents: readonly AgentId[]): AcdSetup => ({
  queues: [{
    id: QUEUE, name: 'queue', mode: 'open', strategy: { by: 'longest_idle', weights: { idleMinute: 0, skillLevel: 0, handledToday: 0 } }, atOnce: [{ afterMs: 0, agents: 1 }],
    offerMs: 15_000, autoAccept: true, connectMs: 10_000, wrapUp: { ms: 0, maxMs: 0 }, maxUnanswered: 0, pauseMs: { noAnswer: 0, busy: 0, rejected: 0, unreachable: 0 },
    required: [], preferred: [], rules: [], relax: [], sticky: [], reserve: undefined, ageingMs: 0, maxWaiting: 0, maxWaitMs: 0, on: {}, exits: {}, escalate: [],
    callback: { first: 'agent', attempts: 1, retryMs: 60_000 }, announce: undefined, serviceLevel: { thresholdMs: 20_000, shortAbandonMs: 0 },
  }],
  agents: agents.map((id) => ({ id, name: id, queues: [{ queue: QUEUE, rank: 1, ring: 1 }], skills: {}, capacity: { voice: 1 }, initial: 'available' })),
  blending: {}, blocked: [], rankMs: 0,
});
