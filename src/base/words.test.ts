import BetterSqlite3 from 'better-sqlite3';
import { expect, it } from 'vitest';
import { indexWords, searchWords } from './words.js';

const sqlite = new BetterSqlite3(':memory:');
sqlite.exec(`create virtual table w using fts5(words, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2")`);
const insert = sqlite.prepare('insert into w (rowid, words) values (?, ?)');
const texts = ['张伟的退款申请，订单 A-20261120', 'Refund for order 8613800138000, please call Zoë', '王小明反映iPhone手机屏幕碎了', '退货运费谁付', '"; drop table tickets; --'];
texts.forEach((text, i) => insert.run(i, indexWords(text)));
const found = (q: string): unknown[] => {
  const match = searchWords(q);
  return match === undefined ? [] : sqlite.prepare('select rowid from w where w match ? order by rowid').pluck().all(match);
};

it.each<[question: string, texts: number[]]>([
  ['张伟', [0]], ['伟', [0]], ['退款', [0]], ['退', [0, 3]], ['款申请', [0]], ['退款 张伟', [0]], ['张明', []], ['8000', [1]], ['38001', [1]], ['13800138000', [1]], ['+86 138', [1]], ['1120', [0]],
  ['refund', [1]], ['ref', [1]], ['zoe', [1]], ['iphone手机', [2]], ['手机屏幕', [2]], ['order refund', [1]], ['drop', [4]], ['d', [4]], ['z', [1]], ['Ｐ', [1]], ['i手', [2]], ['i', [2]], ['8', []], ['"', []], ['', []], ['near(a b)', []], ['ＲＥＦＵＮＤ', [1]],
])('"%s" finds %j', (question, expected) => expect(found(question)).toEqual(expected));

it('keeps few words of a hostile text', () => {
  expect(indexWords('9'.repeat(100_000)).length).toBeLessThan(101_000);
  expect(indexWords('退'.repeat(100_000)).split(' ').length).toBeLessThanOrEqual(8_000);
});
