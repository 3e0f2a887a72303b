import {
  AGENT_STATES, agentReason, agentState, expectedWait, type Agent, type AgentState, type Channel, type Contact, type Queue, type State,
} from './engine/index.js';
import type { EngineTime } from './clock.js';
import type { AgentView, ContactView, QueueView } from './ports.js';

const iso = (time: EngineTime, at: number): string => new Date(time.wallOf(at)).toISOString();

/** `since`: engine time. */
export function agentView(agent: Agent, since: number, time: EngineTime): AgentView {
  const state = agentState(agent);
  const { chosen, setup, work } = agent;
  const contacts = work.flatMap((w) => (w.is === 'wrap_up' ? [] : [w.offer.contact.id]));
  const wrapping = work.flatMap((w) => (w.is === 'wrap_up' ? [w.timer.at] : []));
  const busy = work.length > 0 || agent.engaged > 0;
  return {
    id: setup.id, name: setup.name, state, reason: agentReason(agent), next: !busy || chosen === 'available' || chosen === state ? null : chosen,
    since: iso(time, since), reachable: agent.reachable, queues: setup.queues.map((m) => m.queue), skills: setup.skills, load: load(agent),
    contact: contacts.at(-1) ?? null, contacts, wrapUpUntil: wrapping.length > 0 ? iso(time, Math.max(...wrapping)) : null,
  };
}

function load({ setup, work }: Agent): AgentView['load'] {
  const onHand = (channel: Channel): number => work.filter((w) => w.channel === channel).length;
  const channels = new Set([...Object.keys(setup.capacity), ...work.map((w) => w.channel)]);
  return Object.fromEntries([...channels].map((channel) => [channel, { now: onHand(channel), capacity: setup.capacity[channel] ?? 0 }]));
}

export function queueView(queue: Queue, now: number): QueueView {
  const agents = Object.fromEntries(AGENT_STATES.map((state) => [state, 0])) as Record<AgentState, number>;
  for (const agent of queue.members.keys()) agents[agentState(agent)] += 1;
  let oldest = now;
  let callbacks = 0;
  let ahead = 0;
  for (const { contact, due } of queue.line) {
    oldest = Math.min(oldest, contact.joinedAt);
    if (contact.callback) callbacks += 1;
    if (due <= now) ahead += 1;
  }
  const { id, name, mode } = queue.setup;
  const free = ahead === 0 && agents.available > 0;
  return {
    id, name, mode, waiting: queue.line.size, callbacks, agents, longestWaitMs: Math.round(now - oldest),
    expectedWait: expectedWait(queue, ahead, now, free) ?? null,
  };
}

export function contactView(contact: Contact, now: number, time: EngineTime): ContactView {
  const { stage, entries } = contact;
  const [home] = entries;
  const inLine = stage.is === 'waiting' && home;
  return {
    id: contact.id, subject: contact.subject, channel: contact.channel, queues: entries.map((e) => e.queue.id), state: contactState(contact),
    callback: contact.callback, position: inLine ? home.queue.line.rank(home) + 1 : null, priority: home?.priority ?? contact.basePriority,
    attributes: contact.attributes, joinedAt: iso(time, contact.joinedAt), waitedMs: Math.max(0, Math.round(now - contact.joinedAt)),
    agent: stage.is === 'connecting' || stage.is === 'connected' ? stage.offer.agent.setup.id : (contact.offers.at(-1)?.agent.setup.id ?? null),
  };
}

export const contactState = ({ stage, offers }: Contact): ContactView['state'] => (stage.is === 'waiting' && offers.length > 0 ? 'offered' : stage.is);

/** Contacts that somebody has or is just getting, by the queue they came from and their channel. */
export function handledIn({ contacts }: State): ReadonlyMap<string, Readonly<Record<Channel, number>>> {
  const all = new Map<string, Record<Channel, number>>();
  for (const { stage, channel } of contacts.values()) {
    if (stage.is !== 'connecting' && stage.is !== 'connected') continue;
    const { queue } = stage.offer.offer;
    const counts = all.get(queue) ?? {};
    counts[channel] = (counts[channel] ?? 0) + 1;
    all.set(queue, counts);
  }
  return all;
}
