import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withBrowser } from '../kit/browser.js';
import { mailbox, type Mailbox } from '../kit/mailbox.js';
import { startStrowger, type Strowger } from '../kit/strowger.js';

type Ticket = { id: string; number: string; state: string; version: number; subject: string; sla: { name: string | null; due_at: string | null } };
type Problem = { code: string; errors?: { pointer: string }[] };

/** Takes deliveries; while `holding`, it reads them and answers nothing. */
async function hookServer() {
  const state = { holding: false, held: 0, taken: [] as { seq: number; ticket: string }[] };
  const server = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk: Buffer) => (body += chunk.toString()));
    req.on('end', () => {
      if (state.holding) return void (state.held += 1);
      const { seq, data } = JSON.parse(body) as { seq: number; data: { ticket: string } };
      state.taken.push({ seq, ticket: data.ticket });
      res.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { state, port: (server.address() as AddressInfo).port, close: () => { server.close(); server.closeAllConnections(); } };
}

let house: Strowger;
let post: Mailbox;
let hook: Awaited<ReturnType<typeof hookServer>>;
beforeAll(async () => {
  post = await mailbox();
  const config = mkdtempSync(join(tmpdir(), 'strowger-config-'));
  cpSync(new URL('../../config', import.meta.url), config, { recursive: true });
  const tickets = readFileSync(join(config, 'tickets.yaml'), 'utf8').replace('assignment:', 'workers: [ { name: outlet, label: { zh-CN: 南山网点, en: Nanshan outlet }, email: outlet@example.net, language: en, places: [nanshan] } ]\nmail: { page: "https://help.example" }\nassignment:\n  - { when: { places: [nanshan] }, to: worker }\n  - { when: { tags: [line] }, team: support, queue: support }\n#');
  writeFileSync(join(config, 'tickets.yaml'), tickets);
  writeFileSync(join(config, 'agents.yaml'), 'agents: [ { id: "1001", extension: "1001", queues: [ support ], capacity: { voice: 1, ticket: 1 } } ]\n');
  writeFileSync(join(config, 'mail.yaml'), `smtp: { host: 127.0.0.1, port: ${post.port}, tls: never, from: "Shop <shop@shop.example>" }\n`);
  hook = await hookServer();
  house = await startStrowger({ agents: 1, config, env: { STROWGER_ALLOW_HOSTS: `127.0.0.1:${hook.port}` } });
});
afterAll(async () => {
  await house.stop();
  await post.close();
  hook.close();
});

/** One red pixel. */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==', 'base64');

const send = <T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  house.api<T>(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
const open = async (over: object = {}): Promise<Ticket> => (await send<Ticket>('POST', '/v1/tickets', { type: 'question', subject: '张伟的退款', ...over })).body;
const factsOf = async (id: string): Promise<string[]> => {
  const abort = new AbortController();
  const response = await house.raw(`/v1/events?subject=ticket:${id}`, { headers: { 'last-event-id': '0', accept: 'text/event-stream' }, signal: abort.signal });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes('ticket.state_changed')) text += (await reader.read()).value ?? '';
  abort.abort();
  return [...text.matchAll(/"type":"(ticket\.\w+)"/g)].map(([, type]) => type!);
};

it('of twenty who bring it to another state at once, exactly one does; the others are told why not', async () => {
  const { id } = await open();
  const answers = await Promise.all(Array.from({ length: 20 }, () => send<Problem>('POST', `/v1/tickets/${id}/transitions`, { to: 'open' })));
  expect(answers.map((a) => a.status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 409)]);
  expect(answers.find((a) => a.status === 409)?.body.code).toBe('ticket.no_such_transition');
  expect((await house.api<{ items: { field: string }[] }>(`/v1/tickets/${id}/history`)).body.items.map((c) => c.field)).toEqual(['state']);
  expect(await factsOf(id)).toEqual(['ticket.created', 'ticket.state_changed']);
});

