import type { Proto } from '../stack/index.js';
import { Refused } from './errors.js';
import type { HeaderLine } from './wire/command.js';

/** What our Via and Contact name on the way to a peer. */
export interface Place {
  readonly proto: Proto;
  readonly host: string;
  readonly port: number;
}

/** Never taken from an application (drachtio-server's list). */
const OURS = new Set(['via', 'route', 'rseq', 'record-route', 'content-length']);
/** Given by the dialog or by the request that is answered. */
export const DIALOG_HEADERS: ReadonlySet<string> = new Set(['from', 'to', 'call-id', 'cseq']);
const MAY_SAY_LOCALHOST = new Set(['from', 'to', 'contact', 'p-asserted-identity']);
const TOKEN = /^[A-Za-z0-9\-.!%*_+`'~]+$/;

/** The headers an application may set: `localhost` replaced by our address, spelling as on the wire, what is ours left out. */
export function fromApp(lines: readonly HeaderLine[], place: Place, without: ReadonlySet<string>): HeaderLine[] {
  const kept: HeaderLine[] = [];
  for (const [name, value] of lines) {
    const plain = name.toLowerCase();
    if (OURS.has(plain) || without.has(plain) || !TOKEN.test(name)) continue;
    kept.push([spelled(name), MAY_SAY_LOCALHOST.has(plain) ? delocalized(value, place) : value]);
  }
  return kept;
}

export const find = (lines: readonly HeaderLine[], name: string): string | undefined =>
  lines.find(([n]) => n.toLowerCase() === name)?.[1];

/** drachtio-server's spelling of headers it does not know: a capital after each dash, except in X- headers. */
const spelled = (name: string): string =>
  /^x-/i.test(name) ? name : name.replace(/(^|-)([a-z])/g, (_all, dash: string, letter: string) => dash + letter.toUpperCase());

const LOCALHOST = /(sips?:(?:[^@>;,\s]*@)?)localhost(?::\d+)?(?=[>;,?\s]|$)/gi;
/** drachtio-srf writes `sip:1001@localhost` where it wants the server's address; in brackets when it was bare. */
export function delocalized(value: string, place: Place): string {
  const named = value.replace(LOCALHOST, (_all, start: string) => `${start}${hostPort(place)}`);
  return named === value ? value : bracketed(named);
}

/** `sip:a@b;x=y` becomes `<sip:a@b>;x=y`: without brackets parameters belong to the header (RFC 3261 §20). */
export function bracketed(value: string): string {
  if (value.includes('<') || value === '*') return value;
  const [, uri = value, params = ''] = /^\s*([^;]*?)\s*(;.*)?$/.exec(value) ?? [];
  return `<${uri}>${params}`;
}

export const hostPort = ({ host, port }: Place): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;
/** The Contact drachtio-server makes when an application names none. */
export const contactAt = (place: Place): string => `<sip:${hostPort(place)}${place.proto === 'udp' ? '' : `;transport=${place.proto}`}>`;

/** An SDP body needs no Content-Type from the application; any other does. @throws Refused */
export function withContentType(lines: readonly HeaderLine[], body: Buffer): readonly HeaderLine[] {
  if (body.length === 0 || find(lines, 'content-type') !== undefined) return lines;
  if (body.toString('latin1', 0, 3) === 'v=0') return [...lines, ['Content-Type', 'application/sdp']];
  throw new Refused('missing content-type');
}

/** The tag an application wrote into To, which becomes ours. */
export const tagIn = (value: string | undefined): string | undefined => /;\s*tag=([^;,\s>]+)/i.exec(value ?? '')?.[1] ?? /^tag=(\S+)/i.exec(value ?? '')?.[1];
