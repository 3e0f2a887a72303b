/** A SIP message as this kit sees it. Written apart from src/ on purpose: one misreading must not hide another. */
export type Header = readonly [name: string, value: string];
export type SipRequest = {
  readonly kind: 'request';
  readonly method: string;
  readonly uri: string;
  readonly headers: readonly Header[];
  readonly body: string;
};
export type SipResponse = {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly Header[];
  readonly body: string;
};
export type SipMessage = SipRequest | SipResponse;

const COMPACT: Readonly<Record<string, string>> = {
  v: 'Via', f: 'From', t: 'To', i: 'Call-ID', m: 'Contact', l: 'Content-Length', c: 'Content-Type',
  s: 'Subject', k: 'Supported', e: 'Content-Encoding', o: 'Event', r: 'Refer-To', b: 'Referred-By',
};

/** @throws Error on anything that is not a SIP/2.0 message */
export function parseMessage(text: string): SipMessage {
  const split = text.indexOf('\r\n\r\n');
  if (split < 0) throw new Error('no end of headers');
  const [start = '', ...lines] = text.slice(0, split).replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers = lines.map((line): Header => {
    const colon = line.indexOf(':');
    if (colon < 1) throw new Error(`not a header line: ${line}`);
    const name = line.slice(0, colon).trim();
    return [COMPACT[name.toLowerCase()] ?? name, line.slice(colon + 1).trim()];
  });
  const body = text.slice(split + 4);
  const status = /^SIP\/2\.0 (\d{3}) ?(.*)$/.exec(start);
  if (status) return { kind: 'response', status: Number(status[1]), reason: status[2] ?? '', headers, body };
  const request = /^([A-Z]+) (\S+) SIP\/2\.0$/.exec(start);
  if (!request) throw new Error(`not a start line: ${start}`);
  return { kind: 'request', method: request[1] ?? '', uri: request[2] ?? '', headers, body };
}

export function serialize(message: SipMessage): string {
  const start = message.kind === 'request'
    ? `${message.method} ${message.uri} SIP/2.0`
    : `SIP/2.0 ${String(message.status)} ${message.reason}`;
  const lines = message.headers.filter(([name]) => name.toLowerCase() !== 'content-length').map(([n, v]) => `${n}: ${v}`);
  return [start, ...lines, `Content-Length: ${String(Buffer.byteLength(message.body))}`, '', message.body].join('\r\n');
}

/** Every value of a header, in order; comma lists of the address headers are taken apart. */
export function values(message: SipMessage, name: string): string[] {
  const wanted = name.toLowerCase();
  const found = message.headers.filter(([n]) => n.toLowerCase() === wanted).map(([, v]) => v);
  return /^(via|route|record-route|contact)$/.test(wanted) ? found.flatMap(splitList) : found;
}

export const header = (message: SipMessage, name: string): string | undefined => values(message, name)[0];

export function need(message: SipMessage, name: string): string {
  const value = header(message, name);
  if (value === undefined) throw new Error(`no ${name} in ${message.kind === 'request' ? message.method : String(message.status)}`);
  return value;
}

function splitList(value: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = 0;
  for (let i = 0; i < value.length; i += 1) {
    const c = value[i];
    if (c === '"' && value[i - 1] !== '\\') quoted = !quoted;
    else if (quoted) continue;
    else if (c === '<') depth += 1;
    else if (c === '>') depth -= 1;
    else if (c === ',' && depth === 0) {
      parts.push(value.slice(start, i).trim());
      start = i + 1;
    }
  }
  return [...parts, value.slice(start).trim()];
}

/** A parameter of the header itself (outside `<…>`): `tag`, `branch`, `expires`. */
export function param(value: string, name: string): string | undefined {
  const outside = value.includes('>') ? value.slice(value.lastIndexOf('>')) : value;
  return new RegExp(`;\\s*${name}\\s*=\\s*"?([^;,"\\s]+)`, 'i').exec(outside)?.[1];
}

/** The URI of a name-addr or addr-spec. */
export const uriIn = (value: string): string => /<([^>]*)>/.exec(value)?.[1] ?? (value.split(';')[0] ?? value).trim();

export const userIn = (value: string): string => /sips?:([^@;>]*)@/.exec(value)?.[1] ?? '';

/** The display name, without quotes; empty when there is none. */
export const displayIn = (value: string): string =>
  /^\s*(?:"((?:\\.|[^"\\])*)"|([^<"]*?))\s*</.exec(value)?.slice(1).join('').trim() ?? '';

export const cseq = (message: SipMessage): { number: number; method: string } => {
  const [number = '0', method = ''] = need(message, 'CSeq').split(/\s+/);
  return { number: Number(number), method };
};

export const callIdOf = (message: SipMessage): string => need(message, 'Call-ID');
export const branchOf = (message: SipMessage): string => param(need(message, 'Via'), 'branch') ?? '';
