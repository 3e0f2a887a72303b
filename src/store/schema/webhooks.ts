import type { Generated } from 'kysely';

/** Tables of src/store/migrations/webhooks.ts. */
export interface WebhooksTables {
  webhooks: WebhookTable;
  webhook_dead_letters: DeadLetterTable;
  webhook_replays: ReplayTable;
}
export interface WebhookTable {
  id: string;
  url: string;
  description: string | null;
  /** JSON: patterns of event types. */
  types: string;
  /** JSON: what its maker was allowed to hear. */
  grants: string;
  enabled: number;
  secret: string;
  /** Signs too until `previous_until`. */
  previous_secret: string | null;
  previous_until: number | null;
  version: number;
  created_at: number;
  created_by: string;
  /** Events up to this one are done with. */
  cursor: number;
  attempts: Generated<number>;
  next_at: Generated<number>;
  failing_since: number | null;
  last_status: number | null;
  last_error: string | null;
  delivered_at: number | null;
  disabled_why: string | null;
}
export interface DeadLetterTable {
  webhook: string;
  seq: number;
  event: string;
  type: string;
  at: number;
  attempts: number;
  status: number | null;
  error: string | null;
}
export interface ReplayTable {
  id: Generated<number>;
  webhook: string;
  cursor: number;
  until_seq: number;
  attempts: Generated<number>;
  next_at: Generated<number>;
}
