import type { Ms } from '../../base/index.js';
import type { Expectation } from './expect.js';
import type { Agent, Contact, Entry, LiveOffer, State, Timer, Work } from './state.js';
import type {
  AcdSetup, AgentId, AgentSetup, AgentState, Attributes, Channel, ChosenState, ContactId, Need, Offer, OfferId, QueueId, QueueSetup,
} from './types.js';

/** A timer without what it belongs to. */
export interface KeptTimer {
  readonly at: Ms;
  readonly serial: number;
}
export interface KeptOffer {
  readonly offer: Offer;
  readonly madeAt: Ms;
  readonly timer: KeptTimer | null;
}
export interface KeptEntry {
  readonly queue: QueueId;
  readonly order: number;
  readonly since: Ms;
  readonly relaxed: number;
  readonly escalated: number;
  readonly heldFor: AgentId | null;
  readonly heldUntil: Ms;
  readonly timer: KeptTimer | null;
  /** Wants a phone to ring. */
  readonly seeking: boolean;
}
export type KeptStage =
  | { readonly is: 'waiting' }
  | { readonly is: 'scheduled'; readonly timer: KeptTimer }
  | { readonly is: 'connecting'; readonly offer: KeptOffer; readonly timer: KeptTimer }
  | { readonly is: 'connected'; readonly offer: KeptOffer };
export interface KeptContact {
  readonly id: ContactId;
  readonly serial: number;
  readonly subject: string;
  readonly channel: Channel;
  readonly basePriority: number;
  readonly attributes: Attributes;
  readonly needs: readonly Need[];
  readonly avoids: readonly AgentId[];
  readonly callback: boolean;
  readonly attemptsLeft: number;
  readonly joinedAt: Ms;
  readonly entries: readonly KeptEntry[];
  readonly stage: KeptStage;
  readonly offers: readonly KeptOffer[];
  readonly attempts: number;
  readonly told: Exclude<Contact['told'], undefined> | null;
  readonly announcing: KeptTimer | null;
  readonly hops: number;
  readonly places: number;
}
export type KeptWork =
  | { readonly is: 'ringing'; readonly channel: Channel; readonly offer: OfferId }
  | { readonly is: 'talking'; readonly channel: Channel; readonly offer: OfferId; readonly since: Ms }
  | { readonly is: 'wrap_up'; readonly channel: Channel; readonly timer: KeptTimer; readonly since: Ms; readonly latest: Ms };
export interface KeptAgent {
  readonly id: AgentId;
  /** Only of an agent that the settings no longer have. */
  readonly setup: AgentSetup | null;
  readonly work: readonly KeptWork[];
  readonly chosen: ChosenState;
  readonly reason: string | null;
  readonly reachable: boolean;
  readonly hears?: readonly Channel[];
  readonly engaged: number;
  readonly unanswered: number;
  readonly pause: KeptTimer | null;
  readonly idleSince: Ms;
  readonly turn: number;
  readonly offered: number;
  readonly today: number;
  readonly busy: { readonly ms: Ms; readonly at: Ms };
  readonly busySince: Ms | null;
  readonly open: readonly Channel[];
  readonly staffs: boolean;
  readonly shown: AgentState;
}
export interface KeptQueue {
  readonly id: QueueId;
  /** Only of a queue that the settings no longer have. */
  readonly setup: QueueSetup | null;
  readonly expectation: Expectation;
}

/** All that a state is, as plain JSON: what is derived from it (lanes, ranks, places) is left out and worked out again. */
export interface Snapshot {
  readonly version: 1;
  readonly now: Ms;
  readonly serial: number;
  readonly setup: AcdSetup;
  readonly queues: readonly KeptQueue[];
  readonly agents: readonly KeptAgent[];
  readonly contacts: readonly KeptContact[];
}

/** A copy that shares nothing that a later step changes. */
export const snapshot = (s: State): Snapshot => ({
  version: 1, now: s.now, serial: s.serial, setup: s.setup,
  queues: [...s.queues.values()].map((q) => ({ id: q.id, setup: q.removed ? q.setup : null, expectation: structuredClone(q.expectation) })),
  agents: [...s.agents.values()].map(keepAgent),
  contacts: [...s.contacts.values()].map(keepContact),
});

const keepTimer = ({ at, serial }: Timer): KeptTimer => ({ at, serial });
const keepIf = (timer: Timer | undefined): KeptTimer | null => (timer ? keepTimer(timer) : null);
const keepOffer = ({ offer, madeAt, timer }: LiveOffer): KeptOffer => ({ offer, madeAt, timer: keepIf(timer) });

function keepAgent(a: Agent): KeptAgent {
  const { work, chosen, reason, reachable, hears, engaged, unanswered, idleSince, turn, offered, today, busy, open, staffs, shown } = a;
  return {
    id: a.setup.id, setup: a.removed ? a.setup : null, work: work.map(keepWork), chosen, reason, reachable, ...(hears === undefined ? {} : { hears }), engaged, unanswered, pause: keepIf(a.pause),
    idleSince, turn, offered, today, busy, busySince: a.busySince ?? null, open, staffs, shown,
  };
}

function keepWork(work: Work): KeptWork {
  if (work.is === 'wrap_up') return { ...work, timer: keepTimer(work.timer) };
  return { ...work, offer: work.offer.offer.id };
}

function keepContact(c: Contact): KeptContact {
  const { id, serial, subject, channel, basePriority, attributes, needs, avoids, callback, attemptsLeft, joinedAt, attempts, hops, places } = c;
  return {
    id, serial, subject, channel, basePriority, attributes, needs, avoids, callback, attemptsLeft, joinedAt, attempts, hops, places,
    entries: c.entries.map(keepEntry), stage: keepStage(c.stage), offers: c.offers.map(keepOffer), told: c.told ?? null, announcing: keepIf(c.announcing),
  };
}

const keepEntry = (e: Entry): KeptEntry => ({
  queue: e.queue.id, order: e.order, since: e.since, relaxed: e.relaxed, escalated: e.escalated, heldFor: e.heldFor?.setup.id ?? null, heldUntil: e.heldUntil,
  timer: keepIf(e.timer), seeking: e.pos >= 0,
});

function keepStage(stage: Contact['stage']): KeptStage {
  switch (stage.is) {
    case 'waiting': return { is: 'waiting' };
    case 'scheduled': return { is: 'scheduled', timer: keepTimer(stage.timer) };
    case 'connecting': return { is: 'connecting', offer: keepOffer(stage.offer), timer: keepTimer(stage.timer) };
    case 'connected': return { is: 'connected', offer: keepOffer(stage.offer) };
  }
}