it('of twenty changes made for the same version one is kept', async () => {
  const { id } = await open();
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => send('PATCH', `/v1/tickets/${id}`, { subject: `by ${i}` }, { 'if-match': '"v1"' })));
  expect(answers.map((a) => a.status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 412)]);
  expect((await send('PATCH', `/v1/tickets/${id}`, { subject: 'x' })).status).toBe(428);
  expect((await house.api<Ticket>(`/v1/tickets/${id}`)).body.version).toBe(2);
});

it('of twenty merges of two tickets into each other one happens', async () => {
  const [a, b] = [await open(), await open()];
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => send('POST', `/v1/tickets/${i % 2 ? a.id : b.id}/merge`, { into: i % 2 ? b.id : a.id })));
  expect(answers.map((one) => one.status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 409)]);
});

it('is found beside the event loop by a name of two characters and by the end of a phone number, and by a saved view', async () => {
  const { id } = await open({ requester: { phone: '+8613911112345' }, tags: ['vip'] });
  for (const query of [`q=${encodeURIComponent('张伟')}&tag=vip`, 'q=12345', 'phone=%2B8613911112345']) {
    const found = await house.api<{ items: Ticket[] }>(`/v1/tickets?${query}`);
    expect(found.body.items.map((t) => t.id), query).toEqual([id]);
  }
  const view = await send<{ id: string }>('POST', '/v1/ticket-views', { name: 'vip', filter: { tag: 'vip', kind: 'unresolved' } });
  expect((await house.api<{ items: Ticket[] }>(`/v1/tickets?view=${view.body.id}`)).body.items.map((t) => t.id)).toEqual([id]);
  expect((await house.api(`/v1/tickets?cursor=nonsense`)).status).toBe(400);
});

it('says where a body is wrong, and takes nothing that is not for clients to set', async () => {
  const wrong = await send<Problem>('POST', '/v1/tickets', { type: 'complaint', subject: 'x', fields: { reason: 'none', colour: 1 } });
  expect([wrong.status, wrong.body.code, wrong.body.errors?.map((e) => e.pointer)]).toEqual([422, 'ticket.refused', ['/fields/reason', '/fields/colour']]);
  for (const key of ['number', 'state', 'created_by', 'version', 'merged_into']) expect((await send('POST', '/v1/tickets', { type: 'question', subject: 'x', [key]: '1' })).status, key).toBe(422);
});

it.each(['tickets.md', 'tickets.zh-CN.md'])('the example of docs/%s opens a ticket', async (page) => {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
  const [, path = '', body = ''] = /curl -s localhost:8080(\S+) [\s\S]*? -d '(.*)'/.exec(text) ?? [];
  expect((await house.api<Ticket>(path, { method: 'POST', body })).status).toBe(201);
});

it('comments, ties, macros, splitting and bulk changes', async () => {
  const [a, b] = [await open(), await open({ type: 'complaint' })];
  const said = await send<{ id: string }>('POST', `/v1/tickets/${a.id}/comments`, { text: '发票也错了', visibility: 'internal' });
  expect(said.status).toBe(201);
  expect((await send('PUT', `/v1/tickets/${a.id}/links`, { kind: 'order', target: 'A-1' })).status).toBe(204);
  expect((await send('PUT', `/v1/tickets/${a.id}/watchers/1001`)).status).toBe(204);
  expect((await house.api(`/v1/tickets/${a.id}/ties`)).body).toMatchObject({ links: [{ kind: 'order', target: 'A-1', by: 'admin' }], watchers: ['1001'], children: [] });
  const part = await send<Ticket>('POST', `/v1/tickets/${a.id}/split`, { comments: [said.body.id], subject: '发票' });
  expect((await house.api(`/v1/tickets/${part.body.id}/comments`)).body).toMatchObject({ items: [{ id: said.body.id, visibility: 'internal' }] });
  const bulk = await send('POST', '/v1/tickets/bulk', { ids: [a.id, b.id, 'tkt_none'], do: { macro: 'thanks' } });
  expect(bulk.body).toMatchObject({ items: [{ id: a.id, ok: true }, { id: b.id, ok: false, code: 'ticket.refused' }, { id: 'tkt_none', ok: false, code: 'ticket.no_such_ticket' }] });
  expect((await house.api<{ items: { name: string }[] }>('/v1/ticket-types')).body.items.map((t) => t.name)).toEqual(['question', 'complaint']);
});

