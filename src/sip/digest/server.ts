import { timingSafeEqual } from 'node:crypto';
import type { Ms } from '../../base/index.js';
import type { Ha1 } from '../../config/index.js';
import { algorithms, digestResponse, hash, type Algorithm } from './compute.js';
import { formatDigest, parseDigest, splitChallenges } from './header.js';
import { createNonces, type Nonces, type NonceOptions } from './nonces.js';
import { sameUri } from '../uri.js';

/** What of a request a judge of credentials looks at. */
export interface DigestRequest {
  readonly method: string;
  readonly uri: string;
  readonly source_address: string;
  get(name: string): string | undefined;
}
export type Judgement =
  | { readonly is: 'right'; readonly user: string }
  | { readonly is: 'missing' }
  | { readonly is: 'stale'; readonly user: string }
  | { readonly is: 'wrong' | 'unknown_user'; readonly user: string }
  | { readonly is: 'malformed' };

export interface DigestServer {
  judge(req: DigestRequest, ha1Of: (user: string) => Ha1 | undefined, now: Ms): Judgement;
  /** The value of WWW-Authenticate; several challenges stand on a line each, as RFC 3261 §7.3.1 demands. */
  challenge(req: DigestRequest, now: Ms, stale?: boolean): string;
  readonly nonces: Nonces;
}

/**
 * Phones that give up at a challenge they cannot meet instead of taking the next one (RFC 8760 §2.4 tells them not to).
 * baresip 1.0 (libre 1.1, Debian 12) answers ENOSYS to any algorithm but MD5, wherever it stands.
 */
const md5Only: readonly RegExp[] = [/^baresip v[0-2]\./i];

/** Digest as a server: RFC 3261 §22 with the algorithms of RFC 8760; MD5 first, because old phones take the first. */
export function createDigestServer(realm: string, options: NonceOptions): DigestServer {
  const nonces = createNonces(options);
  const nobody = { MD5: hash('MD5', `${realm}:nobody`), 'SHA-256': hash('SHA-256', `${realm}:nobody`) };
  return {
    nonces,
    challenge(req, now, stale = false) {
      const nonce = nonces.make(req.source_address, now);
      const agent = req.get('User-Agent') ?? '';
      const offered: readonly Algorithm[] = md5Only.some((p) => p.test(agent)) ? ['MD5'] : ['MD5', 'SHA-256'];
      return offered
        .map((algorithm) => formatDigest({ realm, nonce, qop: 'auth', algorithm, stale: stale ? 'true' : undefined }, 'challenge'))
        .join('\r\nWWW-Authenticate: ');
    },
    judge(req, ha1Of, now) {
      const header = req.get('Authorization') ?? req.get('Proxy-Authorization');
      if (header === undefined) return { is: 'missing' };
      const given = readCredentials(header, req.uri, realm);
      if (!given) return { is: 'malformed' };
      const { user } = given;
      if (given.realm !== realm) return { is: 'missing' };
      if (nonces.check(given.nonce, req.source_address, now) === 'stale') return { is: 'stale', user };
      const ha1 = ha1Of(user);
      const secret = ha1 ? (given.algorithm === 'MD5' ? ha1.md5 : ha1.sha256).reveal() : nobody[given.algorithm];
      const expected = digestResponse({ algorithm: given.algorithm, ha1: secret, method: req.method, uri: given.uri, nonce: given.nonce, auth: given.auth });
      if (!equal(expected, given.response)) return { is: ha1 ? 'wrong' : 'unknown_user', user };
      if (!ha1) return { is: 'unknown_user', user };
      return nonces.use(given.nonce, given.auth ? Number.parseInt(given.auth.nc, 16) : 0) ? { is: 'right', user } : { is: 'stale', user };
    },
  };
}

interface Credentials {
  readonly user: string;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  readonly response: string;
  readonly algorithm: Algorithm;
  readonly auth: { readonly nc: string; readonly cnonce: string } | undefined;
}

function readCredentials(header: string, requestUri: string, realm: string): Credentials | undefined {
  const all = splitChallenges(header).map(parseDigest);
  const fields = all.find((f) => f?.get('realm') === realm) ?? all[0];
  const [user, nonce, uri, response] = ['username', 'nonce', 'uri', 'response'].map((name) => fields?.get(name));
  if (!fields || user === undefined || nonce === undefined || uri === undefined || response === undefined) return undefined;
  const name = (fields.get('algorithm') ?? 'MD5').toUpperCase();
  const algorithm = algorithms.find((a) => a === name);
  if (!algorithm || !sameUri(uri, requestUri)) return undefined;
  const base = { user, realm: fields.get('realm') ?? realm, nonce, uri, response: response.toLowerCase(), algorithm };
  const qop = fields.get('qop');
  if (qop === undefined) return { ...base, auth: undefined };
  const [nc, cnonce] = [fields.get('nc'), fields.get('cnonce')];
  return qop.toLowerCase() === 'auth' && nc !== undefined && /^[0-9a-f]{8}$/i.test(nc) && cnonce !== undefined ? { ...base, auth: { nc, cnonce } } : undefined;
}

function equal(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}
