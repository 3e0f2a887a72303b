import { describe, expect, it } from 'vitest';
import { contact, queue, rooms } from './api.fixture.js';

const three = () => rooms({ queues: [queue('support')], contacts: [contact('c1'), contact('c2', { position: 2 }), contact('c3', { position: 3, attributes: { tags: ['vip'], value: 7 } })] });

describe('contacts', () => {
  it('of a queue are listed in the order of their places, page by page', async () => {
    const { get } = three();
    const first = (await (await get('/v1/contacts?queue=support&limit=2')).json()) as { items: { id: string }[]; next_cursor: string };
    const second = (await (await get(`/v1/contacts?queue=support&limit=2&cursor=${first.next_cursor}`)).json()) as typeof first;
    expect([first.items.map((c) => c.id), second.items.map((c) => c.id), second.next_cursor]).toEqual([['c1', 'c2'], ['c3'], null]);
  });

  it('of all queues are listed newest first', async () => {
    expect(((await (await three().get('/v1/contacts')).json()) as { items: { id: string }[] }).items.map((c) => c.id)).toEqual(['c3', 'c2', 'c1']);
  });

  it('are shown with all that is known of them', async () => {
    expect(await (await three().get('/v1/contacts/c3')).json()).toEqual({
      id: 'c3', subject: 'call:c3', channel: 'voice', queues: ['support'], state: 'waiting', callback: false, position: 3, priority: 5,
      attributes: { tags: ['vip'], value: 7 }, joined_at: '2026-11-20T10:00:00.000Z', waited_ms: 1_000, agent: null,
    });
  });

  it('that are nobody are 404, whatever is asked of them', async () => {
    const { get, send } = rooms();
    const answers = [
      await get('/v1/contacts/x'), await get('/v1/contacts/x/why'), await send('PATCH', '/v1/contacts/x', { priority: 9 }), await send('DELETE', '/v1/contacts/x'),
      await send('POST', '/v1/contacts/x/callback', {}),
    ];
    expect(answers.map((r) => r.status)).toEqual([404, 404, 404, 404, 404]);
  });

  it('take priority and attributes while they wait', async () => {
    const response = await three().send('PATCH', '/v1/contacts/c1', { priority: 9, attributes: { intent: 'cancel_order' } });
    expect(await response.json()).toMatchObject({ priority: 9, attributes: { intent: 'cancel_order' } });
  });

  it.each([[{ priority: 11 }], [{ attributes: { 'two words': 1 } }], [{ queue: 'vip' }]])('refuse %j', async (body) => {
    expect((await three().send('PATCH', '/v1/contacts/c1', body)).status).toBe(422);
  });

  it('are taken out by a supervisor, or become callbacks', async () => {
    const { send, r } = three();
    expect((await send('DELETE', '/v1/contacts/c1')).status).toBe(204);
    expect(await (await send('POST', '/v1/contacts/c2/callback', {})).json()).toMatchObject({ id: 'c2', callback: true });
    await send('POST', '/v1/contacts/c3/callback', { at: '2026-11-20T18:00:00+08:00' });
    expect(r.did).toEqual(['remove c1 by api:admin', 'call back c2 in turn by api:admin', `call back c3 ${Date.UTC(2026, 10, 20, 10)} by api:admin`]);
  });

  it('say why they wait, in both languages', async () => {
    expect(await (await three().get('/v1/contacts/c1/why')).json()).toMatchObject({ waits_for: 'free_agent', sentence: { en: expect.stringContaining('busy'), 'zh-CN': expect.stringContaining('均忙') } });
  });
});

describe('a callback', () => {
  const order = { number: '+8613800138000', queue: 'support', name: 'Lin', priority: 7, attributes: { intent: 'sales' } };

  it('is booked and shown as a waiting person', async () => {
    const { send, r } = three();
    const response = await send('POST', '/v1/callbacks', { ...order, at: '2026-11-21T01:30:00Z' });
    expect([response.status, response.headers.get('location')]).toEqual([201, '/v1/contacts/cb1']);
    expect(await response.json()).toMatchObject({ id: 'cb1', callback: true, queues: ['support'] });
    expect(JSON.parse(r.did[0]?.slice(5) ?? '')).toEqual({ ...order, at: Date.UTC(2026, 10, 21, 1, 30), by: 'api:admin' });
  });

  it.each([[{}], [{ ...order, number: 'call me' }], [{ ...order, at: 'tomorrow' }], [{ ...order, extra: 1 }]])('refuses %j', async (body) => {
    expect((await three().send('POST', '/v1/callbacks', body)).status).toBe(422);
  });
});

describe('the same request sent again under the same key', () => {
  const order = { number: '+8613800138000', queue: 'support' };
  const key = { 'idempotency-key': 'order-7' };

  it('is answered again, not done again', async () => {
    const { send, r } = three();
    const [first, second] = [await send('POST', '/v1/callbacks', order, key), await send('POST', '/v1/callbacks', order, key)];
    expect([first.status, second.status, second.headers.get('idempotency-replayed')]).toEqual([201, 201, 'true']);
    expect(await second.json()).toEqual(await first.json());
    expect(r.did).toHaveLength(1);
  });

  it('with another body is 422', async () => {
    const { send } = three();
    await send('POST', '/v1/callbacks', order, key);
    const other = await send('POST', '/v1/callbacks', { ...order, number: '+861' }, key);
    expect([other.status, await other.json()]).toEqual([422, expect.objectContaining({ code: 'idempotency_key_reused' })]);
  });

  it('may be tried again once what was wrong is mended', async () => {
    const { send } = three();
    expect((await send('POST', '/v1/callbacks', { ...order, number: 'x' }, key)).status).toBe(422);
    expect((await send('POST', '/v1/callbacks', order, key)).status).toBe(201);
  });

  it('while the first is still being answered is 409', async () => {
    const { send } = rooms({}, { idempotency: { begin: () => ({ is: 'running' }), finish: () => undefined, forget: () => undefined, cutShort: () => undefined } });
    const response = await send('POST', '/v1/callbacks', order, key);
    expect([response.status, response.headers.get('retry-after'), ((await response.json()) as { code: string }).code]).toEqual([409, '1', 'same_key_running']);
  });

  it('needs a key that is one', async () => expect((await three().send('POST', '/v1/callbacks', order, { 'idempotency-key': 'x'.repeat(201) })).status).toBe(400));
});

it('shows a queue\'s figures over a time', async () => {
  const { get } = rooms({ queues: [queue('support')] });
  expect(await (await get('/v1/queues/support/metrics?since=2026-11-20T00:00:00Z&until=2026-11-21T00:00:00%2B08:00')).json()).toEqual({
    queue: 'support', since: '2026-11-20T00:00:00.000Z', until: '2026-11-20T16:00:00.000Z', offered: 4, answered: 2, abandoned: 1, short_abandoned: 1,
    diverted: 1, diverted_by: { closed: 1 }, answered_in_time: 1, asa_ms: 1_000, longest_wait_ms: 9_000, service_level: { by_answered: 0.5, by_offered: 0.5 },
  });
  expect((await get('/v1/queues/sales/metrics')).status).toBe(404);
  expect((await get('/v1/queues/support/metrics?since=yesterday')).status).toBe(400);
});
