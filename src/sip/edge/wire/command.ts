import { WireFault } from '../errors.js';

export type HeaderLine = readonly [name: string, value: string];
type Text = { readonly headers: readonly HeaderLine[]; readonly body: Buffer };

export type Authenticate = { readonly type: 'authenticate'; readonly id: string; readonly secret: string; readonly tags: readonly string[] };
export type Route = { readonly type: 'route' | 'remove_route'; readonly id: string; readonly verb: string };
export type Ping = { readonly type: 'ping'; readonly id: string };
export type Reply = Text & {
  readonly type: 'reply'; readonly id: string; readonly transactionId: string; readonly status: number; readonly reason: string;
};
/** A request in a dialog the edge knows. */
export type Within = Text & {
  readonly type: 'within'; readonly id: string; readonly dialogId: string; readonly method: string; readonly uri: string;
};
export type Cancel = Text & { readonly type: 'cancel'; readonly id: string; readonly transactionId: string };
/** A request outside of any dialog; `nextHop` is the URI of an outbound proxy, empty for none. */
export type Request = Text & {
  readonly type: 'request'; readonly id: string; readonly method: string; readonly uri: string; readonly nextHop: string;
};
export type Proxy = Text & {
  readonly type: 'proxy'; readonly id: string; readonly transactionId: string;
  readonly stay: boolean; readonly fullResponse: boolean; readonly followRedirects: boolean; readonly simultaneous: boolean;
  /** Until the next target is tried when this one is silent; undefined: no such limit. */
  readonly provisionalMs: number | undefined;
  readonly finalMs: number | undefined;
  readonly targets: readonly string[];
};
/** Understood as far as its ID: the application is told why and disconnected, as drachtio-server does. */
export type Misfit = { readonly type: 'misfit'; readonly id: string; readonly why: string };
export type Command = Authenticate | Route | Ping | Reply | Within | Cancel | Request | Proxy | Misfit;

/** One message of an application: `ID|WORD|…` then, after CRLF, a SIP message. @throws WireFault without an ID or a word */
export function parseCommand(payload: Buffer): Command {
  const end = payload.indexOf('\r\n');
  const [id = '', word, ...rest] = payload.toString('utf8', 0, end < 0 ? payload.length : end).split('|');
  if (id === '' || word === undefined) throw new WireFault('a message without an ID or a command');
  switch (word) {
    case 'ping':
      return { type: 'ping', id };
    case 'route':
    case 'remove_route':
      return rest[0] ? { type: word, id, verb: rest[0].toLowerCase() } : { type: 'misfit', id, why: 'no method to route' };
    case 'authenticate':
      return { type: 'authenticate', id, secret: rest[0] ?? '', tags: (rest[1] ?? '').split(',').filter((tag) => tag !== '') };
    case 'sip':
      return sipCommand(id, rest, end < 0 ? Buffer.alloc(0) : payload.subarray(end + 2));
    case 'proxy':
      return proxyCommand(id, rest, end < 0 ? Buffer.alloc(0) : payload.subarray(end + 2));
    default:
      return { type: 'misfit', id, why: 'Unknown message type' };
  }
}

function sipCommand(id: string, [transactionId = '', dialogId = '', nextHop = '']: string[], raw: Buffer): Command {
  const { start, headers, body } = splitMessage(raw);
  if (start.startsWith('SIP/')) {
    if (transactionId === '') return { type: 'misfit', id, why: 'transaction id missing' };
    const [, status = '', reason = ''] = /^SIP\/2\.0 +(\d{3}) ?(.*)$/.exec(start) ?? [];
    if (status === '') return { type: 'misfit', id, why: `not a status line: ${start}` };
    return { type: 'reply', id, transactionId, status: Number(status), reason, headers, body };
  }
  const [method = '', uri = ''] = start.split(' ');
  if (dialogId !== '') return { type: 'within', id, dialogId, method, uri, headers, body };
  if (transactionId === '') return { type: 'request', id, method, uri, nextHop, headers, body };
  if (method === 'CANCEL') return { type: 'cancel', id, transactionId, headers, body };
  return { type: 'misfit', id, why: `${method} cannot be sent inside a transaction` };
}

function proxyCommand(id: string, tokens: string[], raw: Buffer): Command {
  const [transactionId = '', stay, full, follow, order, provisional = '', final = '', ...targets] = tokens;
  if (transactionId === '' || targets.length === 0) return { type: 'misfit', id, why: 'Invalid proxy request: not enough information provided' };
  const { headers, body } = splitMessage(raw);
  return {
    type: 'proxy', id, transactionId, headers, body, targets,
    stay: stay === 'remainInDialog',
    fullResponse: full === 'fullResponse',
    followRedirects: follow === 'followRedirects',
    simultaneous: order === 'simultaneous',
    provisionalMs: duration(provisional),
    finalMs: duration(final),
  };
}

/** `2s` or `1500ms`; anything else is no limit, as for the real server. */
function duration(text: string): number | undefined {
  const [, number, unit] = /^(\d+)(ms|s)$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * (unit === 's' ? 1000 : 1);
}

/** Start line, header lines and body. Lines that are no header are left out, as drachtio-server does. */
export function splitMessage(raw: Buffer): { start: string; headers: HeaderLine[]; body: Buffer } {
  const blank = raw.indexOf('\r\n\r\n');
  const [start = '', ...lines] = raw.toString('utf8', 0, blank < 0 ? raw.length : blank).split(/\r\n|\n|\r/);
  const headers: HeaderLine[] = [];
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
  }
  return { start, headers, body: blank < 0 ? Buffer.alloc(0) : Buffer.from(raw.subarray(blank + 4)) };
}
