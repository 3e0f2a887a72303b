import type { Selectable, Updateable } from 'kysely';
import type { Events, NewFact } from '../events/index.js';
import { decodeCursor, newId, page, type Store, type WebhookTable } from '../store/index.js';
import { BadWebhook, NoSuchDeadLetter, NoSuchWebhook, TooManyWebhooks, WebhookStale } from './errors.js';
import { newSecret } from './sign.js';

/** One endpoint as it is kept. Times are ms since 1970. */
export interface Webhook {
  readonly id: string;
  readonly url: string;
  readonly description: string | null;
  readonly types: readonly string[];
  /** What its maker was allowed to hear; nothing else is sent. */
  readonly grants: readonly string[];
  readonly enabled: boolean;
  readonly version: number;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly cursor: number;
  readonly attempts: number;
  readonly nextAt: number;
  readonly failingSince: number | null;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly deliveredAt: number | null;
  readonly disabledWhy: string | null;
  /** Newest first; those that sign now, sealed. */
  readonly secrets: readonly string[];
}
export interface DeadLetter {
  readonly seq: number;
  readonly event: string;
  readonly type: string;
  readonly at: number;
  readonly attempts: number;
  readonly status: number | null;
  readonly error: string | null;
}
export type WebhookForm = Pick<Webhook, 'url' | 'description' | 'types' | 'grants' | 'enabled'>;

/** What is kept in the database must not be read there: sealed with a key that lies outside of it. */
export interface Sealing {
  seal(text: string): string;
  /** @throws where it was sealed with another key */
  open(sealed: string): string;
}

const MOST = 500;

