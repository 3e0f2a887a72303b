import { expect, it } from 'vitest';
import { grammarOf, readVocabulary } from './grammar.js';

const english = readVocabulary('<eps> 0\n!SIL 1\n[unk] 2\ncancel 3\nmy 4\norder 5\nagent 6\n#0 7\n<s> 8\n');
const chinese = readVocabulary('我想 1\n取消 2\n订单 3\n我 4\n想取 5\n人工 6\n[unk] 7\n');

it('the vocabulary is the words, not the signs', () => expect([...english]).toEqual(['[unk]', 'cancel', 'my', 'order', 'agent']));

it.each<[phrases: string[], vocabulary: ReadonlySet<string>, grammar: string[] | undefined]>([
  [['Cancel my order!', 'agent', 'agent'], english, ['cancel my order', 'agent', '[unk]']],
  [['cancel the contract'], english, undefined],
  [['cancel the contract', 'agent'], english, ['agent', '[unk]']],
  [['我想取消订单。', '人工'], chinese, ['我想 取消 订单', '人工', '[unk]']],
  [['我 取消'], chinese, ['我 取消', '[unk]']],
  [['您好'], chinese, undefined],
  [['', '!'], english, undefined],
  [[], english, undefined],
])('%j', (phrases, vocabulary, grammar) => expect(grammarOf(phrases, vocabulary)).toBe(grammar && JSON.stringify(grammar)));

it('a model without a sign for unknown speech gets none', () => expect(grammarOf(['yes'], new Set(['yes']))).toBe('["yes"]'));
