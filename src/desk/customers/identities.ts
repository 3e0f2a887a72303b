import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js';
import { BadIdentity } from './errors.js';

export interface IdentityRules {
  /** How national numbers are read. */
  readonly country: () => CountryCode;
  /** Kinds whose values differ by capital letters. */
  readonly exact: (kind: string) => boolean;
}
/** Extensions and other numbers within the house. */
const SHORT = /^\d{2,6}$/;
const EMAIL = /^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/;
const LONGEST = 254;

/** A number as it is compared: E.164, or as it is where it is one of the house. Undefined where it is no number. */
export function phoneOf(text: string, country: CountryCode): string | undefined {
  const plain = text.normalize('NFKC').trim();
  const bare = plain.replaceAll(/[\s().-]/g, '');
  if (SHORT.test(bare)) return bare;
  const parsed = parsePhoneNumberFromString(plain.startsWith('00') ? `+${plain.slice(2)}` : plain, country);
  return parsed?.isPossible() === true ? parsed.number : undefined;
}

/** An identity as it is compared. @throws BadIdentity */
export function normalIdentity(kind: string, value: string, { country, exact }: IdentityRules): string {
  const text = value.normalize('NFKC').trim();
  if (!/^[a-z][a-z0-9_]{0,30}$/.test(kind)) throw new BadIdentity(`"${kind.slice(0, 40)}" is no kind of identity`, { hint: 'phone, email, member_id, visitor or another word of small letters, digits and underscore' });
  if (text === '' || text.length > LONGEST || /[\p{Cc}]/u.test(text)) throw new BadIdentity(`this ${kind} is none`, { hint: `1 to ${LONGEST} characters of plain text` });
  if (kind === 'phone') {
    const phone = phoneOf(text, country());
    if (phone === undefined) throw new BadIdentity('this phone is no telephone number', { hint: `write it as +8613800138000; without + it is read as a number of ${country()}` });
    return phone;
  }
  if (kind === 'email') {
    if (!EMAIL.test(text)) throw new BadIdentity('this email is no e-mail address', { hint: 'as name@example.com' });
    return text.toLowerCase();
  }
  return exact(kind) ? text : text.toLowerCase();
}

/** Addresses that reach the same mailbox: what is after a plus does not count, nor do dots at Google. */
export function mailbox(email: string): string {
  const [name = '', host = ''] = email.split('@');
  const box = name.split('+')[0] ?? '';
  return host === 'gmail.com' || host === 'googlemail.com' ? `${box.replaceAll('.', '')}@gmail.com` : `${box}@${host}`;
}
