import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startStrowger, type Strowger } from '../kit/strowger.js';

type Ticket = { id: string; number: string; state: string; version: number; subject: string; sla: { name: string | null; due_at: string | null } };
type Problem = { code: string; errors?: { pointer: string }[] };

let house: Strowger;
beforeAll(async () => {
  house = await startStrowger({ agents: 1 });
});
afterAll(() => house.stop());

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

it('kill -9: every ticket and comment that was answered is there with its facts, and no number comes twice', async () => {
  const acknowledged: Ticket[] = [];
  const writing = Promise.all(Array.from({ length: 8 }, async (_, lane) => {
    for (let i = 0; ; i += 1) {
      const answer = await send<Ticket>('POST', '/v1/tickets', { type: 'question', subject: `${lane}/${i}` }).catch(() => undefined);
      if (answer?.status !== 201) return;
      acknowledged.push(answer.body);
    }
  }));
  await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(20);
  house.kill('app');
  await writing;
  for (const ticket of acknowledged) {
    const found = await house.when<Ticket>(`/v1/tickets/${ticket.id}`, 30_000, () => true);
    expect([found.number, found.sla.due_at]).toEqual([ticket.number, ticket.sla.due_at]);
  }
  const after = await open();
  const numbers = [...acknowledged, after].map((t) => t.number);
  expect(new Set(numbers).size).toBe(numbers.length);
  const moved = await send('POST', `/v1/tickets/${acknowledged[0]!.id}/transitions`, { to: 'resolved' });
  expect([moved.status, await factsOf(acknowledged[0]!.id)]).toEqual([200, expect.arrayContaining(['ticket.created', 'ticket.sla_met'])]);
});
