const DIGITS: Readonly<Record<string, number>> = {
  零: 0, 〇: 0, 洞: 0, 一: 1, 幺: 1, 壹: 1, 二: 2, 两: 2, 贰: 2, 三: 3, 叁: 3, 四: 4, 肆: 4, 五: 5, 伍: 5, 六: 6, 陆: 6, 七: 7, 柒: 7, 拐: 7, 八: 8, 捌: 8, 九: 9, 玖: 9, 勾: 9,
};
const UNITS: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1_000 };
const digit = `[0-9${Object.keys(DIGITS).join('')}]`;
/** What people say around digits. */
const FILLERS = /嗯|呃|啊|哦|喂|那个|然后|就是|我的|您好|你好|请|手机|电话|订单|卡|账|身份证|会员|工|号码|编号|号|密码|尾数|后面|前面|是|的|杠|横线|横|减|空格|吧|呢/gu;
const REPEAT = new RegExp(`(${digit})个(${digit})`, 'gu');
const TWICE = new RegExp(`双(${digit})`, 'gu');
/** 八十一, 十三, 一百二, 三千零五十. */
const NUMBER = new RegExp(`(?:(?:${digit})?[十百千][零〇]?)+(?:${digit})?`, 'gu');

const valueOf = (one: string): number => DIGITS[one] ?? Number(one);

/** Digits as they are dictated in Chinese, 幺 and 两 among them; undefined when something else was said. */
export function chineseDigits(text: string): string | undefined {
  const plain = text.normalize('NFKC').replace(/[\s\p{P}]/gu, '').replace(FILLERS, '');
  const counted = plain
    .replace(REPEAT, (_, times: string, one: string) => one.repeat(valueOf(times)))
    .replace(TWICE, (_, one: string) => one + one)
    .replace(NUMBER, (number) => String(numberOf(number)));
  const digits = Array.from(counted, (one) => (one in DIGITS || /\d/.test(one) ? String(valueOf(one)) : undefined));
  return digits.length > 0 && digits.every((d) => d !== undefined) ? digits.join('') : undefined;
}

/** 一百二 is 120: a digit after the last unit counts in tens of the unit below, unless 零 or 十 stands before it. */
function numberOf(written: string): number {
  let [total, before, unit, zero] = [0, -1, 1, false];
  for (const one of written) {
    const times = UNITS[one];
    if (times !== undefined) {
      total += (before < 0 ? 1 : before) * times;
      [before, unit, zero] = [-1, times, false];
    } else if (valueOf(one) === 0) zero = true;
    else before = valueOf(one);
  }
  if (before < 0) return total;
  return total + before * (zero || unit === 10 ? 1 : unit / 10);
}
