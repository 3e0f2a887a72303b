import { StrowgerError } from '../base/index.js';

export class NoSuchWebhook extends StrowgerError {
  readonly code = 'webhooks.no_such_webhook';
  constructor(id: string) {
    super(`there is no webhook "${id}"`, { hint: 'GET /v1/webhooks lists them' });
  }
}
export class NoSuchDeadLetter extends StrowgerError {
  readonly code = 'webhooks.no_such_dead_letter';
  constructor(seq: number) {
    super(`event ${seq} was not given up here`, { hint: 'GET …/dead-letters lists those that were; POST …/replay takes any range' });
  }
}
export class WebhookStale extends StrowgerError {
  readonly code = 'webhooks.stale';
  constructor() {
    super('the webhook was changed meanwhile', { hint: 'GET it again and send its ETag as If-Match' });
  }
}
export class BadWebhook extends StrowgerError {
  readonly code = 'webhooks.refused';
}
export class TooManyWebhooks extends StrowgerError {
  readonly code = 'webhooks.too_many';
  constructor(most: number) {
    super(`there are ${most} webhooks already`, { hint: 'remove one, or let one server take more types' });
  }
}
