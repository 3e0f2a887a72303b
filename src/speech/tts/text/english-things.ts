import type { Clock, Day } from './clock.js';
import { cardinal, englishDecimal, ordinal, year } from './english-numbers.js';

export const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
export const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** The number of a month from its name or the first letters of it, 1 to 12. */
export const monthOf = (name: string): string => String(MONTHS.findIndex((month) => month.toLowerCase().startsWith(name.toLowerCase().slice(0, 3))) + 1);

/** November twentieth, twenty twenty six. */
export const englishDate = ({ year: y, month, day }: Day): string => `${MONTHS[month - 1] ?? ''} ${ordinal(String(day))}${y === undefined ? '' : `, ${year(String(y))}`}`;

const PARTS = [[18, 'in the evening'], [12, 'in the afternoon'], [0, 'in the morning']] as const;
const partOf = (hour: number): string => PARTS.find(([from]) => hour >= from)?.[1] ?? '';

/** Half past three in the afternoon; the part of the day only where it is beyond doubt. */
export function englishTime({ hour, minute, second, sure }: Clock): string {
  if (sure && minute === 0 && (second ?? 0) === 0 && hour % 12 === 0) return hour === 0 ? 'midnight' : 'noon';
  const shown = cardinal(String(hour % 12 || 12));
  const seconds = second === undefined || second === 0 ? '' : ` and ${plural(String(second), 'second', 'seconds')}`;
  const said = minute === 0 ? `${shown} o'clock` : minute === 30 && seconds === '' ? `half past ${shown}` : `${shown} ${minute < 10 ? 'oh ' : ''}${cardinal(String(minute))}`;
  return `${said}${seconds}${sure ? ` ${partOf(hour)}` : ''}`;
}

/** One second, two seconds. */
export const plural = (n: string, one: string, many: string): string => `${englishDecimal(n)} ${n === '1' ? one : many}`;

interface Currency {
  readonly one: string;
  readonly many: string;
  /** Without cents, decimals are read as such. */
  readonly cent?: readonly [one: string, many: string];
}
const CURRENCIES: Readonly<Record<string, Currency>> = {
  CNY: { one: 'yuan', many: 'yuan' }, USD: { one: 'dollar', many: 'dollars', cent: ['cent', 'cents'] }, EUR: { one: 'euro', many: 'euros', cent: ['cent', 'cents'] },
  GBP: { one: 'pound', many: 'pounds', cent: ['penny', 'pence'] }, HKD: { one: 'Hong Kong dollar', many: 'Hong Kong dollars', cent: ['cent', 'cents'] },
};

/** `3.20` of USD → three dollars and twenty cents; of CNY → three point two yuan. `big`: million and the like. */
export function englishMoney(code: string, n: string, big = ''): string | undefined {
  const currency = CURRENCIES[code];
  if (!currency) return undefined;
  const [whole = '0', part = ''] = n.split('.');
  const cents = part.padEnd(2, '0');
  if (big !== '') return `${englishDecimal(n)} ${big} ${currency.many}`;
  if (!currency.cent || part.length > 2) return plural(n.replace(/\.?0+$/, (zeros) => (zeros.startsWith('.') || n.includes('.') ? '' : zeros)), currency.one, currency.many);
  const units = Number(whole) === 0 && Number(cents) > 0 ? [] : [plural(String(BigInt(whole)), currency.one, currency.many)];
  return [...units, ...(Number(cents) > 0 ? [plural(String(Number(cents)), ...currency.cent)] : [])].join(' and ');
}

/** Units as written, one and many. */
export const ENGLISH_UNITS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  'km/h': ['kilometer an hour', 'kilometers an hour'], 'm/s': ['meter a second', 'meters a second'], mph: ['mile an hour', 'miles an hour'], kWh: ['kilowatt hour', 'kilowatt hours'],
  km2: ['square kilometer', 'square kilometers'], m2: ['square meter', 'square meters'], km: ['kilometer', 'kilometers'], cm: ['centimeter', 'centimeters'], mm: ['millimeter', 'millimeters'], m: ['meter', 'meters'],
  kg: ['kilogram', 'kilograms'], g: ['gram', 'grams'], mg: ['milligram', 'milligrams'], lb: ['pound', 'pounds'], ml: ['milliliter', 'milliliters'], L: ['liter', 'liters'], GB: ['gigabyte', 'gigabytes'], MB: ['megabyte', 'megabytes'],
  Mbps: ['megabit a second', 'megabits a second'], kW: ['kilowatt', 'kilowatts'], min: ['minute', 'minutes'], h: ['hour', 'hours'], s: ['second', 'seconds'], ms: ['millisecond', 'milliseconds'],
};
