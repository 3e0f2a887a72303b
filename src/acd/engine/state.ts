import type { Ms } from '../../base/index.js';
import { emptyExpectation, type Expectation } from './expect.js';
import type { Heap, Order } from './heap.js';
import { sortedSet, type SortedSet } from './sorted.js';
import { newTimers, type Timers } from './timers.js';
import type {
  AcdSetup, AgentId, AgentSetup, AgentState, Attributes, Channel, ChosenState, ContactId, Membership, Need, Offer, OfferId, QueueId, QueueSetup,
} from './types.js';

/**
 * A queue's contacts that ask for the same: one channel, the same skills, the same ring. For each lane it is known who may serve
 * it, so that a decision compares the firsts of a few lanes and never scans contacts or agents. Of `waiting` and `idle` one is
 * empty, but for the queue's reserve and pairs kept apart: that is what it means that nobody is left idle.
 */
export interface Lane {
  readonly key: string;
  /** In `State.heads`. */
  readonly index: number;
  readonly queue: Queue;
  readonly channel: Channel;
  readonly required: readonly Need[];
  readonly preferred: readonly Need[];
  readonly ring: number;
  /** Contacts of less priority than the queue's reserve is kept for. */
  readonly modest: boolean;
  /** One for each agent who may serve it, idle or not. */
  readonly links: Map<Agent, Link>;
  /** Those who want a phone to ring, next in line first. */
  readonly waiting: Heap<Entry>;
  /**
   * Agents who could take a contact of this lane, best first, as of when they last stood here: some may have gone meanwhile, or be ranked
   * lower by now. Who becomes free is among them. See `firstFree`.
   */
  readonly idle: Heap<Link>;
  /** Entries that belong here, whatever becomes of them. A lane without any may be forgotten. */
  members: number;
  forgotten: boolean;
}

/** An agent who may serve a lane. */
export interface Link {
  readonly agent: Agent;
  readonly lane: Lane;
  /** How much later contacts of this queue come for this agent, by the queue's rank. */
  readonly offsetMs: Ms;
  /** Levels of the lane's skills that the agent has, added up. */
  readonly fit: number;
  /** What the agent had on hand, the strategy's rank and the agent's turn as of when they were last looked at; the least is asked first. They only grow. */
  load: number;
  key: number;
  turn: number;
  /** In `lane.idle`. */
  pos: number;
  /** In `agent.links`. */
  slot: number;
}

/** A contact in one of its queues. */
export interface Entry {
  readonly contact: Contact;
  readonly queue: Queue;
  /** The how-manieth place of its contact, from 0: of two that are due alike the earlier counts. */
  readonly order: number;
  lane: Lane;
  /** When it came to this queue. */
  since: Ms;
  /** As if it had come at this time: by priority earlier than it did. The least is next in line. */
  due: Ms;
  priority: number;
  /** What has happened of the queue's schedule. */
  relaxed: number;
  escalated: number;
  /** Kept for this agent. */
  heldFor: Agent | undefined;
  heldUntil: Ms;
  timer: Timer | undefined;
  inLine: boolean;
  /** The step in which it is to be brought together with an agent. */
  soughtIn: number;
  /** Its wait is being compared with what was expected of it. */
  onTrial: boolean;
  /** In `lane.waiting`, or in `heldFor.kept`. */
  pos: number;
}

export type ContactStage =
  /** A callback for later: in no line. */
  | { readonly is: 'scheduled'; readonly timer: Timer }
  /** In line; phones may ring: `contact.offers`. */
  | { readonly is: 'waiting' }
  /** Taken; the bridge is being made, and phones may still ring. */
  | { readonly is: 'connecting'; readonly offer: LiveOffer; readonly timer: Timer }
  | { readonly is: 'connected'; readonly offer: LiveOffer };

