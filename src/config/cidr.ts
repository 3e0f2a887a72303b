import { BlockList, isIP } from 'node:net';

export interface Cidr {
  readonly address: string;
  readonly bits: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** Reads `ADDRESS` or `ADDRESS/BITS`, IPv4 or IPv6; undefined where it is neither. */
export function parseCidr(text: string): Cidr | undefined {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return undefined;
  const most = version === 4 ? 32 : 128;
  const n = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  return n >= 0 && n <= most ? { address, bits: n, family: version === 4 ? 'ipv4' : 'ipv6' } : undefined;
}

/** A test for "is this address in one of the blocks"; IPv4 written inside IPv6 counts as IPv4. */
export function inBlocks(blocks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const block of blocks) {
    const cidr = parseCidr(block);
    if (cidr) list.addSubnet(cidr.address, cidr.bits, cidr.family);
  }
  return (address) => {
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
    const version = isIP(plain);
    return version !== 0 && list.check(plain, version === 4 ? 'ipv4' : 'ipv6');
  };
}
