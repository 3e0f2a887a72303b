import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import { ConfigFaults, type ConfigFault } from './faults.js';
import { nearest } from './nearest.js';
import { Secret } from './secret.js';

export interface Address {
  readonly host: string;
  readonly port: number;
}
/** A server we connect to over its control protocol. */
export interface Control extends Address {
  readonly secret: Secret;
}
/** What the environment says (CONTRACTS.md, the table of variables). */
export interface Settings {
  /** UDP and TCP; RTP binds the same host. Port 0 takes a free one. */
  readonly sip: Address;
  /** What SDP, Contact and Via advertise. */
  readonly publicAddress: string;
  readonly http: Address;
  readonly rtp: { readonly min: number; readonly max: number };
  readonly folders: { readonly data: string; readonly config: string; readonly dialplans: string; readonly models: string };
  readonly adminToken: Secret | undefined;
  readonly demoPassword: Secret | undefined;
  /** How many demo extensions: agents 1001…, phones 1201…; 0–200 each. */
  readonly demo: { readonly agents: number; readonly phones: number };
  readonly realm: string;
  /** undefined: the embedded edge. */
  readonly drachtio: Control | undefined;
  /** Empty: the embedded media server. */
  readonly freeswitch: readonly Control[];
  /** Where media servers reach us for the outbound event socket; undefined: worked out. */
  readonly eslListen: Address | undefined;
  readonly eslAdvertise: Address | undefined;
  /** Where media servers bring audio to be recognised, and what they are told where that differs; undefined: worked out. */
  readonly forkListen: Address | undefined;
  readonly forkAdvertise: Address | undefined;
  /** Private or loopback hosts that flows and webhooks may call, lower case, with port where one was given. */
  readonly allowHosts: readonly string[];
}
export type Environment = Readonly<Record<string, string | undefined>>;

const known = [
  'SIP_ADDRESS', 'SIP_PORT', 'PUBLIC_ADDRESS', 'HTTP_ADDRESS', 'HTTP_PORT', 'RTP_PORTS', 'DATA', 'CONFIG', 'DIALPLANS', 'MODELS', 'ADMIN_TOKEN', 'DEMO_PASSWORD',
  'DEMO_AGENTS', 'DEMO_PHONES', 'REALM', 'DRACHTIO', 'FREESWITCH', 'ESL_LISTEN', 'ESL_ADVERTISE', 'FORK_LISTEN', 'FORK_ADVERTISE', 'LIBVOSK', 'ALLOW_HOSTS',
].map((name) => `STROWGER_${name}`);

/**
 * Reads every STROWGER_ variable; an empty one counts as not set.
 * @throws ConfigFaults naming each variable that is wrong; an unknown STROWGER_ variable close to a known one is a fault too
 */
export function readSettings(env: Environment): Settings {
  const read = reader(env);
  const sip = { host: read.text('STROWGER_SIP_ADDRESS', '0.0.0.0'), port: read.whole('STROWGER_SIP_PORT', 5060, 0, 65_535) };
  const settings: Settings = {
    sip,
    publicAddress: read.text('STROWGER_PUBLIC_ADDRESS', workedOut(sip.host)),
    http: { host: read.text('STROWGER_HTTP_ADDRESS', '127.0.0.1'), port: read.whole('STROWGER_HTTP_PORT', 8080, 0, 65_535) },
    rtp: read.ports('STROWGER_RTP_PORTS', { min: 20_000, max: 29_999 }),
    folders: {
      data: resolve(read.text('STROWGER_DATA', './data')),
      config: resolve(read.text('STROWGER_CONFIG', './config')),
      dialplans: resolve(read.text('STROWGER_DIALPLANS', './dialplans')),
      models: resolve(read.text('STROWGER_MODELS', './models')),
    },
    adminToken: read.secret('STROWGER_ADMIN_TOKEN', 16),
    demoPassword: read.secret('STROWGER_DEMO_PASSWORD', 1),
    demo: { agents: read.whole('STROWGER_DEMO_AGENTS', 3, 0, 200), phones: read.whole('STROWGER_DEMO_PHONES', 10, 0, 200) },
    realm: read.text('STROWGER_REALM', 'strowger'),
    drachtio: read.controls('STROWGER_DRACHTIO', 1)[0],
    freeswitch: read.controls('STROWGER_FREESWITCH', 64),
    eslListen: read.address('STROWGER_ESL_LISTEN'),
    eslAdvertise: read.address('STROWGER_ESL_ADVERTISE'),
    forkListen: read.address('STROWGER_FORK_LISTEN'),
    forkAdvertise: read.address('STROWGER_FORK_ADVERTISE'),
    allowHosts: read.list('STROWGER_ALLOW_HOSTS').map((h) => h.toLowerCase()),
  };
  read.unknown();
  if (read.faults.length > 0) throw new ConfigFaults(read.faults);
  return settings;
}

