import { afterEach, beforeEach, expect, it, onTestFailed } from 'vitest';
import { hears, levelDb, readWav } from '../kit/listen.js';
import type { Call, Phone } from '../kit/phone.js';
import { realBackend, startStrowger, type Strowger } from '../kit/strowger.js';
import { until } from '../kit/wait.js';
import { folder, straightTo } from './house.js';
import { ended, newest, setState } from './talk.js';

type ContactView = { id: string; subject: string; position: number | null; priority: number; joined_at: string; state: string };

/** drachtio-server answers the BYE of a dialog that a dead application began by itself, and hands it to nobody. */
const BYE_SAYS = realBackend() ? [200, 481, 500] : [200];

let strowger: Strowger;
beforeEach(async () => {
  strowger = await startStrowger({ agents: 2, dialplans: folder({ 'main.yaml': straightTo({ '4100': 'support' }) }) });
  onTestFailed(() => console.error(strowger.output().split('\n').filter((l) => !l.includes('"msg":"request"')).join('\n').slice(-15_000)));
});
afterEach(() => strowger.stop());

const waiting = async (many: number): Promise<ContactView[]> => {
  await strowger.when<{ waiting: number }>('/v1/queues/support', 20_000, (q) => q.waiting === many);
  return (await strowger.api<{ items: ContactView[] }>('/v1/contacts?queue=support')).body.items;
};

/** Calls one after another, each in the queue before the next. */
async function line(users: readonly string[]): Promise<{ phone: Phone; call: Call; id: string }[]> {
  const callers = [];
  for (const [i, user] of users.entries()) {
    const phone = await strowger.phone(user);
    const call = await phone.call('4100');
    await call.answered(20_000);
    await waiting(i + 1);
    callers.push({ phone, call, id: (await newest(strowger, user)).id });
  }
  return callers;
}

/** Its PID file is gone for a moment. */
const another = (before: number): Promise<void> =>
  until('another application', 10_000, () => {
    try {
      return strowger.pid('app') !== before;
    } catch {
      return false;
    }
  });

async function killApp(): Promise<void> {
  const before = strowger.pid('app');
  strowger.kill('app', 'SIGKILL');
  await another(before);
  await until('its door', 10_000, async () => (await strowger.raw('/healthz').catch(() => undefined))?.status === 200);
}

/** Music or speech now, not what came before. */
async function hearsSomething(call: Call): Promise<void> {
  call.media.reset();
  await call.media.packets(100, 10_000);
  expect(levelDb(call.media.samples())).toBeGreaterThan(-45);
}

it('kill -9 of the application: who waits keeps the line, place and time, and an agent gets the first of them with a recording', async () => {
  const callers = await line(['1201', '1202', '1203']);
  for (const { call } of callers) await hearsSomething(call);
  const before = await waiting(3);

  await killApp();
  const after = await waiting(3);
  expect(after.map(({ id, subject, position, priority }) => [id, subject, position, priority])).toEqual(before.map(({ id, subject, position, priority }) => [id, subject, position, priority]));
  // What people's clocks show of engine time may be a millisecond apart between two looks.
  for (const [i, { joined_at }] of after.entries()) expect(Math.abs(Date.parse(joined_at) - Date.parse(before[i]!.joined_at))).toBeLessThan(5);
  for (const { call } of callers) {
    expect(call.state()).toBe('talking');
    await hearsSomething(call);
  }

  const [first, second] = callers;
  const agent = await strowger.phone('1001');
  await setState(strowger, '1001', 'available');
  const offered = await agent.nextCall(10_000);
  expect([offered.from.user, offered.header('X-Strowger-Call')]).toEqual(['1201', first!.id]);
  offered.answer();
  first!.call.media.tone(440);
  offered.media.tone(660);
  await Promise.all([first!.call.media.heard(660, 5_000), offered.media.heard(440, 5_000)]);
  await first!.call.media.packets(first!.call.media.reception().packets + 100);
  expect(BYE_SAYS).toContain(await first!.call.bye());
  expect((await offered.ended(20_000)).by).toBe('them');
  const cdr = await ended(strowger, first!.id, 20_000);
  expect([cdr.cause, cdr.queue, cdr.agent]).toEqual(['completed', 'support', '1001']);
  expect(cdr.timeline.filter(({ type }) => type === 'call.ended')).toHaveLength(1);
  await until('the recording', 5_000, async () => (await strowger.raw(`/v1/calls/${first!.id}/recording`)).status === 200);
  const wav = readWav(Buffer.from(await (await strowger.raw(`/v1/calls/${first!.id}/recording`)).arrayBuffer()));
  expect([hears(wav, 0, 440), hears(wav, 1, 660)]).toEqual([true, true]);

  const next = await agent.nextCall(10_000);
  expect(next.header('X-Strowger-Call')).toBe(second!.id);
  next.answer();
  second!.call.media.tone(880);
  await next.media.heard(880, 5_000);
  await next.bye();
  await second!.call.ended(5_000);
});

it('who hangs up while the application is away has abandoned, the others move up', async () => {
  const [first, second] = await line(['1201', '1202']);
  const before = strowger.pid('app');
  strowger.kill('app', 'SIGKILL');
  expect(BYE_SAYS).toContain(await first!.call.bye());
  await another(before);
  const left = await waiting(1);
  expect([left[0]?.subject, left[0]?.position]).toEqual([`call:${second!.id}`, 1]);
  expect((await ended(strowger, first!.id, 10_000)).cause).toBe('abandoned');
  expect(BYE_SAYS).toContain(await second!.call.bye());
  expect((await ended(strowger, second!.id, 20_000)).cause).toBe('abandoned');
  for (const gauge of ['calls_active', 'legs_active', 'media_endpoints', 'rtp_ports_in_use'])
    await expect.poll(() => strowger.metric(`strowger_${gauge}`), { timeout: 20_000, interval: 250 }).toBe(0);
});

// drachtio-server does not cancel the INVITE of an application that is gone: the phone rings until it is tired of it.
it.skipIf(realBackend())('an offer that rings when the application is killed stops ringing, and the caller is offered again', async () => {
  const agent = await strowger.phone('1001');
  await setState(strowger, '1001', 'available');
  const phone = await strowger.phone('1201');
  const call = await phone.call('4100');
  await call.answered(20_000);
  const offered = await agent.nextCall(10_000);
  offered.ring();
  await offered.ringing();
  await killApp();
  expect((await offered.ended(10_000)).by).toBe('cancelled');
  const again = await agent.nextCall(10_000);
  again.answer();
  call.media.tone(440);
  again.media.tone(660);
  await Promise.all([call.media.heard(660, 5_000), again.media.heard(440, 5_000)]);
  expect(again.header('X-Strowger-Call')).toBe(offered.header('X-Strowger-Call'));
  await again.bye();
  await call.ended(5_000);
});

it('twice in a row', async () => {
  const [first] = await line(['1201']);
  for (let i = 0; i < 2; i += 1) {
    await killApp();
    await waiting(1);
    await hearsSomething(first!.call);
  }
  expect(BYE_SAYS).toContain(await first!.call.bye());
  expect((await ended(strowger, first!.id, 20_000)).cause).toBe('abandoned');
});
