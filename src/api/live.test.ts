import { expect, it } from 'vitest';
import type { Live, LiveFigures, LiveQueue, RaisedAlert } from '../insight/index.js';
import { guarded } from './access.fixture.js';
import { agent, rooms } from './api.fixture.js';

const T0 = Date.UTC(2026, 10, 30, 6);
const queue = (id: string, waiting = 0): LiveQueue => ({
  id, name: id, waiting, longestWaitMs: waiting * 1_500, agents: { available: 2 }, handled: { voice: 1 }, today: { offered: 4, answered: 2, abandoned: 1, shortAbandoned: 0, serviceLevel: 0.5, abandonedShare: 0.25, surveyAnswers: 2, satisfaction: 4.5 },
});
/** Live figures as plain lists; `pass` is a second. */
function figuresOf(...queues: LiveQueue[]) {
  const watchers = new Map<object, { told: (figures: LiveFigures) => void; ended: () => void }>();
  const f = { queues, at: T0, alerts: [] as RaisedAlert[] };
  const figures = (): LiveFigures => ({ at: f.at, day: '2026-11-30', zone: 'Asia/Shanghai', queues: f.queues });
  const live: Omit<Live, 'close'> = {
    figures, alerts: () => f.alerts,
    watch(told, ended) {
      const key = {};
      watchers.set(key, { told, ended });
      return () => void watchers.delete(key);
    },
  };
  const pass = (ms = 1_000): void => {
    f.at += ms;
    for (const { told } of [...watchers.values()]) told(figures());
  };
  return { f, live, pass, watchers: () => watchers.size, end: () => [...watchers.values()].forEach(({ ended }) => ended()) };
}
const raised = (of: string): RaisedAlert => ({ alert: 'crowded', queue: of, figure: 'waiting', side: 'above', threshold: 5, value: 9, since: T0 });
type Message = { at: string; day: string; queues: { id: string; waiting: number }[]; gone: string[] };

/** Reads a stream chunk by chunk: undefined at its end. */
function reader(response: Response) {
  const from = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const text = async (): Promise<string | undefined> => (await from.read()).value;
  const next = async (): Promise<Message> => JSON.parse(/^data: (.*)$/m.exec((await text()) ?? '')![1]!) as Message;
  return { text, next, cancel: () => from.cancel() };
}

it('shows the queues as they are now, and what was counted today', async () => {
  const { live } = figuresOf(queue('support', 3));
  const response = await rooms({}, { live }).get('/v1/live');
  expect([response.status, await response.json()]).toEqual([200, {
    at: '2026-11-30T06:00:00.000Z', day: '2026-11-30', time_zone: 'Asia/Shanghai',
    queues: [{
      id: 'support', name: 'support', waiting: 3, longest_wait_s: 4, agents: { available: 2 }, handled: { voice: 1 },
      today: { offered: 4, answered: 2, abandoned: 1, short_abandoned: 0, service_level: 0.5, abandoned_share: 0.25, survey_answers: 2, satisfaction: 4.5 },
    }],
  }]);
});

it('lists the alerts that are raised', async () => {
  const { f, live } = figuresOf();
  f.alerts = [raised('support')];
  expect(await (await rooms({}, { live }).get('/v1/alerts')).json()).toEqual({ items: [{ alert: 'crowded', queue: 'support', figure: 'waiting', side: 'above', threshold: 5, value: 9, since: '2026-11-30T06:00:00.000Z' }], next_cursor: null });
});

