import type { Ms } from '../../base/index.js';
import type { RegistrationConfig } from '../../config/index.js';
import { parseNameAddr, parseUri, splitList } from '../uri.js';

/** One Contact of a REGISTER. */
export interface ContactAsk {
  readonly uri: string;
  /** 0: remove it. */
  readonly expiresMs: Ms;
  /** Thousandths, 0–1000. */
  readonly q: number;
  readonly instance: string | undefined;
}
export type ContactsAsk =
  | { readonly is: 'query' }
  | { readonly is: 'remove_all' }
  | { readonly is: 'update'; readonly contacts: readonly ContactAsk[] }
  | { readonly is: 'bad'; readonly status: 400 | 423; readonly why: string };

/** What a REGISTER asks for: RFC 3261 §10.3 steps 6 and 7; intervals too long are shortened, too short ones refused. */
export function readContacts(contact: string | undefined, expires: string | undefined, limits: RegistrationConfig): ContactsAsk {
  if (contact === undefined || contact.trim() === '') return { is: 'query' };
  if (contact.trim() === '*') return expires?.trim() === '0' ? { is: 'remove_all' } : { is: 'bad', status: 400, why: 'Contact * needs Expires 0' };
  const asks: ContactAsk[] = [];
  for (const item of splitList(contact)) {
    const addr = parseNameAddr(item);
    const uri = addr && parseUri(addr.uri);
    if (!addr || !uri || uri.scheme === 'tel') return { is: 'bad', status: 400, why: 'Contact is no SIP URI' };
    const expiresMs = interval(addr.params.get('expires') ?? expires, limits);
    if (expiresMs > 0 && expiresMs < limits.minExpiresMs) return { is: 'bad', status: 423, why: 'Interval Too Brief' };
    asks.push({ uri: addr.uri, expiresMs: Math.min(expiresMs, limits.maxExpiresMs), q: quality(addr.params.get('q')), instance: addr.params.get('+sip.instance')?.replace(/^<|>$/g, '') });
  }
  return asks.length > 0 ? { is: 'update', contacts: asks } : { is: 'bad', status: 400, why: 'Contact is empty' };
}

/** A value that cannot be read counts as the default (RFC 3261 §10.3 step 7). */
const interval = (text: string | undefined, limits: RegistrationConfig): Ms => (text !== undefined && /^\d{1,10}$/.test(text.trim()) ? Number(text) * 1000 : limits.defaultExpiresMs);

const quality = (text: string | undefined): number => (text !== undefined && /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(text) ? Math.round(Number(text) * 1000) : 1000);
