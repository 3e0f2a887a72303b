import type { Ms } from '../../base/index.js';
import type { AcdEffect, AcdEvent } from './events.js';
import { agentState, emptySetup, emptyState, type State } from './state.js';
import { step } from './step.js';
import type {
  AcdSetup, AgentId, AgentSetup, AgentState, ChosenState, ContactId, DeclineReason, LeaveReason, Need, NewContact, OfferId, QueueId, QueueSetup, StrategyName, Target,
} from './types.js';

export const demoQueue = (id: string, change: Partial<QueueSetup> = {}): QueueSetup => ({
  id: id as QueueId, name: id, mode: 'open', strategy: strategy('longest_idle'), atOnce: [{ afterMs: 0, agents: 1 }], offerMs: 15_000, autoAccept: false, connectMs: 10_000,
  wrapUp: { ms: 0, maxMs: 0 }, maxUnanswered: 2, pauseMs: { noAnswer: 0, busy: 5_000, rejected: 5_000, unreachable: 10_000 },
  required: [], preferred: [], rules: [], relax: [], sticky: [], reserve: undefined, ageingMs: 0, maxWaiting: 0, maxWaitMs: 0, on: {}, exits: {}, escalate: [],
  callback: { first: 'agent', attempts: 3, retryMs: 60_000 }, announce: undefined, serviceLevel: { thresholdMs: 20_000, shortAbandonMs: 5_000 }, ...change,
});

export const strategy = (by: StrategyName, weights = { idleMinute: 0, skillLevel: 0, handledToday: 0 }): QueueSetup['strategy'] => ({ by, weights });

export const demoAgent = (id: string, queues: readonly string[], change: Partial<AgentSetup> = {}): AgentSetup => ({
  id: id as AgentId, name: id, initial: 'available', skills: {}, capacity: { voice: 1 }, queues: queues.map((queue) => ({ queue: queue as QueueId, rank: 1, ring: 1 })), ...change,
});

/** `{ chinese: 5 }` as needs. */
export const needs = (levels: Readonly<Record<string, number>>): readonly Need[] => Object.entries(levels).map(([skill, level]) => ({ skill, level }));
export const toQueue = (queue: string): Target => ({ to: 'queue', queue: queue as QueueId });

export interface Hall {
  at(ms: Ms): Hall;
  /** The clock goes on, but nobody looked at it: a process that was too busy for its timers. */
  late(ms: Ms): Hall;
  /** Settings; each agent serves the queues named, or all. New agents wait for their phone to register. */
  setup(queues: readonly QueueSetup[], agents: Readonly<Record<string, readonly string[] | undefined>>): Hall;
  /** Settings of which the agents are all written out, and their phones registered. */
  open(queues: readonly QueueSetup[], agents: readonly AgentSetup[], rest?: Partial<AcdSetup>): Hall;
  post(event: AcdEvent): Hall;
  join(contact: string, queue?: string, priority?: number): Hall;
  /** A contact of which more is known. */
  comes(contact: string, what: Partial<NewContact>): Hall;
  bridged(contact: string): Hall;

  leave(contact: string, why?: LeaveReason): Hall;
  released(contact: string): Hall;
  returned(contact: string): Hall;
  /** The phone that rings is picked up, and the two hear each other; nothing happens when none rings. */
  accept(agent: string): Hall;
  /** Picked up, but the bridge does not stand yet. */
  pickUp(agent: string): Hall;
  decline(agent: string, why?: DeclineReason): Hall;
  choose(agent: string, state: ChosenState, reason?: string): Hall;
  registered(agent: string, yes?: boolean): Hall;
  engaged(agent: string, yes?: boolean): Hall;
  /** An answer to an offer that may be over. */
  acceptOffer(id: string): Hall;
  /** `agent←contact`, oldest first. */
  offers(): string[];
  offerIds(): string[];
  agent(id: string): AgentState | undefined;
  /** What happened since this was last asked. */
  did(): string[];
  effects(): readonly AcdEffect[];
  state(): State;
  now(): Ms;
}

