import { clock, coming, dateOf, inWeek, plusDays, plusMonths, today, upcoming } from './calendar.js';
import { EN_NUMBER, EN_ORDINAL, readEnglish, readOrdinal } from './numbers-en.js';
import { each, type Finder } from './spans.js';

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const MONTHS = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];
const NEAR: Readonly<Record<string, number>> = { 'the day after tomorrow': 2, 'day after tomorrow': 2, tomorrow: 1, today: 0, tonight: 0, 'the day before yesterday': -2, yesterday: -1 };
const MONTH = `(${MONTHS.map((m) => `${m}|${m.slice(0, 3)}`).join('|')}|sept)\\.?`;
const month = (name = ''): number => MONTHS.findIndex((m) => m.startsWith(name.slice(0, 3))) + 1;
const YEAR = '(?:,? (\\d{4}))?';
const DAY = `(${EN_ORDINAL}|\\d{1,2})`;

const dayNumber = (text = ''): number => (/^\d+$/u.test(text) ? Number(text) : (readOrdinal(text) ?? 0));

/** today, next Tuesday (that of next week), 15 March, March 15th 2027, the 15th, in three days. A weekday alone is the next one; today counts. */
export const englishDates: Finder = (heard) => {
  const from = today(heard.now);
  const on = (m: number, d: number, year: string | undefined): string | undefined => (year === undefined ? upcoming(from, m, d) : dateOf(Number(year), m, d));
  return [
    ...each(heard, /\b(?:the )?day (?:after tomorrow|before yesterday)\b|\b(?:today|tonight|tomorrow|yesterday)\b/gu, 'date', ([word]) => plusDays(from, NEAR[word] ?? 0)),
    ...each(heard, new RegExp(`\\b(?:(this|next|last|coming) )?(${DAYS.join('|')})\\b`, 'gu'), 'date', ([, week, name = '']) => {
      const weekday = DAYS.indexOf(name);
      return week === 'next' || week === 'last' ? inWeek(from, week === 'next' ? 1 : -1, weekday) : coming(from, weekday);
    }),
    ...each(heard, new RegExp(`\\b(?:the )?${DAY}(?: of)? ${MONTH}\\b${YEAR}`, 'gu'), 'date', ([, d, m, year]) => on(month(m), dayNumber(d), year)),
    ...each(heard, new RegExp(`\\b${MONTH} (?:the )?${DAY}\\b${YEAR}`, 'gu'), 'date', ([, m, d, year]) => on(month(m), dayNumber(d), year)),
    ...each(heard, new RegExp(`\\bthe (${EN_ORDINAL})(?: of (this|next) month)?(?! (?:one|time|item|order|option|floor|of))\\b`, 'gu'), 'date', ([, d = '', which]) => {
      const n = dayNumber(d);
      if (which !== undefined) return plusMonths(from, which === 'next' ? 1 : 0, n);
      return /\d|teenth|tieth|[ -]/u.test(d) ? upcoming(from, undefined, n) : undefined; // "the second" is a choice, "the 2nd" may be a day
    }),
    ...each(heard, new RegExp(`\\bin (?:(a|an)|(${EN_NUMBER})) (days?|weeks?)\\b`, 'gu'), 'date', ([, , n, unit = '']) => plusDays(from, Math.round(n === undefined ? 1 : (readEnglish(n) ?? 0)) * (unit.startsWith('week') ? 7 : 1))),
    ...each(heard, /(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)/gu, 'date', ([, y, m, d]) => dateOf(Number(y), Number(m), Number(d))),
  ];
};

const SPANS: Readonly<Record<string, string>> = { morning: '06:00/12:00', afternoon: '12:00/18:00', evening: '18:00/22:00', tonight: '18:00/24:00', noon: '12:00', midday: '12:00', midnight: '00:00' };
const HALF = '(?: ?(a\\.?m\\.?|p\\.?m\\.?)(?![a-z])| (?:in the|this|tomorrow) (morning|afternoon|evening)| (at night))';

/** "half past three in the afternoon" is `15:30`, "afternoon" alone the span `12:00/18:00`. Without am or pm, one to six o'clock are in the afternoon. */
export const englishTimes: Finder = (heard) => [
  ...each(heard, new RegExp(`\\b(half past|(?:a )?quarter past|(?:a )?quarter to) (${EN_NUMBER})(?: o'?clock)?${HALF}?`, 'gu'), 'time', ([, how = '', hour = '', ...half]) => {
    const h = readEnglish(hour);
    if (h === undefined || h > 12) return undefined;
    const at = h + later(h, half);
    return how.endsWith('to') ? clock((at + 23) % 24, 45) : clock(at, how.startsWith('half') ? 30 : 15);
  }),
  ...each(heard, new RegExp(`(?<![\\d:.])\\b(\\d{1,2})[:.](\\d{2})(?![\\d:.])${HALF}?`, 'gu'), 'time', ([all, h, m, ...half]) =>
    all.includes(':') || said(half) !== undefined ? clock(Number(h) + (said(half) === undefined ? 0 : later(Number(h), half)), Number(m)) : undefined),
  ...each(heard, new RegExp(`\\b(${EN_NUMBER})(?:(?: o'?clock)${HALF}?|${HALF})`, 'gu'), 'time', ([, spoken = '', ...half]) => {
    const at = hourAndMinute(spoken);
    return at === undefined ? undefined : clock(at[0] + later(at[0], half), at[1]);
  }),
  ...each(heard, new RegExp(`\\bat (${EN_NUMBER})\\b(?! (?:dollars?|euros?|pounds?|percent|items?))`, 'gu'), 'time', ([, spoken = '']) => {
    const at = hourAndMinute(spoken);
    return at === undefined ? undefined : clock(at[0] + later(at[0], []), at[1]);
  }),
  ...each(heard, /\b(?:morning|afternoon|evening|tonight|noon|midday|midnight)\b/gu, 'time', ([word]) => (/good $/u.test(heard.folded.slice(0, heard.folded.indexOf(word))) ? undefined : SPANS[word])),
];

/** "three" is 3:00, "three thirty" 3:30. */
function hourAndMinute(spoken: string): readonly [number, number] | undefined {
  const whole = readEnglish(spoken);
  if (whole !== undefined) return whole >= 0 && whole < 24 ? [whole, 0] : undefined;
  const [hour = '', ...minute] = spoken.split(/[ -]/u);
  const [h, m] = [readEnglish(hour), readEnglish(minute.join(' '))];
  return h !== undefined && m !== undefined && h < 24 && m < 60 ? [h, m] : undefined;
}

const said = (half: readonly (string | undefined)[]): string | undefined => half.find((x) => x !== undefined);

function later(hour: number, half: readonly (string | undefined)[]): number {
  const part = said(half);
  if (part === undefined) return hour >= 1 && hour <= 6 ? 12 : 0;
  if (/^a\.?m/u.test(part)) return hour === 12 ? -12 : 0;
  if (part === 'morning') return 0;
  if (part === 'at night') return hour < 12 && hour >= 6 ? 12 : hour === 12 ? -12 : 0;
  return hour < 12 ? 12 : 0;
}