it('a ticket of a queue is offered to an agent at the desktop, and is hers when she takes it', async () => {
  expect((await send('PUT', '/v1/agents/1001/presence', { ttl_seconds: 60 })).status).toBe(200);
  await house.when<{ state: string }>('/v1/agents/1001', 5_000, ({ state }) => state === 'available');
  const { id } = await open({ tags: ['line'] });
  const { items: [offer] } = await house.when<{ items: { id: string; channel: string; subject: string; about: { ticket: string } }[] }>('/v1/offers', 5_000, ({ items }) => items.length > 0);
  expect(offer).toMatchObject({ channel: 'ticket', subject: `ticket:${id}`, about: { ticket: id, subject: '张伟的退款' } });
  expect((await send('POST', `/v1/offers/${offer!.id}/accept`)).status).toBe(200);
  await house.when<{ assignee: string | null }>(`/v1/tickets/${id}`, 5_000, ({ assignee }) => assignee === '1001');
  expect((await send<{ state: string }>('POST', `/v1/tickets/${id}/transitions`, { to: 'resolved' })).status).toBe(200);
  await house.when<{ load: { ticket: { now: number } } }>('/v1/agents/1001', 5_000, ({ load }) => load.ticket.now === 0);
  expect((await send('POST', `/v1/tickets/${id}/queue`, { queue: 'support' })).status).toBe(422);
});