/** A call centre whose clock is a variable. Every word is one that a supervisor would use. For tests and simulations. */
export function hall(...agents: string[]): Hall {
  const s = emptyState();
  let now: Ms = 0;
  const all: AcdEffect[] = [];
  let seen = 0;
  const post = (event: AcdEvent): Hall => {
    all.push(...step(s, event, now));
    return self;
  };
  const ringing = (agent: string): OfferId | undefined => [...s.offers.values()].find((o) => o.agent.setup.id === agent)?.offer.id;
  const self: Hall = {
    at: (ms) => ((now = ms), post({ type: 'time.passed' })),
    late: (ms) => ((now = ms), self),
    setup: (queues, members) =>
      post({
        type: 'setup.changed', remembered: {},
        setup: { ...emptySetup, queues, agents: Object.entries(members).map(([id, serves]) => demoAgent(id, serves ?? queues.map((q) => q.id))) },
      }),
    open: (queues, members, rest = {}) => {
      post({ type: 'setup.changed', remembered: {}, setup: { ...emptySetup, ...rest, queues, agents: members } });
      for (const a of members) self.registered(a.id);
      return self;
    },
    post,
    join: (id, queue = 'support', priority = 5) => self.comes(id, { queues: [queue as QueueId], priority }),
    comes: (id, what) =>
      post({ type: 'contact.joined', contact: { id: id as ContactId, queues: ['support' as QueueId], channel: 'voice', subject: `call:${id}`, ...what } }),
    bridged: (id) => post({ type: 'contact.bridged', contact: id as ContactId }),
    leave: (id, why = 'abandoned') => post({ type: 'contact.left', contact: id as ContactId, why }),
    released: (id) => post({ type: 'contact.released', contact: id as ContactId }),
    returned: (id) => post({ type: 'contact.returned', contact: id as ContactId }),
    accept: (agent) => {
      const contact = [...s.offers.values()].find((o) => o.agent.setup.id === agent)?.contact.id;
      self.pickUp(agent);
      return contact === undefined ? self : self.bridged(contact);
    },
    pickUp: (agent) => self.acceptOffer(ringing(agent) ?? 'none'),
    decline: (agent, why = 'rejected') => post({ type: 'offer.declined', offer: ringing(agent) ?? ('none' as OfferId), why }),
    choose: (agent, state, reason) => post({ type: 'agent.chose', agent: agent as AgentId, state, reason: reason ?? null, by: 'test' }),
    registered: (agent, yes = true) => post({ type: 'agent.reachable', agent: agent as AgentId, yes }),
    engaged: (agent, yes = true) => post({ type: 'agent.engaged', agent: agent as AgentId, yes }),
    acceptOffer: (id) => post({ type: 'offer.accepted', offer: id as OfferId }),
    offers: () => [...s.offers.values()].map((o) => `${o.offer.agent}←${o.offer.contact}`),
    offerIds: () => [...s.offers.keys()],
    agent: (id) => {
      const agent = s.agents.get(id as AgentId);
      return agent && agentState(agent);
    },
    did: () => {
      const fresh = all.slice(seen);
      seen = all.length;
      return fresh.flatMap(words);
    },
    effects: () => all,
    state: () => s,
    now: () => now,
  };
  self.setup([demoQueue('support')], Object.fromEntries(agents.map((a) => [a, undefined])));
  agents.forEach((a) => self.registered(a));
  self.did();
  return self;
}

function words(f: AcdEffect): string[] {
  switch (f.do) {
    case 'offer': case 'connect': case 'drop': return [`${f.do} ${f.offer.agent}←${f.offer.contact}`];
    case 'withdraw': return [`withdraw ${f.offer.agent}←${f.offer.contact} ${f.why}`];
    case 'announce': return [`announce ${f.contact} ${f.position}/${f.waiting}`];
    case 'divert': return [`divert ${f.contact} to ${Object.values(f.target).join(' ')} ${f.why}`];
    case 'dismiss': return [`dismiss ${f.contact}`];
    case 'remember': return [`remember ${f.agent} ${f.state}`];
    case 'wake': case 'publish': return [];
  }
}
