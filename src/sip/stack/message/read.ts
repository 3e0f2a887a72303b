import { parseCSeq } from './cseq.js';
import { SipSyntaxError } from './errors.js';
import { parseNameAddr } from './name-addr.js';
import type { CSeq, NameAddr, SipMessage, Via } from './types.js';
import { parseVia } from './via.js';

// Parsed once and remembered in the headers; present and valid in every message that came through `parseMessage`.

const missing = (name: string): SipSyntaxError => new SipSyntaxError(`no ${name}`);

function required<T>(message: Pick<SipMessage, 'headers'>, name: string, parse: (value: string) => T): T {
  const value = message.headers.parsed(name, parse);
  if (value === undefined) throw missing(name);
  return value;
}

/** @throws SipSyntaxError when absent or malformed; so do all of this file */
export const topVia = (message: Pick<SipMessage, 'headers'>): Via => required(message, 'Via', parseVia);
export const cseqOf = (message: SipMessage): CSeq => required(message, 'CSeq', parseCSeq);
export const fromOf = (message: SipMessage): NameAddr => required(message, 'From', parseNameAddr);
export const toOf = (message: Pick<SipMessage, 'headers'>): NameAddr => required(message, 'To', parseNameAddr);
export const fromTag = (message: SipMessage): string | undefined => fromOf(message).params.get('tag');
export const toTag = (message: Pick<SipMessage, 'headers'>): string | undefined => toOf(message).params.get('tag');

export function callIdOf(message: SipMessage): string {
  const value = message.headers.get('Call-ID');
  if (value === undefined) throw missing('Call-ID');
  return value;
}

/** The first Contact; undefined when absent or `*`. */
export const contactOf = (message: SipMessage): NameAddr | undefined => message.headers.parsed('Contact', parseContact);

export const parseContact = (value: string): NameAddr | undefined => (value.trim() === '*' ? undefined : parseNameAddr(value));
