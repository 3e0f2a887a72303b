import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPhone, type Phone, type PhoneOptions } from './phone.js';
import { freePorts, freeRange } from './ports.js';
import { lendPrompts, returnPrompts } from './prompt-shelf.js';
import { alive, gone } from './processes.js';
import type { Place } from './sip/transport.js';
import { until, within } from './wait.js';

export type Role = 'supervisor' | 'edge' | 'media' | 'app';
export type StrowgerOptions = {
  readonly agents?: number;
  readonly phones?: number;
  /** Over the defaults of this kit, for instance STROWGER_CONFIG. */
  readonly env?: Readonly<Record<string, string>>;
  /** Use this data folder again instead of a fresh one: for restarts. */
  readonly data?: string;
  readonly config?: string;
  readonly dialplans?: string;
  readonly address?: string;
  readonly startMs?: number;
  /** Ports of an earlier run, to start on the same ones again. */
  readonly ports?: { readonly sip: number; readonly http: number; readonly rtp: { readonly from: number; readonly to: number } };
};
export type Strowger = {
  readonly base: string;
  readonly token: string;
  readonly password: string;
  readonly sip: Place;
  readonly data: string;
  readonly ports: { readonly sip: number; readonly http: number; readonly rtp: { readonly from: number; readonly to: number } };
  readonly pid: (role: Role) => number;
  /** Everything on stdout and stderr so far. */
  readonly output: () => string;
  /** GET (or what `init` says) with the token; path from `/v1` on. */
  readonly api: <T>(path: string, init?: RequestInit) => Promise<{ readonly status: number; readonly body: T }>;
  readonly raw: (path: string, init?: RequestInit) => Promise<Response>;
  /** Polls a GET until its body satisfies, and answers it. */
  readonly when: <T>(path: string, ms: number, test: (body: T) => boolean) => Promise<T>;
  /** The value of one metric, its label sets added up; undefined when it is absent. */
  readonly metric: (name: string) => Promise<number | undefined>;
  /** A demo phone, registered: 1001… are agents, 1201… plain. */
  readonly phone: (user: string, options?: Partial<PhoneOptions>) => Promise<Phone>;
  readonly kill: (role: Role, signal?: NodeJS.Signals) => number;
  /** SIGTERM; fails when a process outlives it. The data folder goes unless it was given or `keepData`. */
  readonly stop: (options?: { readonly keepData?: boolean; readonly ms?: number }) => Promise<void>;
};

const root = ((): string => {
  let dir = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(dir, 'package.json'))) dir = dirname(dir);
  return dir;
})();

/** True when the suite runs against real servers (`--backend=real`), which are named by these two variables. */
export const realBackend = (): boolean =>
  process.env['STROWGER_DRACHTIO'] !== undefined && process.env['STROWGER_FREESWITCH'] !== undefined;

/** With a real drachtio-server its SIP address is not ours to choose: STROWGER_SIP_PORT in the environment says it. */
const realSipPort = (): number => Number(process.env['STROWGER_SIP_PORT'] ?? 5060);

