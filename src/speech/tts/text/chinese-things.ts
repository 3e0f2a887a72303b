import type { Clock, Day } from './clock.js';
import { amount, counted, decimal, digitByDigit } from './numbers.js';

/** 二零二六年十一月二十日. */
export const chineseDate = ({ year, month, day }: Day): string =>
  `${year === undefined ? '' : `${digitByDigit(String(year), false)}年`}${amount(String(month))}月${amount(String(day))}日`;

/** Where each part of the day begins. */
const PARTS = [[18, '晚上'], [13, '下午'], [12, '中午'], [6, '上午'], [0, '凌晨']] as const;
const partOf = (hour: number): string => PARTS.find(([from]) => hour >= from)?.[1] ?? '';

/** 下午三点半, 上午九点零五分; the part of the day only where it is beyond doubt, and not twice. */
export function chineseTime({ hour, minute, second, sure }: Clock, partWasSaid = false): string {
  const shown = sure || partWasSaid ? hour % 12 || (hour === 0 ? 0 : 12) : hour;
  const said = `${sure && !partWasSaid ? partOf(hour) : ''}${counted(String(shown))}点`;
  const seconds = second === undefined || second === 0 ? '' : `${amount(String(second))}秒`;
  if (minute === 0) return seconds === '' ? `${said}整` : `${said}零分${seconds}`;
  if (minute === 30 && seconds === '') return `${said}半`;
  return `${said}${minute < 10 ? '零' : ''}${amount(String(minute))}分${seconds}`;
}

interface Currency {
  readonly unit: string;
  /** Hundredths; 元 has tenths, too. */
  readonly cent: string;
}
const CURRENCIES: Readonly<Record<string, Currency>> = {
  CNY: { unit: '元', cent: '分' }, USD: { unit: '美元', cent: '美分' }, EUR: { unit: '欧元', cent: '欧分' }, GBP: { unit: '英镑', cent: '便士' }, HKD: { unit: '港元', cent: '港分' },
};
/** As it is written, in front or behind, to its ISO 4217 code. */
export const SYMBOLS: Readonly<Record<string, string>> = {
  '¥': 'CNY', CNY: 'CNY', RMB: 'CNY', 人民币: 'CNY', 元: 'CNY', US$: 'USD', $: 'USD', USD: 'USD', 美元: 'USD', '€': 'EUR', EUR: 'EUR', 欧元: 'EUR', '£': 'GBP', GBP: 'GBP', 英镑: 'GBP', HK$: 'HKD', HKD: 'HKD', 港元: 'HKD', 港币: 'HKD',
};

/** `12.50` → 十二元五角; a zero before the last digit is said, and more than two decimals are no cents. */
export function chineseMoney(code: string, n: string): string | undefined {
  const currency = CURRENCIES[code];
  if (!currency) return undefined;
  const [whole = '0', part = ''] = n.split('.');
  if (part.length > 2) return `${decimal(n)}${currency.unit}`;
  const cents = Number(part.padEnd(2, '0'));
  const units = Number(whole) === 0 && cents > 0 ? '' : `${counted(whole)}${currency.unit}`;
  if (cents === 0) return units;
  if (code !== 'CNY') return `${units}${cents < 10 && units !== '' ? '零' : ''}${counted(String(cents))}${currency.cent}`;
  const [tenths, hundredths] = [Math.floor(cents / 10), cents % 10];
  const small = `${tenths > 0 ? `${counted(String(tenths))}角` : ''}${hundredths > 0 ? `${counted(String(hundredths))}分` : ''}`;
  return `${units}${tenths === 0 && units !== '' ? '零' : ''}${small}`;
}

/** Units that are written in Latin letters. */
export const CHINESE_UNITS: Readonly<Record<string, string>> = {
  'km/h': '公里每小时', 'm/s': '米每秒', kWh: '千瓦时', km2: '平方公里', m2: '平方米', m3: '立方米', km: '公里', cm: '厘米', mm: '毫米', kg: '公斤', mg: '毫克', ml: '毫升', mL: '毫升', kW: '千瓦', min: '分钟', ms: '毫秒',
  m: '米', g: '克', L: '升', l: '升', h: '小时', s: '秒', t: '吨', W: '瓦', V: '伏', A: '安',
};
