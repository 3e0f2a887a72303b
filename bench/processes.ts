import { fork, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until, within } from '../test/kit/wait.js';

export type Running = { readonly pid: number; readonly stop: () => Promise<void> };

const here = dirname(fileURLToPath(import.meta.url));
const root = ((): string => {
  let dir = here;
  while (!existsSync(join(dir, 'package.json'))) dir = dirname(dir);
  return dir;
})();
const START_MS = 30_000;

/** Nobody may outlive the bench, however it ends. */
const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
export function ours<T extends ChildProcess>(child: T): T {
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

export class BenchFailed extends Error {}

/** `strowger edge …` or `strowger media …` as the supervisor starts them; resolves at READY. */
export async function strowger(args: readonly string[]): Promise<Running> {
  // Profiling one of our processes: STROWGER_BENCH_NODE="--cpu-prof --cpu-prof-dir=profiles".
  const node = (process.env['STROWGER_BENCH_NODE'] ?? '').split(' ').filter((word) => word !== '');
  const child = ours(spawn(process.execPath, [...node, join(root, 'bin/strowger.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] }));
  let said = '';
  let ready = false;
  child.stderr.on('data', (text: Buffer) => { said = (said + text.toString()).slice(-2000); });
  child.stdout.on('data', (text: Buffer) => { ready ||= text.toString().startsWith('READY'); });
  await until(`READY of strowger ${args[0] ?? ''}`, START_MS, () => {
    if (child.exitCode !== null) throw new BenchFailed(`strowger ${args[0] ?? ''} ended at once:\n${said}`);
    return ready;
  });
  return { pid: child.pid ?? 0, stop: stopper(child) };
}

/** An application of bench/apps in a process of its own: JSON in its first argument, IPC back; resolves at its first message. */
export async function application(name: string, settings: object, hear: (message: unknown) => void = () => undefined): Promise<Running> {
  const child = ours(fork(join(here, 'apps', `${name}.js`), [JSON.stringify(settings)], { stdio: ['ignore', 2, 2, 'ipc'] }));
  const first = new Promise<void>((resolve, reject) => {
    child.once('message', () => { resolve(); });
    child.once('exit', (code) => { reject(new BenchFailed(`the ${name} application ended with ${String(code)}`)); });
  });
  child.on('message', hear);
  await within(START_MS, `the ${name} application`, first);
  return { pid: child.pid ?? 0, stop: stopper(child) };
}

/** Any other server; the caller knows when it is up. */
export function server(command: string, args: readonly string[]): Running {
  const child = ours(spawn(command, args, { stdio: 'ignore' }));
  return { pid: child.pid ?? 0, stop: stopper(child) };
}

const stopper = (child: ChildProcess) => async (): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => { resolve(); }));
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), 5000);
  await gone;
  clearTimeout(hard);
};

export const listening = (host: string, port: number): Promise<void> =>
  until(`something to listen on ${host}:${String(port)}`, START_MS, () => new Promise<boolean>((resolve) => {
    const socket = connect(port, host, () => { socket.destroy(); resolve(true); });
    socket.once('error', () => { resolve(false); });
  }));

/** The process behind a listening TCP port of this machine; undefined where we may not see it. */
export function pidListening(port: number): number | undefined {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const rows = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) => (existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []));
  const inode = rows.map((line) => line.trim().split(/\s+/)).find((f) => f[3] === '0A' && f[1]?.endsWith(`:${hex}`) === true)?.[9];
  if (inode === undefined) return undefined;
  const owner = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).find((pid) => {
    try {
      return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`);
    } catch {
      return false; // another user's, or gone
    }
  });
  return owner === undefined ? undefined : Number(owner);
}
