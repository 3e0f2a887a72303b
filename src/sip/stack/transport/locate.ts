import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { TransportError } from './errors.js';
import type { Hop } from './hop.js';
import type { Remote } from './types.js';

interface SrvRecord {
  readonly name: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}
/** What of DNS is needed; an unknown name is an empty list, not an error. */
export interface Names {
  addresses(name: string): Promise<readonly string[]>;
  services(name: string): Promise<readonly SrvRecord[]>;
}

const timeoutMs = 2_000;
const resolver = new Resolver({ timeout: timeoutMs, tries: 2 });
const nothing = (): never[] => [];

/** The machine's own resolver: names also from its hosts file. */
const systemNames: Names = {
  addresses: (name) => lookup(name, { all: true }).then((found) => found.map((f) => f.address), nothing),
  services: (name) => resolver.resolveSrv(name).then((found) => found, nothing),
};

/**
 * RFC 3263 without NAPTR: an address as it is, a name with port by A/AAAA, a name without by SRV, then by A with 5060.
 * In order of preference. @throws TransportError when the name leads nowhere
 */
export async function locate(hop: Hop, names: Names = systemNames): Promise<readonly Remote[]> {
  const { proto, host, port } = hop;
  if (isIP(host)) return [{ proto, address: host, port: port ?? 5060 }];
  const services = port === undefined ? await names.services(`_sip._${proto}.${host}`) : [];
  const targets = services.length > 0 ? inOrder(services) : [{ name: host, port: port ?? 5060 }];
  const found = await Promise.all(
    targets.map(async (t) => (await names.addresses(t.name)).map((address): Remote => ({ proto, address, port: t.port }))),
  );
  const remotes = found.flat();
  if (remotes.length === 0) throw new TransportError(`the name ${host} leads to no address`, { hint: 'check the spelling and the DNS of this machine' });
  return remotes;
}

/** RFC 2782: lowest priority first, then heavier before lighter. A single "." says the service is not offered. */
const inOrder = (records: readonly SrvRecord[]): SrvRecord[] =>
  records.filter((r) => r.name !== '' && r.name !== '.').sort((a, b) => a.priority - b.priority || b.weight - a.weight);