it('the customer is told by mail, and answers with a picture on the page its link opens; the next mail is not for him', async () => {
  const { id, number } = await open({ language: 'en', subject: 'Arrived broken', requester: { name: 'Zhang Wei', email: 'zhang@example.net' } });
  const told = await post.to('zhang@example.net', (mail) => mail.subject.includes(number));
  expect(told.subject).toBe(`[${number}] We have your request`);
  const link = /https:\/\/help\.example(\/my-tickets#\S+)/.exec(told.text)![1]!;
  await send('POST', `/v1/tickets/${id}/comments`, { text: 'among us', visibility: 'internal' });
  await send('POST', `/v1/tickets/${id}/comments`, { text: 'Please send a picture', visibility: 'public' });
  await withBrowser(async (page) => {
    const violations: string[] = [];
    page.on('console', (said) => { if (said.type() === 'error') violations.push(said.text()); });
    await page.goto(house.base + link);
    await page.getByText('Please send a picture').waitFor();
    expect(await page.content()).not.toContain('among us');
    await page.locator('textarea').fill('Here <b>it</b> is');
    await page.locator('input[type=file]').setInputFiles({ name: 'broken.png', mimeType: 'image/png', buffer: PNG });
    // What has been typed is not lost by the other language.
    await page.locator('#language').click();
    await page.getByText('我的工单').first().waitFor();
    await page.getByRole('button', { name: '发送' }).click();
    await page.getByText('Here <b>it</b> is').waitFor();
    await page.getByText('broken.png').waitFor();
    expect(violations).toEqual([]);
    await page.goto(`${house.base}${link}x`);
    await page.reload();
    await page.getByRole('alert').waitFor();
  });
  const { body: { items } } = await house.api<{ items: { by: string; text: string; files: { id: string; type: string }[] }[] }>(`/v1/tickets/${id}/comments`);
  expect(items.map((c) => [c.by, c.text, c.files.length])).toEqual([['admin', 'among us', 0], ['admin', 'Please send a picture', 0], ['customer', 'Here <b>it</b> is', 1]]);
  expect(items[2]!.files[0]).toMatchObject({ type: 'image/png' });
  expect(post.mails.filter((m) => m.to === 'zhang@example.net').map((m) => m.subject)).toEqual([`[${number}] We have your request`, `[${number}] There is an answer`]);
  expect((await house.api<{ items: object[] }>(`/v1/tickets/${id}/history`)).body.items).toMatchObject([{ by: 'customer', field: 'state', before: 'new', after: 'open' }]);
});

it('an outlet gets what comes from its place, reports with a picture and brings it on, on a phone and without a log-in; the customer is told', async () => {
  const { id, number } = await open({ language: 'en', subject: 'The tap drips', place: 'nanshan', requester: { name: 'Zhang Wei', email: 'tap@example.net', phone: '+8613800138001' } });
  const elsewhere = await open({ subject: 'not for the outlet' });
  const told = await post.to('outlet@example.net', (mail) => mail.subject.includes(number));
  const link = /https:\/\/help\.example(\/field-work#\S+)/.exec(told.text)![1]!;
  await send('POST', `/v1/tickets/${id}/comments`, { text: 'among us', visibility: 'internal' });
  await withBrowser(async (page) => {
    await page.setViewportSize({ width: 360, height: 640 });
    const violations: string[] = [];
    page.on('console', (said) => { if (said.type() === 'error') violations.push(said.text()); });
    await page.goto(house.base + link);
    await page.getByRole('heading', { name: 'Nanshan outlet' }).waitFor();
    expect(await page.content()).not.toContain('not for the outlet');
    await page.getByRole('button', { name: 'The tap drips' }).click();
    await page.getByRole('link', { name: '+8613800138001' }).waitFor();
    expect(await page.content()).not.toContain('among us');
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(360); // nothing to push sideways
    await page.locator('textarea').fill('A washer is on its way');
    await page.locator('input[type=file]').setInputFiles({ name: 'tap.png', mimeType: 'image/png', buffer: PNG });
    await page.locator('button[type=submit]').click();
    await page.getByText('tap.png').waitFor();
    await page.locator('#language').click();
    await page.getByText('客户不可见').waitFor();
    await page.locator('button[data-to=resolved]').click();
    await page.getByText('已解决').first().waitFor();
    expect(violations).toEqual([]);
  });
  expect((await house.api<{ state: string; assignee: string }>(`/v1/tickets/${id}`)).body).toMatchObject({ state: 'resolved', assignee: 'worker:outlet' });
  await post.to('tap@example.net', (mail) => mail.subject === `[${number}] It is now: Resolved`);
  const { body: { items } } = await house.api<{ items: { by: string; by_name: string; visibility: string; files: object[] }[] }>(`/v1/tickets/${id}/comments`);
  expect(items.at(-1)).toMatchObject({ by: 'worker:outlet', by_name: 'Nanshan outlet', visibility: 'internal', files: [{ type: 'image/png' }] });
  const made = await send<{ url: string }>('POST', '/v1/ticket-workers/outlet/link', { seconds: 60 });
  const look = (path: string, init: RequestInit = {}) => fetch(`${house.base}/v1/${path}`, { ...init, headers: { 'x-ticket-link': made.body.url.split('#')[1]!, 'content-type': 'application/json' } });
  expect(await Promise.all([look(`field-work/tickets/${id}`), look(`field-work/tickets/${elsewhere.id}`), look(`my-tickets/tickets/${id}`), look(`field-work/tickets/${id}/transitions`, { method: 'POST', body: '{"to":"closed"}' })].map(async (one) => (await one).status))).toEqual([200, 404, 401, 409]);
});

it('a link of the page opens nothing but what it was signed for, and counts wrong ones', async () => {
  const [mine, other] = [await open({ requester: { email: 'a@example.net' } }), await open({ requester: { email: 'b@example.net' } })];
  const { body: { url } } = await send<{ url: string }>('POST', `/v1/tickets/${mine.id}/page-link`, {});
  const look = (path: string, link: string, init: RequestInit = {}) => fetch(`${house.base}/v1/my-tickets${path}`, { ...init, headers: { 'x-ticket-link': link, 'content-type': 'application/json' } });
  const token = url.split('#')[1]!;
  expect((await look(`/tickets/${mine.id}`, token)).status).toBe(200);
  for (const [path, init] of [[`/tickets/${other.id}`, {}], [`/tickets/${other.id}/comments`, { method: 'POST', body: '{"text":"x"}' }]] as const) expect((await look(path, token, init)).status, path).toBe(404);
  const page = await fetch(`${house.base}/my-tickets`);
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
  const wrong = await Promise.all(Array.from({ length: 15 }, () => look('/tickets', 'nonsense')));
  expect(wrong.map((r) => r.status)).toEqual(expect.arrayContaining([401, 429]));
  expect((await look(`/tickets/${mine.id}`, token)).status).toBe(200);
  const audit = await house.api<{ items: unknown[] }>('/v1/audit?limit=20');
  expect(JSON.stringify(audit.body)).not.toContain(token);
});

it('of twenty who merge two customers at once one does; the others are told that they are one already', async () => {
  const made = async (name: string): Promise<string> => (await send<{ id: string }>('POST', '/v1/customers', { name })).body.id;
  const [a, b] = [await made('张伟'), await made('张 伟')];
  const answers = await Promise.all(Array.from({ length: 20 }, () => send('POST', `/v1/customers/${a}/merge`, { customer: b })));
  expect(answers.map((one) => one.status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 409)]);
  expect((await house.api<{ items: unknown[] }>(`/v1/customers/${a}/merges`)).body.items).toHaveLength(1);
});

it('kill -9: every ticket that was answered is there with its facts, in the timeline of its customer once, and told to a webhook whose delivery was cut off; no number comes twice', async () => {
  const customer = (await send<{ id: string }>('POST', '/v1/customers', { name: '李明' })).body.id;
  expect((await send('POST', '/v1/webhooks', { url: `http://127.0.0.1:${hook.port}/hook`, types: ['ticket.created'] })).status).toBe(201);
  const acknowledged: Ticket[] = [];
  const writing = Promise.all(Array.from({ length: 8 }, async (_, lane) => {
    for (let i = 0; ; i += 1) {
      const answer = await send<Ticket>('POST', '/v1/tickets', { type: 'question', subject: `${lane}/${i}`, customer }).catch(() => undefined);
      if (answer?.status !== 201) return;
      acknowledged.push(answer.body);
    }
  }));
  await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(20);
  hook.state.holding = true;
  await expect.poll(() => hook.state.held, { timeout: 20_000 }).toBeGreaterThan(0); // in the middle of a delivery
  house.kill('app');
  hook.state.holding = false;
  await writing;
  for (const ticket of acknowledged) {
    const found = await house.when<Ticket>(`/v1/tickets/${ticket.id}`, 30_000, () => true);
    expect([found.number, found.sla.due_at]).toEqual([ticket.number, ticket.sla.due_at]);
  }
  const created = (items: readonly { type: string; subject: string }[]): string[] => items.filter(({ type }) => type === 'ticket.created').map(({ subject }) => subject.slice('ticket:'.length)).sort();
  const ids = acknowledged.map(({ id }) => id).sort();
  const timeline = await house.when<{ items: { type: string; subject: string }[] }>(`/v1/customers/${customer}/timeline?limit=1000`, 30_000, ({ items }) => ids.every((id) => created(items).includes(id)));
  expect(new Set(created(timeline.items)).size).toBe(created(timeline.items).length);
  await expect.poll(() => ids.filter((id) => !hook.state.taken.some(({ ticket }) => ticket === id)), { timeout: 30_000 }).toEqual([]);
  const seqs = [...new Set(hook.state.taken.map(({ seq }) => seq))];
  expect(seqs).toEqual([...seqs].sort((x, y) => x - y));
  const after = await open();
  const numbers = [...acknowledged, after].map((t) => t.number);
  expect(new Set(numbers).size).toBe(numbers.length);
  const moved = await send('POST', `/v1/tickets/${acknowledged[0]!.id}/transitions`, { to: 'resolved' });
  expect([moved.status, await factsOf(acknowledged[0]!.id)]).toEqual([200, expect.arrayContaining(['ticket.created', 'ticket.sla_met'])]);
});
