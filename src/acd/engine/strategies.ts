import type { Ms } from '../../base/index.js';
import type { Agent } from './state.js';
import type { Strategy, StrategyName } from './types.js';

/**
 * A strategy is a ranking: the agent with the least number is asked first; of equals, who became idle first. It is taken when
 * the agent becomes idle and must keep its order from then on without being looked at again.
 */
type Ranking = (agent: Agent, fit: number, strategy: Strategy) => number;

/** Time busy counts half after so long. */
const HALF_LIFE_MS: Ms = 3_600_000;
const MINUTE_MS: Ms = 60_000;

const RANKINGS: Readonly<Record<StrategyName, Ranking>> = {
  longest_idle: (agent) => agent.idleSince,
  // All occupancies halve alike while their owners idle, so the logarithm minus the passing of time compares them at any moment.
  least_occupied: ({ busy }) => (busy.ms > 0 ? Math.log2(busy.ms) + busy.at / HALF_LIFE_MS : -Infinity),
  fewest_today: (agent) => agent.today,
  round_robin: (agent) => agent.offered,
  most_skilled: (_agent, fit) => -fit,
  // Everybody's idle time grows alike: when it began says who has more of it.
  weighted: (agent, fit, { weights }) => (weights.idleMinute * agent.idleSince) / MINUTE_MS - weights.skillLevel * fit + weights.handledToday * agent.today,
};

export const rankOf = (agent: Agent, fit: number, strategy: Strategy): number => RANKINGS[strategy.by](agent, fit, strategy);

/** Time busy up to now, older time counting less. */
export const busyAt = ({ ms, at }: Agent['busy'], now: Ms): Ms => ms * 2 ** ((at - now) / HALF_LIFE_MS);

/**
 * Of agents who may have several contacts at once, who has fewest on hand is asked first, whatever the ranking: loads of equals differ by at
 * most one. Where skills decide, they do.
 */
export const loadOf = ({ work }: Agent, { by }: Strategy): number => (by === 'most_skilled' || by === 'weighted' ? 0 : work.length);
