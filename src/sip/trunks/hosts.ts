import { isIP } from 'node:net';
import type { Ms } from '../../base/index.js';
import type { TrunkConfig } from '../../config/index.js';
import { EdgeDown, type Requester } from '../requester.js';
import { parseUri } from '../uri.js';
import { isAlive, observe, startHealth, type HostHealth } from './health.js';

/** Addresses of a host name; a name that cannot be resolved has none. */
export type Lookup = (host: string) => Promise<readonly string[]>;

export interface HostStatus {
  readonly uri: string;
  readonly up: boolean;
  /** Milliseconds since 1970; undefined: nothing is known yet. */
  readonly checkedAt: number | undefined;
  /** What the last sign of life, or the want of one, was. */
  readonly why: string | undefined;
}

/** Watches the hosts of one trunk: OPTIONS for health, look-ups for who they are. */
export interface Hosts {
  up(uri: string): boolean;
  /** What became of a call or request that went there counts like an OPTIONS. */
  report(uri: string, alive: boolean, why: string): void;
  has(address: string): boolean;
  /** Whether a request from there can be one of these hosts: by UDP they speak from the port they listen on. */
  speaksFrom(address: string, port: number, proto: string): boolean;
  status(): readonly HostStatus[];
  close(): void;
}
export interface HostsOptions {
  readonly trunk: TrunkConfig;
  readonly requester: Requester;
  readonly lookup: Lookup;
  readonly onChange: (uri: string, up: boolean, why: string) => void;
}
/** How often names are looked up where health is not asked for. */
const lookupMs: Ms = 30_000;

export function createHosts({ trunk, requester, lookup, onChange }: HostsOptions): Hosts {
  const health = new Map<string, HostHealth>(trunk.hosts.map((h) => [h.uri, startHealth]));
  const found = new Map<string, readonly string[]>();
  const checked = new Map<string, { readonly at: number; readonly why: string }>();
  const timers = new Map<string, NodeJS.Timeout>();
  let closed = false;

  const report = (uri: string, alive: boolean, why: string): void => {
    const before = health.get(uri);
    if (!before || closed) return;
    const after = observe(before, alive, trunk.health);
    health.set(uri, after);
    checked.set(uri, { at: Date.now(), why });
    if (after.up !== before.up) onChange(uri, after.up, why);
  };
  const find = async (uri: string): Promise<void> => {
    const host = parseUri(uri)?.host ?? '';
    const addresses = isIP(host) === 0 ? await lookup(host) : [host];
    // A name that cannot be resolved for a moment keeps the addresses it had.
    if (addresses.length > 0) found.set(uri, addresses);
  };
  const ask = async (uri: string): Promise<void> => {
    try {
      const res = await requester.request({ method: 'OPTIONS', uri, timeoutMs: trunk.health.timeoutMs, headers: { From: '<sip:strowger@localhost>', Contact: '<sip:strowger@localhost>' } });
      report(uri, isAlive(res.status), `OPTIONS answered ${res.status}`);
    } catch (error) {
      // Without our own SIP server nothing can be said about theirs.
      if (error instanceof EdgeDown) return;
      report(uri, false, error instanceof Error ? error.message : String(error));
    }
  };
  const round = async (uri: string): Promise<void> => {
    await find(uri);
    if (!closed && trunk.health.intervalMs > 0) await ask(uri);
    if (closed) return;
    const timer = setTimeout(() => void round(uri), trunk.health.intervalMs > 0 ? trunk.health.intervalMs : lookupMs);
    timer.unref();
    timers.set(uri, timer);
  };
  for (const { uri } of trunk.hosts) void round(uri);

  return {
    up: (uri) => health.get(uri)?.up ?? false,
    report,
    has: (address) => [...found.values()].some((list) => list.includes(address)),
    speaksFrom: (address, port, proto) => [...found].some(([uri, list]) => list.includes(address) && (proto !== 'udp' || port === (parseUri(uri)?.port ?? 5060))),
    status: () => trunk.hosts.map(({ uri }) => ({ uri, up: health.get(uri)?.up ?? false, checkedAt: checked.get(uri)?.at, why: checked.get(uri)?.why })),
    close() {
      closed = true;
      timers.forEach(clearTimeout);
    },
  };
}
