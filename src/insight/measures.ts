/** What is counted of a contact, as sums over contacts. Times are ms. Meanings: docs/reports.md. */
export const OF_CONTACTS = [
  'contacts', 'outbound', 'self_served', 'menu_left', 'offered', 'answered', 'in_time', 'abandoned', 'short_abandoned', 'diverted', 'wait_ms', 'abandoned_wait_ms',
  'handled', 'talk_ms', 'hold_ms', 'wrap_ms', 'transfers', 'repeats', 'firsts', 'resolved_first', 'survey_n', 'survey_sum',
  'first_response_n', 'first_response_ms', 'response_n', 'response_ms',
] as const;

/** Upper bounds (s) of the classes into which waits of answered contacts fall: histograms of any intervals can be added. */
export const WAIT_CLASSES_S = [1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1_200] as const;
export const WAITS = [
  'wait_0', 'wait_1', 'wait_2', 'wait_3', 'wait_4', 'wait_5', 'wait_6', 'wait_7', 'wait_8', 'wait_9', 'wait_10', 'wait_11', 'wait_12', 'wait_13', 'wait_14', 'wait_15',
] as const;
export type WaitClass = (typeof WAITS)[number];

/** Of agents, whatever they handle. */
export const OF_AGENTS = ['offers', 'offers_missed', 'offers_declined', 'available_ms', 'ringing_ms', 'talking_ms', 'wrap_up_ms', 'away_ms', 'training_ms'] as const;
export const OF_TICKETS = [
  'tickets_created', 'tickets_resolved', 'tickets_reopened', 'tickets_cycle_ms', 'tickets_work_n', 'tickets_work_ms', 'tickets_in_time', 'tickets_late',
  'tickets_response_n', 'tickets_response_ms', 'tickets_response_in_time', 'tickets_response_late',
] as const;

export type ContactMeasure = (typeof OF_CONTACTS)[number];
export type Measure = ContactMeasure | WaitClass | (typeof OF_AGENTS)[number] | (typeof OF_TICKETS)[number];
/** All that are sums; `longest_ms`, the longest wait of one answered, is a maximum beside them. */
export const SUMS: readonly Measure[] = [...OF_CONTACTS, ...WAITS, ...OF_AGENTS, ...OF_TICKETS];

export type Counts = Partial<Record<Measure, number>>;

export function waitClass(ms: number): WaitClass {
  const at = WAIT_CLASSES_S.findIndex((s) => ms <= s * 1_000);
  return WAITS[at] ?? 'wait_15';
}

/** By what figures can be told apart besides queue and channel, each for itself. `all`: not at all. */
export const DIMENSIONS = ['agent', 'number', 'region', 'tag', 'product', 'type'] as const;
export type Dimension = (typeof DIMENSIONS)[number];
/** Intervals are of this length; every time zone on earth begins its hours and days with one. */
export const QUARTER = 900_000;
