import { AGENT_STATES, agentReason, agentState, type Agent, type AgentState, type Queue, type State } from './engine/index.js';
import type { Ms } from '../base/index.js';
import type { AgentView, QueueView } from './ports.js';

export function agentView(agent: Agent, since: string): AgentView {
  const state = agentState(agent);
  const { task, chosen, setup } = agent;
  const contact = task.is === 'talking' ? task.contact.id : task.is === 'ringing' ? task.offer.contact.id : null;
  return {
    id: setup.id, name: setup.name, state, reason: agentReason(agent), since, reachable: agent.reachable, queues: setup.queues, contact,
    next: (task.is === 'free' && agent.engaged === 0) || chosen === 'available' || chosen === state ? null : chosen,
  };
}

export function queueView(queue: Queue, agents: Iterable<Agent>, now: Ms): QueueView {
  const states = Object.fromEntries(AGENT_STATES.map((state) => [state, 0])) as Record<AgentState, number>;
  for (const agent of agents) if (agent.setup.queues.includes(queue.id)) states[agentState(agent)] += 1;
  let oldest = now;
  for (const contact of queue.line) oldest = Math.min(oldest, contact.joinedAt);
  return { id: queue.id, name: queue.setup.name, waiting: queue.line.size, agents: states, longestWaitMs: Math.round(now - oldest) };
}

export const allQueues = (s: State, now: Ms): QueueView[] => [...s.queues.values()].map((queue) => queueView(queue, s.agents.values(), now));
