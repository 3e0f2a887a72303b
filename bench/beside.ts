import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFarm, type Farm } from '../test/kit/farm.js';
import type { LoadReport } from '../test/kit/load.js';
import { percentile } from '../test/kit/percentile.js';
import { startStrowger, type Strowger } from '../test/kit/strowger.js';
import { until, within } from '../test/kit/wait.js';
import { openStore } from '../src/store/index.js';
import { embedded } from './api.js';
import type { OffersResult, OffersRun } from './apps/offers.js';
import { fillCustomers } from './customers.js';
import { fillMonth, SINCE, UNTIL, ZONE } from './insight.js';
import { watchMachine } from './machine.js';
import { application } from './processes.js';
import { row, shown, withGoal, type Findings, type Row } from './report.js';

const setting = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise);
const COUNTED = setting('BENCH_CALLS', 1_000_000);
const CUSTOMERS = setting('BENCH_CUSTOMERS', 1_000_000);
const TALK_S = setting('BENCH_SECONDS', 40);
const STANDING = 20;
const PER_SECOND = 5;
const AGENTS = 6;
const CALLERS = 14;
const QUEUE = '4100';
/** As long as the standing calls take to come and go, and a little. */
const phaseS = (talkS: number): number => talkS + STANDING / PER_SECOND + 1;

const month = `since=${new Date(SINCE).toISOString()}&until=${new Date(UNTIL).toISOString()}`;
/** The heaviest that can be asked; one after the other without a pause. */
const QUESTIONS: readonly (readonly [kind: 'report' | 'search', path: string])[] = [
  ['report', `/v1/reports/queues?by=hour&${month}`], ['search', `/v1/customers?q=${encodeURIComponent('张伟 wei zhang 8000 example')}`],
  ['report', `/v1/reports/queues?by=queue,hour_of_day&${month}`], ['search', '/v1/customers?q=zhang.wei7@example.com'],
  ['report', `/v1/reports/agents?by=agent&${month}`], ['search', '/v1/customers?q=z'],
  ['report', `/v1/reports/overview?by=day&${month}`], ['search', `/v1/customers?q=${encodeURIComponent('张')}&limit=100`],
  ['search', `/v1/conversations?q=${encodeURIComponent('龘龘')}`], ['search', `/v1/tickets?q=${encodeURIComponent('龘龘')}`],
];

interface Answers {
  readonly report: number[];
  readonly search: number[];
  readonly refused: Set<string>;
}
interface Phase {
  readonly load: LoadReport;
  readonly offers: OffersResult;
  readonly answers: Answers;
  /** Of every five seconds the p99 of the process that was worst, ms. */
  readonly loopMs: readonly number[];
  readonly othersShare: number;
}

