const sums = [
  'contacts', 'outbound', 'self_served', 'menu_left', 'offered', 'answered', 'in_time', 'abandoned', 'short_abandoned', 'diverted', 'wait_ms', 'abandoned_wait_ms',
  'handled', 'talk_ms', 'hold_ms', 'wrap_ms', 'transfers', 'repeats', 'firsts', 'resolved_first', 'survey_n', 'survey_sum',
  'first_response_n', 'first_response_ms', 'response_n', 'response_ms',
];
const more = [
  ...Array.from({ length: 16 }, (_, i) => `wait_${i}`),
  'offers', 'offers_missed', 'offers_declined', 'available_ms', 'ringing_ms', 'talking_ms', 'wrap_up_ms', 'away_ms', 'training_ms',
  'tickets_created', 'tickets_resolved', 'tickets_reopened', 'tickets_cycle_ms', 'tickets_work_n', 'tickets_work_ms', 'tickets_in_time', 'tickets_late',
  'tickets_response_n', 'tickets_response_ms', 'tickets_response_in_time', 'tickets_response_late', 'longest_ms',
];
const columns = (names: readonly string[]): string => names.map((name) => `${name} integer not null default 0`).join(', ');

/** Statements of one migration; each is "if not exists". */
export const insight: readonly string[] = [
  `create table if not exists insight_contacts (
     id integer primary key, subject text not null, part integer not null, at integer not null, channel text not null, queue text not null, agent text not null,
     number text not null, region text not null, product text not null, tags text not null, party text, outcome text not null, counted_at integer not null, longest_ms integer not null default 0,
     ${columns(sums)}, unique (subject, part)) strict`,
  `create index if not exists insight_contacts_at on insight_contacts (at)`,
  `create index if not exists insight_contacts_party on insight_contacts (party, at) where party is not null`,
  `create table if not exists insight_sums (
     grain text not null, dim text not null, at integer not null, channel text not null, queue text not null, value text not null,
     ${columns([...sums, ...more])}, primary key (grain, dim, at, channel, queue, value)) strict, without rowid`,
  `create table if not exists insight_agents (
     agent text primary key, state text not null, since integer not null, subject text) strict, without rowid`,
  `create table if not exists insight_wraps (subject text not null, agent text not null, ms integer not null, primary key (subject, agent)) strict, without rowid`,
];
