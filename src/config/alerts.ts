import { z } from 'zod';
import type { Ms } from '../base/index.js';
import { name, seconds } from './fields.js';
import { nearest } from './nearest.js';
import type { ConfigFault } from './faults.js';
import type { Source } from './yaml.js';

const SHARES = ['service_level', 'abandoned_share'] as const;
/** What a threshold may be set on. Meanings: docs/reports.md. */
export const ALERT_FIGURES = ['waiting', 'longest_wait_s', 'agents_available', ...SHARES] as const;
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
  /** Shares say nothing while fewer were offered today. */
  readonly atLeast: number;
}

const isShare = (figure: AlertFigure): boolean => (SHARES as readonly string[]).includes(figure);
const value = z.number().min(0).max(1_000_000).optional();

const alert = z
  .strictObject({ name, figure: z.enum(ALERT_FIGURES), queue: name.prefault('all'), above: value, below: value, for_s: seconds(0, 86_400).prefault(0), at_least: z.int().min(1).max(1_000_000).optional() })
  .superRefine(({ figure, above, below, at_least }, ctx) => {
    if ((above === undefined) === (below === undefined)) ctx.addIssue({ code: 'custom', message: 'an alert has either "above" or "below"' });
    for (const [key, given] of Object.entries({ above, below })) {
      if (isShare(figure) && given !== undefined && given > 1) ctx.addIssue({ code: 'custom', path: [key], message: 'a share is between 0 and 1', params: { hint: '0.8 is 80 %' } });
    }
    if (!isShare(figure) && at_least !== undefined) ctx.addIssue({ code: 'custom', path: ['at_least'], message: `"at_least" belongs to ${SHARES.join(' and ')}` });
  })
  .transform(({ name: called, figure, queue, above, below, for_s, at_least }): AlertConfig => ({
    name: called, figure, queue: queue === 'all' ? undefined : queue, side: above === undefined ? 'below' : 'above', value: above ?? below ?? 0, forMs: for_s, atLeast: at_least ?? 1,
  }));

export const alertsFile = z.strictObject({ alerts: z.array(alert).max(200).default([]) });

/** Queues that no file has: the API may have them, so it is no error. */
export function strangeQueues(alerts: readonly AlertConfig[], queues: readonly string[], source: Source | undefined): ConfigFault[] {
  return alerts.flatMap(({ queue }, i) => {
    if (!source || queue === undefined || queues.includes(queue)) return [];
    const meant = nearest(queue, queues);
    return [source.fault(['alerts', i, 'queue'], 'config.unknown_reference', `no file has the queue "${queue}": unless the API made it, this never alerts`, meant === undefined ? undefined : `did you mean "${meant}"?`)];
  });
}
