import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFailed } from 'vitest';
import { startFarm, type Farm } from '../kit/farm.js';
import { hears, readWav, shareOf } from '../kit/listen.js';
import type { LoadCall, LoadReport } from '../kit/load.js';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { until } from '../kit/wait.js';

type CallItem = { id: string; cause: string; state: string };

let strowger: Strowger;
let farm: Farm;
const accounts = (first: number, count: number) => Array.from({ length: count }, (_, i) => ({ user: String(first + i), password: strowger.password }));

const start = async (agents: number, phones: number): Promise<void> => {
  strowger = await startStrowger({ agents, phones });
  farm = await startFarm();
};
const stop = async (): Promise<void> => {
  await farm.stop();
  await strowger.stop();
};
beforeEach(() => onTestFailed(() => console.error(strowger.output().slice(-20_000))));

async function allCdrs(): Promise<CallItem[]> {
  const items: CallItem[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body }: { body: { items: CallItem[]; next_cursor: string | null } } = await strowger.api(`/v1/calls?limit=1000${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
    items.push(...body.items);
    cursor = body.next_cursor;
  }
  return items;
}

/** The customer's tone is on the left and nowhere else, the agent's on the right and nowhere else. */
async function misplaced(calls: readonly LoadCall[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const call of calls) {
    const response = await strowger.raw(`/v1/calls/${call.strowgerCall ?? ''}/recording`);
    if (response.status !== 200) {
      wrong.push(`${String(call.strowgerCall)}: ${response.status}`);
      continue;
    }
    const wav = readWav(Buffer.from(await response.arrayBuffer()));
    const [left, right] = [call.callerHz, call.agentHz ?? 0];
    const right_ = hears(wav, 0, left) && hears(wav, 1, right) && shareOf(wav, 0, right) < 0.01 && shareOf(wav, 1, left) < 0.01;
    if (!right_) wrong.push(`${String(call.strowgerCall)}: ${String(left)}/${String(right)} Hz not in their places`);
  }
  return wrong;
}
const tell = (what: string, r: LoadReport): void => {
  console.log(`${what}: ${r.calls.length} calls in ${r.seconds.toFixed(0)} s, ${r.failed} failed; INVITE–200 p50 ${r.answerMs.p50.toFixed(0)} p99 ${r.answerMs.p99.toFixed(0)} ms; ` +
    `lost ${r.lost}, gaps ${r.gaps} in ${r.calls.filter((c) => c.gaps > 0).length} calls, the longest ${Math.max(...r.calls.map((c) => c.worstGapMs)).toFixed(0)} ms, jitter p99 ${r.jitterMs.p99.toFixed(2)} ms, generator late ${r.generatorLateMs.toFixed(1)} ms`);
};
const idle = async (): Promise<void> => {
  for (const gauge of ['calls_active', 'legs_active', 'dialogs', 'transactions', 'media_endpoints', 'rtp_ports_in_use', 'timers'])
    await expect.poll(async () => [gauge, await strowger.metric(`strowger_${gauge}`)], { timeout: 40_000, interval: 500 }).toEqual([gauge, 0]);
};

describe('5 calls a second for a minute through 4000, key 1 and 60 agents', () => {
  beforeAll(() => start(60, 200));
  afterAll(stop);

  it('end with no failure, 300 CDRs, 300 recordings with each tone in its place, and everything idle', async () => {
    await expect.poll(async () => ((await strowger.raw('/healthz')).ok ? (await strowger.raw('/healthz')).text() : ''), { timeout: 60_000 }).not.toContain('being rendered');
    const report = await farm.load({ server: strowger.sip, callers: accounts(1201, 200), agents: accounts(1001, 60), to: '4000', keys: '1', calls: 300, perSecond: 5, talkMs: 3_000 });
    tell('load', report);
    expect(report.calls.filter((c) => !c.ok)).toEqual([]);
    await idle();
    const cdrs = await allCdrs();
    expect([cdrs.length, cdrs.filter((c) => c.cause !== 'completed')]).toEqual([300, []]);
    expect(await misplaced(report.calls)).toEqual([]);
  });
});

describe('100 calls at once', () => {
  beforeAll(() => start(100, 100));
  afterAll(stop);

  it('are bridged and recorded for two minutes without a lost packet or an audible gap', async () => {
    await expect.poll(async () => ((await strowger.raw('/healthz')).ok ? (await strowger.raw('/healthz')).text() : ''), { timeout: 60_000 }).not.toContain('being rendered');
    const report = await farm.load({ server: strowger.sip, callers: accounts(1201, 100), agents: accounts(1001, 100), to: '4000', keys: '1', calls: 100, perSecond: 5, talkMs: 140_000, patienceMs: 30_000 });
    tell('100 at once', report);
    expect(report.calls.filter((c) => !c.ok)).toEqual([]);
    expect([report.lost, report.gaps]).toEqual([0, 0]);
    await idle();
    expect(await misplaced(report.calls)).toEqual([]);
  });
});

describe('a call of ten minutes', () => {
  beforeAll(() => start(1, 1));
  afterAll(stop);

  it('has its channels within 20 ms of each other at its end', async () => {
    const report = await farm.load({ server: strowger.sip, callers: accounts(1201, 1), agents: accounts(1001, 1), to: '4000', keys: '1', calls: 1, perSecond: 1, talkMs: 600_000, patienceMs: 60_000 });
    expect(report.failed).toBe(0);
    const recording = (): Promise<Response> => strowger.raw(`/v1/calls/${report.calls[0]!.strowgerCall!}/recording`);
    let response = await recording();
    await until('the recording', 1_000, async () => response.status !== 409 || (response = await recording()).status !== 409);
    expect(response.status).toBe(200);
    const wav = readWav(Buffer.from(await response.arrayBuffer()));
    const { body } = await strowger.api<{ timeline: { type: string; at: string }[] }>(`/v1/calls/${report.calls[0]!.strowgerCall!}`);
    const at = (type: string): number => Date.parse(body.timeline.find((t) => t.type === type)!.at);
    expect(Math.abs(wav.durationMs - (at('call.recording_stopped') - at('call.recording_started')))).toBeLessThan(200);
    const ends = [0, 1].map((channel) => lastOf(wav.channels[channel]!, channel === 0 ? report.calls[0]!.callerHz : report.calls[0]!.agentHz!));
    expect(Math.abs(ends[0]! - ends[1]!)).toBeLessThanOrEqual(20);
  });
});

/** Milliseconds at which the tone ends. */
function lastOf(samples: Int16Array, _hz: number): number {
  for (let i = samples.length - 1; i >= 0; i -= 1) if (Math.abs(samples[i]!) > 500) return i / 8;
  return 0;
}
