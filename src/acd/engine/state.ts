import type { Ms } from '../../base/index.js';
import { sortedSet, type SortedSet } from './sorted.js';
import type { AgentId, AgentSetup, AgentState, ChosenState, ContactId, Offer, OfferId, QueueId, QueueSetup } from './types.js';

/** What an agent does for a queue. At most one thing: that no agent is offered two contacts follows from the type. */
export type Task =
  | { readonly is: 'free' }
  | { readonly is: 'ringing'; readonly offer: LiveOffer }
  | { readonly is: 'talking'; readonly contact: Contact }
  | { readonly is: 'wrap_up'; readonly timer: Timer };

export interface Agent {
  setup: AgentSetup;
  /** No longer in the settings; forgotten as soon as it is free. */
  removed: boolean;
  task: Task;
  chosen: ChosenState;
  reason: string | null;
  reachable: boolean;
  /** Calls that no queue brought. */
  engaged: number;
  /** Offers in a row that rang out. */
  unanswered: number;
  /** Runs while the agent is left alone after a refusal. */
  pause: Timer | undefined;
  idleSince: Ms;
  /** Ends ties of `idleSince`: who became idle first in the same millisecond. */
  turn: number;
  /** In the `idle` sets of its queues. */
  indexed: boolean;
  /** As last published. */
  shown: AgentState;
}

export interface Contact {
  readonly id: ContactId;
  readonly queue: Queue;
  readonly subject: string;
  readonly priority: number;
  readonly joinedAt: Ms;
  attempts: number;
  at: { readonly is: 'ready' } | { readonly is: 'offered'; readonly offer: LiveOffer } | { readonly is: 'connected'; readonly agent: Agent };
  told: { readonly position: number; readonly at: Ms } | undefined;
  announcing: Timer | undefined;
}

export interface LiveOffer {
  readonly offer: Offer;
  readonly contact: Contact;
  readonly agent: Agent;
  readonly timer: Timer;
}

export interface Queue {
  setup: QueueSetup;
  readonly id: QueueId;
  /** Everybody whom no agent has taken yet, next in line first. */
  readonly line: SortedSet<Contact>;
  /** Those of the line who are not being offered. */
  readonly ready: SortedSet<Contact>;
  /** Agents of this queue who could take a contact now, longest idle first. */
  readonly idle: SortedSet<Agent>;
}

export type Timer = { readonly at: Ms; readonly serial: number } & (
  | { readonly is: 'offer'; readonly offer: OfferId }
  | { readonly is: 'wrap_up' | 'pause'; readonly agent: AgentId }
  | { readonly is: 'announce'; readonly contact: ContactId }
);

/** Changed in place by `step` only. */
export interface State {
  readonly queues: Map<QueueId, Queue>;
  readonly agents: Map<AgentId, Agent>;
  readonly contacts: Map<ContactId, Contact>;
  readonly offers: Map<OfferId, LiveOffer>;
  readonly timers: SortedSet<Timer>;
  /** Numbers timers, offers and turns: never used twice, so a late answer cannot be taken for another's. */
  serial: number;
}

export const emptyState = (): State => ({
  queues: new Map(),
  agents: new Map(),
  contacts: new Map(),
  offers: new Map(),
  timers: sortedSet((a, b) => a.at - b.at || a.serial - b.serial),
  serial: 0,
});

export const newQueue = (setup: QueueSetup): Queue => ({
  setup, id: setup.id, line: sortedSet(inQueueOrder), ready: sortedSet(inQueueOrder), idle: sortedSet(longestIdle),
});

/** Fair: by priority, then by who came first. The ID ends ties, so that a replay decides the same way. */
export const inQueueOrder = (a: Contact, b: Contact): number =>
  b.priority - a.priority || a.joinedAt - b.joinedAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

const longestIdle = (a: Agent, b: Agent): number => a.idleSince - b.idleSince || a.turn - b.turn;

/** Where an agent stands. Derived, so it can contradict nothing. */
export function agentState(a: Agent): AgentState {
  if (a.task.is !== 'free') return a.task.is;
  if (!a.reachable || a.chosen === 'offline') return 'offline';
  return a.engaged > 0 ? 'talking' : a.chosen;
}

export const canTake = (a: Agent): boolean => agentState(a) === 'available' && a.pause === undefined && !a.removed;
