import type { Events, Fact, Subject } from '../../events/index.js';
import type { Store } from '../../store/index.js';
import { createAgentBook } from './agents.js';
import { readContact, type Policy } from './contact.js';
import { createContactBook } from './contacts.js';
import { changeOfStays } from './live.js';
import { createSums } from './sums.js';
import { countTicket } from './tickets.js';
import { amount, text, toldOf, type Told } from './told.js';

/** Facts that something is counted at; what they mean stands in all facts about their subject. */
const COUNTED = /^(call\.ended|conversation\.(ended|rated)|agent\.state_changed|ticket\.(created|state_changed|sla_met)|\w+\.(left_queue|returned_to_queue|connect_timed_out|offered|offer_ended))$/;
/** The stay of somebody in a queue is over, or not over after all. */
const STAYS = /\.(left_queue|returned_to_queue|connect_timed_out)$/;
const CAME_BACK = /\.(returned_to_queue|connect_timed_out)$/;
export const matters = (fact: Fact): Fact | undefined => (COUNTED.test(fact.type) ? fact : undefined);

const REACHED = 'insight.reached';
const ZONE = 'insight.zone';
/** Since when sums by day are whole for a time zone of the house. */
export const DAYS_SINCE = 'insight.days_since ';

export interface BookOptions {
  readonly store: Store;
  readonly events: Pick<Events, 'of'>;
  /** The time zone of the house: sums by day are of its days. */
  readonly zone: () => string;
  readonly policy: Omit<Policy, 'factsOf'>;
}
export interface Book {
  reached(): number;
  /** Counts each fact once: how far it got is committed with the counts. @throws StoreError */
  take(facts: readonly Fact[], to: number): void;
}

export function createBook({ store, events, zone, policy }: BookOptions): Book {
  const sums = createSums(store, zone);
  const contacts = createContactBook(store, sums);
  const agents = createAgentBook(store, sums, contacts);
  const factsOf = (subject: string, upTo: number): Told[] => events.of(subject as Subject).filter((fact) => fact.seq <= upTo).map(toldOf);
  const whole: Policy = { ...policy, factsOf };
  /** A conversation has the one that it was opened on. */
  const channelOf = (subject: string, kind: string): string => {
    if (kind !== 'conversation') return kind === 'call' ? 'voice' : kind;
    const opened = events.of(subject as Subject).find(({ type }) => type === 'conversation.started');
    return opened ? text(toldOf(opened), 'channel') : kind;
  };
  const count = (fact: Fact): void => {
    const told = toldOf(fact);
    const { subject } = fact;
    const kind = subject.slice(0, subject.indexOf(':'));
    if (told.type === 'agent.state_changed') return agents.stateChanged(told);
    if (/\.offer(ed|_ended)$/.test(told.type)) return agents.offer(subject, channelOf(subject, kind), told);
    if (told.type === 'conversation.rated') return contacts.rated(subject, amount(told, 'rating'));
    const facts = factsOf(subject, fact.seq);
    if (STAYS.test(told.type)) for (const { place, counts } of changeOfStays(facts, channelOf(subject, kind), policy)) sums.live(place, counts);
    if (CAME_BACK.test(told.type)) return undefined;
    if (kind === 'ticket' && !told.type.endsWith('.left_queue')) return countTicket(facts, sums);
    const { over, parts } = readContact(subject, facts, whole);
    if (over) contacts.count(subject, parts, fact.at);
  };
  const noteDays = (at: number): void => {
    if (store.getMeta(ZONE) === zone()) return;
    store.setMeta(ZONE, zone());
    store.setMeta(DAYS_SINCE + zone(), String(at));
  };
  const takeAll = (facts: readonly Fact[], to: number): void => {
    const last = facts.at(-1);
    if (facts[0]) noteDays(facts[0].at);
    facts.forEach(count);
    if (last) agents.roll(last.at);
    sums.flush();
    store.setMeta(REACHED, String(to));
  };
  return {
    reached: () => Number(store.getMeta(REACHED) ?? 0),
    take(facts, to) {
      try {
        store.transaction(() => takeAll(facts, to));
      } catch (error) {
        sums.drop();
        throw error;
      }
    },
  };
}