/** The built program as its users start it: separate processes, a data folder of its own, free loopback ports. */
export async function startStrowger(options: StrowgerOptions = {}): Promise<Strowger> {
  const address = options.address ?? '127.0.0.1';
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'strowger-'));
  if (!existsSync(join(data, 'prompts'))) lendPrompts(data);
  const [sipPort = 0, httpPort = 0] = options.ports ? [options.ports.sip, options.ports.http] : await freePorts(2, address);
  const rtp = options.ports?.rtp ?? (await freeRange(2000, address));
  const ports = { sip: realBackend() ? realSipPort() : sipPort, http: httpPort, rtp };
  const token = randomBytes(16).toString('hex');
  const password = 'demo-password';
  const optional = (name: string, value: string | undefined): Record<string, string> => (value === undefined ? {} : { [name]: value });
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    STROWGER_SIP_ADDRESS: address, STROWGER_SIP_PORT: String(ports.sip), STROWGER_PUBLIC_ADDRESS: address,
    STROWGER_HTTP_ADDRESS: '127.0.0.1', STROWGER_HTTP_PORT: String(httpPort), STROWGER_RTP_PORTS: `${String(rtp.from)}-${String(rtp.to)}`,
    STROWGER_DATA: data, STROWGER_ADMIN_TOKEN: token, STROWGER_DEMO_PASSWORD: password,
    STROWGER_DEMO_AGENTS: String(options.agents ?? 3), STROWGER_DEMO_PHONES: String(options.phones ?? 10),
    ...optional('STROWGER_CONFIG', options.config), ...optional('STROWGER_DIALPLANS', options.dialplans), ...options.env,
  };
  const child = spawn(process.execPath, [join(root, 'bin/strowger.js'), 'start'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const collect = (chunk: Buffer): void => { output += chunk.toString(); };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const exited = new Promise<number>((resolve) => child.once('exit', (code) => { resolve(code ?? 255); }));
  const base = `http://127.0.0.1:${String(httpPort)}`;

  const raw: Strowger['raw'] = (path, init = {}) =>
    fetch(base + path, { ...init, headers: { authorization: `Bearer ${token}`, ...(init.body === undefined ? {} : { 'content-type': 'application/json' }), ...(init.headers as Record<string, string> | undefined) } });
  const api = async <T>(path: string, init?: RequestInit): Promise<{ status: number; body: T }> => {
    const response = await raw(path, init);
    const text = await response.text();
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
  };
  const runFiles = (): number[] => {
    const run = join(data, 'run');
    if (!existsSync(run)) return [];
    return readdirSync(run).filter((name) => name.endsWith('.pid')).map((name) => Number(readFileSync(join(run, name), 'utf8').trim())).filter((pid) => pid > 0);
  };
  const healthy = async (): Promise<boolean> => {
    if (child.exitCode !== null) throw new Error(`strowger ended with ${String(child.exitCode)}:\n${output}`);
    return fetch(`${base}/healthz`).then((r) => r.status === 200, () => false);
  };
  await until('strowger to be healthy', options.startMs ?? 60_000, healthy, 50).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw new Error(`strowger did not start:\n${output}`, { cause: error });
  });
  const pid = (role: Role): number => Number(readFileSync(join(data, 'run', `${role}.pid`), 'utf8').trim());
  const sip = { host: address, port: ports.sip };
  return {
    base, token, password, sip, data, ports, pid, raw, api,
    output: () => output,
    async when<T>(path: string, ms: number, test: (body: T) => boolean) {
      let last: T | undefined;
      await until(`GET ${path} as expected`, ms, async () => {
        const answer = await api<T>(path).catch(() => undefined); // it may be restarting
        last = answer?.body;
        return answer?.status === 200 && test(answer.body);
      }, 50).catch((error: unknown) => { throw new Error(`last seen: ${JSON.stringify(last)}`, { cause: error }); });
      return last as T;
    },
    async metric(name) {
      const lines = (await (await raw('/metrics')).text()).split('\n').filter((line) => new RegExp(`^${name}(\\{| )`).test(line));
      return lines.length === 0 ? undefined : lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
    },
    async phone(user, more = {}) {
      const phone = await createPhone({ user, password, server: sip, domain: address, ...more });
      await phone.register();
      return phone;
    },
    kill(role, signal = 'SIGKILL') {
      const victim = pid(role);
      process.kill(victim, signal);
      return victim;
    },
    async stop({ keepData = options.data !== undefined, ms = 15_000 } = {}) {
      const all = [...new Set([child.pid ?? 0, ...runFiles()])].filter((one) => one > 0);
      child.kill('SIGTERM');
      // The second one says: do not wait for calls to end. Two at once would be one: signals do not queue.
      const again = setTimeout(() => child.kill('SIGTERM'), 500);
      try {
        await within(ms, 'the supervisor to end', exited).finally(() => { clearTimeout(again); });
        await gone(all, 5000);
      } finally {
        for (const left of all.filter(alive)) process.kill(left, 'SIGKILL');
        returnPrompts(data);
        if (!keepData) rmSync(data, { recursive: true, force: true });
      }
    },
  };
}
