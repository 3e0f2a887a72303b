import { expect, it } from 'vitest';
import { BadCursor } from '../store/index.js';
import { call, rooms } from './api.fixture.js';
import type { CallFilter, PageRequest } from './ports.js';

it('shows a call with its times in ISO 8601 and its timeline', async () => {
  const { get } = rooms({ calls: [call()] });
  const response = await get('/v1/calls/call_1');
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({
    id: 'call_1', direction: 'internal', from: '1201', to: '4000', customer: null, queue: 'support', agent: '1001', state: 'ended',
    started_at: '2026-11-20T10:00:00.000Z', answered_at: '2026-11-20T10:00:00.012Z', ended_at: '2026-11-20T10:01:01.000Z', cause: 'completed',
    timeline: [{ seq: 1, at: '2026-11-20T10:00:00.000Z', type: 'call.started', data: { from: '1201' } }],
  });
});

it('shows a call that rings as not answered, not ended and without cause', async () => {
  const { get } = rooms({ calls: [call({ state: 'ringing', answeredAt: null, endedAt: null, cause: null, queue: null, agent: null })] });
  expect(await (await get('/v1/calls/call_1')).json()).toMatchObject({ answered_at: null, ended_at: null, cause: null, queue: null });
});

it('answers 404 with a hint for a call that does not exist', async () => {
  const response = await rooms().get('/v1/calls/call_9');
  expect(response.status).toBe(404);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await response.json()).toMatchObject({ code: 'no_such_call', status: 404, hint: 'GET /v1/calls lists them', type: 'urn:strowger:no_such_call' });
});

it('lists calls a page at a time', async () => {
  const { get } = rooms({ calls: [call({ id: 'call_2' }), call()] });
  const page = (await (await get('/v1/calls?limit=1')).json()) as { items: { id: string }[]; next_cursor: string | null };
  expect(page.items.map((c) => c.id)).toEqual(['call_2']);
  expect(page.next_cursor).toBe('there-is-more');
  expect(await (await get('/v1/calls?limit=2')).json()).toMatchObject({ next_cursor: null });
});

it('hands every filter, the limit and the cursor to the room, in its own units', async () => {
  const asked: [CallFilter, PageRequest][] = [];
  const { get } = rooms({}, { calls: { list: (filter, page) => { asked.push([filter, page]); return { items: [], nextCursor: undefined }; }, get: () => undefined } });
  await get('/v1/calls?state=talking&direction=inbound&cause=busy&queue=support&agent=1001&from=1201&to=4000&since=2026-11-20T10:00:00%2B08:00&until=2026-11-21T00:00:00Z&limit=7&cursor=abc');
  expect(asked).toEqual([[
    {
      state: 'talking', direction: 'inbound', cause: 'busy', queue: 'support', agent: '1001', from: '1201', to: '4000',
      since: Date.UTC(2026, 10, 20, 2), until: Date.UTC(2026, 10, 21),
    },
    { limit: 7, cursor: 'abc' },
  ]]);
});

it.each(['limit=0', 'limit=1001', 'limit=x', 'limit=1.5', 'limit=-1', 'state=asleep', 'since=yesterday', 'cursor='])('refuses ?%s as malformed', async (query) => {
  const response = await rooms().get(`/v1/calls?${query}`);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ code: 'malformed', title: expect.stringContaining(query.split('=')[0] ?? '') });
});

it('takes the limits of the range', async () => {
  const { get } = rooms();
  expect((await get('/v1/calls?limit=1')).status).toBe(200);
  expect((await get('/v1/calls?limit=1000')).status).toBe(200);
});

it('answers 400 for a cursor that is not one of ours', async () => {
  const { get } = rooms({}, { calls: { list: () => { throw new BadCursor(); }, get: () => undefined } });
  const response = await get('/v1/calls?cursor=xyz');
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ code: 'store.bad_cursor', hint: expect.stringContaining('next_cursor') });
});
