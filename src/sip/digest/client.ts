import { randomBytes } from 'node:crypto';
import { Secret } from '../../config/index.js';
import { digestResponse, hash, type Algorithm } from './compute.js';
import { formatDigest, parseDigest, splitChallenges, type DigestFields } from './header.js';

/** A 401 or 407 as the SIP library hands it on. */
export interface Challenged {
  readonly status: number;
  get(name: string): string | undefined;
}
export interface ClientRequest {
  readonly method: string;
  readonly uri: string;
}
export interface ClientCredentials {
  readonly username: string;
  readonly password: Secret;
}
const preferred: readonly Algorithm[] = ['SHA-256', 'MD5'];

/**
 * The header that answers a challenge, with the strongest algorithm offered (RFC 8760 §2.4); undefined where none of
 * the challenges can be met. drachtio-srf's own answer knows only MD5, hence this one.
 */
export function answerChallenge(res: Challenged, req: ClientRequest, who: ClientCredentials, cnonce: string = randomBytes(8).toString('hex')): { readonly name: string; readonly value: string } | undefined {
  const proxy = res.status === 407;
  const header = res.get(proxy ? 'Proxy-Authenticate' : 'WWW-Authenticate');
  if (header === undefined) return undefined;
  const challenges = splitChallenges(header).map(parseDigest).filter((c): c is DigestFields => c !== undefined);
  for (const algorithm of preferred) {
    const challenge = challenges.find((c) => (c.get('algorithm') ?? 'MD5').toUpperCase() === algorithm);
    const value = challenge && answer(challenge, algorithm, req, who, cnonce);
    if (value !== undefined) return { name: proxy ? 'Proxy-Authorization' : 'Authorization', value };
  }
  return undefined;
}

/** Whether the challenge says that only the nonce was too old. */
export function isStale(res: Challenged): boolean {
  const header = res.get(res.status === 407 ? 'Proxy-Authenticate' : 'WWW-Authenticate') ?? '';
  return splitChallenges(header).some((c) => parseDigest(c)?.get('stale')?.toLowerCase() === 'true');
}

function answer(challenge: DigestFields, algorithm: Algorithm, { method, uri }: ClientRequest, who: ClientCredentials, cnonce: string): string | undefined {
  const [realm, nonce] = [challenge.get('realm'), challenge.get('nonce')];
  if (realm === undefined || nonce === undefined) return undefined;
  const offered = challenge.get('qop')?.toLowerCase().split(/\s*,\s*/);
  if (offered && !offered.includes('auth')) return undefined;
  const auth = offered ? { nc: '00000001', cnonce } : undefined;
  const ha1 = hash(algorithm, `${who.username}:${realm}:${who.password.reveal()}`);
  return formatDigest({
    username: who.username,
    realm,
    nonce,
    uri,
    response: digestResponse({ algorithm, ha1, method, uri, nonce, auth }),
    algorithm: challenge.has('algorithm') ? algorithm : undefined,
    opaque: challenge.get('opaque'),
    qop: auth && 'auth',
    nc: auth?.nc,
    cnonce: auth?.cnonce,
  }, 'credentials');
}
