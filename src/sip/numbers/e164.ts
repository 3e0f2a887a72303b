import { getCountryCallingCode, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js';
import type { SystemConfig } from '../../config/index.js';

/** What a dialled number means seen from the home country. */
export interface Reading {
  readonly dialled: string;
  /** +E.164; undefined for service numbers (10086, 95588, 400…) and whatever else is no subscriber's. */
  readonly e164: string | undefined;
  /** As one would dial it at home, with trunk prefix. */
  readonly national: string;
  readonly abroad: boolean;
  /** Written as international but no possible number: never handed to a carrier. */
  readonly broken: boolean;
}

/** Prefixes that lead abroad in some country: a number that begins so and cannot be read is not guessed at. */
const leadsAbroad = /^(\+|00|011)/;

export function readNumber(dialled: string, home: CountryCode): Reading {
  const plain = dialled.replace(/[\s().-]/g, '');
  const parsed = /^\+?\d+$/.test(plain) ? parsePhoneNumberFromString(plain, { defaultCountry: home, extract: false }) : undefined;
  if (!parsed?.isPossible()) return { dialled: plain, e164: undefined, national: plain, abroad: leadsAbroad.test(plain), broken: leadsAbroad.test(plain) };
  // Where several countries share a calling code and the number does not tell which, the code decides.
  const abroad = parsed.country === undefined ? parsed.countryCallingCode !== getCountryCallingCode(home) : parsed.country !== home;
  return { dialled: plain, e164: parsed.number, national: abroad ? plain : parsed.formatNational().replace(/[^\d]/g, ''), abroad, broken: false };
}

export type Policy = { readonly allowed: true } | { readonly allowed: false; readonly why: string };

/** Whether the system may call this number at all (emergency numbers are decided before). */
export function internationalPolicy(reading: Reading, { international, homeCountry }: SystemConfig): Policy {
  if (reading.broken) return { allowed: false, why: `${reading.dialled} is no possible number` };
  if (!reading.abroad) return { allowed: true };
  if (!international.allowed) return { allowed: false, why: `calls outside ${homeCountry} are refused: system.yaml, international.allowed` };
  const { prefixes } = international;
  if (prefixes.length === 0 || prefixes.some((p) => reading.e164?.startsWith(p))) return { allowed: true };
  return { allowed: false, why: `only ${prefixes.join(', ')} may be called abroad: system.yaml, international.prefixes` };
}

/** Writes a number the way a route wants it. */
export function writeNumber(reading: Reading, { format, strip, prepend }: { readonly format: 'e164' | 'national' | 'dialled'; readonly strip: number; readonly prepend: string }): string {
  const written = format === 'e164' ? (reading.e164 ?? reading.dialled) : format === 'national' ? reading.national : reading.dialled;
  return prepend + written.slice(strip);
}
