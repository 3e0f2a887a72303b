import { isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

const SHORTEST = 7;

/** Where a number belongs: the country as ISO 3166 has it, for landlines of mainland China with the area code: `CN-0755`. Empty where it cannot be told. */
export function regionOf(number: string, homeCountry: string): string {
  if (number.length < SHORTEST) return '';
  const parsed = parsePhoneNumberFromString(number, isSupportedCountry(homeCountry) ? homeCountry : undefined);
  if (parsed?.country === undefined) return '';
  const national = parsed.nationalNumber;
  if (parsed.country !== 'CN' || /^1[3-9]/.test(national) || national.length < 9) return parsed.country;
  return `CN-0${/^(10|2\d|[3-9]\d\d)/.exec(national)?.[0] ?? ''}`.replace(/-0$/, '');
}
