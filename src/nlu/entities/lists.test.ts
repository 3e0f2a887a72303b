import { expect, it } from 'vitest';
import { findEntities } from './index.js';
import type { Language, ListEntity } from '../types.js';

const now = { atMs: 0, timeZone: 'UTC' };
const products: ListEntity = {
  name: 'product',
  values: [
    { value: 'router', synonyms: ['路由器', 'wifi box'] }, { value: 'blue_tea', synonyms: ['蓝茶', '兰花蓝茶'] }, { value: 'set_top_box', synonyms: ['机顶盒', 'set-top box'] },
    { value: 'line', synonyms: ['宽带专线'] }, { value: 'dishwasher', synonyms: ['洗碗机'] },
  ],
};
const find = (text: string, language: Language) => findEntities(text, language, now, [products]).filter((f) => f.entity === 'product').map((f) => [f.value, f.text]);

it.each<[string, Language, string, string]>([
  ['我的路由器坏了', 'zh-CN', 'router', '路由器'], ['the WiFi box is dead', 'en', 'router', 'WiFi box'], ['set-top box', 'en', 'set_top_box', 'set-top box'], ['來一盒蘭花藍茶', 'zh-CN', 'blue_tea', '蘭花藍茶'],
])('finds the words as written: %s', (text, language, value, said) => expect(find(text, language)).toEqual([[value, said]]));

it.each<[string, string]>([['我的路游器坏了', 'router'], ['鸡顶盒没有画面', 'set_top_box'], ['洗晚机装不上', 'dishwasher'], ['我要宽带转线', 'line'], ['喜碗鸡坏了', 'dishwasher']])(
  'finds what a recogniser wrote with other characters of the same sound: %s', (text, value) => expect(find(text, 'zh-CN').map(([v]) => v)).toEqual([value]));

it.each<[string, string]>([['男茶还有吗', 'blue_tea'], ['兰花南茶', 'blue_tea'], ['鲁由器', 'router']])('takes n for l and the like: %s', (text, value) => expect(find(text, 'zh-CN').map(([v]) => v)).toEqual([value]));

it.each<[string, Language]>([['我要取消订单', 'zh-CN'], ['今天天气很好', 'zh-CN'], ['the outer space', 'en'], ['hello there', 'en']])('hears nothing in %s', (text, language) => expect(find(text, language)).toEqual([]));

it('forgives a letter or two in longer English words', () => {
  expect(find('my dishwaser leaks', 'en')).toEqual([['dishwasher', 'dishwaser']]);
  expect(find('the ruter blinks', 'en')).toEqual([['router', 'ruter']]);
});
it('prefers the longer name where two fit', () => expect(find('兰花蓝茶', 'zh-CN')).toEqual([['blue_tea', '兰花蓝茶']]));