export interface Contact {
  readonly id: ContactId;
  readonly serial: number;
  readonly subject: string;
  readonly channel: Channel;
  basePriority: number;
  attributes: Attributes;
  readonly needs: readonly Need[];
  readonly avoids: readonly AgentId[];
  /** Those of `avoids` and those blocked by the settings. */
  avoid: ReadonlySet<AgentId> | undefined;
  callback: boolean;
  attemptsLeft: number;
  /** Since when it waits, whatever queue it moved through. */
  joinedAt: Ms;
  /** The first is its home. */
  entries: readonly Entry[];
  /** How many places it has had. */
  places: number;
  stage: ContactStage;
  /** Phones that ring for it. */
  offers: readonly LiveOffer[];
  attempts: number;
  told: { readonly position: number; readonly lowMs: Ms; readonly at: Ms } | undefined;
  announcing: Timer | undefined;
  /** How many times it was sent on from one queue to another. */
  hops: number;
}

export interface LiveOffer {
  readonly offer: Offer;
  readonly contact: Contact;
  readonly entry: Entry;
  readonly agent: Agent;
  readonly madeAt: Ms;
  timer: Timer | undefined;
}

/** What an agent has on hand. Each takes one unit of the channel's capacity. */
export type Work =
  | { readonly is: 'ringing'; readonly channel: Channel; readonly offer: LiveOffer }
  | { readonly is: 'talking'; readonly channel: Channel; readonly offer: LiveOffer; readonly since: Ms }
  | { readonly is: 'wrap_up'; readonly channel: Channel; timer: Timer; readonly since: Ms; readonly latest: Ms };

export interface Agent {
  setup: AgentSetup;
  /** No longer in the settings; forgotten as soon as it is free. */
  removed: boolean;
  work: Work[];
  chosen: ChosenState;
  reason: string | null;
  reachable: boolean;
  /** Reachable for contacts of these channels only; undefined: of all. */
  hears: readonly Channel[] | undefined;
  /** Calls that no queue brought. */
  engaged: number;
  /** Offers in a row that rang out. */
  unanswered: number;
  /** Runs while the agent is left alone after a refusal. */
  pause: Timer | undefined;
  idleSince: Ms;
  /** Ends ties: who became idle first in the same millisecond, whose last offer is longest ago. */
  turn: number;
  offered: number;
  /** Contacts taken since the day began. */
  today: number;
  /** The most on hand with which it stands ranked among the idle. */
  loaded: number;
  /** Time busy, as it was at `at`; older time counts for less. */
  busy: { readonly ms: Ms; readonly at: Ms };
  busySince: Ms | undefined;
  /** The lanes the agent may serve, in no order; beside it, in the same order, the lanes' indexes and channels and the links' offsets. */
  readonly links: Link[];
  readonly laneIndexes: number[];
  readonly laneChannels: Channel[];
  readonly offsets: number[];
  /** Those of the links that stand in no `idle` heap. */
  readonly absent: Link[];
  /** The keys of `setup.capacity`. */
  channels: readonly Channel[];
  /** Contacts kept for this agent, next in line first. */
  readonly kept: Heap<Entry>;
  /** Channels of which it could take one more. */
  open: readonly Channel[];
  /** Those of its queues that keep a reserve. */
  reserves: readonly Queue[];
  /** May be able to take a contact that came in this step, and has not chosen yet. */
  choosing: boolean;
  /** Has chosen nothing: may be chosen for a contact of its open channels. */
  standing: boolean;
  /** Counted in `staffed` of its queues. */
  staffs: boolean;
  /** As last published. */
  shown: AgentState;
}

export interface Queue {
  setup: QueueSetup;
  readonly id: QueueId;
  /** Everybody whom no agent has taken yet, next in line first. */
  readonly line: SortedSet<Entry>;
  readonly lanes: Map<string, Lane>;
  /** The lanes of contacts that bring no needs of their own, by a number of all that decides: found without spelling out the key. */
  readonly shortcuts: Map<number, Lane>;
  readonly members: Map<Agent, Membership>;
  /** Agents who work: neither away nor offline, be they busy. */
  staffed: number;
  /** Agents who could take a contact now, by channel; counted only where there is a reserve. */
  readonly open: Map<Channel, number>;
  /** Contacts that wait here or came from here and are still talked to. */
  entries: number;
  /** No longer in the settings; forgotten with its last entry. */
  removed: boolean;
  readonly expectation: Expectation;
}

