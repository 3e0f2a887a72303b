import { describe, expect, it } from 'vitest';
import { concatenate, joined, nothing, readResult } from './result.js';

const word = (text: string, start: number, end: number) => ({ word: text, start, end });

describe('a result with alternatives', () => {
  const json = JSON.stringify({
    alternatives: [
      { text: '取消 订单', confidence: 12, result: [word('取消', 0.3, 0.9), word('订单', 0.9, 1.5)] },
      { text: '取消 电话', confidence: 12 - Math.log(3), result: [word('取消', 0.3, 0.9), word('电话', 0.9, 1.5)] },
    ],
  });
  it('is as sure as its share of them, word by word', () => {
    expect(readResult(json, 'zh-CN')).toEqual({
      text: '取消订单', confidence: 0.75, alternatives: ['取消电话'],
      words: [{ word: '取消', startMs: 300, endMs: 900, confidence: 1 }, { word: '订单', startMs: 900, endMs: 1_500, confidence: 0.75 }],
    });
  });
});

it.each<[what: string, json: object, text: string, confidence: number]>([
  ['without alternatives, confidence is that of the words', { text: 'track order', result: [{ ...word('track', 0, 1), conf: 1 }, { ...word('order', 1, 2), conf: 0.5 }] }, 'track order', 0.75],
  ['nothing was understood', { text: '' }, '', 0],
  ['no reading at all', { alternatives: [] }, '', 0],
  ['unknown words alone are nothing', { alternatives: [{ text: '[unk] [unk]', confidence: 3, result: [word('[unk]', 0, 1), word('[unk]', 1, 2)] }] }, '', 0],
  ['unknown words beside known ones make it less sure', { alternatives: [{ text: 'agent [unk]', confidence: 3, result: [word('agent', 0, 1), word('[unk]', 1, 2)] }] }, 'agent', 0.5],
])('%s', (_what, json, text, confidence) => expect(readResult(JSON.stringify(json), 'en')).toMatchObject({ text, confidence }));

describe('several results of one utterance', () => {
  const part = (text: string, confidence: number) => ({ ...nothing, text, confidence });
  it('are one, as sure as the least sure', () => expect(concatenate([part('one', 0.9), part('', 0), part('two', 0.6)], 'en')).toMatchObject({ text: 'one two', confidence: 0.6 }));
  it('Chinese has no blanks', () => expect(concatenate([part('您好', 1), part('再见', 1)], 'zh-CN').text).toBe('您好再见'));
  it('one that says something is it', () => expect(concatenate([nothing, part('yes', 0.7), nothing], 'en')).toEqual(part('yes', 0.7)));
  it('none is nothing', () => expect([concatenate([], 'en'), concatenate([nothing], 'en')]).toEqual([nothing, nothing]));
});

it('blanks are of English only', () => expect([joined(' a  b [unk]', 'en'), joined('我想 取消', 'zh-CN')]).toEqual(['a b', '我想取消']));
