import { expect, it } from 'vitest';
import { referTo } from './refer.js';

it.each<[header: string | undefined, to: string | number]>([
  ['<sip:1202@192.0.2.1>', '1202'], ['sip:1202@192.0.2.1', '1202'], ['"Lin Wei" <sip:%2B8613800138000@host;user=phone>;x=1', '+8613800138000'], ['<tel:+8613800138000>', '+8613800138000'], ['<sips:4000@host>', '4000'],
  [undefined, 400], ['', 400], ['<http://example.com>', 400], ['<sip:@host>', 400], ['<sip:%zz@host>', 400], [`<sip:${'1'.repeat(65)}@host>`, 400],
  ['<sip:1202@host?Replaces=a%3Bto-tag%3Db>', 501], ['<sip:1202@host;method=BYE>', 501], ['<sip:1202@host;method=INVITE>', '1202'],
])('Refer-To: %s', (header, to) => {
  expect(referTo(header)).toBe(to);
});
