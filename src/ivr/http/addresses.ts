import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';

/** What is not the public Internet: IANA's special-purpose registries, RFC 6890. */
const V4 = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15',
  '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
];
/** 64:ff9b::/96 and 2002::/16 carry an IPv4 address inside: who can tell where they end. */
const V6 = ['::/96', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20', '5f00::/16', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'];

const special = new BlockList();
for (const block of V4) special.addSubnet(...parts(block), 'ipv4');
for (const block of V6) special.addSubnet(...parts(block), 'ipv6');

function parts(block: string): [net: string, prefix: number] {
  const [net = '', prefix = '0'] = block.split('/');
  return [net, Number(prefix)];
}

/** Whether an address lies in a private, loopback or otherwise special network. */
export function isPrivate(address: string): boolean {
  const bare = address.replace(/%.*$/, '');
  const mapped = mappedV4(bare);
  if (mapped !== undefined) return special.check(mapped, 'ipv4');
  if (isIPv4(bare)) return special.check(bare, 'ipv4');
  return !isIPv6(bare) || special.check(bare, 'ipv6');
}

/** `::ffff:10.0.0.1`, also as URLs write it: `::ffff:a00:1`. */
function mappedV4(address: string): string | undefined {
  const match = /^::ffff:(?:(\d+\.\d+\.\d+\.\d+)|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/i.exec(address);
  if (!match) return undefined;
  if (match[1] !== undefined) return match[1];
  const [high, low] = [parseInt(match[2] ?? '0', 16), parseInt(match[3] ?? '0', 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** Whether STROWGER_ALLOW_HOSTS names it: a host or address, with or without port. */
export function isAllowed(allowed: readonly string[], host: string, port: number): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  const written = isIP(name) === 6 ? `[${name}]` : name;
  return allowed.includes(name) || allowed.includes(written) || allowed.includes(`${written}:${port}`);
}
