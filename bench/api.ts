import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { percentile } from '../test/kit/percentile.js';
import { cpuSeconds } from '../test/kit/processes.js';
import { startStrowger, type Strowger } from '../test/kit/strowger.js';
import { createLedger } from '../src/calls/index.js';
import { createEvents } from '../src/events/index.js';
import { newId, openStore } from '../src/store/index.js';
import { row, type Findings } from './report.js';

const CALLS = 1000;
const PAGE = 50;
const STEP_MS = 6000;
const CLIENTS = 8;
const silent = { info: () => undefined, error: () => undefined };

/** GET /v1/calls of the whole product with a thousand calls in its database, each with the timeline of a queue call. */
export async function api(): Promise<Findings> {
  const data = mkdtempSync(join(tmpdir(), 'strowger-bench-'));
  const strowger = await embedded(async () => {
    await fill(join(data, 'strowger.db'));
    return startStrowger({ data });
  });
  const loop = monitorEventLoopDelay({ resolution: 2 });
  try {
    await ask(strowger, 1, 1000);
    loop.enable();
    const one = await ask(strowger, 1, STEP_MS);
    const many = await ask(strowger, CLIENTS, STEP_MS);
    loop.disable();
    return {
      beside: null, generatorLateMs: Math.max(0, loop.max / 1e6 - 2),
      faults: one.refused + many.refused > 0 ? [`${String(one.refused + many.refused)} answers were not 200 with ${String(PAGE)} calls`] : [],
      rows: [
        row('GET /v1/calls, one client: p50', 'ms', percentile(one.ms, 50)),
        row('GET /v1/calls, one client: p99', 'ms', percentile(one.ms, 99)),
        row(`GET /v1/calls, ${String(CLIENTS)} clients: p50`, 'ms', percentile(many.ms, 50)),
        row(`GET /v1/calls, ${String(CLIENTS)} clients: p99`, 'ms', percentile(many.ms, 99)),
        row(`GET /v1/calls, ${String(CLIENTS)} clients`, '/s', many.ms.length / (STEP_MS / 1000)),
        row('CPU of the application', 's/1000', (many.cpu * 1000) / many.ms.length),
      ],
      notes: [`pages of ${String(PAGE)} calls with their timelines out of ${String(CALLS)}, over HTTP with keep-alive`],
    };
  } finally {
    await strowger.stop({ keepData: true });
    rmSync(data, { recursive: true, force: true });
  }
}

/** Our own servers, whatever the environment says about real ones. */
export async function embedded<T>(run: () => Promise<T>): Promise<T> {
  const names = ['STROWGER_DRACHTIO', 'STROWGER_FREESWITCH'];
  const kept = names.map((name) => [name, process.env[name]] as const);
  for (const name of names) Reflect.deleteProperty(process.env, name);
  try {
    return await run();
  } finally {
    for (const [name, value] of kept) if (value !== undefined) process.env[name] = value;
  }
}

async function fill(path: string): Promise<void> {
  const store = await openStore({ path });
  const ledger = createLedger(store, silent);
  const began = Date.now() - CALLS * 60_000;
  let now = began;
  const events = createEvents({ store, log: silent, now: () => now });
  store.transaction(() => {
    for (let i = 0; i < CALLS; i += 1) {
      const id = newId('call');
      now = began + i * 60_000;
      ledger.open({ id, direction: 'internal', from_number: '1201', to_number: '4000', trunk: null, did: null, started_at: now });
      events.publish('call.started', `call:${id}`, { direction: 'internal', from: '1201', to: '4000' });
      events.publish('call.answered', `call:${id}`, {});
      events.publish('call.digits', `call:${id}`, { digits: '1' });
      events.publish('call.queued', `call:${id}`, { queue: 'support', position: 1 });
      events.publish('call.state_changed', `call:${id}`, { from: 'queued', to: 'talking' });
      events.publish('call.ended', `call:${id}`, { cause: 'completed', duration_ms: 30_000 });
      ledger.close(id, 'completed', now + 30_000);
    }
  });
  ledger.shut();
  await store.close();
}

async function ask(strowger: Strowger, clients: number, forMs: number): Promise<{ readonly ms: readonly number[]; readonly refused: number; readonly cpu: number }> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const ms: number[] = [];
  let refused = 0;
  const cpu = cpuSeconds(strowger.pid('app'));
  const end = performance.now() + forMs;
  const client = async (): Promise<void> => {
    while (performance.now() < end) {
      const began = performance.now();
      const { status, text } = await fetched(`${strowger.base}/v1/calls?limit=${String(PAGE)}`, strowger.token, agent);
      ms.push(performance.now() - began);
      if (status !== 200 || text.split('"started_at"').length !== PAGE + 1) refused += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  agent.destroy();
  return { ms, refused, cpu: cpuSeconds(strowger.pid('app')) - cpu };
}

const fetched = (url: string, token: string, agent: Agent): Promise<{ readonly status: number; readonly text: string }> =>
  new Promise((resolve, reject) => {
    get(url, { agent, headers: { authorization: `Bearer ${token}` } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; });
      response.once('end', () => { resolve({ status: response.statusCode ?? 0, text }); });
    }).once('error', reject);
  });
