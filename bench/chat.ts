import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { percentile } from '../test/kit/percentile.js';
import { cpuSeconds } from '../test/kit/processes.js';
import { startStrowger, type Strowger } from '../test/kit/strowger.js';
import { visit, type Visitor } from '../test/kit/visitor.js';
import { embedded } from './api.js';
import { TooLate } from '../test/kit/wait.js';
import { row, type Findings } from './report.js';

const VISITORS = Number(process.env['STROWGER_BENCH_VISITORS'] ?? 2_000);
const AGENTS = 200;
const STEP_MS = 60_000;
/** Each visitor writes once in so long. */
const EVERY_MS = 10_000;
const REPLIES_PER_S = 20;

/** Two thousand visitors at once, each in a chat of his own with one of two hundred agents; each writes every ten seconds, agents answer twenty times a second. */
export async function chat(): Promise<Findings> {
  const config = mkdtempSync(join(tmpdir(), 'strowger-bench-chat-'));
  writeFileSync(join(config, 'chat.yaml'), 'chat:\n  limits: { sessions_per_minute: 100000, sockets_per_address: 100000 }\n');
  writeFileSync(join(config, 'queues.yaml'), 'queues:\n  - { name: support, auto_accept: true, announce_position_seconds: 0 }\n');
  const agents = Array.from({ length: AGENTS }, (_, i) => String(1001 + i));
  writeFileSync(join(config, 'agents.yaml'), `agents:\n${agents.map((id) => `  - { id: "${id}", name: "Agent ${id}", extension: "${id}", queues: [support], capacity: { voice: 1, chat: 20 } }`).join('\n')}\n`);
  const house = await embedded(() => startStrowger({ agents: AGENTS, phones: 1, config }));
  const loop = monitorEventLoopDelay({ resolution: 5 });
  try {
    for (const id of agents) await put(house, `/v1/agents/${id}/presence`, { ttl_seconds: 600 });
    const empty = memory(house);
    const began = performance.now();
    const idle = cpuSeconds(house.pid('app'));
    const visitors = await gather(house);
    const gatheredS = (performance.now() - began) / 1_000;
    const full = memory(house);
    const comingMs = ((cpuSeconds(house.pid('app')) - idle) * 1_000) / VISITORS;
    loop.enable();
    const before = cpuSeconds(house.pid('app'));
    const { acks, replies, refused, late } = await talk(house, visitors);
    const cpu = cpuSeconds(house.pid('app')) - before;
    loop.disable();
    const delay = await house.metric('strowger_event_loop_delay_seconds');
    await Promise.all(visitors.map(({ visitor }) => visitor.close()));
    return {
      beside: null, generatorLateMs: Math.max(0, loop.max / 1e6 - 5), faults: [...(refused > 0 ? [`${String(refused)} messages were refused`] : []), ...(late > 0 ? [`${String(late)} messages took longer than ten seconds`] : [])],
      rows: [
        row(`${String(VISITORS)} visitors are in their chats after`, 's', gatheredS),
        row('message to confirmed on disk: p50', 'ms', percentile(acks, 50)), row('message to confirmed on disk: p99', 'ms', percentile(acks, 99)),
        row('agent\'s request to visitor\'s socket: p50', 'ms', percentile(replies, 50)), row('agent\'s request to visitor\'s socket: p99', 'ms', percentile(replies, 99)),
        row('messages of visitors', '/s', acks.length / (STEP_MS / 1_000)), row('memory a visitor', 'KB', ((full - empty) * 1024) / VISITORS), row('memory of the application', 'MB', memory(house)),
        row('CPU of the application: a visitor comes in', 'ms', comingMs), row('CPU of the application: a message', 'ms', (cpu * 1_000) / (acks.length + replies.length)),
        row('CPU of the application', 'cores', cpu / (STEP_MS / 1_000)), row('event loop delay, as the product measures it', 'ms', (delay ?? 0) * 1_000),
      ],
      notes: [`${String(AGENTS)} agents; each visitor writes every ${String(EVERY_MS / 1_000)} s, agents answer ${String(REPLIES_PER_S)} times a second over HTTP; generator on the same machine`],
    };
  } finally {
    await house.stop();
    rmSync(config, { recursive: true, force: true });
  }
}

type Talking = { readonly visitor: Visitor; readonly conversation: string };
const put = (house: Strowger, path: string, body: object) => house.api(path, { method: 'PUT', body: JSON.stringify(body) });

/** MB of the application that are in memory. */
const memory = (house: Strowger): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(house.pid('app'))}/status`, 'utf8'))?.[1] ?? 0) / 1024;

async function gather(house: Strowger): Promise<Talking[]> {
  const all: Talking[] = [];
  let left = VISITORS;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const visitor = await visit(house.base);
      all.push({ visitor, conversation: await visitor.start() });
    }
  };
  await Promise.all(Array.from({ length: 20 }, lane));
  return all;
}

async function talk(house: Strowger, all: readonly Talking[]): Promise<{ acks: number[]; replies: number[]; refused: number; late: number }> {
  const acks: number[] = [];
  const replies: number[] = [];
  const flying = new Set<Promise<unknown>>();
  let [refused, late] = [0, 0];
  const failed = (error: unknown): void => {
    if (error instanceof TooLate) late += 1;
    else refused += 1;
  };
  const measured = (into: number[], work: () => Promise<unknown>): void => {
    const began = performance.now();
    const done = work().then(() => into.push(performance.now() - began), failed);
    flying.add(done);
    void done.finally(() => flying.delete(done));
  };
  const spread = (perS: number, run: (n: number) => void): Promise<void> => new Promise((resolve) => {
    const began = performance.now();
    let n = 0;
    const timer = setInterval(() => {
      const due = Math.floor(((performance.now() - began) / 1_000) * perS);
      for (; n < due; n += 1) run(n);
      if (performance.now() - began < STEP_MS) return;
      clearInterval(timer);
      resolve();
    }, 5);
  });
  const joined = new Set<string>();
  await Promise.all([
    spread((all.length * 1_000) / EVERY_MS, (n) => {
      const one = all[n % all.length];
      if (one) measured(acks, () => one.visitor.say(`message ${String(n)}`));
    }),
    spread(REPLIES_PER_S, (n) => {
      const one = all[(n * 7) % Math.min(200, all.length)];
      if (one) void reply(house, joined, one, n, measured.bind(undefined, replies)).catch(failed);
    }),
  ]);
  await Promise.all(flying);
  return { acks, replies, refused, late };
}

async function reply(house: Strowger, joined: Set<string>, { visitor, conversation }: Talking, n: number, measured: (work: () => Promise<unknown>) => void): Promise<void> {
  const post = (what: string, body?: object) => house.api(`/v1/conversations/${conversation}/${what}`, { method: 'POST', ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  if (!joined.has(conversation)) {
    joined.add(conversation);
    await post('join');
  }
  const text = `reply ${String(n)}`;
  measured(async () => {
    await Promise.all([visitor.next('message', (f) => f['text'] === text), post('messages', { text })]);
  });
}
