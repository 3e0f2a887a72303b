import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { parseArgs } from 'node:util';
import type { Ms } from '../../base/index.js';
import { WrongUse } from './errors.js';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface MediaOptions {
  readonly esl: Endpoint;
  readonly secret: string;
  readonly sip: Endpoint;
  readonly rtpPorts: { readonly min: number; readonly max: number };
  /** Where RTP is bound. */
  readonly rtpAddress: string;
  /** What SDP advertises. */
  readonly publicAddress: string;
  readonly soundsDir: string;
  readonly profile: string;
  readonly maxSessions: number;
  readonly heartbeatMs: Ms;
  readonly authMs: Ms;
  readonly connectMs: Ms;
}

export const USAGE = `usage: strowger media --esl HOST:PORT --secret SECRET --sip HOST:PORT --rtp FIRST-LAST --sounds DIR [--profile NAME]
                      [--rtp-address ADDRESS] [--public ADDRESS] [--max-sessions N]
  --esl          where the event socket listens; port 0 takes a free one
  --sip          where SIP listens, UDP and TCP
  --rtp          UDP ports for RTP and RTCP, for example 20000-29999
  --rtp-address  address RTP is bound to (that of --sip)
  --public       IP address SDP advertises (that of --rtp-address, or the first of this machine)
`;

const DEFAULTS = { maxSessions: 1000, heartbeatMs: 20_000, authMs: 10_000, connectMs: 4_000 };

/** @throws WrongUse */
export function parseOptions(argv: readonly string[]): MediaOptions {
  const values = read(argv);
  const sip = endpoint('--sip', values.sip);
  if (sip.port === 0) throw new WrongUse('--sip wants a port other than 0: UDP and TCP share it');
  const rtpAddress = address('--rtp-address', values['rtp-address'] ?? sip.host);
  const publicAddress = values.public === undefined ? reachable(rtpAddress) : address('--public', values.public);
  return {
    esl: endpoint('--esl', values.esl),
    secret: required('--secret', values.secret),
    sip,
    rtpPorts: portRange(required('--rtp', values.rtp)),
    rtpAddress,
    publicAddress,
    soundsDir: required('--sounds', values.sounds),
    profile: values.profile ?? 'drachtio_mrf',
    maxSessions: values['max-sessions'] === undefined ? DEFAULTS.maxSessions : count('--max-sessions', values['max-sessions']),
    heartbeatMs: DEFAULTS.heartbeatMs,
    authMs: DEFAULTS.authMs,
    connectMs: DEFAULTS.connectMs,
  };
}

type Names = 'esl' | 'secret' | 'sip' | 'rtp' | 'sounds' | 'profile' | 'rtp-address' | 'public' | 'max-sessions';

function read(argv: readonly string[]): Partial<Record<Names, string>> {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...argv],
      options: { esl: text, secret: text, sip: text, rtp: text, sounds: text, profile: text, 'rtp-address': text, public: text, 'max-sessions': text },
    }).values;
  } catch (error) {
    throw new WrongUse(error instanceof Error ? error.message : 'bad arguments', { cause: error });
  }
}

function required(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new WrongUse(`${name} is missing`);
  return value;
}

function endpoint(name: string, value: string | undefined): Endpoint {
  const [, host = '', port = ''] = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(required(name, value)) ?? [];
  if (host === '' || Number(port) > 65_535) throw new WrongUse(`${name} wants HOST:PORT, not ${value ?? 'nothing'}`);
  return { host: address(name, host), port: Number(port) };
}

function address(name: string, host: string): string {
  const ip = host === 'localhost' ? '127.0.0.1' : host;
  if (isIP(ip) === 0) throw new WrongUse(`${name} wants an IP address, not ${host}`);
  return ip;
}

/** Where all addresses are bound, the first one others can reach. */
function reachable(bound: string): string {
  if (bound !== '0.0.0.0' && bound !== '::') return bound;
  const family = bound === '::' ? 'IPv6' : 'IPv4';
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find((one) => one.family === family && !one.internal && !one.address.startsWith('fe80'))?.address ?? (family === 'IPv6' ? '::1' : '127.0.0.1');
}

function portRange(text: string): { min: number; max: number } {
  const [, first = '', last = ''] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? [];
  const min = Number(first);
  const max = Number(last);
  if (first === '' || min < 1 || max > 65_535 || max - min < 1) throw new WrongUse(`--rtp wants FIRST-LAST, not ${text}`);
  return { min, max };
}

function count(name: string, text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new WrongUse(`${name} wants a number, not ${text}`);
  return Number(text);
}
