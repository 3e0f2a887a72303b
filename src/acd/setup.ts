import type { AgentConfig, QueueConfig, RoutingConfig } from '../config/index.js';
import type { AcdSetup, AgentId, AgentSetup, QueueId, QueueMode, QueueSetup, Target } from './engine/index.js';
import { once } from './once.js';

/** What the queue room takes of the configuration. */
export interface AcdConfig {
  readonly queues: readonly QueueConfig[];
  readonly agents: readonly AgentConfig[];
  readonly routing: RoutingConfig;
}
type QueueTarget = NonNullable<QueueConfig['on']['full']>;

/** The queue room's settings out of the configuration. A queue's ID is its name. `modeOf`: what hours and set-ups make of its mode. */
export const acdSetup = ({ queues, agents, routing }: AcdConfig, modeOf: (queue: QueueConfig) => QueueMode = (q) => q.mode): AcdSetup => ({
  queues: queues.map((q) => queueSetupsOf(q)[modeOf(q)]),
  agents: agents.map(agentSetupOf),
  blending: routing.blending,
  blocked: routing.blocked.map(({ customer, agent }) => ({ customer, agent: agent as AgentId })),
  rankMs: routing.rankMs,
});

const queueSetup = (q: QueueConfig): Omit<QueueSetup, 'mode'> => ({
  id: q.name as QueueId, name: q.name, strategy: { by: q.strategy, weights: q.weights }, atOnce: q.atOnce,
  offerMs: q.offerMs, autoAccept: q.autoAccept, connectMs: q.connectMs, wrapUp: { ms: q.wrapUpMs, maxMs: q.wrapUpMaxMs },
  maxUnanswered: q.maxUnanswered, pauseMs: q.pauseMs, required: q.required, preferred: q.preferred, rules: q.rules, relax: q.relax,
  sticky: q.sticky, reserve: q.reserve, ageingMs: q.ageingMs, maxWaiting: q.maxWaiting, maxWaitMs: q.maxWaitMs,
  on: mapTargets(q.on), exits: mapTargets(q.exits),
  escalate: q.escalate.map((e) => ({ afterMs: e.afterMs, priority: e.priority, also: e.also as readonly QueueId[], move: e.move && toTarget(e.move) })),
  callback: q.callback, announce: q.announce, serviceLevel: q.serviceLevel,
});

// The same queue or agent is the same object each time: then it is plain what has changed.
const queueSetupsOf = once((q: QueueConfig): Readonly<Record<QueueMode, QueueSetup>> => {
  const setup = queueSetup(q);
  return { open: { ...setup, mode: 'open' }, closed: { ...setup, mode: 'closed' }, emergency: { ...setup, mode: 'emergency' } };
});

const toTarget = (target: QueueTarget): Target => (target.to === 'queue' ? { to: 'queue', queue: target.queue as QueueId } : target);
const mapTargets = (targets: Readonly<Record<string, QueueTarget>>): Readonly<Record<string, Target>> =>
  Object.fromEntries(Object.entries(targets).map(([key, target]) => [key, toTarget(target)]));

const agentSetupOf = once((a: AgentConfig): AgentSetup => ({
  id: a.id as AgentId, name: a.name, initial: a.onRegister, skills: a.skills, capacity: a.capacity,
  queues: a.queues.map(({ queue, rank, ring }) => ({ queue: queue as QueueId, rank, ring })),
}));
