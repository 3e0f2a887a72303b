import { expect, it } from 'vitest';
import { csvCell, csvLine } from './csv.js';

it.each<[what: string, value: unknown, cell: string]>([
  ['a number, negative too', -1.5, '-1.5'], ['nothing', null, ''], ['a comma', 'a,b', '"a,b"'], ['a quote', 'say "hi"', '"say ""hi"""'], ['a line break', 'a\r\nb', '"a\r\nb"'], ['a list', ['x'], '"[""x""]"'],
  ['a formula', '=HYPERLINK("http://x")', '"\'=HYPERLINK(""http://x"")"'], ['a number in international form', '+8613800138000', "'+8613800138000"], ['a minus', '-2+3', "'-2+3"], ['an at', '@SUM(A1)', "'@SUM(A1)"], ['a tab', '\t=1', "'\t=1"], ['a full-width formula', '＝1+1', "'＝1+1"], ['a line break in front', '\n=1', '"\'\n=1"'],
])('%s', (_what, value, cell) => {
  expect(csvCell(value)).toBe(cell);
});

it('ends lines as RFC 4180 wants', () => {
  expect(csvLine(['a', 1, null])).toBe('a,1,\r\n');
});
