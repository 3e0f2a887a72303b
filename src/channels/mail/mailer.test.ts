import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Secret, type MailConfig } from '../../config/index.js';
import { createEvents, type Events } from '../../events/index.js';
import { openStore, type Store } from '../../store/index.js';
import { createMailer, type Mailer } from './mailer.js';

let store: Store;
let events: Events;
let server: SMTPServer;
let config: MailConfig;
let mailer: Mailer;
const got: string[] = [];
/** What the server says to the next mails; undefined: it takes them. */
const says: (Error & { responseCode?: number })[] = [];
/** What happens while the server has the mail. */
let meanwhile = (): void => undefined;
const log = { error: () => undefined, info: () => undefined };
const start = (): Mailer => createMailer({ store, events, config: () => config, log, retryMs: [20, 20] });

beforeEach(async () => {
  got.length = says.length = 0;
  meanwhile = () => undefined;
  store = await openStore({ path: ':memory:' });
  events = createEvents({ store, log });
  server = new SMTPServer({
    authOptional: false, disabledCommands: ['STARTTLS'], allowInsecureAuth: true, logger: false,
    onAuth: (auth, _session, done) => (auth.username === 'me' && auth.password === 'pw' ? done(null, { user: 'me' }) : done(new Error('wrong password'))),
    onData(stream, _session, done) {
      let text = '';
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
      stream.on('end', () => {
        meanwhile();
        const refusal = says.shift();
        if (!refusal) got.push(text);
        done(refusal ?? null);
      });
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  config = { host: '127.0.0.1', port, tls: 'never', user: 'me', password: new Secret('pw'), from: 'Shop <shop@shop.example>', domain: 'shop.example', timeoutMs: 2_000 };
  mailer = start();
});
afterEach(async () => {
  await mailer.close();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  await store.close();
});
const refusal = (responseCode: number): Error & { responseCode?: number } => Object.assign(new Error('no'), { responseCode });
const state = (id: string) => mailer.view(id)?.state;

it('sends in Chinese and English, and says so', async () => {
  const id = mailer.send({ to: 'customer@example.net', subject: '聊天记录', text: '您好' }, 'conversation:c1');
  await vi.waitFor(() => expect(state(id)).toBe('sent'), { timeout: 5_000 });
  expect(got[0]).toContain('Subject: =?UTF-8?');
  expect(got[0]).toContain(`Message-ID: <${id}@shop.example>`);
  expect(events.of('conversation:c1').map((f) => f.type)).toEqual(['mail.sent']);
});

it('tries again while the server is busy, and gives up when it says never', async () => {
  says.push(refusal(451));
  const later = mailer.send({ to: 'a@example.net', subject: 'x', text: 'y' });
  await vi.waitFor(() => expect(mailer.view(later)).toMatchObject({ state: 'sent', attempts: 2 }), { timeout: 5_000 });
  says.push(refusal(550));
  const never = mailer.send({ to: 'b@example.net', subject: 'x', text: 'y' }, 'ticket:t1');
  await vi.waitFor(() => expect(mailer.view(never)).toMatchObject({ state: 'failed', attempts: 1 }), { timeout: 5_000 });
  expect(events.of('ticket:t1').map((f) => f.type)).toEqual(['mail.failed']);
});

it('what was not sent when we ended is sent when we are back', async () => {
  await mailer.close();
  const id = mailer.send({ to: 'a@example.net', subject: 'x', text: 'y' });
  expect(state(id)).toBe('waiting');
  mailer = start();
  await vi.waitFor(() => expect(state(id)).toBe('sent'), { timeout: 5_000 });
});

it('one that is erased while it is under way leaves nothing of what the server said', async () => {
  let asked = 0;
  meanwhile = () => {
    asked += 1;
    store.change(store.db.deleteFrom('mail_outbox').where('about', '=', 'ticket:t1'));
  };
  says.push(refusal(550));
  mailer.send({ to: 'a@example.net', subject: 'x', text: 'y' }, 'ticket:t1');
  await vi.waitFor(() => expect(asked).toBe(1), { timeout: 5_000 });
  await mailer.close();
  expect(events.of('ticket:t1')).toEqual([]);
  mailer = start();
});

it('a header cannot be smuggled in by a subject or an address', async () => {
  const id = mailer.send({ to: 'a@example.net', subject: 'hello\r\nBcc: victim@example.org', text: 'y' });
  await vi.waitFor(() => expect(state(id)).toBe('sent'), { timeout: 5_000 });
  expect(got[0]).not.toMatch(/^Bcc:/m);
});

it('a mail that its transaction takes back is never sent', async () => {
  expect(() => store.transaction(() => {
    mailer.send({ to: 'a@example.net', subject: 'x', text: 'y' });
    throw new Error('taken back');
  })).toThrow('taken back');
  const id = mailer.send({ to: 'b@example.net', subject: 'x', text: 'y' });
  await vi.waitFor(() => expect(state(id)).toBe('sent'), { timeout: 5_000 });
  expect(got).toHaveLength(1);
});