it('pushes all queues first, then those that changed, and those that are gone', async () => {
  const house = figuresOf(queue('sales'), queue('support'));
  const response = await rooms({}, { live: house.live }).get('/v1/live/stream');
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const { next, text, cancel } = reader(response);
  expect((await next()).queues.map(({ id }) => id)).toEqual(['sales', 'support']);
  house.pass();
  house.f.queues = [queue('sales'), queue('support', 1)];
  house.pass();
  expect(await next()).toMatchObject({ at: '2026-11-30T06:00:02.000Z', queues: [{ id: 'support', waiting: 1 }], gone: [] });
  house.f.queues = [queue('support', 1)];
  house.pass();
  expect(await next()).toMatchObject({ queues: [], gone: ['sales'] });
  for (let i = 0; i < 15; i += 1) house.pass();
  expect(await text()).toBe(': still here\n\n');
  await cancel();
  await expect.poll(house.watchers).toBe(0);
});

it('tells a slow reader the newest when he has room again, and cuts off who reads nothing', async () => {
  const house = figuresOf(queue('support'));
  const slow = (await rooms({}, { live: house.live }).get('/v1/live/stream')).body!.getReader();
  for (let waiting = 1; waiting <= 20; waiting += 1) {
    house.f.queues = [queue('support', waiting)];
    house.pass();
  }
  const decoder = new TextDecoder();
  const read = async (): Promise<string> => decoder.decode((await slow.read()).value as Uint8Array);
  const heard = [await read()];
  house.pass();
  while (!heard.at(-1)!.includes('"waiting":20')) {
    heard.push(await read());
    house.pass();
  }
  expect(heard.length).toBeLessThan(5);
  for (let i = 0; i < 80; i += 1) {
    house.f.queues = [queue('support', i % 2)];
    house.pass();
  }
  expect(house.watchers()).toBe(0);
});

it('ends when the house closes', async () => {
  const house = figuresOf(queue('support'));
  const { next, text } = reader(await rooms({}, { live: house.live }).get('/v1/live/stream'));
  await next();
  house.end();
  expect(await text()).toBeUndefined();
  expect(house.watchers()).toBe(0);
});

it('answers HEAD without opening a stream, and opens so many and no more', async () => {
  const house = figuresOf(queue('support'));
  const { send } = rooms({}, { live: house.live });
  expect([(await send('HEAD', '/v1/live/stream')).status, house.watchers()]).toEqual([200, 0]);
  const open: Response[] = [];
  for (let i = 0; i < 20; i += 1) open.push(await send('GET', '/v1/live/stream'));
  const refused = await send('GET', '/v1/live/stream');
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([429, 'too_many_streams']);
  for (const one of open) await one.body?.cancel();
  expect((await send('GET', '/v1/live/stream')).status).toBe(200);
});

it('whose permission reaches less far sees the queues that his agents serve; who loses it hears no more', async () => {
  const house = figuresOf(queue('sales'), queue('support'));
  house.f.alerts = [raised('sales'), raised('support')];
  const { made, user, admin } = await guarded({ agents: [agent('lin'), agent('omar', 'available', { queues: ['sales' as never] })] }, { deps: { live: house.live } });
  const { id: role } = await made<{ id: string }>('/v1/roles', { names: { en: 'Wallboard', 'zh-CN': '看板' }, permissions: { 'queues.read': 'own' } });
  const lin = await user('lin', [role], { agent: 'lin' });
  const nobody = await user('nobody', [role]);
  const seen = async (send: typeof lin.send, path: string): Promise<string[]> => {
    const body = (await (await send('GET', path)).json()) as { queues?: { id: string }[]; items?: { queue: string }[] };
    return body.queues?.map(({ id }) => id) ?? body.items?.map(({ queue: of }) => of) ?? [];
  };
  expect([await seen(lin.send, '/v1/live'), await seen(lin.send, '/v1/alerts'), await seen(nobody.send, '/v1/live')]).toEqual([['support'], ['support'], []]);
  const { next, text } = reader(await lin.send('GET', '/v1/live/stream'));
  expect((await next()).queues.map(({ id }) => id)).toEqual(['support']);
  expect((await admin('PATCH', `/v1/users/${lin.id}`, { disabled: true }, { 'if-match': '*' })).status).toBe(200);
  expect(await text()).toBeUndefined();
  expect(house.watchers()).toBe(0);
});
