import { DIMENSIONS, WAIT_CLASSES_S, WAITS, type Dimension, type Measure } from './measures.js';

/** Sums of one row of a report; `longest_ms` is the longest wait among them. */
export type Sums = Readonly<Record<Measure | 'longest_ms', number>>;
export type Unit = 'count' | 'share' | 's' | 'score';
export interface Figure {
  readonly unit: Unit;
  /** What it is made of. */
  readonly needs: readonly (Measure | 'longest_ms')[];
  /** Null where there is nothing to speak of. `total`: of all rows. */
  readonly of: (sums: Sums, total: Sums) => number | null;
  /** The contacts behind it: those that count in one of these. */
  readonly drill?: readonly Measure[];
}

const share = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);
const count = (measure: Measure): Figure => ({ unit: 'count', needs: [measure], of: (s) => s[measure], drill: [measure] });
const rate = (part: Measure, whole: Measure): Figure => ({ unit: 'share', needs: [part, whole], of: (s) => share(s[part], s[whole]), drill: [part] });
const mean = (ms: readonly Measure[], n: Measure): Figure => ({ unit: 's', needs: [...ms, n], of: (s) => share(ms.reduce((sum, one) => sum + s[one], 0) / 1_000, s[n]), drill: [n] });
const seconds = (ms: Measure): Figure => ({ unit: 's', needs: [ms], of: (s) => s[ms] / 1_000 });

/** The wait that this share of those answered did not exceed: evenly spread within its class. */
export function waitQuantile(sums: Sums, q: number): number | null {
  const counts = WAITS.map((name) => sums[name]);
  const all = counts.reduce((sum, n) => sum + n, 0);
  if (all === 0) return null;
  let before = 0;
  for (const [i, n] of counts.entries()) {
    const low = i === 0 ? 0 : (WAIT_CLASSES_S[i - 1] ?? 0);
    const high = Math.max(low, Math.min(WAIT_CLASSES_S[i] ?? Infinity, sums.longest_ms / 1_000));
    if (n > 0 && before + n >= q * all) return low + ((high - low) * (q * all - before)) / n;
    before += n;
  }
  return sums.longest_ms / 1_000;
}
const quantile = (q: number): Figure => ({ unit: 's', needs: [...WAITS, 'longest_ms'], of: (s) => waitQuantile(s, q) });

/** Every figure there is. Definitions for people: docs/reports.md, which a test compares with this list. */
export const FIGURES = {
  contacts: count('contacts'),
  contact_share: { unit: 'share', needs: ['contacts'], of: (s, total) => share(s.contacts, total.contacts) },
  outbound: count('outbound'),
  offered: count('offered'), answered: count('answered'), abandoned: count('abandoned'), short_abandoned: count('short_abandoned'), diverted: count('diverted'),
  answer_rate: rate('answered', 'offered'), abandonment_rate: rate('abandoned', 'offered'),
  service_level: { unit: 'share', needs: ['in_time', 'offered', 'short_abandoned'], of: (s) => share(s.in_time, s.offered - s.short_abandoned), drill: ['in_time'] },
  service_level_answered: rate('in_time', 'answered'),
  asa_s: mean(['wait_ms'], 'answered'), wait_p50_s: quantile(0.5), wait_p90_s: quantile(0.9),
  longest_wait_s: { unit: 's', needs: ['longest_ms'], of: (s) => s.longest_ms / 1_000 },
  abandoned_wait_s: mean(['abandoned_wait_ms'], 'abandoned'),
  handled: count('handled'), aht_s: mean(['talk_ms', 'hold_ms', 'wrap_ms'], 'handled'), talk_s: mean(['talk_ms'], 'handled'), hold_s: mean(['hold_ms'], 'handled'), wrap_s: mean(['wrap_ms'], 'handled'),
  handled_share: { unit: 'share', needs: ['handled'], of: (s, total) => share(s.handled, total.handled) },
  transfers: count('transfers'), transfer_rate: rate('transfers', 'handled'),
  fcr: rate('resolved_first', 'firsts'), repeats: count('repeats'), repeat_rate: rate('repeats', 'contacts'),
  self_served: count('self_served'), self_service_share: rate('self_served', 'contacts'), menu_left: count('menu_left'),
  survey_answers: count('survey_n'), satisfaction: { unit: 'score', needs: ['survey_sum', 'survey_n'], of: (s) => share(s.survey_sum, s.survey_n), drill: ['survey_n'] },
  first_response_s: mean(['first_response_ms'], 'first_response_n'), response_s: mean(['response_ms'], 'response_n'), responses: count('response_n'),
  offers: { ...count('offers'), drill: [] }, offers_missed: { ...count('offers_missed'), drill: [] }, offers_declined: { ...count('offers_declined'), drill: [] },
  available_s: seconds('available_ms'), ringing_s: seconds('ringing_ms'), talking_s: seconds('talking_ms'), wrap_up_s: seconds('wrap_up_ms'), away_s: seconds('away_ms'), training_s: seconds('training_ms'),
  occupancy: {
    unit: 'share', needs: ['available_ms', 'ringing_ms', 'talking_ms', 'wrap_up_ms'],
    of: (s) => share(s.talking_ms + s.wrap_up_ms, s.available_ms + s.ringing_ms + s.talking_ms + s.wrap_up_ms),
  },
  tickets_created: { ...count('tickets_created'), drill: [] }, tickets_resolved: { ...count('tickets_resolved'), drill: [] }, tickets_reopened: { ...count('tickets_reopened'), drill: [] },
  cycle_s: { ...mean(['tickets_cycle_ms'], 'tickets_resolved'), drill: [] }, work_s: { ...mean(['tickets_work_ms'], 'tickets_work_n'), drill: [] },
  resolved_in_time: { unit: 'share', needs: ['tickets_in_time', 'tickets_late'], of: (s) => share(s.tickets_in_time, s.tickets_in_time + s.tickets_late) },
  ticket_response_s: { ...mean(['tickets_response_ms'], 'tickets_response_n'), drill: [] },
  responded_in_time: { unit: 'share', needs: ['tickets_response_in_time', 'tickets_response_late'], of: (s) => share(s.tickets_response_in_time, s.tickets_response_in_time + s.tickets_response_late) },
} satisfies Record<string, Figure>;
export type FigureName = keyof typeof FIGURES;
export const figure = (name: FigureName): Figure => FIGURES[name];

