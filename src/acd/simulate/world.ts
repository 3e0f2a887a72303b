import type { Ms } from '../../base/index.js';
import {
  emptyState, step, type AcdEffect, type AcdEvent, type AcdSetup, type AgentId, type AgentSetup, type AgentState, type Band, type ChosenState, type ContactId, type NewContact,
  type Offer, type QueueId, type State,
} from '../engine/index.js';
import { newAgenda } from './agenda.js';

/** Somebody who is going to call, and what is in store. */
export interface Caller {
  readonly at: Ms;
  /** What sort of contact this is, for the figures. */
  readonly kind: string;
  readonly contact: NewContact;
  /** Gives up after so much waiting; `Infinity`: never. */
  readonly patienceMs: Ms;
  /** How long this agent will be busy with it, wrap-up apart. */
  readonly handlingMs: (agent: AgentSetup) => Ms;
}
export interface Player {
  readonly id: AgentId;
  /** In order of time. */
  readonly duties: readonly { readonly at: Ms; readonly state: ChosenState; readonly reason: string | null }[];
  /** How long the phone rings before it is picked up this time; undefined: it is not. */
  readonly ringMs: () => Ms | undefined;
}
/** All that happens to the engine from outside. */
export interface World {
  readonly start: Ms;
  /** Whoever still waits then is given up, lest a world without agents goes on for ever. */
  readonly end: Ms;
  readonly setup: AcdSetup;
  readonly players: readonly Player[];
  /** In order of time. */
  readonly callers: Iterator<Caller>;
  /** Other things: settings that change, days that begin. In any order. */
  readonly others: readonly { readonly at: Ms; readonly event: AcdEvent }[];
}

/** Who looks on. Times in ms. */
export interface Watcher {
  came(caller: Caller): void;
  answered(caller: Caller, at: Ms, agent: AgentId, queue: QueueId): void;
  /** Without an agent: gave up, was sent elsewhere, or could not be taken in. */
  left(caller: Caller, at: Ms, why: string): void;
  told(caller: Caller, at: Ms, wait: Band | undefined): void;
  agentBecame(agent: AgentId, at: Ms, from: AgentState, to: AgentState): void;
  handled(agent: AgentId, ms: Ms): void;
  /** Asked now and then: whether enough has been seen. */
  enough(at: Ms): boolean;
}

/** Runs the engine itself in a world of its own time, until nothing is going to happen any more or the watcher has seen enough. Answers when it ended. */
export function simulate(world: World, watch: Watcher): Ms {
  const w = stage(world, watch);
  for (;;) {
    const next = w.agenda.nextAt();
    if (Math.min(next ?? Infinity, w.wakeAt() ?? Infinity) > world.end) return w.giveUpAll(world.end);
    if (w.wakeAt() !== undefined && (next === undefined || (w.wakeAt() as Ms) <= next)) {
      if (next === undefined && w.idle()) return w.now();
      w.at(w.wakeAt() as Ms);
      w.post({ type: 'time.passed' });
      continue;
    }
    const item = w.agenda.take();
    if (!item || watch.enough(item.at)) return w.now();
    w.at(item.at);
    item.run();
  }
}

function stage(world: World, watch: Watcher) {
  const s: State = emptyState();
  const agenda = newAgenda();
  const here = new Map<ContactId, Caller>();
  const players = new Map(world.players.map((p) => [p.id, p]));
  let now = world.start;
  let wake: Ms | undefined;
  const pending: AcdEvent[] = [];
  let busy = false;

  const post = (event: AcdEvent): void => {
    pending.push(event);
    if (busy) return;
    busy = true;
    for (let one = pending.shift(); one; one = pending.shift()) for (const effect of step(s, one, now)) perform(effect);
    busy = false;
  };
  const soon = (ms: Ms, event: AcdEvent): void => agenda.add(now + ms, () => post(event));
  const gone = (id: ContactId, why: string): void => {
    const caller = here.get(id);
    if (!caller) return;
    here.delete(id);
    watch.left(caller, now, why);
  };
  const ring = ({ id, agent, autoAccept, offerMs }: Offer): void => {
    const ms = autoAccept ? 0 : players.get(agent)?.ringMs();
    if (ms === 0) post({ type: 'offer.accepted', offer: id });
    else if (ms !== undefined && ms < offerMs) soon(ms, { type: 'offer.accepted', offer: id });
  };
  const connect = ({ contact, agent, queue }: Offer): void => {
    const caller = here.get(contact);
    const setup = s.agents.get(agent)?.setup;
    if (!caller || !setup) return;
    here.delete(contact);
    watch.answered(caller, now, agent, queue);
    post({ type: 'contact.bridged', contact });
    const ms = caller.handlingMs(setup);
    watch.handled(agent, ms);
    soon(ms, { type: 'contact.released', contact });
  };
  function perform(effect: AcdEffect): void {
    switch (effect.do) {
      case 'offer': return ring(effect.offer);
      case 'connect': return connect(effect.offer);
      case 'announce': {
        const caller = here.get(effect.contact);
        if (caller) watch.told(caller, now, effect.wait);
        return;
      }
      case 'divert': return effect.target.to === 'callback' ? undefined : gone(effect.contact, effect.why);
      case 'dismiss': return gone(effect.contact, 'failed');
      case 'wake':
        wake = effect.at;
        return;
      case 'publish': {
        const { agent, from, to } = effect.data;
        if (effect.type === 'agent.state_changed') watch.agentBecame(agent as AgentId, now, from as AgentState, to as AgentState);
        return;
      }
      case 'withdraw': case 'drop': case 'remember': return;
    }
  }
  const call = (caller: Caller): void => {
    here.set(caller.contact.id, caller);
    watch.came(caller);
    post({ type: 'contact.joined', contact: caller.contact });
    if (caller.patienceMs < Infinity && here.has(caller.contact.id)) agenda.add(now + caller.patienceMs, () => giveUp(caller));
    dial();
  };
  const giveUp = ({ contact: { id } }: Caller): void => {
    if (!here.has(id) || s.contacts.get(id)?.callback === true) return; // who is called back holds no line
    gone(id, 'abandoned');
    post({ type: 'contact.left', contact: id, why: 'abandoned' });
  };
  const dial = (): void => {
    const next = world.callers.next();
    if (next.done !== true) agenda.add(next.value.at, () => call(next.value));
  };

  post({ type: 'setup.changed', setup: world.setup, remembered: {} });
  for (const { id, duties } of world.players) {
    post({ type: 'agent.reachable', agent: id, yes: true });
    for (const { at, state, reason } of duties) agenda.add(at, () => post({ type: 'agent.chose', agent: id, state, reason, by: 'shift' }));
  }
  for (const { at, event } of world.others) agenda.add(at, () => post(event));
  dial();
  return {
    giveUpAll: (at: Ms): Ms => {
      now = Math.max(now, at);
      for (const id of [...here.keys()]) gone(id, 'failed');
      return now;
    },
    agenda, post, now: () => now, wakeAt: () => wake, idle: () => here.size === 0 && s.contacts.size === 0,
    at: (at: Ms): void => { now = Math.max(now, at); },
  };
}
