export type { DeadLetter, Webhook, WebhookForm } from './book.js';
export type { RetryPolicy } from './retry.js';
export type { Permit } from './send.js';
export { createWebhooks, type TestResult, type Webhooks, type WebhooksOptions } from './webhooks.js';
