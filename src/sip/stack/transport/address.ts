import { isIPv4, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Listen, Local, Remote } from './types.js';

export const isWildcard = (address: string): boolean => address === '0.0.0.0' || address === '::';
export const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';

/** `::ffff:192.0.2.1`, as a socket of both families reports it, is 192.0.2.1; a scope (`%eth0`) stays. */
export const plain = (address: string): string => (address.startsWith('::ffff:') && isIPv4(address.slice(7)) ? address.slice(7) : address);

export const keyOf = (remote: { readonly address: string; readonly port: number }): string => `${remote.address}|${remote.port}`;

/** Whether a listener bound to `address` can reach `to`; an IPv6 wildcard socket serves both families. */
function reaches(address: string, to: string): boolean {
  return isIPv6(to) === isIPv6(address) || address === '::';
}

/** The listener to send from: the one asked for, else one on the same side of the loopback interface. */
export function pickListener<T extends Listen>(listeners: readonly T[], to: Remote, local?: Local): T | undefined {
  const fitting = listeners.filter((l) => l.proto === to.proto && reaches(l.address, to.address));
  const asked = local && fitting.find((l) => l.address === local.address && l.port === local.port);
  const near = (l: T): boolean => isLoopback(l.address) === isLoopback(to.address);
  return asked ?? fitting.find(near) ?? fitting.find((l) => isWildcard(l.address)) ?? fitting[0];
}

/** The first address of this machine that others may know it by; loopback when there is none. */
export function ownAddress(family: 'IPv4' | 'IPv6'): string {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const found = all.find((i) => i.family === family && !i.internal && !i.address.startsWith('fe80'));
  return found?.address ?? (family === 'IPv4' ? '127.0.0.1' : '::1');
}