/** The endpoints on disk, and every change of them with its fact in one transaction. */
export function createBook(store: Store, events: Events, { seal }: Pick<Sealing, 'seal'>, now: () => number) {
  const { db } = store;
  sealOld(store, seal);
  const rows = (of: ReturnType<typeof select>) => store.run(of).map((row) => shown(row, now()));
  const select = () => db.selectFrom('webhooks').selectAll().orderBy('created_at', 'desc').orderBy('id', 'desc');
  const get = (id: string): Webhook => {
    const [found] = rows(select().where('id', '=', id));
    if (!found) throw new NoSuchWebhook(id);
    return found;
  };
  const change = (id: string, ifMatch: string | undefined, by: string, set: Updateable<WebhookTable>, type: 'webhook.changed' | 'webhook.removed' = 'webhook.changed'): void => {
    const before = get(id);
    if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== `"${before.version}"`) throw new WebhookStale();
    const write = (): void => {
      if (type === 'webhook.removed') store.change(db.deleteFrom('webhooks').where('id', '=', id));
      else store.change(db.updateTable('webhooks').set({ ...set, version: before.version + 1 }).where('id', '=', id));
    };
    tell(events, [{ type, subject: `webhook:${id}`, data: { webhook: id, by } }], write);
  };
  return {
    get,
    all: () => rows(select()),
    list: (limit: number, cursor: string | undefined) => {
      const after = cursor === undefined ? undefined : decodeCursor(cursor);
      const some = after === undefined ? select() : select().where((e) => e.or([e('created_at', '<', after.at), e.and([e('created_at', '=', after.at), e('id', '<', after.id)])]));
      return page(rows(some.limit(limit + 1)), limit, (w) => ({ at: w.createdAt, id: w.id }));
    },
    add(form: WebhookForm, by: string, cursor: number): { webhook: Webhook; secret: string } {
      if (rows(select()).length >= MOST) throw new TooManyWebhooks(MOST);
      const [id, secret] = [newId('whk', now()), newSecret()];
      const row = { id, ...columns(form), secret: seal(secret), previous_secret: null, previous_until: null, version: 1, created_at: Math.round(now()), created_by: by, cursor, failing_since: null, last_status: null, last_error: null, delivered_at: null, disabled_why: null };
      tell(events, [{ type: 'webhook.created', subject: `webhook:${id}`, data: { webhook: id, by } }], () => void store.change(db.insertInto('webhooks').values(row)));
      return { webhook: get(id), secret };
    },
    change(id: string, form: Partial<WebhookForm>, ifMatch: string | undefined, by: string): Webhook {
      const merged = { ...get(id), ...form };
      // Switched on again, it goes on where it stood, at once.
      change(id, ifMatch, by, { ...columns(merged), ...(form.enabled === true ? { disabled_why: null, failing_since: null, attempts: 0, next_at: 0 } : {}) });
      return get(id);
    },
    remove: (id: string, ifMatch: string | undefined, by: string) => change(id, ifMatch, by, {}, 'webhook.removed'),
    rotate(id: string, overlapMs: number, by: string): { webhook: Webhook; secret: string } {
      const [secret] = [newSecret()];
      const before = get(id).secrets[0] ?? null;
      change(id, undefined, by, { secret: seal(secret), previous_secret: overlapMs > 0 ? before : null, previous_until: overlapMs > 0 ? Math.round(now() + overlapMs) : null });
      return { webhook: get(id), secret };
    },
    deadLetters(id: string, limit: number, before: number | undefined): DeadLetter[] {
      get(id);
      const from = db.selectFrom('webhook_dead_letters').select(['seq', 'event', 'type', 'at', 'attempts', 'status', 'error']).where('webhook', '=', id).orderBy('seq', 'desc').limit(limit);
      return store.run(before === undefined ? from : from.where('seq', '<', before));
    },
    /** Events of that range once more. @throws BadWebhook, NoSuchDeadLetter */
    replay(id: string, from: number, to: number, onlyDead: boolean): void {
      get(id);
      if (from > to) throw new BadWebhook('the range ends before it begins', { hint: 'from_seq must not be larger than to_seq' });
      const waiting = store.run(db.selectFrom('webhook_replays').select((e) => e.fn.countAll<number>().as('n')).where('webhook', '=', id))[0]?.n ?? 0;
      if (waiting >= 100) throw new BadWebhook('100 replays wait already', { hint: 'wait until they are done, or replay a range instead of single events' });
      if (onlyDead && store.run(db.selectFrom('webhook_dead_letters').select('seq').where('webhook', '=', id).where('seq', '=', from)).length === 0) throw new NoSuchDeadLetter(from);
      store.change(db.insertInto('webhook_replays').values({ webhook: id, cursor: from - 1, until_seq: to }));
    },
  };
}
/** Secrets of earlier versions lay there as they are. */
function sealOld(store: Store, seal: Sealing['seal']): void {
  const { db } = store;
  const sealed = (secret: string): string => (secret.startsWith('whsec_') ? seal(secret) : secret);
  for (const { id, secret, previous_secret: previous } of store.run(db.selectFrom('webhooks').select(['id', 'secret', 'previous_secret']))) {
    store.change(db.updateTable('webhooks').set({ secret: sealed(secret), previous_secret: previous === null ? null : sealed(previous) }).where('id', '=', id));
  }
}
export type Book = ReturnType<typeof createBook>;

/** The rows are written with their facts, or alone where the log takes none now. */
export function tell(events: Events, facts: readonly NewFact[], write: () => void): void {
  if (!events.publishAnyway(facts, write)) write();
}

const columns = ({ url, description, types, grants, enabled }: WebhookForm) => ({ url, description, types: JSON.stringify(types), grants: JSON.stringify(grants), enabled: enabled ? 1 : 0 });

const shown = (row: Selectable<WebhookTable>, now: number): Webhook => ({
  id: row.id, url: row.url, description: row.description, types: JSON.parse(row.types) as string[], grants: JSON.parse(row.grants) as string[], enabled: row.enabled === 1, version: row.version,
  createdAt: row.created_at, createdBy: row.created_by, cursor: row.cursor, attempts: row.attempts, nextAt: row.next_at, failingSince: row.failing_since, lastStatus: row.last_status,
  lastError: row.last_error, deliveredAt: row.delivered_at, disabledWhy: row.disabled_why,
  secrets: [row.secret, ...(row.previous_secret !== null && (row.previous_until ?? 0) > now ? [row.previous_secret] : [])],
});
