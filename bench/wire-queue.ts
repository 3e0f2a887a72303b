import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuSeconds } from '../test/kit/processes.js';
import { freePort } from '../test/kit/ports.js';
import { runSipp, startSipp, type Sipp } from '../test/kit/sipp.js';
import { answering, call, register, row as account } from '../test/kit/sipp/scenarios.js';
import { startStrowger, type Strowger } from '../test/kit/strowger.js';
import { until } from '../test/kit/wait.js';
import { highestClean } from './search.js';

export type WireStep = {
  readonly perSecond: number;
  readonly calls: number;
  readonly failed: number;
  /** Callers who waited for an agent when the last caller had come. */
  readonly waiting: number;
  /** Of edge, media server, application and supervisor, a call, ms. */
  readonly cpuMs: number;
  readonly cpuOf: Readonly<Record<(typeof ROLES)[number], number>>;
};
export type WireRun = {
  /** Calls a second that were all answered by an agent and ended, with nobody left in the queue. */
  readonly knee: number;
  readonly steps: readonly WireStep[];
};

const ROLES = ['edge', 'media', 'app', 'supervisor'] as const;
const AGENTS = 100;
const STEP_S = 6;
/** Callers come from another address than agents: a trunk is known by it. */
const CARRIER = '127.0.0.2';

/** mod_callcenter's case on the wire: straight into a queue, 100 agents, talk of 0.1 s, no RTP, no recording, the agent hangs up. */
export async function wireQueue(rates: { readonly from: number; readonly atMost: number; readonly fixed: readonly number[]; readonly talkMs: number }): Promise<WireRun> {
  const config = mkdtempSync(join(tmpdir(), 'strowger-bench-'));
  const dialplans = mkdtempSync(join(tmpdir(), 'strowger-bench-'));
  const port = await freePort(CARRIER);
  writeFileSync(join(config, 'recordings.yaml'), 'recording: { notice: false, calls: { queue: false } }\n');
  writeFileSync(join(config, 'system.yaml'), 'log_level: warn\n');
  writeFileSync(join(config, 'queues.yaml'), 'queues: [ { name: support, announce_position_seconds: 0 } ]\n');
  writeFileSync(join(config, 'trunks.yaml'), `trunks: [ { name: bench, peers: [${CARRIER}/32], hosts: [ { uri: "sip:${CARRIER}:${String(port)}" } ], health: { interval_seconds: 0 }, numbers: { "4000": { entry: "4000" } } } ]\n`);
  writeFileSync(join(dialplans, 'main.yaml'), 'version: 1\nentries: [ { number: "4000", flow: straight } ]\nflows: { straight: [ { queue: { name: support } }, { hang_up: {} } ] }\n');
  const strowger = await startStrowger({ agents: AGENTS, phones: 1, config, dialplans });
  let agents: Sipp | undefined;
  try {
    await until('the prompts', 90_000, async () => !(await (await strowger.raw('/healthz')).text()).includes('being rendered'), 250);
    agents = await startAgents(strowger, rates.talkMs);
    const steps: WireStep[] = [];
    const clean = async (perSecond: number): Promise<boolean> => {
      const done = await step(strowger, perSecond, port);
      steps.push(done);
      return done.failed === 0 && done.waiting <= perSecond / 2;
    };
    for (const perSecond of [5, 10, 15, 15]) await step(strowger, perSecond, port); // until what runs often is compiled
    for (const rate of rates.fixed) await clean(rate);
    const found = await highestClean({ from: rates.from, factor: 1.4, bisections: 2, atMost: rates.atMost, withinMs: 150_000, clean, recover: () => settled(strowger) });
    return { knee: found.perSecond, steps };
  } finally {
    await agents?.stop(500);
    await strowger.stop();
    for (const dir of [config, dialplans]) rmSync(dir, { recursive: true, force: true });
  }
}

/** All agents are one SIPp: each registers with it, and it answers for all. */
async function startAgents(strowger: Strowger, talkMs: number): Promise<Sipp> {
  const port = await freePort();
  const rows = Array.from({ length: AGENTS }, (_, i) => account(String(1001 + i), strowger.password));
  const registered = await runSipp({ scenario: register(3600), target: strowger.sip, port, calls: AGENTS, perSecond: 50, rows });
  if (registered.succeeded !== AGENTS) throw new Error(`only ${String(registered.succeeded)} agents registered:\n${registered.errors}`);
  const agents = await startSipp({ scenario: answering({ talkMs, endedBy: 'us' }), port, timeoutMs: 3_600_000 });
  await strowger.when<{ agents: { available: number } }>('/v1/queues/support', 10_000, (q) => q.agents.available === AGENTS);
  return agents;
}

const waitingIn = async (strowger: Strowger): Promise<number> => (await strowger.api<{ waiting: number }>('/v1/queues/support')).body.waiting;
const settled = (strowger: Strowger): Promise<void> => until('the queue to be worked off', 60_000, async () => (await strowger.metric('strowger_calls_active')) === 0, 250);

async function step(strowger: Strowger, perSecond: number, port: number): Promise<WireStep> {
  const cpu = (): number[] => ROLES.map((role) => cpuSeconds(strowger.pid(role)));
  const before = cpu();
  const calls = perSecond * STEP_S;
  const caller = await startSipp({
    scenario: call({ challenge: false, talkMs: 0, endedBy: 'them' }), target: strowger.sip, address: CARRIER, port, to: '4000', calls, perSecond, atOnce: 3000,
    rows: [['+8613800138000', '']], timeoutMs: 30_000,
  });
  await new Promise((resolve) => setTimeout(resolve, STEP_S * 1000));
  const waiting = await waitingIn(strowger);
  const { succeeded } = await caller.result;
  await settled(strowger);
  const used = cpu().map((now, i) => ((now - (before[i] ?? 0)) * 1000) / calls);
  return {
    perSecond, calls, failed: calls - succeeded, waiting, cpuMs: used.reduce((sum, ms) => sum + ms, 0),
    cpuOf: Object.fromEntries(ROLES.map((role, i) => [role, used[i] ?? 0])) as WireStep['cpuOf'],
  };
}
