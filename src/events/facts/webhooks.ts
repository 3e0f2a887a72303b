/** Deliveries to other servers. Subject `webhook:ID`. */
export interface WebhookFacts {
  'webhook.created': { webhook: string; by: string };
  'webhook.changed': { webhook: string; by: string };
  'webhook.removed': { webhook: string; by: string };
  /** It failed for too long, or its server said 410: nothing is sent until somebody switches it on again. */
  'webhook.disabled': { webhook: string; why: string };
  /** An event was given up after so many attempts; it can be replayed. */
  'webhook.dead_lettered': { webhook: string; event_seq: number; attempts: number; why: string };
}
