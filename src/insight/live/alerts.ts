import type { Ms, Next } from '../../base/index.js';
import type { AlertConfig } from '../../config/index.js';
import type { FactMap } from '../../events/index.js';
import { figureOf, type LiveQueue } from './figures.js';

/** An alert that is raised now. */
export interface RaisedAlert {
  readonly alert: string;
  readonly queue: string;
  readonly figure: AlertConfig['figure'];
  readonly side: AlertConfig['side'];
  readonly threshold: number;
  /** When it was raised. */
  readonly value: number;
  /** Ms since 1970. */
  readonly since: number;
}
/** An alert whose figure is beyond its threshold. */
export interface Standing {
  /** The alert as it was set when this began: another one begins anew. */
  readonly rule: string;
  /** Since when, by a clock that nobody sets. */
  readonly beyondSince: Ms;
  readonly raised: RaisedAlert | undefined;
}
/** By alert and queue. */
export type Standings = ReadonlyMap<string, Standing>;
export interface Sample {
  readonly alerts: readonly AlertConfig[];
  readonly queues: readonly LiveQueue[];
}
export interface Moment {
  /** A clock that nobody sets. */
  readonly clock: Ms;
  /** Ms since 1970. */
  readonly wall: number;
}
export type AlertEffect = { readonly [T in 'alert.raised' | 'alert.cleared']: { readonly type: T; readonly data: FactMap[T] } }['alert.raised' | 'alert.cleared'];

export const keyOf = (alert: string, queue: string): string => `${alert} ${queue}`;
const ruleOf = ({ figure, queue, side, value, forMs, atLeast }: AlertConfig): string => JSON.stringify([figure, queue ?? null, side, value, forMs, atLeast]);

/** What the figures of this moment mean for the alerts: who is raised, who is cleared, and who is on the way. */
export function step(state: Standings, { alerts, queues }: Sample, now: Moment): Next<Standings, AlertEffect> {
  const next = new Map<string, Standing>();
  const effects: AlertEffect[] = [];
  const seen = new Set<string>();
  for (const alert of alerts) {
    for (const queue of queues.filter(({ id }) => alert.queue === undefined || alert.queue === id)) {
      const key = keyOf(alert.name, queue.id);
      seen.add(key);
      const known = state.get(key);
      const before = known?.rule === ruleOf(alert) ? known : undefined;
      if (known?.raised && !before) effects.push(cleared(known.raised, null, 'changed', now));
      const after = beyond(before, alert, queue, now);
      if (after) next.set(key, after);
      if (after?.raised && !before?.raised) effects.push(raised(after.raised));
      if (before?.raised && !after) effects.push(cleared(before.raised, figureOf(queue, alert.figure, alert.atLeast), 'back', now));
    }
  }
  for (const [key, { raised: was }] of state) if (was && !seen.has(key)) effects.push(cleared(was, null, 'changed', now));
  return [next, effects];
}

/** Undefined while the figure is on the right side, or there is none. */
function beyond(before: Standing | undefined, alert: AlertConfig, queue: LiveQueue, now: Moment): Standing | undefined {
  const value = figureOf(queue, alert.figure, alert.atLeast);
  if (value === null || !(alert.side === 'above' ? value > alert.value : value < alert.value)) return undefined;
  const beyondSince = before?.beyondSince ?? now.clock;
  const due = now.clock - beyondSince >= alert.forMs;
  const becomes = { alert: alert.name, queue: queue.id, figure: alert.figure, side: alert.side, threshold: alert.value, value, since: now.wall };
  return { rule: ruleOf(alert), beyondSince, raised: before?.raised ?? (due ? becomes : undefined) };
}

const raised = ({ alert, queue, figure, side, threshold, value }: RaisedAlert): AlertEffect => ({ type: 'alert.raised', data: { alert, queue, figure, side, threshold, value } });
const cleared = ({ alert, queue, figure, since }: RaisedAlert, value: number | null, why: FactMap['alert.cleared']['why'], now: Moment): AlertEffect => ({
  type: 'alert.cleared', data: { alert, queue, figure, value, why, lasted_ms: Math.max(0, now.wall - since) },
});
