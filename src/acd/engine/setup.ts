import { forget, joinQueues, leaveQueues, newAgent, reservesOf } from './agents.js';
import type { Recollection } from './events.js';
import { avoided } from './joining.js';
import { forgetLane } from './lanes.js';
import { disband, entriesOf, evacuate } from './leaving.js';
import { letGo, reassess } from './line.js';
import { change } from './presence.js';
import { newQueue, type Agent, type Entry, type Queue, type State } from './state.js';
import type { Turn } from './turn.js';
import type { AcdSetup, AgentId, AgentSetup, QueueSetup } from './types.js';

/** New settings under running work: what goes on goes on, and only what no longer exists ends. */
export function changeSetup(t: Turn, setup: AcdSetup, remembered: Recollection): void {
  const { s } = t;
  s.setup = setup;
  s.blocked = blockedOf(setup);
  const queues = new Set(setup.queues.map((q) => q.id));
  for (const queue of [...s.queues.values()]) if (!queues.has(queue.id) && !queue.removed) disband(t, queue);
  const agents = new Set(setup.agents.map((a) => a.id));
  for (const agent of [...s.agents.values()]) if (!agents.has(agent.setup.id)) dismissAgent(t, agent);
  for (const agent of s.agents.values()) leaveQueues(s, agent);
  for (const q of setup.queues) resetQueue(s, q);
  for (const a of setup.agents) {
    const known = s.agents.get(a.id);
    if (known) Object.assign(known, { setup: a, removed: false });
    else s.agents.set(a.id, newAgent(t, a, remembered[a.id]));
  }
  for (const agent of s.agents.values()) joinQueues(t, agent);
  for (const contact of s.contacts.values()) {
    contact.avoid = avoided(s, contact.attributes, contact.avoids);
    for (const entry of contact.entries) adopt(t, entry);
  }
  for (const queue of [...s.queues.values()]) if (queue.setup.mode === 'emergency' && !queue.removed) evacuate(t, queue);
}

export function blockedOf(setup: AcdSetup): State['blocked'] {
  const blocked = new Map<string, Set<AgentId>>();
  for (const { customer, agent } of setup.blocked) {
    const agents = blocked.get(customer) ?? new Set();
    blocked.set(customer, agents.add(agent));
  }
  return blocked;
}

/** What it has waited already counts under the new settings as if they had always held. */
function adopt(t: Turn, entry: Entry): void {
  const { relax, escalate } = entry.queue.setup;
  entry.relaxed = relax.filter(({ afterMs }) => afterMs <= t.now - entry.since).length;
  entry.escalated = Math.min(entry.escalated, escalate.length);
  reassess(t, entry);
}

/** Its agents are put back afterwards. */
function resetQueue(s: State, setup: QueueSetup): Queue {
  const queue = s.queues.get(setup.id) ?? newQueue(setup);
  queue.setup = setup;
  queue.removed = false;
  for (const lane of [...queue.lanes.values()]) forgetLane(s, lane);
  queue.open.clear();
  s.queues.set(queue.id, queue);
  return queue;
}

/** One queue is new or changed; nothing else is touched. */
export function changeQueue(t: Turn, setup: QueueSetup): void {
  const { s } = t;
  s.setup = { ...s.setup, queues: [...s.setup.queues.filter((q) => q.id !== setup.id), setup] };
  const known = s.queues.get(setup.id);
  if (known && !known.removed) {
    resetQueue(s, setup);
    for (const agent of known.members.keys()) {
      agent.reserves = reservesOf(s, agent);
      for (const channel of agent.open) if (setup.reserve) known.open.set(channel, (known.open.get(channel) ?? 0) + 1);
    }
    for (const entry of entriesOf(t, known)) adopt(t, entry);
    if (setup.mode === 'emergency') evacuate(t, known);
    return;
  }
  const members = [...s.agents.values()].filter((a) => a.setup.queues.some((m) => m.queue === setup.id));
  for (const agent of members) leaveQueues(s, agent);
  const queue = resetQueue(s, setup);
  for (const agent of members) joinQueues(t, agent);
  for (const entry of entriesOf(t, queue)) adopt(t, entry);
}

/** One agent is new or has other skills, queues, capacity. What it has on hand stays. */
export function changeAgent(t: Turn, setup: AgentSetup): void {
  const { s } = t;
  s.setup = { ...s.setup, agents: [...s.setup.agents.filter((a) => a.id !== setup.id), setup] };
  const agent = s.agents.get(setup.id) ?? newAgent(t, setup, undefined);
  leaveQueues(s, agent);
  agent.setup = setup;
  agent.removed = false;
  s.agents.set(setup.id, agent);
  joinQueues(t, agent);
  // Who was kept for an agent that may not serve them any more waits for anybody.
  for (const entry of agent.kept.inOrder()) if (!entry.lane.links.has(agent)) letGo(t, entry);
}

function dismissAgent(t: Turn, agent: Agent): void {
  if (agent.removed) return;
  change(t, agent, 'removed', undefined, () => {
    agent.removed = true;
  });
  if (!t.s.agents.has(agent.setup.id)) return;
  if (agent.work.length === 0) return forget(t, agent);
  leaveQueues(t.s, agent);
  agent.setup = { ...agent.setup, queues: [] };
}
