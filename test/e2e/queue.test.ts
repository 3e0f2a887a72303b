import { writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { levelDb } from '../kit/listen.js';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { agentState, ended, newest, setState, toMenu } from './talk.js';

let strowger: Strowger;
beforeAll(async () => {
  const config = mkdtempSync(join(tmpdir(), 'strowger-config-'));
  writeFileSync(join(config, 'queues.yaml'), 'queues: [{ name: support, offer_seconds: 2, announce_position_seconds: 2 }]\n');
  strowger = await startStrowger({ agents: 3, config });
});
afterAll(() => strowger.stop());
beforeEach(() => onTestFailed(() => console.error(strowger.output())));

describe('no agent is free', () => {
  it('the caller hears music and his position; when he hangs up there is one abandoned CDR', async () => {
    const call = await toMenu(strowger, '1201', '1');
    const id = (await newest(strowger, '1201')).id;
    await strowger.when<{ waiting: number }>('/v1/queues/support', 10_000, (q) => q.waiting === 1);
    call.media.reset();
    await call.media.packets(150, 10_000);
    expect(levelDb(call.media.samples())).toBeGreaterThan(-40);
    await strowger.when<{ waiting: number }>('/v1/queues/support', 1_000, (q) => q.waiting === 1);
    expect(await call.bye()).toBe(200);
    const cdr = await ended(strowger, id);
    expect([cdr.cause, cdr.queue, cdr.agent]).toEqual(['abandoned', 'support', null]);
    expect(cdr.timeline.filter((t) => t.type === 'call.ended').length).toBe(1);
    expect((await strowger.raw(`/v1/calls/${id}/recording`)).status).toBe(404);
  });
});

describe('an agent', () => {
  it('who is not registered cannot be available', async () => {
    const answer = await setState(strowger, '1003', 'available');
    expect([answer.status, answer.body.code]).toEqual([409, 'not_registered']);
  });

  it('who does not pick up is passed by, and is away after two unanswered offers', async () => {
    const [sleeper, worker] = [await strowger.phone('1001'), await strowger.phone('1002')];
    await setState(strowger, '1002', 'away');
    const call = await toMenu(strowger, '1202', '1');
    const first = await sleeper.nextCall(20_000);
    first.ring();
    expect((await first.ended(5_000)).by).toBe('cancelled');
    const again = await sleeper.nextCall(5_000);
    again.ring();
    expect((await again.ended(5_000)).by).toBe('cancelled');
    await strowger.when<{ state: string; reason: string }>('/v1/agents/1001', 5_000, (a) => a.state === 'away' && a.reason === 'no_answer');
    expect((await setState(strowger, '1002', 'available')).body.state).toMatch(/available|ringing/);
    const offered = await worker.nextCall(5_000);
    offered.answer();
    await call.media.until('the agent', 5_000, () => offered.state() === 'talking');
    await strowger.when<{ state: string }>('/v1/agents/1002', 5_000, (a) => a.state === 'talking');
    expect(await call.bye()).toBe(200);
    expect((await offered.ended(5_000)).by).toBe('them');
    await strowger.when<{ state: string }>('/v1/agents/1002', 5_000, (a) => a.state === 'available');
    expect((await ended(strowger, offered.header('X-Strowger-Call')!)).cause).toBe('completed');
    await Promise.all([sleeper.close(), worker.close()]);
  });

  it('goes away and comes back by *46 and *45', async () => {
    const phone = await strowger.phone('1001');
    await setState(strowger, '1001', 'available');
    for (const [code, state] of [['*46', 'away'], ['*45', 'available']] as const) {
      const call = await phone.call(code);
      await call.answered(20_000);
      expect((await call.ended(20_000)).by).toBe('them');
      await strowger.when<{ state: string }>('/v1/agents/1001', 2_000, (a) => a.state === state);
    }
    await phone.close();
    await strowger.when<{ state: string }>('/v1/agents/1001', 2_000, (a) => a.state === 'offline');
  });

  it('stops ringing when the caller hangs up, and is free at once', async () => {
    const phone = await strowger.phone('1001');
    await setState(strowger, '1001', 'available');
    const call = await toMenu(strowger, '1203', '1');
    const offered = await phone.nextCall(20_000);
    offered.ring();
    await offered.ringing();
    expect(await agentState(strowger, '1001')).toBe('ringing');
    await call.bye();
    expect((await offered.ended(3_000)).by).toBe('cancelled');
    await strowger.when<{ state: string }>('/v1/agents/1001', 2_000, (a) => a.state === 'available');
    expect((await ended(strowger, offered.header('X-Strowger-Call')!)).cause).toBe('abandoned');
    await phone.close();
  });

  it('and the caller may hang up in the same moment: one CDR, both free', async () => {
    const phone = await strowger.phone('1001');
    await setState(strowger, '1001', 'available');
    const call = await toMenu(strowger, '1204', '1');
    const offered = await phone.nextCall(20_000);
    offered.answer();
    await call.media.until('talking', 5_000, () => offered.state() === 'talking');
    await strowger.when<{ state: string }>('/v1/agents/1001', 5_000, (a) => a.state === 'talking');
    expect(await Promise.all([call.bye(), offered.bye()])).toEqual([200, 200]);
    const cdr = await ended(strowger, offered.header('X-Strowger-Call')!);
    expect([cdr.cause, cdr.timeline.filter((t) => t.type === 'call.ended').length]).toEqual(['completed', 1]);
    await strowger.when<{ state: string }>('/v1/agents/1001', 2_000, (a) => a.state === 'available');
    await phone.close();
  });
});

describe('the menu', () => {
  it('0 reaches the operator', async () => {
    const operator = await strowger.phone('1001');
    const call = await toMenu(strowger, '1205', '0');
    const offered = await operator.nextCall(20_000);
    expect(offered.from.user).toBe('1205');
    offered.answer();
    call.media.tone(440);
    await offered.media.heard(440, 5_000);
    await offered.bye();
    await call.ended(10_000);
    await operator.close();
  });

  it('silence repeats the question and ends in the queue', async () => {
    const call = await toMenu(strowger, '1206');
    await strowger.when<{ waiting: number }>('/v1/queues/support', 60_000, (q) => q.waiting === 1);
    await call.bye();
    expect((await ended(strowger, (await newest(strowger, '1206')).id)).cause).toBe('abandoned');
  });
});

it('everything is idle again 40 s after the last call', async () => {
  const gauges = ['calls_active', 'legs_active', 'dialogs', 'transactions', 'media_endpoints', 'rtp_ports_in_use', 'timers'];
  for (const gauge of gauges) await expect.poll(() => strowger.metric(`strowger_${gauge}`), { timeout: 40_000, interval: 500 }).toBe(0);
});
