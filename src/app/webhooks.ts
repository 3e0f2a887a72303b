import { hears, toldTo } from '../api/index.js';
import type { Feed } from '../events/index.js';
import { permitted, systemLookup } from '../ivr/index.js';
import { createWebhooks, type Webhooks } from '../webhooks/index.js';
import type { Ground } from './rooms.js';

/** Deliveries to other servers; what they may call is what flows may call. */
export function openWebhooks({ store, events, access, log, live, settings }: Ground, feed: Feed): Webhooks {
  const { timeoutMs, firstRetryMs, longestRetryMs, attempts, disableAfterMs } = live.now().system.webhooks;
  return createWebhooks({
    store, events, feed, log, seal: access.seal, textOf: toldTo, timeoutMs, hears,
    permit: (url) => permitted(url, settings.allowHosts, systemLookup),
    policy: { firstMs: firstRetryMs, longestMs: longestRetryMs, attempts, disableAfterMs },
  });
}
