import type { Ms } from '../../base/index.js';
import type { AlertConfig } from '../../config/index.js';
import type { Events, NewFact } from '../../events/index.js';
import type { Store } from '../../store/index.js';
import { daysOf } from '../zone.js';
import { keyOf, step, type AlertEffect, type RaisedAlert, type Standing, type Standings } from './alerts.js';
import { todayOf, type LiveQueue, type QueueNow } from './figures.js';

const EACH: Ms = 1_000;
/** What is raised, over a restart. */
const RAISED = 'insight.alerts';

export interface LiveOptions {
  readonly store: Pick<Store, 'run' | 'getMeta' | 'setMeta'>;
  readonly events: Pick<Events, 'publishAll'>;
  readonly log: { error(fields: object, message: string): void };
  /** Of the house: its day is meant by "today". */
  readonly zone: () => string;
  readonly queues: () => readonly QueueNow[];
  readonly alerts: () => readonly AlertConfig[];
  /** Ms since 1970. */
  readonly wall?: () => number;
  /** A clock that nobody sets. */
  readonly clock?: () => Ms;
  /** Runs something again and again, until what it answers is called. */
  readonly every?: (run: () => void, ms: Ms) => () => void;
}
export interface LiveFigures {
  /** Ms since 1970. */
  readonly at: number;
  /** `2026-11-30` */
  readonly day: string;
  readonly zone: string;
  readonly queues: readonly LiveQueue[];
}
/** Figures of this moment, and the alerts on them. */
export interface Live {
  figures(): LiveFigures;
  /** Those raised now, the newest first. */
  alerts(): readonly RaisedAlert[];
  /** Once a second; until what it answers is called. `ended`: the house closes. */
  watch(told: (figures: LiveFigures) => void, ended: () => void): () => void;
  close(): void;
}

export function createLive(options: LiveOptions): Live {
  const { store, events, log, zone, queues, alerts, wall = Date.now, clock = () => performance.now(), every = repeat } = options;
  const watchers = new Set<{ readonly told: (figures: LiveFigures) => void; readonly ended: () => void }>();
  let days = { zone: zone(), of: daysOf(zone()) };
  let state: Standings = remembered(store.getMeta(RAISED));
  let failing = false;

  const figures = (): LiveFigures => {
    if (days.zone !== zone()) days = { zone: zone(), of: daysOf(zone()) };
    const at = wall();
    const { date, from } = days.of(at);
    const today = todayOf(store, days.zone, from);
    return { at, day: date, zone: days.zone, queues: queues().map((queue) => ({ ...queue, today: today(queue.id) })) };
  };
  const judge = (now: LiveFigures): void => {
    const [next, effects] = step(state, { alerts: alerts(), queues: now.queues }, { clock: clock(), wall: now.at });
    // Told and remembered together, or neither: what the disk refuses is judged again.
    if (effects.length > 0 && !events.publishAll(effects.map(factOf), () => store.setMeta(RAISED, JSON.stringify([...next.values()].filter(({ raised }) => raised))))) return;
    state = next;
  };
  const tick = (): void => {
    if (watchers.size === 0 && alerts().length === 0 && state.size === 0) return;
    try {
      const now = figures();
      for (const { told } of watchers) told(now);
      judge(now);
      failing = false;
    } catch (error) {
      if (!failing) log.error({ err: error }, 'live figures cannot be read, and no alert is judged; tried again each second');
      failing = true;
    }
  };
  const stop = every(tick, EACH);
  return {
    figures,
    alerts: () => [...state.values()].flatMap(({ raised }) => (raised ? [raised] : [])).sort((a, b) => b.since - a.since || (keyOf(a.alert, a.queue) < keyOf(b.alert, b.queue) ? -1 : 1)),
    watch(told, ended) {
      const watcher = { told, ended };
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
    close() {
      stop();
      for (const { ended } of [...watchers]) ended();
      watchers.clear();
    },
  };
}

const factOf = (effect: AlertEffect): NewFact => ({ ...effect, subject: `queue:${effect.data.queue}` });

function remembered(text: string | undefined): Standings {
  const raised = text === undefined ? [] : (JSON.parse(text) as (Standing & { readonly raised: RaisedAlert })[]);
  return new Map(raised.map((standing) => [keyOf(standing.raised.alert, standing.raised.queue), standing]));
}

function repeat(run: () => void, ms: Ms): () => void {
  const timer = setInterval(run, ms).unref();
  return () => clearInterval(timer);
}
