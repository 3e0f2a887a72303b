import { clock, coming, dateOf, inWeek, plusDays, plusMonths, today, upcoming } from './calendar.js';
import { readChinese, ZH_DIGIT, ZH_NUMBER } from './numbers-zh.js';
import { each, type Finder } from './spans.js';

const NEAR: Readonly<Record<string, number>> = { 今: 0, 明: 1, 后: 2, 大: 3, 昨: -1, 前: -2 };
const WEEKS: Readonly<Record<string, number>> = { 上: -1, 这: 0, 本: 0, 下: 1, 下下: 2 };
const DAYS = '一二三四五六日';
/** Minutes without 分: two figures or characters, for 一点五 is a number. */
const TWO = `(?:[${ZH_DIGIT}十\\d]{2,3}|十)`;
const N = `[${ZH_DIGIT}十拾\\d]{1,3}`;

const day = (text: string): number => (text === '天' ? 6 : /\d/u.test(text) ? Number(text) - 1 : DAYS.indexOf(text));

/** 今天, 下周三, 三月五号, 二〇二七年三月五日, 五号, 下个月五号, 三天后. A weekday alone is the next one; today counts. */
export const chineseDates: Finder = (heard) => {
  const from = today(heard.now);
  return [
    ...each(heard, /大后天|[今明昨]日|[今明后昨前]天|[今明昨](?=[晚早])/gu, 'date', ([word]) => plusDays(from, NEAR[word.charAt(0)] ?? 0)),
    ...each(heard, /(下下|[上这本下])?个?(?:周|星期|礼拜)([一二三四五六日天1-6])/gu, 'date', ([, week, name = '']) =>
      week === undefined ? coming(from, day(name)) : inWeek(from, WEEKS[week] ?? 0, day(name))),
    ...each(heard, new RegExp(`(?:([${ZH_DIGIT}\\d]{4})年)?(${N})月(${N})[日号]?`, 'gu'), 'date', ([, year, month = '', date = '']) => {
      const [m, d] = [readChinese(month) ?? 0, readChinese(date) ?? 0];
      return year === undefined ? upcoming(from, m, d) : dateOf(readChinese(year) ?? 0, m, d);
    }),
    ...each(heard, new RegExp(`(下|这|本)个?月(${N})[日号]`, 'gu'), 'date', ([, which, date = '']) => plusMonths(from, which === '下' ? 1 : 0, readChinese(date) ?? 0)),
    ...each(heard, new RegExp(`(?<![月\\d${ZH_DIGIT}十])(${N})[日号](?!码|楼|线)`, 'gu'), 'date', ([, date = '']) => upcoming(from, undefined, readChinese(date) ?? 0)),
    ...each(heard, new RegExp(`过?([${ZH_NUMBER}]{1,3})(天|个?星期|周|个?礼拜)(?:之后|以后|后)`, 'gu'), 'date', ([, n = '', unit]) => {
      const count = readChinese(n);
      return count === undefined ? undefined : plusDays(from, Math.round(count) * (unit === '天' ? 1 : 7));
    }),
    ...each(heard, /(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)/gu, 'date', ([, y, m, d]) => dateOf(Number(y), Number(m), Number(d))),
  ];
};

/** Hours that a word for the part of a day covers, and whether it lifts 1–11 into the second half. */
const PARTS: Readonly<Record<string, readonly [from: string, to: string, late: boolean]>> = {
  凌晨: ['00:00', '06:00', false], 早上: ['06:00', '09:00', false], 早晨: ['06:00', '09:00', false], 早: ['06:00', '09:00', false], 上午: ['08:00', '12:00', false], 中午: ['11:00', '13:00', true],
  下午: ['12:00', '18:00', true], 傍晚: ['17:00', '19:00', true], 晚上: ['18:00', '24:00', true], 晚: ['18:00', '24:00', true],
};
const PART = '凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|(?<=[今明昨])晚|(?<=[今明])早';

/** 下午三点半 is `15:30`; 下午 alone is the span `12:00/18:00`. Without a part of the day, one to six o'clock are in the afternoon: shops are closed at night. */
export const chineseTimes: Finder = (heard) => [
  ...each(heard, new RegExp(`(${PART})?的?(${N})(?:点钟?|时)(半|整|一刻|三刻|过?(${N})分|(零?${TWO}))?(?![几多${ZH_DIGIT}])`, 'gu'), 'time', ([, part, hour = '', rest, spoken, bare]) => {
    const minutes = spoken ?? bare;
    const h = readChinese(hour);
    const minute = rest === '半' ? 30 : rest === '一刻' ? 15 : rest === '三刻' ? 45 : minutes === undefined ? 0 : readChinese(minutes.replace(/^零/u, ''));
    return h === undefined || minute === undefined ? undefined : clock(h + later(h, part), minute);
  }),
  ...each(heard, new RegExp(`(${PART})?(?<![\\d:])(\\d{1,2}):(\\d{2})(?![\\d:])`, 'gu'), 'time', ([, part, h, m]) => clock(Number(h) + (part === undefined ? 0 : later(Number(h), part)), Number(m))),
  ...each(heard, new RegExp(`(?:${PART})(?!好)`, 'gu'), 'time', ([part]) => PARTS[part]?.slice(0, 2).join('/')),
];

function later(hour: number, part: string | undefined): number {
  if (part === undefined) return hour >= 1 && hour <= 6 ? 12 : 0;
  if (part === '中午') return hour <= 2 ? 12 : 0;
  return PARTS[part]?.[2] === true && hour < 12 ? 12 : 0;
}
