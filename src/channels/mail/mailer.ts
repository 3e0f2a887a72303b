import { createTransport } from 'nodemailer';
import type { Ms } from '../../base/index.js';
import type { MailConfig } from '../../config/index.js';
import type { Events } from '../../events/index.js';
import { newId, type Store } from '../../store/index.js';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  readonly replyTo?: string;
  readonly attachments?: readonly { readonly filename: string; readonly content: string }[];
}
export interface MailView {
  readonly id: string;
  readonly state: 'waiting' | 'sent' | 'failed';
  readonly attempts: number;
  readonly error: string | null;
}
export interface Mailer {
  /** Whether there is a server to send by. */
  ready(): boolean;
  /**
   * On disk when this returns, in the caller's transaction where there is one; sent soon, again with growing pauses, and after a kill.
   * `about`: the subject that `mail.sent` or `mail.failed` is filed under. `id`: never used before; made where none is given.
   */
  send(mail: Mail, about?: string, id?: string): string;
  view(id: string): MailView | undefined;
  close(): Promise<void>;
}
export interface MailerOptions {
  readonly store: Store;
  readonly events: Events;
  readonly config: () => MailConfig | undefined;
  readonly log: { error(fields: object, message: string): void; info(fields: object, message: string): void };
  readonly now?: () => number;
  readonly retryMs?: readonly Ms[];
}

/** Pauses after a failed attempt; after the last the mail has failed. Together two days and a half. */
const RETRY: readonly Ms[] = [5_000, 30_000, 120_000, 600_000, 3_600_000, 6 * 3_600_000, 24 * 3_600_000, 24 * 3_600_000];
/** Mails in flight at once. */
const BATCH = 5;

export function createMailer({ store, events, config, log, now = Date.now, retryMs = RETRY }: MailerOptions): Mailer {
  const { db } = store;
  const flying = new Set<string>();
  let wake: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let closed = false;
  const lookIn = (ms: Ms): void => {
    if (closed) return;
    clearTimeout(wake);
    wake = setTimeout(() => { running = Promise.all([running, sendDue()]).then(() => undefined); }, ms);
    wake.unref();
  };
  async function sendDue(): Promise<void> {
    const server = config();
    if (!server || closed) return;
    const due = store.run(db.selectFrom('mail_outbox').selectAll().where('state', '=', 'waiting').where('next_at', '<=', now()).orderBy('next_at').limit(BATCH)).filter(({ id }) => !flying.has(id));
    const transport = createTransport(transportOf(server));
    await Promise.all(due.map(async (row) => {
      flying.add(row.id);
      const { about, id, attempts } = row;
      try {
        const { replyTo, ...mail } = JSON.parse(row.mail) as Mail;
        // The ID makes a mail that is sent twice, because we were killed in between, one mail for who gets it.
        await transport.sendMail({ ...mail, attachments: [...(mail.attachments ?? [])], from: server.from, messageId: `<${id}@${server.domain}>`, ...(replyTo === undefined ? {} : { replyTo }) });
        settle(id, 'sent', attempts + 1, null, about);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        const refused = typeof error === 'object' && error !== null && 'responseCode' in error && Number(error.responseCode) >= 550;
        settle(id, refused || attempts >= retryMs.length ? 'failed' : 'waiting', attempts + 1, why, about);
      } finally {
        flying.delete(id);
      }
    }));
    transport.close();
    const next = store.run(db.selectFrom('mail_outbox').select('next_at').where('state', '=', 'waiting').orderBy('next_at').limit(1))[0];
    if (next) lookIn(Math.min(3_600_000, Math.max(0, next.next_at - now())));
  }
  const view = (id: string): MailView | undefined => store.run(db.selectFrom('mail_outbox').select(['id', 'state', 'attempts', 'error']).where('id', '=', id))[0];
  function settle(id: string, state: MailView['state'], attempts: number, error: string | null, about: string | null): void {
    // It had to go while it was under way, and with it what its server says of whom it was for.
    if (!view(id)) return;
    const alongside = (): void => void store.change(db.updateTable('mail_outbox').set({ state, attempts, error, sent_at: state === 'sent' ? now() : null, next_at: now() + (retryMs[attempts - 1] ?? 0) }).where('id', '=', id));
    if (state === 'waiting') return alongside();
    const subject = (about ?? 'system') as 'system';
    if (state === 'sent') return void events.publishAll([{ type: 'mail.sent', subject, data: { mail: id } }], alongside);
    log.error({ mail: id, error }, 'a mail could not be sent');
    events.publishAll([{ type: 'mail.failed', subject, data: { mail: id, why: error ?? 'refused' } }], alongside);
  }
  lookIn(0);
  return {
    ready: () => config() !== undefined,
    send(mail, about, id = newId('mail', now())) {
      store.change(db.insertInto('mail_outbox').values({ id, mail: JSON.stringify(mail), about: about ?? null, state: 'waiting', attempts: 0, next_at: now(), error: null, at: now(), sent_at: null }));
      lookIn(0);
      return id;
    },
    view,
    async close() {
      closed = true;
      clearTimeout(wake);
      await running;
    },
  };
}

const transportOf = ({ host, port, tls, user, password, timeoutMs }: MailConfig) => ({
  host, port, secure: tls === 'always', requireTLS: tls === 'starttls', ignoreTLS: tls === 'never', connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs,
  disableFileAccess: true, disableUrlAccess: true, pool: true, maxConnections: 2, ...(user === undefined ? {} : { auth: { user, pass: password?.reveal() ?? '' } }),
});
