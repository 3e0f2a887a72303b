import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { secretLookup, type Settings } from '../config/index.js';
import { bestEntry, createDoubles, createHttp, createSentences, deskEnd, dialplanAt, readDoubles, simulateCall, type Line, type Outcome, type SimulatedCall, type World } from '../ivr/index.js';
import type { ExitCode } from './command.js';
import { WrongUse } from './errors.js';
import type { Io } from './io.js';
import { transcript } from './simulate-report.js';

interface TalkOptions {
  readonly to: string;
  readonly from: string | undefined;
  readonly at: string | undefined;
  readonly dialplan: string | undefined;
  readonly doubles: string | undefined;
  readonly tags: string | undefined;
}

const HELP = {
  en: 'keys as they are · a sentence is spoken · Enter: silence, or what you wait for is done · /wait 5 · /vars · /outcome busy · /hangup',
  'zh-CN': '按键直接输入 · 句子即说话 · 回车：保持沉默，或等待的事完成 · /wait 5 · /vars · /outcome busy · /hangup',
} as const;

/** A call at the terminal: what is typed is pressed or said, and the clock stands still while nobody types. */
export async function talk(options: TalkOptions, settings: Settings, io: Io, typed: AsyncIterable<string> = stdinLines()): Promise<ExitCode> {
  const { call, understands } = pickUp(options, settings, io);
  io.out(HELP[io.lang]);
  if (!understands) io.out(io.lang === 'en' ? 'No corpora in nlu/: only numbers and "agent" are understood.' : 'nlu/ 里没有语料：只能听懂数字和“人工”。');
  const show = createShow(call, io);
  await call.listen();
  show();
  if (call.ended() !== undefined) return 0;
  for await (const line of typed) {
    await act(call, line.trim(), io);
    await call.listen();
    show();
    if (call.ended() !== undefined) break;
  }
  return 0;
}

function pickUp(options: TalkOptions, settings: Settings, io: Io): { readonly call: SimulatedCall; readonly understands: boolean } {
  const at = options.at === undefined ? Date.now() : Date.parse(options.at);
  if (Number.isNaN(at)) throw new WrongUse(`--at ${String(options.at)} is not a time as 2026-11-20T10:00:00+08:00`);
  const tags = options.tags?.split(',').map((tag) => tag.trim()) ?? [];
  const from = options.from ?? 'anonymous';
  const entries = filesOf(options, settings, io).flatMap((name) => {
    const found = dialplanAt(name);
    if ('file' in found) return found.file.entries;
    throw new WrongUse(found.why, { hint: 'strowger dialplan check names every fault' });
  });
  const entry = bestEntry(entries, { number: options.to, from, tags, atMs: at });
  if (!entry) throw new WrongUse(`nothing answers ${options.to}`, { hint: `numbers: ${[...new Set(entries.map((e) => e.number))].join(', ')}` });
  const customer = tags.length === 0 ? {} : { tags };
  const understand = createSentences()(entry.plan.file);
  const call = simulateCall({
    plan: entry.plan, flow: entry.flow, given: { from, to: options.to }, customer, startsAt: at, speech: true, world: { ...outside(options, settings, io), understand },
  });
  return { call, understands: understand !== undefined };
}

function filesOf({ dialplan }: TalkOptions, { folders }: Settings, io: Io): readonly string[] {
  if (dialplan !== undefined) return [resolve(io.cwd, dialplan)];
  if (!existsSync(folders.dialplans)) throw new WrongUse(`there is no ${folders.dialplans}`);
  return readdirSync(folders.dialplans).filter((name) => /\.ya?ml$/.test(name)).sort().map((name) => join(folders.dialplans, name));
}

/** The services themselves, unless a test's doubles are to stand in for them. */
function outside({ doubles }: TalkOptions, settings: Settings, io: Io): Pick<World, 'http' | 'script' | 'desk'> {
  if (doubles !== undefined) {
    const { http, scripts, desk } = readDoubles(resolve(io.cwd, doubles));
    return createDoubles(http, scripts, desk);
  }
  const client = createHttp({ allowHosts: settings.allowHosts, secrets: secretLookup(settings.folders.config, io.env) });
  const nobody = new AbortController().signal;
  return {
    async http(spec) {
      const began = performance.now();
      return { answer: await client.request(spec, nobody), tookMs: Math.round(performance.now() - began) };
    },
    desk: (order) => ({ answer: deskEnd(order), tookMs: 20 }),
    script: ({ name }) => ({ answer: { how: 'failed', why: `script "${name}" needs a double here: --doubles` }, tookMs: 0 }),
  };
}

/** Shows what is new. */
function createShow(call: SimulatedCall, io: Io): () => void {
  let shown = 0;
  return () => {
    const lines: readonly Line[] = call.lines();
    for (const line of transcript(lines.slice(shown), io.lang)) io.out(line);
    shown = lines.length;
  };
}

const OUTCOMES: readonly Outcome[] = ['completed', 'failed', 'busy', 'no_answer', 'rejected', 'unreachable', 'booked', 'recorded'];

async function act(call: SimulatedCall, line: string, io: Io): Promise<void> {
  const [command = '', argument = ''] = line.split(/\s+/);
  if (line === '') return silence(call, io);
  if (/^[0-9*#A-D]{1,32}$/.test(line)) return call.press(line);
  if (!line.startsWith('/')) return call.speak(line, 0.9);
  if (command === '/wait' && Number(argument) > 0) return call.wait(Number(argument) * 1_000);
  if (command === '/hangup') return call.hangUp();
  if (command === '/vars') return io.out(JSON.stringify(call.state().variables, undefined, 2));
  const outcome = OUTCOMES.find((one) => one === argument);
  if (command === '/outcome' && outcome !== undefined && (await call.outcome(outcome))) return;
  io.out(HELP[io.lang]);
}

/** Enter, with nothing typed. */
async function silence(call: SimulatedCall, io: Io): Promise<void> {
  const by = call.place()?.by;
  const done: Outcome = by === 'callback' ? 'booked' : by === 'record' ? 'recorded' : 'completed';
  if (by !== undefined && (await call.outcome(done))) return;
  if (!(await call.waitForTimer())) io.out(io.lang === 'en' ? 'nothing happens any more' : '不会再发生什么');
}

async function* stdinLines(): AsyncGenerator<string> {
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: '> ' });
  lines.prompt();
  for await (const line of lines) {
    yield line;
    lines.prompt();
  }
}
