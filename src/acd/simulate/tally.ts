import type { Ms } from '../../base/index.js';
import type { AcdSetup, AgentId, AgentState, Band } from '../engine/index.js';
import { figuresOf, gini, median, round, share, type Figures, type Stay } from './figures.js';
import type { Caller, Watcher } from './world.js';

/** What the expected waits were worth. */
export interface WaitsTold {
  /** Contacts that were told their place at least once. */
  readonly asked: number;
  /** Of these, with a band. */
  readonly told: number;
  readonly share_told: number | null;
  /** Of those answered, whose wait was within the first band told. */
  readonly coverage: number | null;
  readonly median_width_s: number | null;
  /** Width by the greater of 60 s and half the lower end: 1 is the widest it should be. */
  readonly median_relative_width: number | null;
}
export interface GroupFigures {
  readonly group: string;
  readonly agents: number;
  readonly occupancy: number | null;
  readonly contacts_mean: number;
  readonly contacts_least: number;
  readonly contacts_most: number;
  /** 0: all alike; 1: one has everything. */
  readonly contacts_gini: number;
  readonly busy_gini: number;
}
export interface Outcome {
  readonly total: Figures;
  readonly queues: readonly (Figures & { readonly queue: string; readonly expected_wait: WaitsTold })[];
  readonly kinds: readonly (Figures & { readonly kind: string })[];
  readonly priorities: readonly (Figures & { readonly priority: number })[];
  readonly occupancy: number | null;
  readonly groups: readonly GroupFigures[];
  readonly expected_wait: WaitsTold;
}

interface Told {
  readonly queue: string;
  readonly at: Ms;
  readonly band: Band | undefined;
  waitedMs: Ms | undefined;
}
interface Hours {
  since: Ms;
  state: AgentState;
  onDutyMs: Ms;
  busyMs: Ms;
  contacts: number;
}
const ON_DUTY: readonly AgentState[] = ['available', 'ringing', 'talking', 'wrap_up'];
const BUSY: readonly AgentState[] = ['talking', 'wrap_up'];

/** Looks on and counts. `groups`: which agents are alike; `from`: contacts that came before are left out. */
export function tally(setup: AcdSetup, groups: ReadonlyMap<AgentId, string>, start: Ms): { readonly watch: Watcher; readonly outcome: (endedAt: Ms) => Outcome } {
  const stays: Stay[] = [];
  const told = new Map<Caller, Told>();
  const hours = new Map<AgentId, Hours>(setup.agents.map((a) => [a.id, { since: start, state: 'offline', onDutyMs: 0, busyMs: 0, contacts: 0 }]));
  const levels = new Map(setup.queues.map((q) => [q.id, q.serviceLevel]));
  const put = (caller: Caller, at: Ms, why: string): void => {
    const [home] = caller.contact.queues;
    const { thresholdMs = 20_000, shortAbandonMs = 0 } = levels.get(home) ?? {};
    stays.push({ queue: home, kind: caller.kind, priority: caller.contact.priority ?? 5, waitedMs: at - caller.at, why, thresholdMs, shortAbandonMs });
  };
  const spend = (h: Hours, at: Ms): void => {
    if (ON_DUTY.includes(h.state)) h.onDutyMs += at - h.since;
    if (BUSY.includes(h.state)) h.busyMs += at - h.since;
    h.since = at;
  };
  const watch: Watcher = {
    came: () => undefined,
    answered(caller, at, agent) {
      put(caller, at, 'answered');
      const was = told.get(caller);
      if (was) was.waitedMs = at - was.at;
      const h = hours.get(agent);
      if (h) h.contacts += 1;
    },
    left: put,
    told(caller, at, band) {
      const known = told.get(caller);
      if (!known?.band) told.set(caller, { queue: caller.contact.queues[0], at, band, waitedMs: undefined });
    },
    agentBecame(agent, at, _from, to) {
      const h = hours.get(agent);
      if (!h) return;
      spend(h, at);
      h.state = to;
    },
    handled: () => undefined,
    enough: () => false,
  };
  const outcome = (endedAt: Ms): Outcome => {
    for (const h of hours.values()) spend(h, endedAt);
    const by = <K extends string | number>(key: (s: Stay) => K): [K, Figures][] =>
      [...new Set(stays.map(key))].sort().map((k) => [k, figuresOf(stays.filter((s) => key(s) === k))]);
    const all = [...hours.values()];
    return {
      total: figuresOf(stays),
      queues: by((s) => s.queue).map(([queue, f]) => ({ queue, ...f, expected_wait: judge([...told.values()].filter((t) => t.queue === queue)) })),
      kinds: by((s) => s.kind).map(([kind, f]) => ({ kind, ...f })),
      priorities: by((s) => s.priority).map(([priority, f]) => ({ priority, ...f })),
      occupancy: share(total(all, (h) => h.busyMs), total(all, (h) => h.onDutyMs)),
      groups: groupsOf(groups, hours), expected_wait: judge([...told.values()]),
    };
  };
  return { watch, outcome };
}

const total = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((sum, one) => sum + of(one), 0);

function groupsOf(groups: ReadonlyMap<AgentId, string>, hours: ReadonlyMap<AgentId, Hours>): GroupFigures[] {
  return [...new Set(groups.values())].map((group) => {
    const members = [...groups].flatMap(([id, of]) => (of === group ? [hours.get(id)] : [])).filter((h) => h !== undefined);
    const contacts = members.map((h) => h.contacts);
    return {
      group, agents: members.length, occupancy: share(total(members, (h) => h.busyMs), total(members, (h) => h.onDutyMs)),
      contacts_mean: round(total(contacts, (n) => n) / Math.max(1, members.length)), contacts_least: Math.min(...contacts), contacts_most: Math.max(...contacts),
      contacts_gini: gini(contacts), busy_gini: gini(members.map((h) => h.busyMs)),
    };
  });
}

function judge(all: readonly Told[]): WaitsTold {
  const bands = all.flatMap(({ band, waitedMs }) => (band ? [{ ...band, waitedMs }] : []));
  const answered = bands.filter((b) => b.waitedMs !== undefined);
  const within = answered.filter(({ lowMs, highMs, waitedMs = 0 }) => waitedMs >= lowMs && waitedMs <= highMs);
  const width = (b: Band): Ms => b.highMs - b.lowMs;
  return {
    asked: all.length, told: bands.length, share_told: share(bands.length, all.length), coverage: share(within.length, answered.length),
    median_width_s: median(bands.map((b) => width(b) / 1000)), median_relative_width: median(bands.map((b) => width(b) / Math.max(60_000, b.lowMs / 2))),
  };
}