/** The first address that is not loopback where the socket binds them all; else the address bound. */
function workedOut(bound: string): string {
  if (bound !== '0.0.0.0' && bound !== '::') return bound;
  const family = bound === '::' ? 'IPv6' : 'IPv4';
  const outside = Object.values(networkInterfaces()).flatMap((list) => list ?? []).find((i) => !i.internal && i.family === family && !i.address.startsWith('fe80'));
  return outside?.address ?? (family === 'IPv4' ? '127.0.0.1' : '::1');
}

function reader(env: Environment) {
  const faults: ConfigFault[] = [];
  const wrong = (variable: string, message: string, hint?: string): void => {
    faults.push({ file: 'environment', line: 0, column: 0, code: 'config.environment', message: `${variable} ${message}`, hint });
  };
  const raw = (variable: string): string | undefined => {
    const value = env[variable]?.trim();
    return value === '' ? undefined : value;
  };
  const list = (variable: string): string[] => (raw(variable) ?? '').split(',').map((s) => s.trim()).filter((s) => s !== '');
  const hostPort = (variable: string, value: string): Address | undefined => {
    const match = /^(?:\[([0-9a-f:.]+)\]|([^:\s]+)):(\d{1,5})$/i.exec(value);
    const port = Number(match?.[3]);
    const host = match?.[1] ?? match?.[2];
    if (host !== undefined && port <= 65_535) return { host, port };
    wrong(variable, 'is not HOST:PORT');
    return undefined;
  };
  return {
    faults,
    list,
    text: (variable: string, otherwise: string): string => raw(variable) ?? otherwise,
    whole(variable: string, otherwise: number, min: number, max: number): number {
      const value = raw(variable);
      if (value === undefined) return otherwise;
      const n = Number(value);
      if (/^\d+$/.test(value) && n >= min && n <= max) return n;
      wrong(variable, `is "${value}"`, `a whole number from ${min} to ${max}`);
      return otherwise;
    },
    ports(variable: string, otherwise: { min: number; max: number }): { min: number; max: number } {
      const value = raw(variable);
      if (value === undefined) return otherwise;
      const match = /^(\d{1,5})-(\d{1,5})$/.exec(value);
      const [min, max] = [Number(match?.[1]), Number(match?.[2])];
      if (match && min >= 1024 && max <= 65_535 && max - min >= 3) return { min, max };
      wrong(variable, `is "${value}"`, 'FIRST-LAST within 1024-65535, at least four ports');
      return otherwise;
    },
    secret(variable: string, minLength: number): Secret | undefined {
      const value = raw(variable);
      if (value === undefined) return undefined;
      if (value.length < minLength) wrong(variable, 'is too short', `at least ${minLength} characters`);
      return new Secret(value);
    },
    address: (variable: string): Address | undefined => {
      const value = raw(variable);
      return value === undefined ? undefined : hostPort(variable, value);
    },
    controls(variable: string, most: number): Control[] {
      const parts = list(variable);
      if (parts.length > most) wrong(variable, `names ${parts.length} servers`, `at most ${most}`);
      return parts.flatMap((part) => {
        const match = /^(.+?:\d{1,5}):(.+)$/.exec(part);
        if (!match?.[1] || match[2] === undefined) {
          wrong(variable, 'is not host:port:secret');
          return [];
        }
        const address = hostPort(variable, match[1]);
        return address ? [{ ...address, secret: new Secret(match[2]) }] : [];
      });
    },
    unknown(): void {
      for (const variable of Object.keys(env)) {
        if (!variable.startsWith('STROWGER_') || known.includes(variable)) continue;
        const meant = nearest(variable.slice(9), known.map((k) => k.slice(9)));
        if (meant !== undefined) wrong(variable, 'is not a variable of Strowger', `did you mean STROWGER_${meant}?`);
      }
    },
  };
}
