import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { request as plainRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { isIP } from 'node:net';
import { isAllowed, isPrivate } from './addresses.js';
import type { HttpFailure, Method } from './types.js';

/** Bytes of an answer's body. */
export const LARGEST_BODY = 1_000_000;

export type Lookup = (host: string) => Promise<readonly LookupAddress[]>;

export interface Hop {
  readonly method: Method;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}
export interface Reply {
  readonly status: number;
  readonly location: string | undefined;
  readonly encoding: string | undefined;
  readonly body: string;
}

/** One of the outcomes that a flow may see; `detail` is for the log. */
export class Failed extends Error {
  constructor(readonly why: HttpFailure, detail: string, cause?: unknown) {
    super(detail, { cause });
  }
}

export const systemLookup: Lookup = (host) =>
  new Promise((resolve, reject) => dnsLookup(host, { all: true }, (error, found) => (error ? reject(error) : resolve(found))));

/**
 * Where a URL leads, if it may be called. The connection is made to just these addresses, so a name that means something else a
 * moment later (DNS rebinding) changes nothing.
 * @throws Failed
 */
export async function permitted(url: URL, allowed: readonly string[], lookup: Lookup): Promise<readonly LookupAddress[]> {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Failed('bad_url', `${url.protocol} is not http or https`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const family = isIP(host);
  const found = family === 0 ? await lookedUp(host, lookup) : [{ address: host, family }];
  if (isAllowed(allowed, host, port)) return found;
  const inside = found.find(({ address }) => isPrivate(address) && !isAllowed(allowed, address, port));
  if (inside) throw new Failed('private_address', `${host} is ${inside.address}; name ${host}:${port} in STROWGER_ALLOW_HOSTS if flows may call it`);
  return found;
}

async function lookedUp(host: string, lookup: Lookup): Promise<readonly LookupAddress[]> {
  const found = await lookup(host).catch((cause: unknown) => {
    throw new Failed('refused', `${host} has no address`, cause);
  });
  if (found.length === 0) throw new Failed('refused', `${host} has no address`);
  return found;
}

/** One request to one of these addresses. Nothing is left open behind it. @throws Failed, or what the connection says */
export function send(hop: Hop, addresses: readonly LookupAddress[], signal: AbortSignal): Promise<Reply> {
  const options: RequestOptions = {
    method: hop.method, headers: hop.headers, agent: false, signal,
    lookup: (_host, asked, done) => {
      const [first] = addresses;
      if (asked.all === true) done(null, [...addresses]);
      else done(null, first?.address ?? '', first?.family);
    },
  };
  return new Promise((resolve, reject) => {
    const begin = hop.url.protocol === 'https:' ? tlsRequest : plainRequest;
    const outgoing = begin(hop.url, options, (answer) => {
      void read(answer).then(resolve, reject).finally(() => outgoing.destroy());
    });
    outgoing.on('error', reject);
    outgoing.end(hop.body);
  });
}

function read(answer: IncomingMessage): Promise<Reply> {
  const reply = { status: answer.statusCode ?? 0, location: answer.headers.location, encoding: answer.headers['content-encoding'] };
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const tooLarge = (): void => reject(new Failed('too_large', `the answer is larger than ${LARGEST_BODY} bytes`));
    if (Number(answer.headers['content-length'] ?? 0) > LARGEST_BODY) return tooLarge();
    answer.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > LARGEST_BODY) return tooLarge();
      chunks.push(chunk);
    });
    answer.on('end', () => resolve({ ...reply, body: Buffer.concat(chunks).toString('utf8') }));
    answer.on('error', reject);
    answer.on('close', () => reject(new Failed('refused', 'the connection closed in the middle of the answer')));
  });
}
