import { z } from 'zod';
import type { Ms } from '../base/index.js';
import { name, plainSeconds, toMs } from './fields.js';
import { nearest } from './nearest.js';
import type { ConfigFault } from './faults.js';
import type { Source } from './yaml.js';

const SHARES = ['service_level', 'abandoned_share'] as const;
/** Of those who came today: they say little while there are few. */
const OF_TODAY = [...SHARES, 'satisfaction'] as const;
/** What a threshold may be set on. Meanings: docs/reports.md. */
export const ALERT_FIGURES = ['waiting', 'longest_wait_s', 'agents_available', ...OF_TODAY] as const;
export type AlertFigure = (typeof ALERT_FIGURES)[number];

/** A threshold on a figure of a queue. */
export interface AlertConfig {
  readonly name: string;
  readonly figure: AlertFigure;
  /** Undefined: each queue by itself. */
  readonly queue: string | undefined;
  readonly side: 'above' | 'below';
  readonly value: number;
  /** How long without a break. */
  readonly forMs: Ms;
  /** Figures of today say nothing while there are fewer: of those offered, or of marks. */
  readonly atLeast: number;
}

const isOne = (of: readonly AlertFigure[], figure: AlertFigure): boolean => of.includes(figure);
/** The greatest mark that a survey may ask for. */
const GREATEST_MARK = 99;
const value = z.number().min(0).max(1_000_000).optional();

/** An alert as people write it. */
export const alertForm = z
  .strictObject({ name, figure: z.enum(ALERT_FIGURES), queue: name.prefault('all'), above: value, below: value, for_s: plainSeconds(0, 86_400).prefault(0), at_least: z.int().min(1).max(1_000_000).optional() })
  .superRefine(({ figure, above, below, at_least }, ctx) => {
    if ((above === undefined) === (below === undefined)) ctx.addIssue({ code: 'custom', message: 'an alert has either "above" or "below"' });
    for (const [key, given = 0] of Object.entries({ above, below })) {
      if (isOne(SHARES, figure) && given > 1) ctx.addIssue({ code: 'custom', path: [key], message: 'a share is between 0 and 1', params: { hint: '0.8 is 80 %' } });
      if (figure === 'satisfaction' && given > GREATEST_MARK) ctx.addIssue({ code: 'custom', path: [key], message: `a mark is between 0 and ${GREATEST_MARK}`, params: { hint: 'chats, and surveys that do not say otherwise, have 1 to 5' } });
    }
    if (!isOne(OF_TODAY, figure) && at_least !== undefined) ctx.addIssue({ code: 'custom', path: ['at_least'], message: `"at_least" belongs to ${OF_TODAY.join(', ')}` });
  });
export type AlertForm = z.output<typeof alertForm>;

export const toAlert = ({ name: called, figure, queue, above, below, for_s, at_least }: AlertForm): AlertConfig => ({
  name: called, figure, queue: queue === 'all' ? undefined : queue, side: above === undefined ? 'below' : 'above', value: above ?? below ?? 0, forMs: toMs(for_s), atLeast: at_least ?? 1,
});

export const alertsFile = z.strictObject({ alerts: z.array(alertForm).max(200).default([]) });

/** Queues that no file has: the API may have them, so it is no error. */
export function strangeQueues(alerts: readonly AlertConfig[], queues: readonly string[], source: Source | undefined): ConfigFault[] {
  return alerts.flatMap(({ queue }, i) => {
    if (!source || queue === undefined || queues.includes(queue)) return [];
    const meant = nearest(queue, queues);
    return [source.fault(['alerts', i, 'queue'], 'config.unknown_reference', `no file has the queue "${queue}": unless the API made it, this never alerts`, meant === undefined ? undefined : `did you mean "${meant}"?`)];
  });
}