/** What a timer is for, and whose it is. */
export type Purpose =
  | { readonly is: 'offer'; readonly of: LiveOffer }
  | { readonly is: 'connect' | 'announce' | 'scheduled'; readonly of: Contact }
  | { readonly is: 'schedule'; readonly of: Entry }
  | { readonly is: 'wrap_up' | 'pause'; readonly of: Agent };
/** All of one shape: there are as many as people wait. */
export type Timer = Purpose & { readonly at: Ms; readonly serial: number; pos: number };

export const timerAt = ({ is, of }: Purpose, at: Ms, serial: number): Timer => ({ is, of, at, serial, pos: -1 }) as Timer;

/** Changed in place by `step` only. */
export interface State {
  setup: AcdSetup;
  readonly queues: Map<QueueId, Queue>;
  readonly agents: Map<AgentId, Agent>;
  readonly contacts: Map<ContactId, Contact>;
  readonly offers: Map<OfferId, LiveOffer>;
  readonly timers: Timers<Timer>;
  /** For each lane, at its index, when its next in line is due; Infinity where nobody waits. An agent who chooses reads only this. */
  readonly heads: number[];
  readonly freeIndexes: number[];
  /** All channels that were ever seen, each by its number. */
  readonly channels: Channel[];
  /** Agents whom a customer must not meet, by customer. */
  blocked: ReadonlyMap<string, ReadonlySet<AgentId>>;
  /** Numbers timers, offers and turns: never used twice, so a late answer cannot be taken for another's. */
  serial: number;
  /** The time of the last step. */
  now: Ms;
  /** How many there were since this state was made or restored. */
  steps: number;
}

/** Shared: fifty thousand may wait. */
export const WAITING: ContactStage = { is: 'waiting' };
export const emptySetup: AcdSetup = { queues: [], agents: [], blending: {}, blocked: [], rankMs: 0 };

export const emptyState = (): State => ({
  setup: emptySetup,
  queues: new Map(),
  agents: new Map(),
  contacts: new Map(),
  offers: new Map(),
  timers: newTimers(),
  heads: [],
  freeIndexes: [],
  channels: [],
  blocked: new Map(),
  serial: 0,
  now: 0,
  steps: 0,
});

export const newQueue = (setup: QueueSetup): Queue => ({
  setup, id: setup.id, line: sortedSet(nextInLine), lanes: new Map(), shortcuts: new Map(), members: new Map(), staffed: 0, open: new Map(), entries: 0, removed: false, expectation: emptyExpectation(),
});

export const nextInLine: Order<Entry> = { key: (e) => e.due, tie: (e) => e.contact.serial + e.order / 1024 };
/** More than any rank. */
const ONE_MORE = 1e14;
export const bestAgent: Order<Link> = { key: (l) => (l.load === 0 ? l.key : l.load * ONE_MORE + Math.max(l.key, -ONE_MORE / 10)), tie: (l) => l.turn };
export const byPlace = (a: Entry, b: Entry): number => a.due - b.due || nextInLine.tie(a) - nextInLine.tie(b);

/** Where an agent stands. Derived, so it can contradict nothing. */
export function agentState(a: Agent): AgentState {
  if (a.work.some((w) => w.is === 'talking')) return 'talking';
  if (a.work.some((w) => w.is === 'ringing')) return 'ringing';
  if (a.work.length > 0) return 'wrap_up';
  if (!a.reachable || a.chosen === 'offline') return 'offline';
  return a.engaged > 0 ? 'talking' : a.chosen;
}

export function agentReason(agent: Agent): string | null {
  const state = agentState(agent);
  if (state === 'offline' && !agent.reachable) return 'not_registered';
  return state === agent.chosen ? agent.reason : null;
}
