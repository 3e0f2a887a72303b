import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports.js';
import { until, within } from './wait.js';
import type { Place } from './sip/transport.js';

export type SippOptions = {
  /** XML text (see sipp/scenarios.ts) or the path of a file. */
  readonly scenario: string;
  /** The far end; leave out for a UAS. */
  readonly target?: Place;
  readonly calls?: number;
  readonly perSecond?: number;
  readonly atOnce?: number;
  /** Loopback address it binds: 127.0.0.2 is another host to whoever goes by addresses. */
  readonly address?: string;
  readonly port?: number;
  readonly mediaPort?: number;
  readonly transport?: 'udp' | 'tcp';
  /** The user part called. */
  readonly to?: string;
  /** One row a call for [field0] (the caller), [field1], …; `order` as SIPp names it. */
  readonly rows?: readonly (readonly string[])[];
  readonly order?: 'SEQUENTIAL' | 'RANDOM' | 'USER';
  readonly timeoutMs?: number;
  readonly args?: readonly string[];
};
export type SippResult = {
  readonly succeeded: number;
  readonly failed: number;
  readonly exitCode: number;
  /** What SIPp wrote of unexpected messages, empty when all went well. */
  readonly errors: string;
};
export type Sipp = {
  readonly port: number;
  readonly mediaPort: number;
  readonly pid: number;
  readonly result: Promise<SippResult>;
  /** Asks SIPp to finish the calls it has; after `graceMs` it ends with them unfinished. */
  readonly stop: (graceMs?: number) => Promise<SippResult>;
};

/** Starts SIPp and resolves once its SIP port is bound. */
export async function startSipp(options: SippOptions): Promise<Sipp> {
  const dir = mkdtempSync(join(tmpdir(), 'sipp-'));
  const port = options.port ?? (await freePort());
  const mediaPort = options.mediaPort ?? (await freePort());
  const timeoutMs = options.timeoutMs ?? 60_000;
  const scenario = options.scenario.includes('<scenario') ? join(dir, 'scenario.xml') : options.scenario;
  if (scenario !== options.scenario) writeFileSync(scenario, options.scenario);
  const rows = options.rows ?? [['sipp', '']];
  writeFileSync(join(dir, 'rows.csv'), [options.order ?? 'SEQUENTIAL', ...rows.map((row) => row.join(';'))].join('\n') + '\n');
  const address = options.address ?? '127.0.0.1';
  const flag = (name: string, value: string | number | undefined): string[] => (value === undefined ? [] : [name, String(value)]);
  const args = [
    ...(options.target === undefined ? [] : [`${options.target.host}:${String(options.target.port)}`]),
    '-sf', scenario, '-i', address, '-p', String(port), '-mi', address, '-mp', String(mediaPort),
    '-t', options.transport === 'tcp' ? 't1' : 'u1', '-nostdin', '-nd', '-deadcall_wait', '500', '-recv_timeout', String(timeoutMs),
    '-trace_err', '-error_file', join(dir, 'errors.log'), '-trace_stat', '-stf', join(dir, 'stat.csv'), '-fd', '1',
    '-timeout', `${String(Math.ceil(timeoutMs / 1000))}s`, '-timeout_error',
    ...flag('-m', options.calls), ...flag('-r', options.perSecond), ...flag('-l', options.atOnce), ...flag('-s', options.to),
    '-inf', join(dir, 'rows.csv'),
    ...(options.args ?? []),
  ];
  const child = spawn('sipp', args, { cwd: dir, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (data: Buffer) => { stderr += data.toString(); });
  const result = exited(child).then((exitCode) => {
    const found = { ...counts(join(dir, 'stat.csv')), exitCode, errors: read(join(dir, 'errors.log')) + (exitCode === 0 ? '' : stderr) };
    rmSync(dir, { recursive: true, force: true });
    return found;
  });
  const early = result.then((r) => {
    if (r.exitCode > 1) throw new Error(`SIPp did not start (exit ${String(r.exitCode)}):\n${r.errors}`);
  });
  await Promise.race([early, until(`SIPp on port ${String(port)}`, 5000, () => bound(port, options.transport ?? 'udp'))]);
  return {
    port, mediaPort, pid: child.pid ?? 0, result,
    async stop(graceMs = 3000) {
      child.kill('SIGUSR1');
      return within(graceMs, 'the end of SIPp', result).catch(() => {
        child.kill('SIGKILL');
        return result;
      });
    },
  };
}

export async function runSipp(options: SippOptions): Promise<SippResult> {
  return (await startSipp(options)).result;
}

const exited = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => { resolve(code ?? 255); });
  });

const read = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');

function counts(file: string): { succeeded: number; failed: number } {
  const lines = read(file).trim().split('\n');
  const names = (lines[0] ?? '').split(';');
  const last = (lines.at(-1) ?? '').split(';');
  const value = (name: string): number => Number(last[names.indexOf(name)] ?? 0);
  return lines.length < 2 ? { succeeded: 0, failed: 0 } : { succeeded: value('SuccessfulCall(C)'), failed: value('FailedCall(C)') };
}

/** From /proc/net: no packet is spent on asking. */
export function bound(port: number, transport: 'udp' | 'tcp'): boolean {
  const hex = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return [`/proc/net/${transport}`, `/proc/net/${transport}6`].some((file) =>
    read(file).split('\n').some((line) => line.trim().split(/\s+/)[1]?.endsWith(hex) === true));
}
