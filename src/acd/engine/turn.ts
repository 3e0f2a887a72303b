import type { Ms } from '../../base/index.js';
import type { AcdEffect, FactData } from './events.js';
import { agentState, canTake, type Agent, type Contact, type Queue, type State, type Timer } from './state.js';

/** One step in the making: the state being changed, the time it is, and what has been decided so far. */
export interface Turn {
  readonly s: State;
  readonly now: Ms;
  readonly effects: AcdEffect[];
  /** Queues where a contact and an agent may have come to match. */
  readonly touched: Set<Queue>;
}

/** A timer without its number, for each kind of timer. */
type Untimed<T> = T extends unknown ? Omit<T, 'serial' | 'at'> : never;

export function arm(t: Turn, afterMs: Ms, what: Untimed<Timer>): Timer {
  const timer = { ...what, at: t.now + afterMs, serial: nextSerial(t.s) } as Timer;
  t.s.timers.add(timer);
  return timer;
}

export const disarm = (t: Turn, timer: Timer | undefined): void => {
  if (timer) t.s.timers.delete(timer);
};

export const nextSerial = (s: State): number => (s.serial += 1);

/** A fact about a contact, named after what kind of thing it is: `call:7` gives `call.queued`. */
export function tell(t: Turn, contact: Contact, what: string, data: FactData): void {
  const kind = contact.subject.split(':', 1)[0] ?? contact.subject;
  t.effects.push({ do: 'publish', type: `${kind}.${what}`, subject: contact.subject, data: { queue: contact.queue.id, ...data } });
}

/** Brings index and published state in line with what the agent now is. `fresh`: it has been idle only from now on. */
export function place(t: Turn, agent: Agent, { fresh }: { readonly fresh: boolean }): void {
  unplace(t, agent);
  if (fresh) {
    agent.idleSince = t.now;
    agent.turn = nextSerial(t.s);
  }
  if (canTake(agent)) {
    agent.indexed = true;
    for (const queue of queuesOf(t.s, agent)) {
      queue.idle.add(agent);
      t.touched.add(queue);
    }
  }
  show(t, agent);
}

/** Takes the agent out of the index. Must come before anything that the index is ordered or chosen by changes. */
export function unplace(t: Turn, agent: Agent): void {
  if (!agent.indexed) return;
  agent.indexed = false;
  for (const queue of queuesOf(t.s, agent)) queue.idle.delete(agent);
}

function show(t: Turn, agent: Agent): void {
  const state = agentState(agent);
  if (state === agent.shown) return;
  const reason = agentReason(agent);
  const data = { agent: agent.setup.id, from: agent.shown, to: state, ...(reason === null ? {} : { reason }) };
  agent.shown = state;
  t.effects.push({ do: 'publish', type: 'agent.state_changed', subject: `agent:${agent.setup.id}`, data });
}

export function agentReason(agent: Agent): string | null {
  const state = agentState(agent);
  if (state === 'offline' && !agent.reachable) return 'not_registered';
  return state === agent.chosen ? agent.reason : null;
}

function* queuesOf(s: State, agent: Agent): Generator<Queue> {
  for (const id of agent.setup.queues) {
    const queue = s.queues.get(id);
    if (queue) yield queue;
  }
}
