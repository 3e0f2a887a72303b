import { createHash } from 'node:crypto';

export type Algorithm = 'MD5' | 'SHA-256';
export const algorithms: readonly Algorithm[] = ['MD5', 'SHA-256'];

export const hash = (algorithm: Algorithm, text: string): string => createHash(algorithm === 'MD5' ? 'md5' : 'sha256').update(text, 'utf8').digest('hex');

export interface DigestInput {
  readonly algorithm: Algorithm;
  /** H(user:realm:password) */
  readonly ha1: string;
  readonly method: string;
  readonly uri: string;
  readonly nonce: string;
  /** undefined: the form without qop (RFC 2069). */
  readonly auth: { readonly nc: string; readonly cnonce: string } | undefined;
}

/** The response of RFC 7616 §3.4.1 with qop=auth, or of RFC 2069 without. */
export function digestResponse({ algorithm, ha1, method, uri, nonce, auth }: DigestInput): string {
  const ha2 = hash(algorithm, `${method}:${uri}`);
  return hash(algorithm, auth ? `${ha1}:${nonce}:${auth.nc}:${auth.cnonce}:auth:${ha2}` : `${ha1}:${nonce}:${ha2}`);
}