/** Calls and offers alone, then beside the heaviest reports and searches, then alone again: what the machine did meanwhile shows as the difference of the two. */
export async function beside(): Promise<Findings> {
  const data = mkdtempSync(join(tmpdir(), 'strowger-bench-'));
  try {
    const filledS = await fill(join(data, 'strowger.db'));
    return findings(await phases(data), filledS);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

/** @returns seconds */
async function fill(path: string): Promise<number> {
  const store = await openStore({ path });
  const monthMs = fillMonth(store, COUNTED);
  const began = performance.now();
  fillCustomers(store.path, CUSTOMERS);
  await store.close();
  return (monthMs + performance.now() - began) / 1000;
}

async function phases(data: string): Promise<readonly [Phase, Phase, Phase]> {
  const { config, dialplans } = house(data);
  const strowger = await embedded(() => startStrowger({ data, config, dialplans, agents: AGENTS, phones: 2 * STANDING + CALLERS, startMs: 120_000 }));
  const farm = await startFarm();
  try {
    await until('the prompts', 90_000, async () => !(await (await strowger.raw('/healthz')).text()).includes('being rendered'), 250);
    await phase(strowger, farm, 5, true); // until what runs often is compiled and the database has been read
    const alone = await phase(strowger, farm, TALK_S, false);
    const asked = await phase(strowger, farm, TALK_S, true);
    return [alone, asked, await phase(strowger, farm, TALK_S, false)];
  } finally {
    await farm.stop();
    await strowger.stop({ keepData: true });
  }
}

function house(data: string): { readonly config: string; readonly dialplans: string } {
  const [config, dialplans] = [mkdtempSync(join(data, 'config-')), mkdtempSync(join(data, 'dialplans-'))];
  writeFileSync(join(config, 'recordings.yaml'), 'recording: { notice: false, transcripts: "off", calls: { queue: false, internal: true } }\n');
  writeFileSync(join(config, 'system.yaml'), `time_zone: ${ZONE}\nrtp_timeout_seconds: 3600\nlog_level: warn\n`);
  writeFileSync(join(config, 'queues.yaml'), 'queues: [ { name: support, announce_position_seconds: 0, max_unanswered: 0 } ]\n');
  writeFileSync(join(dialplans, 'main.yaml'), `version: 1\nentries: [ { number: "${QUEUE}", flow: straight } ]\nflows: { straight: [ { set: { language: en } }, { queue: { name: support } } ] }\n`);
  return { config, dialplans };
}

const numbers = (first: number, count: number): string[] => Array.from({ length: count }, (_, i) => String(first + i));

async function phase(strowger: Strowger, farm: Farm, talkS: number, busy: boolean): Promise<Phase> {
  const account = (user: string): { user: string; password: string } => ({ user, password: strowger.password });
  const [callers, agents] = [numbers(1201, STANDING), numbers(1201 + STANDING, STANDING)];
  const settings: OffersRun = { server: strowger.sip, password: strowger.password, agents: numbers(1001, AGENTS), callers: numbers(1201 + 2 * STANDING, CALLERS), to: QUEUE, seconds: phaseS(talkS) };
  let tell: (result: OffersResult) => void = () => undefined;
  const offered = new Promise<OffersResult>((resolve) => { tell = resolve; });
  const app = await application('offers', settings, (message) => { if (typeof message === 'object' && message !== null) tell(message as OffersResult); });
  const machine = watchMachine();
  const answers: Answers = { report: [], search: [], refused: new Set() };
  const loopMs: number[] = [];
  const over = new AbortController();
  await strowger.metric('strowger_event_loop_delay_seconds'); // since this look
  const look = setInterval(() => void strowger.metric('strowger_event_loop_delay_seconds').then((s) => loopMs.push((s ?? Number.NaN) * 1000)), 5_000);
  const asking = busy ? ask(strowger, answers, over.signal) : Promise.resolve();
  try {
    const load = await farm.load({ server: strowger.sip, callers: callers.map(account), agents: agents.map(account), to: agents, calls: STANDING, perSecond: PER_SECOND, talkMs: talkS * 1000, delayProbe: true });
    const offers = await within(60_000, 'the last callers of the queue', offered);
    over.abort();
    await asking;
    const { othersShare } = machine.end();
    await until('no call', 60_000, async () => (await strowger.metric('strowger_calls_active')) === 0, 250);
    return { load, offers, answers, loopMs, othersShare };
  } finally {
    over.abort();
    clearInterval(look);
    await app.stop();
  }
}

async function ask(strowger: Strowger, answers: Answers, over: AbortSignal): Promise<void> {
  for (let i = 0; !over.aborted; i += 1) {
    const [kind, path] = QUESTIONS[i % QUESTIONS.length] ?? ['search', '/v1/customers'];
    const began = performance.now();
    const response = await strowger.raw(path);
    await response.arrayBuffer();
    answers[kind].push(performance.now() - began);
    if (response.status !== 200) answers.refused.add(`${path}: ${String(response.status)}`);
  }
}

type Of = (phase: Phase) => number;
function findings(measured: readonly [Phase, Phase, Phase], filledS: number): Findings {
  const [alone, asked, again] = measured;
  const rows = (figure: string, unit: string, of: Of, goal?: { readonly text: string; readonly holds: (beside: number, alone: number) => boolean }): Row[] => {
    const both = Math.max(of(alone), of(again));
    const middle = row(`${figure}: beside`, unit, of(asked));
    return [row(`${figure}: alone`, unit, of(alone)), goal ? withGoal(middle, goal.text, (n) => goal.holds(n, both)) : middle, row(`${figure}: alone again`, unit, of(again)), row(`${figure}: beside ÷ alone`, '×', ratio(of(asked), (of(alone) + of(again)) / 2))];
  };
  const noMore = { text: 'no more than alone', holds: (n: number, before: number): boolean => n <= before };
  const half = { text: '≤ 1.5 × alone', holds: (n: number, before: number): boolean => n <= 1.5 * before };
  return {
    beside: null, generatorLateMs: Math.max(...measured.map(({ load }) => load.generatorLateMs)),
    faults: measured.flatMap(({ load, offers, answers }) => [...(load.failed > 0 ? [`${String(load.failed)} calls failed: ${load.calls.find((c) => !c.ok)?.failure ?? ''}`] : []), ...offers.wrong, ...answers.refused]),
    rows: [
      ...rows('RTP packets lost', '', (p) => p.load.lost, noMore), ...rows('gaps of more than 60 ms', '', (p) => p.load.gaps, noMore), ...rows('worst gap', 'ms', (p) => Math.max(...p.load.calls.map((c) => c.worstGapMs))),
      ...rows('audio delay p50', 'ms', (p) => p.load.delayMs.p50), ...rows('audio delay p99', 'ms', (p) => p.load.delayMs.p99),
      ...rows('free agent → INVITE p50', 'ms', (p) => percentile(p.offers.offerMs, 50), half), ...rows('free agent → INVITE p99', 'ms', (p) => percentile(p.offers.offerMs, 99)),
      ...rows('INVITE → 200 p50', 'ms', (p) => percentile(p.offers.answerMs, 50)), ...rows('INVITE → 200 p99', 'ms', (p) => percentile(p.offers.answerMs, 99)),
      ...rows('event loop delay, worst p99 of five seconds', 'ms', (p) => percentile(p.loopMs, 100)), ...rows('event loop delay, median of those', 'ms', (p) => percentile(p.loopMs, 50)),
      ...([['report', 'reports'], ['search', 'searches']] as const).flatMap(([kind, many]) => [row(`${many} answered beside calls`, '', asked.answers[kind].length), ...[50, 99].map((p) => row(`  p${String(p)}`, 'ms', percentile(asked.answers[kind], p)))]),
    ],
    notes: [
      `${COUNTED.toLocaleString('en')} counted calls of a month and ${CUSTOMERS.toLocaleString('en')} customers, filled in ${filledS.toFixed(0)} s; ${String(STANDING)} calls bridged and recorded with G.711 both ways for ${String(TALK_S)} s, ${String(AGENTS)} agents and ${String(CALLERS)} callers of a queue for ${String(phaseS(TALK_S))} s`,
      `offers: ${measured.map(({ offers }) => `${String(offers.connected)} taken, ${String(offers.left)} left`).join('; ')}; the processors were taken by others to ${measured.map(({ othersShare }) => `${shown(100 * othersShare)} %`).join(', ')}`,
      'event loop delay as the program tells it: its clock has steps of 20 ms, so some 20 ms are none',
      'conversations and tickets are searched too, and there are none',
    ],
  };
}

const ratio = (one: number, other: number): number => (other === 0 ? (one === 0 ? 1 : Number.NaN) : one / other);
