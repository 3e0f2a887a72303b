import { createHash, randomBytes } from 'node:crypto';
import { values, type SipRequest, type SipResponse } from './message.js';

export type Credentials = { readonly username: string; readonly password: string };
export type DigestAlgorithm = 'MD5' | 'SHA-256';
type Challenge = {
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  readonly qop: string | undefined;
  readonly algorithm: DigestAlgorithm;
  readonly named: boolean;
};

const field = (value: string, name: string): string | undefined => {
  const found = new RegExp(`(?:^|[,\\s])${name}\\s*=\\s*(?:"((?:\\\\.|[^"\\\\])*)"|([^\\s,]+))`, 'i').exec(value);
  return found?.[1] ?? found?.[2];
};

function parseChallenge(value: string): Challenge | undefined {
  if (!/^digest\s/i.test(value)) return undefined;
  const algorithm = (field(value, 'algorithm') ?? 'MD5').toUpperCase();
  const realm = field(value, 'realm');
  const nonce = field(value, 'nonce');
  if ((algorithm !== 'MD5' && algorithm !== 'SHA-256') || realm === undefined || nonce === undefined) return undefined;
  return { realm, nonce, opaque: field(value, 'opaque'), qop: field(value, 'qop'), algorithm, named: /algorithm/i.test(value) };
}

const hash = (algorithm: DigestAlgorithm, text: string): string =>
  createHash(algorithm === 'MD5' ? 'md5' : 'sha256').update(text).digest('hex');

/**
 * The Authorization or Proxy-Authorization header that answers a 401 or 407 (RFC 3261 §22.4, RFC 8760), or undefined
 * when no challenge fits. `prefer` picks one algorithm where the server offers several; otherwise the first one wins.
 */
export function answerChallenge(
  response: SipResponse,
  request: SipRequest,
  credentials: Credentials,
  prefer?: DigestAlgorithm,
): readonly [name: string, value: string] | undefined {
  const proxy = response.status === 407;
  const challenges = values(response, proxy ? 'Proxy-Authenticate' : 'WWW-Authenticate').map(parseChallenge).filter((c) => c !== undefined);
  const c = challenges.find((one) => one.algorithm === prefer) ?? (prefer === undefined ? challenges[0] : undefined);
  if (c === undefined) return undefined;
  const ha1 = hash(c.algorithm, `${credentials.username}:${c.realm}:${credentials.password}`);
  const ha2 = hash(c.algorithm, `${request.method}:${request.uri}`);
  const parts = [
    `username="${credentials.username}"`, `realm="${c.realm}"`, `nonce="${c.nonce}"`, `uri="${request.uri}"`,
  ];
  if (c.qop?.split(/\s*,\s*/).includes('auth')) {
    const cnonce = randomBytes(8).toString('hex');
    const response_ = hash(c.algorithm, `${ha1}:${c.nonce}:00000001:${cnonce}:auth:${ha2}`);
    parts.push(`response="${response_}"`, 'qop=auth', 'nc=00000001', `cnonce="${cnonce}"`);
  } else {
    parts.push(`response="${hash(c.algorithm, `${ha1}:${c.nonce}:${ha2}`)}"`);
  }
  if (c.named) parts.push(`algorithm=${c.algorithm}`);
  if (c.opaque !== undefined) parts.push(`opaque="${c.opaque}"`);
  return [proxy ? 'Proxy-Authorization' : 'Authorization', `Digest ${parts.join(', ')}`];
}
