import { createHash } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { createWriteStream } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIPv6, type LookupFunction } from 'node:net';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Ms } from '../../../base/index.js';
import { ModelRefused } from './errors.js';

export interface DownloadOptions {
  /** Private or loopback hosts that may be asked, with port where one is meant. */
  readonly allowHosts: readonly string[];
  readonly maxBytes: number;
  readonly idleMs?: Ms;
}

const MAX_REDIRECTS = 5;
const IDLE_MS: Ms = 30_000;

/** Networks that are not the open internet (RFC 6890 and its kin). */
const closed = new BlockList();
for (const [net, bits] of [['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['224.0.0.0', 3]] as const) closed.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [['::', 127], ['64:ff9b::', 96], ['fc00::', 7], ['fe80::', 10], ['ff00::', 8], ['2002::', 16]] as const) closed.addSubnet(net, bits, 'ipv6');

/**
 * Fetches a file, redirects hop by hop; each host's address is judged and then connected to, so that no second look-up
 * can lead elsewhere. @returns SHA-256 of what was written, in hex. @throws ModelRefused
 */
export async function download(from: URL, to: string, options: DownloadOptions): Promise<string> {
  let url = from;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const response = await ask(url, options);
    const location = response.headers.location;
    const { statusCode = 0 } = response;
    if (statusCode >= 300 && statusCode < 400 && location !== undefined) {
      response.destroy();
      url = new URL(location, url);
      continue;
    }
    if (statusCode !== 200) {
      response.destroy();
      throw new ModelRefused(`${url.href} answered ${String(statusCode)}`);
    }
    return save(response, to, options.maxBytes);
  }
  throw new ModelRefused(`${from.href} leads on and on`, { hint: `at most ${String(MAX_REDIRECTS)} redirects` });
}

async function ask(url: URL, { allowHosts, idleMs = IDLE_MS }: DownloadOptions): Promise<IncomingMessage> {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new ModelRefused(`${url.href} is no http or https address`);
  const address = await permitted(url, allowHosts);
  const pinned: LookupFunction = (_host, { all }, done) => {
    const family = isIPv6(address) ? 6 : 4;
    if (all === true) done(null, [{ address, family }]);
    else done(null, address, family);
  };
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void => reject(new ModelRefused(`${url.href} cannot be fetched: ${cause.message}`, { cause }));
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, { lookup: pinned, timeout: idleMs }, resolve);
    request.on('timeout', () => request.destroy(new Error(`nothing came for ${String(idleMs)} ms`)));
    request.on('error', fail);
    request.end();
  });
}

async function permitted(url: URL, allowHosts: readonly string[]): Promise<string> {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const addresses = await lookup(host, { all: true }).catch((cause: unknown) => {
    throw new ModelRefused(`there is no host ${host}`, { cause });
  });
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  const allowed = allowHosts.includes(host) || allowHosts.includes(`${host}:${String(port)}`);
  const inside = addresses.find(({ address }) => isClosed(address));
  if (inside && !allowed) throw new ModelRefused(`${host} is a private address (${inside.address})`, { hint: `STROWGER_ALLOW_HOSTS=${host} allows it` });
  const [first] = addresses;
  if (!first) throw new ModelRefused(`there is no host ${host}`);
  return first.address;
}

function isClosed(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return closed.check(mapped, 'ipv4');
  return closed.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

async function save(response: IncomingMessage, to: string, maxBytes: number): Promise<string> {
  const hash = createHash('sha256');
  let bytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      hash.update(chunk);
      done(bytes > maxBytes ? new ModelRefused(`it is larger than ${String(maxBytes)} bytes`) : null, chunk);
    },
  });
  try {
    await pipeline(response, measure, createWriteStream(to, { flags: 'wx' }));
  } catch (cause) {
    throw cause instanceof ModelRefused ? cause : new ModelRefused('the download broke off', { cause });
  }
  return hash.digest('hex');
}
