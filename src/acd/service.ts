import { systemClock, type Clock } from './clock.js';
import { CHOSEN_STATES, emptyState, step } from './engine/index.js';
import type { AcdEffect, AcdEvent, AcdSetup, Agent, AgentId, ContactId, FactData, OfferId, Queue, QueueId, State } from './engine/index.js';
import { ContactKnown, NoSuchAgent, NoSuchQueue, NotRegistered, StateNotSettable } from './errors.js';
import type { AgentMemory } from './memory.js';
import type { Acd, AgentView, Carrier } from './ports.js';
import { agentView, allQueues, queueView } from './views.js';

export interface AcdOptions {
  readonly setup: AcdSetup;
  readonly carrier: Carrier;
  readonly memory: AgentMemory;
  readonly publish: (type: string, subject: string, data: FactData) => void;
  readonly log: { error(fields: object, message: string): void };
  readonly clock?: Clock;
}

/** Feeds the engine what happens, does what it says, and wakes it when it asked to be woken. */
export function createAcd({ setup, carrier, memory, publish, log, clock = systemClock }: AcdOptions): Acd {
  const s = emptyState();
  const since = new Map<AgentId, number>();
  const performOne = performer({ carrier, memory, publish, clock, since });
  const wake = alarm(clock, () => post({ type: 'time.passed' }));

  const perform = (effect: AcdEffect): void => {
    try {
      if (effect.do === 'wake') wake.at(effect.at);
      else performOne(effect);
    } catch (error) {
      // One broken effect must not take the others with it: a queue whose dispatcher dies takes every caller along.
      log.error({ err: error, effect: effect.do }, 'the queue could not do what it decided');
      if (effect.do === 'offer') post({ type: 'offer.declined', offer: effect.offer.id, why: 'unreachable' });
    }
  };
  const post = createPost(s, clock, perform);
  post({ type: 'setup.changed', setup, remembered: memory.recall() });

  return {
    ...contactCommands(s, post),
    ...agentCommands(s, post, since, clock),
    queues: () => allQueues(s, clock.now()),
    queue: (id) => queueView(knownQueue(s, id), s.agents.values(), clock.now()),
    configure: (changed) => void post({ type: 'setup.changed', setup: changed, remembered: memory.recall() }),
    timers: () => s.timers.size,
    close: () => wake.at(undefined),
  };
}

/**
 * Steps the engine at once, so that the caller knows what was decided, and performs in order: an event posted from
 * inside an effect is decided immediately but its effects wait their turn.
 */
function createPost(s: State, clock: Clock, perform: (effect: AcdEffect) => void): (event: AcdEvent) => readonly AcdEffect[] {
  const outbox: AcdEffect[] = [];
  let busy = false;
  return (event) => {
    const effects = step(s, event, clock.now());
    outbox.push(...effects);
    if (busy) return effects;
    busy = true;
    try {
      for (let effect = outbox.shift(); effect; effect = outbox.shift()) perform(effect);
    } finally {
      busy = false;
    }
    return effects;
  };
}
type Post = ReturnType<typeof createPost>;

function performer({ carrier, memory, publish, clock, since }: Pick<AcdOptions, 'carrier' | 'memory' | 'publish'> & { clock: Clock; since: Map<AgentId, number> }) {
  return (effect: Exclude<AcdEffect, { do: 'wake' }>): void => {
    switch (effect.do) {
      case 'offer': return carrier.offer(effect.offer);
      case 'connect': return carrier.connect(effect.offer);
      case 'withdraw': return carrier.withdraw(effect.offer, effect.why);
      case 'announce': return carrier.announce(effect.contact, { position: effect.position, waiting: effect.waiting });
      case 'dismiss': return carrier.dismiss(effect.contact);
      case 'remember': return memory.remember(effect.agent, effect.state, effect.reason, clock.wall());
      case 'publish':
        if (effect.type === 'agent.state_changed') since.set(effect.data.agent as AgentId, clock.wall());
        return publish(effect.type, effect.subject, effect.data);
    }
  };
}

/** One timer for the whole engine. */
function alarm(clock: Clock, ring: () => void) {
  let cancel: (() => void) | undefined;
  return {
    at(when: number | undefined): void {
      cancel?.();
      cancel = when === undefined ? undefined : clock.after(when - clock.now(), ring);
    },
  };
}

const contactCommands = (s: State, post: Post) => ({
  enqueue: (contact: Parameters<Acd['enqueue']>[0]): void => {
    knownQueue(s, contact.queue);
    if (s.contacts.has(contact.id)) throw new ContactKnown(`contact ${contact.id} is in a queue already`);
    post({ type: 'contact.joined', contact });
  },
  leave: (contact: ContactId, why: Parameters<Acd['leave']>[1]): void => void post({ type: 'contact.left', contact, why }),
  accepted: (offer: OfferId): 'connect' | 'too_late' =>
    post({ type: 'offer.accepted', offer }).some((f) => f.do === 'connect' && f.offer.id === offer) ? 'connect' : 'too_late',
  declined: (offer: OfferId, why: Parameters<Acd['declined']>[1]): void => void post({ type: 'offer.declined', offer, why }),
  released: (contact: ContactId): void => void post({ type: 'contact.released', contact }),
  returned: (contact: ContactId): void => void post({ type: 'contact.returned', contact }),
});

function agentCommands(s: State, post: Post, since: ReadonlyMap<AgentId, number>, clock: Clock) {
  const started = clock.wall();
  const view = (agent: Agent): AgentView => agentView(agent, new Date(since.get(agent.setup.id) ?? started).toISOString());
  return {
    setState: (id: AgentId, state: string, reason?: string): AgentView => {
      const agent = knownAgent(s, id);
      const chosen = CHOSEN_STATES.find((known) => known === state);
      if (!chosen) throw new StateNotSettable(`"${state}" cannot be chosen`, { hint: `one of ${CHOSEN_STATES.join(', ')}` });
      if (!agent.reachable && chosen !== 'offline') throw new NotRegistered(`the phone of agent ${id} is not registered`, { hint: 'register the phone, then try again' });
      post({ type: 'agent.chose', agent: id, state: chosen, reason: reason ?? null });
      return view(agent);
    },
    reachable: (agent: AgentId, yes: boolean): void => void post({ type: 'agent.reachable', agent, yes }),
    engaged: (agent: AgentId, yes: boolean): void => void post({ type: 'agent.engaged', agent, yes }),
    agents: (): AgentView[] => [...s.agents.values()].map(view),
    agent: (id: AgentId): AgentView => view(knownAgent(s, id)),
  };
}

function knownQueue(s: State, id: QueueId): Queue {
  const queue = s.queues.get(id);
  if (!queue) throw new NoSuchQueue(`there is no queue "${id}"`, { hint: 'GET /v1/queues lists them' });
  return queue;
}

function knownAgent(s: State, id: AgentId): Agent {
  const agent = s.agents.get(id);
  if (!agent) throw new NoSuchAgent(`there is no agent "${id}"`, { hint: 'GET /v1/agents lists them' });
  return agent;
}
