import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Listen } from '../stack/index.js';
import { EdgeUsage } from './errors.js';

export interface EdgeArgs {
  readonly control: { readonly host: string; readonly port: number };
  readonly secret: string;
  readonly listen: readonly Listen[];
}

export const USAGE = 'usage: strowger edge --control HOST:PORT --secret SECRET --sip udp:HOST:PORT [--sip tcp:HOST:PORT …] [--public ADDRESS]';

/** @throws EdgeUsage that says which word is wrong */
export function parseEdgeArgs(argv: readonly string[]): EdgeArgs {
  const values = new Map<string, string[]>();
  for (let i = 0; i < argv.length; i += 2) {
    const [option = '', value] = argv.slice(i, i + 2);
    if (!['--control', '--secret', '--sip', '--public'].includes(option)) throw new EdgeUsage(`unknown option ${option}`, { hint: USAGE });
    if (value === undefined || value === '') throw new EdgeUsage(`${option} wants a value`, { hint: USAGE });
    values.set(option, [...(values.get(option) ?? []), value]);
  }
  const one = (option: string): string => {
    const [value] = values.get(option) ?? [];
    if (value === undefined) throw new EdgeUsage(`${option} is missing`, { hint: USAGE });
    return value;
  };
  const advertise = values.get('--public')?.[0];
  const control = address(one('--control'));
  const secret = one('--secret');
  one('--sip');
  return { control, secret, listen: (values.get('--sip') ?? []).map((text) => listener(text, advertise)) };
}

function listener(text: string, advertise: string | undefined): Listen {
  const [, proto, place = ''] = /^(udp|tcp):(.+)$/.exec(text) ?? [];
  if (proto !== 'udp' && proto !== 'tcp') throw new EdgeUsage(`--sip ${text}: udp:HOST:PORT or tcp:HOST:PORT is wanted`, { hint: USAGE });
  const { host, port } = address(place);
  return { proto, address: host, port, advertise: advertise ?? (isWildcard(host) ? ownAddress(isIP(host)) : host) };
}

function address(text: string): { host: string; port: number } {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  const host = bracketed ?? plain;
  if (host === undefined || !(port <= 65_535)) throw new EdgeUsage(`${text} is no HOST:PORT`, { hint: USAGE });
  return { host: host === 'localhost' ? '127.0.0.1' : host, port };
}

const isWildcard = (host: string): boolean => host === '0.0.0.0' || host === '::';

/** The first address of this machine that others can reach, loopback when there is none. */
function ownAddress(family: number): string {
  const wanted = family === 6 ? 'IPv6' : 'IPv4';
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find((one) => one.family === wanted && !one.internal && !one.address.startsWith('fe80'))?.address ?? (family === 6 ? '::1' : '127.0.0.1');
}
