/** Tables of src/store/migrations/insight.ts. Measures (columns beside these) are listed in src/insight/measures.ts. */
export interface InsightTables {
  insight_contacts: InsightContactTable;
  insight_sums: InsightSumTable;
  insight_agents: InsightAgentTable;
  /** Wrap-up of contacts that were not over when it ended. */
  insight_wraps: { subject: string; agent: string; ms: number };
}
/** A stay in a queue, a talk, or a contact that had neither; empty text where there is none. */
export interface InsightContactTable {
  id: number;
  subject: string;
  /** Counts from 0 within its subject. */
  part: number;
  /** When it came, ms since 1970. */
  at: number;
  channel: string;
  queue: string;
  agent: string;
  number: string;
  region: string;
  product: string;
  /** With commas between. */
  tags: string;
  /** Whose contact it was: `cus_…` or a number; null for parts that count for nobody. */
  party: string | null;
  outcome: string;
  counted_at: number;
  longest_ms: number;
}
/** Sums of one interval. `grain`: `q` for quarters of an hour, or the time zone of the day. */
export interface InsightSumTable {
  grain: string;
  dim: string;
  at: number;
  channel: string;
  queue: string;
  value: string;
}
/** The state an agent is in, and whom he took last. */
export interface InsightAgentTable {
  agent: string;
  state: string;
  since: number;
  subject: string | null;
}
