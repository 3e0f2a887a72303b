import type { Store } from '../store/index.js';
import type { Clock } from './clock.js';
import type { AcdSetup, AgentId, AgentSetup, Channel, ContactId, NewContact, Offer, QueueId, QueueSetup } from './engine/index.js';
import { createJournal, type Journal, type JournalOptions } from './journal.js';
import type { AcdFact } from './perform.js';
import type { Carrier } from './ports.js';
import type { AcdOptions } from './options.js';
import { createAcd, type AcdService } from './service.js';

export const agentId = (id: string): AgentId => id as AgentId;
export const contactId = (id: string): ContactId => id as ContactId;
export const queueId = (id: string): QueueId => id as QueueId;

export const queueSetup = (id: string, change: Partial<QueueSetup> = {}): QueueSetup => ({
  id: queueId(id), name: id, mode: 'open', strategy: { by: 'longest_idle', weights: { idleMinute: 0, skillLevel: 0, handledToday: 0 } }, atOnce: [{ afterMs: 0, agents: 1 }],
  offerMs: 15_000, autoAccept: false, connectMs: 10_000, wrapUp: { ms: 0, maxMs: 0 }, maxUnanswered: 0,
  pauseMs: { noAnswer: 0, busy: 5_000, rejected: 5_000, unreachable: 10_000 }, required: [], preferred: [], rules: [], relax: [], sticky: [], reserve: undefined,
  ageingMs: 30_000, maxWaiting: 0, maxWaitMs: 0, on: {}, exits: {}, escalate: [], callback: { first: 'agent', attempts: 3, retryMs: 60_000 }, announce: undefined,
  serviceLevel: { thresholdMs: 20_000, shortAbandonMs: 5_000 }, ...change,
});

export const agentSetup = (id: string, change: Partial<AgentSetup> = {}): AgentSetup => ({
  id: agentId(id), name: id, queues: [{ queue: queueId('support'), rank: 1, ring: 1 }], skills: {}, capacity: { pigeon: 1 }, initial: 'available', ...change,
});

export const setupOf = (change: Partial<AcdSetup> = {}): AcdSetup => ({
  queues: [queueSetup('support')], agents: [agentSetup('lin'), agentSetup('omar')], blending: {}, blocked: [], rankMs: 0, ...change,
});

export const pigeon = (id: string, change: Partial<NewContact> = {}): NewContact => ({ id: contactId(id), queues: [queueId('support')], channel: 'pigeon', subject: `call:${id}`, ...change });

/** A log for those whose subject it is not. */
export function memoryJournal(): Journal {
  let seq = 0;
  let last: number | undefined;
  return {
    next: () => seq + 1, lastAt: () => last, due: () => 'no', save: () => undefined, saved: () => [], events: () => [], trace: () => undefined, tracesOf: () => [],
    waiting: () => 0, close: () => undefined,
    append(at, _text, _traces, publish) {
      seq += 1;
      last = at;
      publish?.(() => undefined);
    },
  };
}

export interface TestClock extends Clock {
  advance(ms: number): void;
  /** The machine's clock is put forward or back; time itself does not move. */
  setWall(wall: number): void;
}

/** Starts on 1 January 2026, 00:00 UTC. */
export function testClock(from = Date.UTC(2026, 0, 1)): TestClock {
  let now = 0;
  let ahead = from;
  let alarms: { readonly at: number; readonly run: () => void }[] = [];
  return {
    now: () => now,
    wall: () => ahead + now,
    setWall: (wall) => void (ahead = wall - now),
    after(ms, run) {
      const alarm = { at: now + Math.max(0, ms), run };
      alarms.push(alarm);
      return () => void (alarms = alarms.filter((a) => a !== alarm));
    },
    advance(ms) {
      const until = now + ms;
      for (;;) {
        const due = alarms.filter((a) => a.at <= until).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        alarms = alarms.filter((a) => a !== due);
        now = Math.max(now, due.at);
        due.run();
      }
      now = until;
    },
  };
}

/** A dovecote: a carrier of a channel that nobody has ever heard of. What it holds outlives the service. */
export interface Cote {
  readonly did: string[];
  readonly offers: Offer[];
  readonly birds: Set<ContactId>;
  readonly carrier: Carrier;
}

export function dovecote(change: Partial<Carrier> = {}, did: string[] = []): Cote {
  const offers: Offer[] = [];
  const birds = new Set<ContactId>();
  const carrier: Carrier = {
    offer: (o) => (offers.push(o), void did.push(`offer ${o.agent}←${o.contact}`)),
    withdraw: (o, why) => void did.push(`withdraw ${o.agent}←${o.contact} ${why}`),
    connect: (o) => void did.push(`connect ${o.agent}←${o.contact}`),
    drop: (o) => void did.push(`drop ${o.agent}←${o.contact}`),
    announce: (c, { position }) => void did.push(`announce ${c} ${position}`),
    divert: (c, target, why) => void did.push(`divert ${c} ${target.to} ${why}`),
    dismiss: (c) => void did.push(`dismiss ${c}`),
    alive: (c) => birds.has(c),
    ...change,
  };
  return { did, offers, birds, carrier };
}

export interface Office extends Cote {
  readonly acd: AcdService;
  readonly clock: TestClock;
  readonly facts: AcdFact[];
  readonly errors: string[];
  /** As the phone of each agent registers. */
  readonly come: (...agents: string[]) => void;
  readonly join: (id: string, change?: Partial<NewContact>) => void;
  /** The last offer made to this agent. */
  readonly offerTo: (agent: string) => Offer;
  /** The agent answers, and the two hear each other. */
  readonly answer: (agent: string) => void;
  /** The process dies: nothing is said to anybody. A new one opens on the same database. */
  readonly restart: (again?: Partial<OfficeOptions>) => Office;
}
export interface OfficeOptions {
  readonly store: Store;
  readonly clock: TestClock;
  readonly setup: AcdSetup;
  readonly cote: Cote;
  readonly carriers: Readonly<Record<Channel, Carrier>>;
  readonly journal: Partial<JournalOptions>;
  readonly options: Partial<AcdOptions>;
  /** Not yet resumed. */
  readonly asleep: boolean;
}

export function office(given: Partial<OfficeOptions> & Pick<OfficeOptions, 'store'>): Office {
  const clock = given.clock ?? testClock();
  const cote = given.cote ?? dovecote();
  const errors: string[] = [];
  const facts: AcdFact[] = [];
  const log = { error: (_fields: object, message: string) => void errors.push(message) };
  const acd = createAcd({
    setup: given.setup ?? setupOf(), carriers: given.carriers ?? { pigeon: cote.carrier }, clock, log, timeZone: 'UTC',
    journal: createJournal({ store: given.store, log, clock, ...given.journal }), publish: (news) => (facts.push(...news), false), ...given.options,
  });
  if (!given.asleep) acd.resume();
  const offerTo = (agent: string): Offer => {
    const offer = cote.offers.filter((o) => o.agent === agentId(agent)).at(-1);
    if (!offer) throw new Error(`nothing was offered to ${agent}`);
    return offer;
  };
  return {
    ...cote, acd, clock, facts, errors, offerTo,
    come: (...agents) => agents.forEach((id) => acd.reachable(agentId(id), true)),
    join(id, change = {}) {
      cote.birds.add(contactId(id));
      acd.enqueue(pigeon(id, change));
    },
    answer(agent) {
      const { id, contact } = offerTo(agent);
      if (acd.accepted(id) !== 'connect') throw new Error(`${agent} was too late`);
      acd.bridged(contact);
    },
    restart: (again = {}) => office({ ...given, clock, cote, ...again }),
  };
}
