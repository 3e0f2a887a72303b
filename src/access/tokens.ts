import { createHash, randomBytes } from 'node:crypto';

/** `stk_` key of an application, `sts_` browser session, `std_` a browser that was logged in before. So that a leaked one is found, and refused in a URL. */
export const newToken = (kind: 'stk' | 'sts' | 'std'): string => `${kind}_${randomBytes(32).toString('base64url')}`;
export const looksLikeToken = (text: string): boolean => /\bst[ksd]_[\w-]{20,}/.test(text);
/** What is kept: a token has 256 bits of chance, so a plain digest is enough. */
export const digestOf = (token: string): string => createHash('sha256').update(token, 'utf8').digest('hex');
