import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Place } from './edges.js';
import { BenchFailed, ours } from './processes.js';
import { scenario, type Operation } from './scenarios.js';

export type SippLoad = {
  readonly target: Place;
  readonly operation: Operation;
  readonly transport: 'udp' | 'tcp';
  readonly perSecond: number;
  readonly calls: number;
  /** Always the same one for a target: a server that limits strangers then knows it. */
  readonly port: number;
};
export type SippOutcome = {
  readonly succeeded: number;
  readonly failed: number;
  readonly retransmissions: number;
  /** Calls a second that SIPp really began. */
  readonly perSecond: number;
};

/** Calls open at once beyond which SIPp holds back: bounds what an overloaded server has to work off. */
const AT_ONCE = 3000;
const GRACE_S = 3;

/** One SIPp process with a steady rate, until all calls ended or were given up. @throws BenchFailed */
export async function sipp(load: SippLoad): Promise<SippOutcome> {
  const dir = mkdtempSync(join(tmpdir(), 'strowger-bench-'));
  writeFileSync(join(dir, 'scenario.xml'), scenario(load.operation));
  const seconds = Math.ceil(load.calls / load.perSecond) + GRACE_S;
  const args = [
    `${load.target.host}:${String(load.target.port)}`, '-sf', 'scenario.xml', '-i', load.target.host, '-p', String(load.port),
    '-t', load.transport === 'tcp' ? 't1' : 'u1', '-nostdin', '-nd', '-r', String(load.perSecond), '-m', String(load.calls), '-l', String(AT_ONCE),
    '-deadcall_wait', '500', '-recv_timeout', '2500', '-timeout', `${String(seconds)}s`, '-timeout_error', '-trace_stat', '-stf', 'stat.csv', '-fd', '1',
  ];
  const child = ours(spawn('sipp', args, { cwd: dir, stdio: ['ignore', 'ignore', 'pipe'] }));
  let stderr = '';
  child.stderr.on('data', (data: Buffer) => { stderr = (stderr + data.toString()).slice(-2000); });
  // A SIPp that hangs on calls it cannot end would hang the bench.
  const hard = setTimeout(() => child.kill('SIGKILL'), (seconds + 2) * 1000);
  try {
    await new Promise<void>((resolve, reject) => {
      child.once('error', (cause) => { reject(new BenchFailed('SIPp cannot be started (Debian: apt-get install sip-tester)', { cause })); });
      child.once('close', () => { resolve(); });
    });
    return counts(join(dir, 'stat.csv'), load.calls, stderr);
  } finally {
    clearTimeout(hard);
    rmSync(dir, { recursive: true, force: true });
  }
}

function counts(file: string, calls: number, stderr: string): SippOutcome {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  if (lines.length < 2) throw new BenchFailed(`SIPp did not start:\n${stderr}`);
  const names = (lines[0] ?? '').split(';');
  const last = (lines.at(-1) ?? '').split(';');
  const value = (name: string): number => Number(last[names.indexOf(name)] ?? 0);
  const succeeded = value('SuccessfulCall(C)');
  return { succeeded, failed: Math.max(value('FailedCall(C)'), calls - succeeded), retransmissions: value('Retransmissions(C)'), perSecond: value('CallRate(C)') };
}
