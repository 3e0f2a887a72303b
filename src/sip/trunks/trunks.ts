import type { Ms } from '../../base/index.js';
import { inBlocks, type Config, type TrunkConfig } from '../../config/index.js';
import type { Events } from '../../events/index.js';
import type { Random } from '../numbers/order.js';
import { hostFailed } from '../numbers/verdict.js';
import type { Requester } from '../requester.js';
import { createAdmission, type Admission } from './admission.js';
import { createHosts, type Hosts, type HostStatus, type Lookup } from './hosts.js';
import { createRegistrant, type Registrant } from './registrant.js';

export interface TrunkStatus {
  readonly name: string;
  /** undefined: it does not register. */
  readonly registered: boolean | undefined;
  readonly hosts: readonly HostStatus[];
  readonly calls: number;
  readonly maxCalls: number | undefined;
}
export interface Trunks {
  list(): readonly TrunkStatus[];
  /** Whether a host is worth trying first: it answers, and knows us where it must. */
  up(trunk: string, host: string): boolean;
  /** A line of the trunk, or undefined where its limits are reached; emergency calls always get one. */
  admit(trunk: string, emergency: boolean): (() => void) | undefined;
  /** What a call by this host came to; 0: it never left. */
  report(trunk: string, host: string, status: number): void;
  /** Whether some trunk's peers or hosts have this address. */
  has(address: string): boolean;
  /** Trunks that a request from there may be of: any port of a peer, the own port of a host. */
  ofSource(address: string, port: number, proto: string): readonly TrunkConfig[];
  /** Takes over a new configuration; what did not change goes on undisturbed, and carriers are told of accounts that go. */
  apply(config: Config): void;
  /** The SIP server is back: ask everybody now instead of at the next interval. */
  wake(): void;
  close(): void;
}
export interface TrunksOptions {
  readonly requester: Requester;
  readonly events: Events;
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  readonly lookup: Lookup;
  readonly random: Random;
  /** Monotonic milliseconds. */
  readonly now: () => Ms;
}
interface Running {
  readonly config: TrunkConfig;
  readonly isPeer: (address: string) => boolean;
  readonly hosts: Hosts;
  readonly registrant: Registrant | undefined;
  readonly admission: Admission;
}

export function createTrunks(options: TrunksOptions): Trunks {
  const running = new Map<string, Running>();
  const leaving = new Map<string, Promise<void>>();
  const around: Around = { ...options, registrant: (name) => running.get(name)?.registrant };
  return {
    list: () => [...running.values()].map(({ config, hosts, registrant, admission }) => ({
      name: config.name, registered: registrant && registrant.state().at === 'registered', hosts: hosts.status(), calls: admission.calls(), maxCalls: config.maxCalls,
    })),
    up(name, host) {
      const trunk = running.get(name);
      return trunk !== undefined && trunk.hosts.up(host) && isRegistered(trunk);
    },
    admit(name, emergency) {
      const trunk = running.get(name);
      return trunk?.admission.admit(trunk.config, emergency);
    },
    report(name, host, status) {
      const trunk = running.get(name);
      trunk?.hosts.report(host, !hostFailed(status), status === 0 ? 'a call could not be sent' : `a call was answered ${status}`);
      if (status === 401 || status === 403 || status === 407) trunk?.registrant?.doubt();
    },
    has: (address) => [...running.values()].some((t) => t.isPeer(address) || t.hosts.has(address)),
    ofSource: (address, port, proto) => [...running.values()].filter((t) => t.isPeer(address) || t.hosts.speaksFrom(address, port, proto)).map((t) => t.config),
    apply(config) {
      const wanted = new Map(config.trunks.map((t) => [t.name, t]));
      for (const [name, trunk] of [...running]) {
        const next = wanted.get(name);
        if (next && same(next, trunk.config)) continue;
        // Calls in progress keep counting against the limits of a trunk that was changed under them.
        if (next) running.set(name, change(trunk, next, around));
        else {
          running.delete(name);
          trunk.hosts.close();
          const left = trunk.registrant?.leave();
          if (left) leaving.set(name, left.finally(() => leaving.delete(name)));
        }
      }
      for (const [name, next] of wanted) {
        if (running.has(name)) continue;
        running.set(name, { config: next, isPeer: inBlocks(next.peers), hosts: watch(next, around), registrant: register(next, around, leaving.get(name)), admission: createAdmission(options.now) });
      }
    },
    wake: () => running.forEach((t) => t.registrant?.doubt()),
    close() {
      running.forEach(stop);
      running.clear();
    },
  };
}

const isRegistered = (t: Running): boolean => t.registrant === undefined || ['registered', 'asking'].includes(t.registrant.state().at);

function stop(trunk: Running): void {
  trunk.hosts.close();
  trunk.registrant?.close();
}

interface Around extends TrunksOptions {
  readonly registrant: (trunk: string) => Registrant | undefined;
}

const sayer = (trunk: string, { events, log }: TrunksOptions) => (host: string, to: 'up' | 'down' | 'registered' | 'unregistered', why: string): void => {
  events.publish('trunk.state_changed', `trunk:${trunk}`, { trunk, host, to, why });
  log[to === 'down' || to === 'unregistered' ? 'warn' : 'info']({ trunk, host, why }, `trunk is ${to}`);
};

function register(trunk: TrunkConfig, around: Around, after?: Promise<void>): Registrant | undefined {
  const { requester, random } = around;
  const say = sayer(trunk.name, around);
  return createRegistrant({ trunk, requester, random, after, onChange: (to, why, host) => say(host, to, why) });
}

function watch(trunk: TrunkConfig, around: Around): Hosts {
  const { requester, lookup, registrant } = around;
  const say = sayer(trunk.name, around);
  return createHosts({
    trunk, requester, lookup,
    onChange: (uri, up, why) => {
      say(uri, up ? 'up' : 'down', why);
      // A carrier that was away may have forgotten who is registered.
      if (up) registrant(trunk.name)?.doubt();
    },
  });
}

/** A trunk that has new numbers only keeps its registration and what is known of its hosts. */
function change(trunk: Running, next: TrunkConfig, around: Around): Running {
  const { config } = trunk;
  const sameHosts = JSON.stringify([config.hosts, config.health]) === JSON.stringify([next.hosts, next.health]);
  const sameAccount = JSON.stringify([config.hosts, config.register]) === JSON.stringify([next.hosts, next.register]) && config.register?.password.reveal() === next.register?.password.reveal();
  if (!sameHosts) trunk.hosts.close();
  return {
    config: next, isPeer: inBlocks(next.peers), admission: trunk.admission,
    hosts: sameHosts ? trunk.hosts : watch(next, around),
    registrant: sameAccount ? trunk.registrant : register(next, around, trunk.registrant?.leave()),
  };
}

/** Equal in everything, passwords too, which JSON does not show. */
function same(a: TrunkConfig, b: TrunkConfig): boolean {
  const passwords = (t: TrunkConfig): (string | undefined)[] => [t.register?.password.reveal(), t.credentials?.password.reveal()];
  return JSON.stringify(a) === JSON.stringify(b) && passwords(a).every((p, i) => p === passwords(b)[i]);
}