export const TIME_GROUPS = ['hour', 'day', 'week', 'month', 'hour_of_day', 'weekday'] as const;
export type TimeGroup = (typeof TIME_GROUPS)[number];
export const GROUPS = [...TIME_GROUPS, 'queue', 'channel', ...DIMENSIONS] as const;
export type Group = TimeGroup | 'queue' | 'channel' | Dimension;

export interface Report {
  readonly names: { readonly en: string; readonly 'zh-CN': string };
  readonly by: readonly Group[];
  readonly figures: readonly FigureName[];
}
const volume = ['offered', 'answered', 'abandoned', 'short_abandoned', 'diverted', 'answer_rate', 'abandonment_rate', 'service_level', 'service_level_answered', 'asa_s', 'wait_p50_s', 'wait_p90_s', 'longest_wait_s', 'abandoned_wait_s'] as const;
const handling = ['handled', 'aht_s', 'talk_s', 'hold_s', 'wrap_s', 'transfers', 'transfer_rate'] as const;

export const REPORTS = {
  overview: { names: { en: 'Overview', 'zh-CN': '总览' }, by: ['day'], figures: ['contacts', 'outbound', ...volume, ...handling, 'fcr', 'repeat_rate', 'self_service_share', 'satisfaction', 'occupancy', 'tickets_created', 'tickets_resolved'] },
  queues: { names: { en: 'Queues', 'zh-CN': '队列' }, by: ['queue'], figures: [...volume, ...handling] },
  agents: {
    names: { en: 'Agents', 'zh-CN': '坐席' }, by: ['agent'],
    figures: [...handling, 'handled_share', 'answered', 'offers', 'offers_missed', 'offers_declined', 'available_s', 'ringing_s', 'talking_s', 'wrap_up_s', 'away_s', 'training_s', 'occupancy', 'fcr', 'satisfaction'],
  },
  channels: { names: { en: 'Channels', 'zh-CN': '渠道' }, by: ['channel'], figures: ['contacts', 'contact_share', ...volume, ...handling, 'first_response_s', 'response_s', 'responses'] },
  resolution: { names: { en: 'Resolution and self-service', 'zh-CN': '解决与自助' }, by: ['queue'], figures: ['contacts', 'answered', 'fcr', 'repeats', 'repeat_rate', 'self_served', 'self_service_share', 'menu_left', 'transfers', 'transfer_rate'] },
  satisfaction: { names: { en: 'Satisfaction', 'zh-CN': '满意度' }, by: ['queue'], figures: ['contacts', 'survey_answers', 'satisfaction'] },
  tickets: { names: { en: 'Tickets', 'zh-CN': '工单' }, by: ['type'], figures: ['tickets_created', 'tickets_resolved', 'tickets_reopened', 'cycle_s', 'work_s', 'resolved_in_time', 'ticket_response_s', 'responded_in_time'] },
} as const satisfies Record<string, Report>;
export type ReportName = keyof typeof REPORTS;
export const REPORT_NAMES = Object.keys(REPORTS) as ReportName[];
