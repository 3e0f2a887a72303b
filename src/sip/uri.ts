/** A SIP URI taken apart (RFC 3261 §19.1.1); host and parameter names in lower case, IPv6 without brackets. */
export interface SipUri {
  readonly scheme: 'sip' | 'sips' | 'tel';
  readonly user: string | undefined;
  readonly host: string;
  readonly port: number | undefined;
  readonly params: ReadonlyMap<string, string>;
}

const form = /^(sips?):(?:([^@]*)@)?(\[[0-9a-f:.]+\]|[^:;?[\]@\s]+)(?::(\d{1,5}))?((?:;[^;?]*)*)(?:\?.*)?$/i;

/** Undefined where the text is no SIP or tel URI. */
export function parseUri(text: string): SipUri | undefined {
  const tel = /^tel:([+0-9*#().-]+)((?:;[^;]*)*)$/i.exec(text);
  if (tel?.[1] !== undefined) return { scheme: 'tel', user: tel[1].replace(/[().-]/g, ''), host: '', port: undefined, params: parseParams(tel[2] ?? '') };
  const match = form.exec(text);
  if (!match?.[1] || match[3] === undefined) return undefined;
  const port = match[4] === undefined ? undefined : Number(match[4]);
  if (port !== undefined && (port < 1 || port > 65_535)) return undefined;
  const user = match[2]?.split(':')[0]?.split(';')[0];
  return {
    scheme: match[1].toLowerCase() === 'sips' ? 'sips' : 'sip',
    user: user === undefined || user === '' ? undefined : decode(user),
    host: match[3].replace(/^\[|\]$/g, '').toLowerCase(),
    port,
    params: parseParams(match[5] ?? ''),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % is not an escape
  }
}

export function parseParams(text: string): Map<string, string> {
  const params = new Map<string, string>();
  for (const part of text.match(/;(?:"(?:[^"\\]|\\.)*"|[^;"])*/g) ?? []) {
    const [name = '', ...rest] = part.slice(1).split('=');
    const value = rest.join('=').trim();
    if (name.trim() !== '') params.set(name.trim().toLowerCase(), value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value);
  }
  return params;
}

/** A From, To or Contact value: display name, URI, header parameters (RFC 3261 §20.10). */
export interface NameAddr {
  readonly name: string | undefined;
  readonly uri: string;
  readonly params: ReadonlyMap<string, string>;
}

export function parseNameAddr(text: string): NameAddr | undefined {
  const match = /^\s*(?:"((?:[^"\\]|\\.)*)"|([^<"]*?))\s*<([^>]*)>\s*((?:;.*)?)$/s.exec(text);
  if (match?.[3] !== undefined) {
    const name = match[1]?.replace(/\\(.)/g, '$1') ?? match[2]?.trim();
    return { name: name === '' ? undefined : name, uri: match[3].trim(), params: parseParams(match[4] ?? '') };
  }
  const bare = /^\s*([^\s<>;]+)\s*((?:;.*)?)$/s.exec(text);
  return bare?.[1] === undefined ? undefined : { name: undefined, uri: bare[1], params: parseParams(bare[2] ?? '') };
}

/** Cuts a comma list, leaving quoted strings and <…> whole. */
export function splitList(text: string): string[] {
  return (text.match(/(?:"(?:[^"\\]|\\.)*"|<[^>]*>|[^,"<])+/g) ?? []).map((s) => s.trim()).filter((s) => s !== '');
}

/** Equal where it matters for digest: scheme, user, host and port (RFC 3261 §19.1.4); parameters may differ. */
export function sameUri(a: string, b: string): boolean {
  if (a === b) return true;
  const [x, y] = [parseUri(a), parseUri(b)];
  return x !== undefined && y !== undefined && x.scheme === y.scheme && x.user === y.user && x.host === y.host && x.port === y.port;
}

/** `host:port` with brackets where the host is IPv6. */
export const hostPort = (host: string, port: number | undefined): string => `${host.includes(':') ? `[${host}]` : host}${port === undefined ? '' : `:${port}`}`;

/** The user part of the URI in a From or To value. */
export const userOf = (header: string | undefined): string | undefined => parseUri(parseNameAddr(header ?? '')?.uri ?? '')?.user;
