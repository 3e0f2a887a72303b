import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LoadOptions, LoadReport } from './load.js';
import type { FarmCommand, FarmReply } from './farm-main.js';
import type { PhoneOptions } from './phone.js';
import type { Reception } from './rtp/receiver.js';

/** Phones in a process of their own, so that neither the tests nor a bench share a thread with RTP; also inside a network namespace. */
export type Farm = {
  readonly pid: number;
  readonly load: (options: LoadOptions) => Promise<LoadReport>;
  readonly phone: (options: PhoneOptions) => Promise<FarmPhone>;
  /** User plus system CPU seconds of the farm so far. */
  readonly cpuSeconds: () => Promise<number>;
  readonly stop: () => Promise<void>;
};
export type CallReport = {
  readonly state: string;
  readonly end: { readonly by: string; readonly status: number } | undefined;
  readonly from: string;
  readonly reception: Reception;
};
/** The everyday part of a phone, by message. Calls have the numbers in which they came about. */
export type FarmPhone = {
  readonly register: () => Promise<number>;
  readonly call: (to: string, hz?: number) => Promise<number>;
  /** Waits for an INVITE and answers it. */
  readonly answerNext: (hz?: number, ms?: number) => Promise<number>;
  readonly answered: (call: number, ms?: number) => Promise<void>;
  readonly heard: (call: number, hz: number, ms?: number) => Promise<void>;
  readonly digits: (call: number, keys: string) => Promise<void>;
  readonly bye: (call: number) => Promise<number>;
  readonly ended: (call: number, ms?: number) => Promise<{ readonly by: string; readonly status: number }>;
  readonly report: (call: number) => Promise<CallReport>;
  readonly close: () => Promise<void>;
};

const here = dirname(fileURLToPath(import.meta.url));

/** Node 20 runs no TypeScript: outside a build the kit is transpiled once per process into a folder of its own. */
let compiled: Promise<string> | undefined;
async function farmMain(): Promise<string> {
  if (import.meta.url.endsWith('.js')) return join(here, 'farm-main.js');
  compiled ??= transpile();
  return compiled;
}
async function transpile(): Promise<string> {
  const { default: ts } = await import('typescript');
  const out = mkdtempSync(join(tmpdir(), 'strowger-kit-'));
  process.once('exit', () => { rmSync(out, { recursive: true, force: true }); });
  writeFileSync(join(out, 'package.json'), '{"type":"module"}');
  for (const name of readdirSync(here, { recursive: true, encoding: 'utf8' })) {
    if (statSync(join(here, name)).isDirectory()) mkdirSync(join(out, name), { recursive: true });
    else if (name.endsWith('.ts') && !name.endsWith('.test.ts')) {
      const { outputText } = ts.transpileModule(readFileSync(join(here, name), 'utf8'), {
        compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ES2022, verbatimModuleSyntax: true },
      });
      mkdirSync(dirname(join(out, name)), { recursive: true });
      writeFileSync(join(out, name.replace(/\.ts$/, '.js')), outputText);
    }
  }
  return join(out, 'farm-main.js');
}

/** @param netns run it inside this network namespace (see netns.ts) */
export async function startFarm(netns?: string): Promise<Farm> {
  const main = await farmMain();
  const [command, args] = netns === undefined ? [process.execPath, [main]] : ['ip', ['netns', 'exec', netns, process.execPath, main]];
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'advanced' });
  const ask = questions(child);
  await ask({ do: 'hello' });
  return {
    pid: child.pid ?? 0,
    load: async (options) => (await ask({ do: 'load', options })) as LoadReport,
    cpuSeconds: async () => (await ask({ do: 'cpu' })) as number,
    async phone(options) {
      const phone = (await ask({ do: 'phone', options })) as number;
      const on = (name: string, ...rest: readonly unknown[]): Promise<unknown> => ask({ do: 'on', phone, name, args: rest });
      return {
        register: async () => (await on('register')) as number,
        call: async (to, hz) => (await on('call', to, hz)) as number,
        answerNext: async (hz, ms) => (await on('answerNext', hz, ms)) as number,
        answered: async (call, ms) => { await on('answered', call, ms); },
        heard: async (call, hz, ms) => { await on('heard', call, hz, ms); },
        digits: async (call, keys) => { await on('digits', call, keys); },
        bye: async (call) => (await on('bye', call)) as number,
        ended: async (call, ms) => (await on('ended', call, ms)) as { by: string; status: number },
        report: async (call) => (await on('report', call)) as CallReport,
        close: async () => { await on('close'); },
      };
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise<void>((resolve) => child.once('exit', () => { resolve(); }));
      child.disconnect();
      const kill = setTimeout(() => child.kill('SIGKILL'), 5000);
      await gone;
      clearTimeout(kill);
    },
  };
}

function questions(child: ChildProcess): (command: FarmCommand) => Promise<unknown> {
  const open = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  let number = 0;
  child.on('message', (message) => {
    const reply = message as FarmReply;
    const question = open.get(reply.id);
    open.delete(reply.id);
    if (reply.error === undefined) question?.resolve(reply.value);
    else question?.reject(new Error(reply.error));
  });
  child.once('exit', (code, signal) => {
    for (const question of open.values()) question.reject(new Error(`the phone farm ended: ${String(code ?? signal)}`));
    open.clear();
  });
  return (command) => new Promise((resolve, reject) => {
    number += 1;
    open.set(number, { resolve, reject });
    child.send({ id: number, command }, (error) => { if (error) reject(error); });
  });
}
