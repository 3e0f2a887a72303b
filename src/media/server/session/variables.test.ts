import { expect, it } from 'vitest';
import { createVariables, expand, isTrue } from './variables.js';

it('names compare without case and keep their first spelling', () => {
  const v = createVariables();
  v.set('RECORD_STEREO', 'true');
  v.set('record_stereo', 'false');
  expect(v.get('Record_Stereo')).toBe('false');
  expect([...v.entries()]).toEqual([['RECORD_STEREO', 'false']]);
});

it('an empty value removes', () => {
  const v = createVariables();
  v.set('a', '1');
  v.set('a', '');
  expect(v.get('a')).toBeUndefined();
  v.set('a', '2');
  v.set('A', undefined);
  expect([...v.entries()]).toEqual([]);
});

it('whoever watches a variable hears of each change', () => {
  const v = createVariables();
  const heard: (string | undefined)[] = [];
  v.watch('media_timeout', (value) => heard.push(value));
  v.set('MEDIA_TIMEOUT', '500');
  v.set('other', '1');
  v.set('media_timeout', undefined);
  expect(heard).toEqual(['500', undefined]);
});

it.each<[text: string | undefined, yes: boolean]>([
  ['true', true], ['YES', true], ['on', true], ['1', true], ['-1', true], ['enabled', true],
  ['false', false], ['no', false], ['0', false], ['', false], ['maybe', false], [undefined, false],
])('isTrue(%j) is %j', (text, yes) => {
  expect(isTrue(text)).toBe(yes);
});

it.each<[text: string, expanded: string]>([
  ['no variables', 'no variables'],
  ['${a}', 'A'],
  ['x${a}y${a}', 'xAyA'],
  ['${missing}.', '.'],
  ['$${g}/${a}', 'G/A'],
  ['${unclosed', '${unclosed'],
])('%s → %s', (text, expanded) => {
  expect(expand(text, (name) => (name === 'a' ? 'A' : undefined), (name) => (name === 'g' ? 'G' : undefined))).toBe(expanded);
});
