import { expect } from 'vitest';
import { runCrowd, type CrowdOptions, type CrowdReport } from '../kit/crowd.js';
import { percentile } from '../kit/percentile.js';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { until } from '../kit/wait.js';
import { folder, straightTo } from './house.js';
import type { CallView } from './talk.js';

type Metrics = { offered: number; answered: number; abandoned: number; diverted: number };

/** A house whose number 4100 leads straight to the queue; nobody is recorded, and silence is no fault. */
export async function houseFor(callers: number, agents: number): Promise<Strowger> {
  const strowger = await startStrowger({
    agents, phones: callers, dialplans: folder({ 'main.yaml': straightTo({ '4100': 'support' }) }),
    config: folder({
      'recordings.yaml': 'recording: { notice: false, calls: { queue: false } }\n',
      'system.yaml': 'rtp_timeout_seconds: 3600\nlog_level: warn\n',
      'queues.yaml': 'queues: [ { name: support, offer_seconds: 3, max_unanswered: 0, announce_position_seconds: 0, pause: { busy_seconds: 1, rejected_seconds: 1, unreachable_seconds: 1 } } ]\n',
    }),
  });
  await until('the prompts', 90_000, async () => !(await (await strowger.raw('/healthz')).text()).includes('being rendered'), 250);
  return strowger;
}

async function allCalls(strowger: Strowger): Promise<CallView[]> {
  const items: CallView[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body }: { body: { items: CallView[]; next_cursor: string | null } } = await strowger.api(`/v1/calls?limit=500${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
    items.push(...body.items);
    cursor = body.next_cursor;
  }
  return items;
}

/** Lets the crowd in, and then compares what the phones saw with what the house says. */
export async function crowdAgrees(strowger: Strowger, options: Omit<CrowdOptions, 'server' | 'password' | 'to' | 'idle'>): Promise<CrowdReport> {
  const idle = (): Promise<void> => until('no call', 60_000, async () => (await strowger.metric('strowger_calls_active')) === 0, 500);
  const report = await runCrowd({ ...options, server: strowger.sip, password: strowger.password, to: '4100', idle });
  for (const gauge of ['calls_active', 'legs_active', 'media_endpoints', 'rtp_ports_in_use', 'acd_agents_leaked'])
    await until(`no ${gauge}`, 60_000, async () => (await strowger.metric(`strowger_${gauge}`)) === 0, 500);
  const calls = await allCalls(strowger);
  const { body: metrics } = await strowger.api<Metrics>('/v1/queues/support/metrics');
  const connected = new Set(calls.filter((call) => call.agent !== null).map(({ id }) => id));
  const queued = calls.filter(({ timeline }) => timeline.some(({ type }) => type === 'call.queued'));
  const { offerMs } = report;
  console.log(
    `crowd: ${String(report.calls)} calls, ${String(queued.length)} queued, ${String(connected.size)} talked, ${String(report.abandoned)} gave up, ${String(report.rejected)} rejections, ` +
    `${String(report.rangOut)} rang out, ${String(report.lostByes)} BYEs lost; free agent → INVITE p50 ${percentile(offerMs, 50).toFixed(1)} p99 ${percentile(offerMs, 99).toFixed(1)} ms of ${String(offerMs.length)}; ` +
    `the house says ${JSON.stringify(metrics)}`,
  );
  // Every call has one CDR with one end.
  expect([calls.length, calls.filter(({ state }) => state !== 'ended').length]).toEqual([report.calls, 0]);
  expect(calls.filter(({ timeline }) => timeline.filter(({ type }) => type === 'call.ended').length !== 1)).toEqual([]);
  // Nobody was given to two.
  expect(report.doubles).toEqual([]);
  // The figures are those of the phones: who talked was answered, and who was answered had been picked up.
  expect(metrics.offered).toBe(queued.length);
  expect(metrics.answered).toBe(connected.size);
  expect(metrics.answered + metrics.abandoned + metrics.diverted).toBe(metrics.offered);
  expect([...report.talked].filter((id) => !connected.has(id))).toEqual([]);
  expect([...connected].filter((id) => !report.pickedUp.has(id))).toEqual([]);
  return report;
}
