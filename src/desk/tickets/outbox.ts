import type { Ms } from '../../base/index.js';
import type { NewFact } from '../../events/index.js';
import { newId } from '../../store/index.js';
import type { TicketDeps } from './ports.js';
import type { Lang } from './setup.js';

/** News for one person, kept until it is sent. */
export interface Notice {
  readonly ticket: string;
  /** Each recipient is told once. */
  readonly about: string;
  readonly recipient: string;
  readonly kind: string;
  readonly subject: string;
  readonly text: string;
  readonly language: Lang;
}
export interface Outbox {
  /** Within the transaction of what it tells. */
  put(notice: Notice, at: number): void;
  /** Something may have been put. */
  wake(): void;
  close(): Promise<void>;
}

const MINUTE: Ms = 60_000;
/** After a failure; then it is given up. */
const RETRIES: readonly Ms[] = [MINUTE / 2, 2 * MINUTE, 10 * MINUTE, 60 * MINUTE, 360 * MINUTE];
/** As long as a mail that is being sent is nobody else's; after kill -9 it is handed over again, under the same key. */
const LEASE: Ms = MINUTE;
const MOST_WAIT: Ms = 3_600_000;

export function createOutbox({ store, events, notifier, log, now }: TicketDeps): Outbox {
  if (!notifier) return { put: () => undefined, wake: () => undefined, close: () => Promise.resolve() };
  const post = notifier;
  const { db } = store;
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<void> | undefined;
  let again = false;
  let closed = false;

  const due = () => store.run(db.selectFrom('ticket_notices').selectAll().where('next_at', '<=', now()).orderBy('next_at').limit(20));
  const settle = (id: string, change: { next_at: number | null; sent_at?: number; failed?: string }): void =>
    void store.change(db.updateTable('ticket_notices').set(change).where('id', '=', id));
  const told = (ticket: string, type: 'ticket.notified' | 'ticket.notice_failed', data: object, alongside: () => void): void =>
    void events.publishAll([{ type, subject: `ticket:${ticket}`, data: { ticket, by: 'system', ...data } } as unknown as NewFact], alongside);

  async function send(row: ReturnType<typeof due>[number]): Promise<void> {
    const { id, ticket, recipient, attempts } = row;
    const to = recipient.includes('@') ? recipient : post.addressOf(recipient);
    if (to === undefined) {
      told(ticket, 'ticket.notice_failed', { notice: id, to: recipient, why: 'no address is known' }, () => settle(id, { next_at: null, failed: 'no address' }));
      return;
    }
    store.change(db.updateTable('ticket_notices').set({ attempts: attempts + 1, next_at: now() + LEASE }).where('id', '=', id));
    const { subject, text, language } = JSON.parse(row.data) as Pick<Notice, 'subject' | 'text' | 'language'>;
    try {
      await post.send({ key: id, to, subject, text, language });
      told(ticket, 'ticket.notified', { notice: id, to: recipient, about: row.kind }, () => settle(id, { next_at: null, sent_at: now() }));
    } catch (error) {
      const wait = RETRIES[attempts];
      log.error({ err: error, notice: id, ticket }, wait === undefined ? 'a notice of a ticket was given up' : 'a notice of a ticket could not be sent yet');
      if (wait !== undefined) settle(id, { next_at: now() + wait });
      else told(ticket, 'ticket.notice_failed', { notice: id, to: recipient, why: error instanceof Error ? error.message : 'failed' }, () => settle(id, { next_at: null, failed: 'given up' }));
    }
  }

  async function work(): Promise<void> {
    do {
      again = false;
      for (let rows = due(); rows.length > 0 && !stopped(); rows = due()) for (const row of rows) if (!stopped()) await send(row);
    } while (askedAgain() && !stopped());
  }
  const stopped = (): boolean => closed;
  const askedAgain = (): boolean => again;
  function arm(): void {
    clearTimeout(timer);
    if (closed) return;
    const [next] = store.run(db.selectFrom('ticket_notices').select('next_at').where('next_at', 'is not', null).orderBy('next_at').limit(1));
    if (next?.next_at !== null && next?.next_at !== undefined) timer = setTimeout(() => outbox.wake(), Math.min(MOST_WAIT, Math.max(0, next.next_at - now()))).unref();
  }
  const outbox: Outbox = {
    put({ ticket, about, recipient, kind, ...data }, at) {
      const row = { id: newId('ntc', at), ticket, about, recipient, kind, data: JSON.stringify(data), created_at: at, next_at: at, attempts: 0, sent_at: null, failed: null };
      store.change(db.insertInto('ticket_notices').values(row).onConflict((c) => c.doNothing()));
    },
    wake() {
      if (closed) return;
      if (working) return void (again = true);
      working = Promise.resolve().then(work).catch((error: unknown) => log.error({ err: error }, 'notices of tickets cannot be sent')).finally(() => {
        working = undefined;
        arm();
      });
    },
    async close() {
      closed = true;
      clearTimeout(timer);
      await working;
    },
  };
  return outbox;
}
