import type { Ms } from '../base/index.js';
import type { Events, Fact, Feed } from '../events/index.js';
import { newId, type Store } from '../store/index.js';
import { createBook, type Book, type Sealing, type Webhook, type WebhookForm } from './book.js';
import { startCourier, type Courier } from './courier.js';
import { BadWebhook } from './errors.js';
import { createProgress } from './progress.js';
import type { Outcome, RetryPolicy } from './retry.js';
import { post, type Permit } from './send.js';
import { signature } from './sign.js';

export interface WebhooksOptions {
  readonly store: Store;
  readonly events: Events;
  readonly feed: Feed;
  readonly log: { error(fields: object, message: string): void };
  readonly seal: Sealing;
  /** Guards against addresses inside the house. */
  readonly permit: Permit;
  /** A fact as everybody outside sees it. */
  readonly textOf: (webhook: Pick<Webhook, 'grants'>, fact: Fact) => string;
  /** Whether a type is one of these patterns and allowed by these grants. */
  readonly hears: (webhook: Pick<Webhook, 'types' | 'grants'>, type: Fact['type']) => boolean;
  readonly policy: RetryPolicy;
  readonly timeoutMs: Ms;
  readonly now?: () => number;
  readonly chance?: () => number;
}
export interface TestResult {
  readonly ok: boolean;
  readonly status: number | null;
  readonly error: string | null;
  readonly ms: Ms;
}
export interface Webhooks extends Pick<Book, 'get' | 'list' | 'deadLetters'> {
  /** The secret is told here and never again. @throws BadWebhook, TooManyWebhooks */
  add(form: WebhookForm, by: string): Promise<{ webhook: Webhook; secret: string }>;
  /** @throws NoSuchWebhook, WebhookStale, BadWebhook */
  change(id: string, form: Partial<WebhookForm>, ifMatch: string | undefined, by: string): Promise<Webhook>;
  remove(id: string, ifMatch: string | undefined, by: string): void;
  /** The old secret signs too for so long. */
  rotate(id: string, overlapMs: Ms, by: string): { webhook: Webhook; secret: string };
  replay: Book['replay'];
  /** Sends an event of type `webhook.test`, once, and tells what came of it. */
  test(id: string): Promise<TestResult>;
  /** Newest number of the log. */
  last(): number;
  close(): Promise<void>;
}

export function createWebhooks({ store, events, feed, log, seal, permit, textOf, hears, policy, timeoutMs, now = Date.now, chance = Math.random }: WebhooksOptions): Webhooks {
  const book = createBook(store, events, seal, now);
  const couriers = new Map<string, Courier>();
  const deliver = async (webhook: Webhook, id: string, body: string, stop: AbortSignal): Promise<Outcome> => {
    const secrets = webhook.secrets.flatMap((sealed) => opened(sealed, seal));
    // Signed by nobody it would be taken for a forgery; access.key may have been left out when the database was moved.
    if (secrets.length === 0) return { ok: false, status: null, error: 'its secret was sealed with another access.key: bring that back, or rotate the secret', retryAfterMs: undefined };
    const timestamp = Math.floor(now() / 1_000);
    const headers = { 'content-type': 'application/json', 'user-agent': 'strowger', 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature({ id, timestamp, body }, secrets) };
    return post({ url: webhook.url, body, headers }, permit, timeoutMs, stop);
  };
  const start = (id: string): void => {
    if (couriers.has(id)) return couriers.get(id)?.wake();
    couriers.set(id, startCourier(id, {
      book, progress: createProgress(store, events, now), feed, policy, now, chance,
      wants: (webhook, fact) => fact.subject !== `webhook:${id}` && hears(webhook, fact.type), // of itself it is not told: that would go round
      send: (webhook, fact, stop): Promise<Outcome> => deliver(webhook, fact.id, textOf(webhook, fact), stop),
      failed: (error, webhook) => log.error({ err: error, webhook }, 'a webhook could not be looked after'),
    }));
  };
  const checked = async (url: string): Promise<void> => {
    const target = URL.canParse(url) ? new URL(url) : undefined;
    if (!target || (target.protocol !== 'http:' && target.protocol !== 'https:')) throw new BadWebhook('the address is no http or https URL', { hint: 'as https://example.com/hooks' });
    if (target.username !== '' || target.password !== '') throw new BadWebhook('a password has no place in a URL', { hint: 'deliveries are signed: check webhook-signature instead' });
    await permit(target).catch((cause: unknown) => {
      throw new BadWebhook(`${target.host} cannot be called: ${cause instanceof Error ? cause.message : String(cause)}`, { hint: 'addresses inside the house must be named in STROWGER_ALLOW_HOSTS', cause });
    });
  };
  for (const { id } of book.all()) start(id);
  return {
    get: (id) => book.get(id), list: (limit, cursor) => book.list(limit, cursor), deadLetters: (...args) => book.deadLetters(...args), last: () => feed.last(),
    async add(form, by) {
      await checked(form.url);
      const made = book.add(form, by, feed.last());
      start(made.webhook.id);
      return made;
    },
    async change(id, form, ifMatch, by) {
      book.get(id);
      if (form.url !== undefined) await checked(form.url);
      const changed = book.change(id, form, ifMatch, by);
      start(id);
      return changed;
    },
    remove(id, ifMatch, by) {
      book.remove(id, ifMatch, by);
      void couriers.get(id)?.stop();
      couriers.delete(id);
    },
    rotate: (id, overlapMs, by) => book.rotate(id, overlapMs, by),
    replay(...args) {
      book.replay(...args);
      start(args[0]);
    },
    async test(id) {
      const webhook = book.get(id);
      const event = { id: newId('evt', now()), seq: 0, type: 'webhook.test', at: new Date(now()).toISOString(), subject: `webhook:${id}`, data: { webhook: id } };
      const began = performance.now();
      const outcome = await deliver(webhook, event.id, JSON.stringify(event), new AbortController().signal);
      return { ok: outcome.ok, status: outcome.status, error: outcome.ok ? null : outcome.error, ms: Math.round(performance.now() - began) };
    },
    async close() {
      await Promise.all([...couriers.values()].map((courier) => courier.stop()));
    },
  };
}

function opened(sealed: string, seal: Sealing): string[] {
  try {
    return [seal.open(sealed)];
  } catch {
    return []; // the caller says so where no secret is left
  }
}
