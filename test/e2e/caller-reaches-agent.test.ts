import { afterAll, beforeAll, expect, it, onTestFailed } from 'vitest';
import { apart, hears, readWav } from '../kit/listen.js';
import { startStrowger, type Strowger } from '../kit/strowger.js';

type CallView = { id: string; customer: string | null; state: string; cause: string | null; queue: string | null; agent: string | null; timeline: { type: string }[] };

let strowger: Strowger;
beforeAll(async () => void (strowger = await startStrowger({ agents: 2 })));
afterAll(() => strowger.stop());

it('a caller phones 4000, presses 1, waits, talks with an agent who is told which customer it is, and each is on a channel of the recording', async () => {
  onTestFailed(() => console.error(strowger.output()));
  const { body: customer } = await strowger.api<{ id: string }>('/v1/customers', { method: 'POST', body: JSON.stringify({ name: '张伟', identities: [{ kind: 'extension', value: '1201' }] }) });
  const agent = await strowger.phone('1001');
  const caller = await strowger.phone('1201');
  const call = await caller.call('4000');
  await call.answered();
  await call.media.packets(50, 30_000); // the first prompt is being spoken for the first time
  await call.media.digits('1');
  const offered = await agent.nextCall(20_000);
  expect([offered.from.user, offered.from.display]).toEqual(['1201', 'support']);
  expect(offered.header('X-Strowger-Customer')).toBe(`${customer.id};name=%E5%BC%A0%E4%BC%9F`);
  offered.ring();
  offered.answer();
  call.media.tone(440);
  offered.media.tone(660);
  await Promise.all([call.media.heard(660, 5_000), offered.media.heard(440, 5_000)]);
  await call.media.packets(call.media.reception().packets + 100);
  await offered.bye();
  expect((await call.ended(5_000)).by).toBe('them');

  const id = offered.header('X-Strowger-Call')!;
  const cdr = await strowger.when<CallView>(`/v1/calls/${id}`, 5_000, (c) => c.state === 'ended');
  expect([cdr.cause, cdr.queue, cdr.agent, cdr.customer]).toEqual(['completed', 'support', '1001', customer.id]);
  const told = await strowger.when<{ items: { subject: string; type: string }[] }>(`/v1/customers/${customer.id}/timeline`, 5_000, ({ items }) => items.some(({ type }) => type === 'call.ended'));
  expect(told.items.filter(({ subject }) => subject === `call:${id}`).map(({ type }) => type).sort()).toEqual(['call.bridged', 'call.customer_identified', 'call.ended', 'call.left_queue', 'call.queued', 'call.started']);
  const response = await strowger.raw(`/v1/calls/${id}/recording`);
  expect(response.status).toBe(200);
  const wav = readWav(Buffer.from(await response.arrayBuffer()));
  expect([hears(wav, 0, 440), hears(wav, 1, 660)]).toEqual([true, true]);
  const [shift] = apart(wav, 440, 660);
  expect(Math.abs(shift!.startMs)).toBeLessThanOrEqual(400); // the two tones begin when each phone began
});
