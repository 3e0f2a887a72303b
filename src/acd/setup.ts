import type { AgentConfig, QueueConfig } from '../config/index.js';
import type { AcdSetup, AgentId, QueueId } from './engine/index.js';

/** Left alone for so long after a refusal. */
const pauseMs = { busy: 5_000, rejected: 5_000, unreachable: 10_000 } as const;
/** An unchanged position is told again after so many looks at it. */
const REPEAT = 3;

/** The queue room's settings out of the configuration files. A queue's ID is its name. */
export const acdSetup = ({ queues, agents }: { readonly queues: readonly QueueConfig[]; readonly agents: readonly AgentConfig[] }): AcdSetup => ({
  queues: queues.map((q) => ({
    id: q.name as QueueId, name: q.name, offerMs: q.offerMs, wrapUpMs: q.wrapUpMs, maxUnanswered: q.maxUnanswered, pauseMs,
    announce: q.announcePositionMs > 0 ? { everyMs: q.announcePositionMs, repeatMs: q.announcePositionMs * REPEAT } : undefined,
  })),
  agents: agents.map((a) => ({ id: a.id as AgentId, name: a.name, initial: a.onRegister, queues: a.queues as readonly QueueId[] })),
});
