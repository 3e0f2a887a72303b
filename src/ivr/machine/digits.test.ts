import { describe, expect, it } from 'vitest';
import { caller, planOf, type Caller, type WrittenStep } from './caller.js';
import { WRONG } from './phrases.js';
import type { Collect } from './plan.js';

const queue = (name: string): WrittenStep => ({ do: 'queue', names: [name], priority: 5, attributes: {}, needs: [] });
const collecting = (collect: Partial<Collect> = {}) => planOf(
  { main: [{ do: 'collect', prompt: { en: 'Number?' }, into: 'n', least: 3, most: 4, tries: 2, ...collect }, queue('got')], operator: [queue('operator')], out: [queue('out')] }, { person: 'operator', speech: true });
const asked = (collect?: Partial<Collect>): Caller => {
  const c = caller(collecting(collect), 'main', 'en');
  c.story();
  return c;
};
const story = (c: Caller): string[] => c.story().filter((w) => !/^(deaf|listen)/.test(w));

describe('digits', () => {
  it.each<[string, (c: Caller) => Caller, string[]]>([
    ['as many as there may be', (c) => c.presses('1234'), ['hush', 'wait 3000', 'wait 3000', 'wait 3000', 'queue got en']],
    ['fewer, and #', (c) => c.presses('123#'), ['hush', 'wait 3000', 'wait 3000', 'wait 3000', 'queue got en']],
    ['fewer, and silence', (c) => c.presses('123').staysSilent(), ['hush', 'wait 3000', 'wait 3000', 'wait 3000', 'queue got en']],
    ['after the prompt', (c) => c.hears().presses('1234'), ['wait 5000', 'wait 3000', 'wait 3000', 'wait 3000', 'queue got en']],
    ['too few', (c) => c.presses('12#'), ['hush', 'wait 3000', 'wait 3000', `en: ${WRONG.short.en}`, 'en: Number?']],
    ['too few, and silence', (c) => c.hears().presses('12').staysSilent(), ['wait 5000', 'wait 3000', 'wait 3000', `en: ${WRONG.short.en}`, 'en: Number?']],
    ['none at all', (c) => c.hears().staysSilent(), ['wait 5000', 'en: Number?']],
    ['none twice: a person', (c) => c.hears().staysSilent().hears().staysSilent(), ['wait 5000', 'en: Number?', 'wait 5000', 'person by errors', 'queue operator en']],
    ['only #', (c) => c.presses('#'), ['hush', 'en: Number?']],
    ['0 is a digit', (c) => c.presses('000#'), ['hush', 'wait 3000', 'wait 3000', 'wait 3000', 'queue got en']],
    ['* is none', (c) => c.presses('*'), []],
  ])('%s', (_what, act, said) => expect(story(act(asked()))).toEqual(said));

  it('lead on even when "otherwise" says where those go who cannot', () => {
    expect(story(asked({ tries: 1, otherwise: 'out' }).hears().staysSilent()).at(-1)).toBe('queue out en');
  });

  it('an # behind a number that is complete is not the next question\'s', () => {
    const c = caller(planOf({ main: [{ do: 'collect', prompt: { en: 'N?' }, into: 'n', most: 2 }, { do: 'ask', prompt: { en: 'Q?' }, keys: { '#': 'out' } }], out: [queue('out')] }), 'main', 'en').presses('12');
    c.story();
    expect(c.presses('#').story()).toEqual([]);
    expect(c.presses('#').story()).toEqual(['hush', 'queue out en']);
  });

  it('pressed in the greeting are not lost', () => {
    const c = caller(planOf({ main: [{ do: 'say', prompt: { en: 'Hi.' } }, { do: 'collect', prompt: { en: 'N?' }, into: 'n', most: 3 }] }), 'main', 'en').presses('012');
    expect(c.state().variables).toEqual({ n: '012' });
  });

  it.each<[Collect['bargeIn'], string[]]>([['none', []], ['speech', []]])('with barge-in %s wait for the end of the prompt', (bargeIn, before) => {
    const c = asked({ bargeIn });
    expect(story(c.presses('1234'))).toEqual(before);
    expect(story(c.hears())).toEqual(['queue got en']);
  });

  it.each<[string, Partial<Collect>, string, string[]]>([
    ['a card number', { check: { kind: 'luhn' }, least: 16, most: 16 }, '4111111111111111', []], ['a wrong card number', { check: { kind: 'luhn' }, least: 16, most: 16 }, '4111111111111112', [`en: ${WRONG.check.en}`]],
    ['a day', { check: { kind: 'date', form: 'MMDD' }, least: 4, most: 4 }, '0229', []], ['no day', { check: { kind: 'date', form: 'MMDD' }, least: 4, most: 4 }, '0230', [`en: ${WRONG.date.en}`]],
    ['what does not fit', { check: { kind: 'pattern', pattern: '7.*' } }, '1234', [`en: ${WRONG.check.en}`]], ['in the step\'s words', { check: { kind: 'luhn' }, wrong: { en: 'No such card.' } }, '1234', ['en: No such card.']],
  ])('are checked: %s', (_what, collect, keys, said) => expect(story(asked(collect).presses(keys)).filter((w) => w.startsWith('en:')).slice(0, said.length + 1)).toEqual([...said, ...(said.length > 0 ? ['en: Number?'] : [])]));

  it('are kept as the check makes them', () => expect(asked({ check: { kind: 'date', form: 'MMDD' }, least: 4, most: 4 }).presses('1120').state().variables).toEqual({ n: '--11-20' }));

  it('that are secret are in no event', () => {
    const facts = (secret: boolean) => asked({ secret }).presses('1234').effects().flatMap((f) => (f.do === 'publish' && f.fact.type === 'digits' ? [f.fact.data.digits] : []));
    expect([facts(true), facts(false)]).toEqual([['****'], ['1234']]);
  });
});

describe('digits that are said', () => {
  const speaking = (collect: Partial<Collect> = {}): Caller => asked({ speech: true, ...collect });
  it.each<[string, (c: Caller) => Caller, string[]]>([
    ['all at once', (c) => c.begins().says('one two three four'), ['hush', 'wait 20000', 'queue got en']],
    ['in two breaths', (c) => c.begins().says('one two').begins().says('three four'), ['hush', 'wait 20000', 'wait 5000', 'wait 20000', 'queue got en']],
    ['enough, then silence', (c) => c.says('double one two').staysSilent(), ['hush', 'wait 5000', 'queue got en']],
    ['some said, some pressed', (c) => c.says('one two').presses('34'), ['hush', 'wait 5000', 'wait 3000', 'queue got en']],
    ['too many', (c) => c.says('one two three four five'), ['hush', `en: ${WRONG.long.en}`, 'en: Number?']],
    ['something else', (c) => c.says('hello there'), ['hush', `en: ${WRONG.unclear.en}`, 'en: Number?']],
  ])('%s', (_what, act, said) => expect(story(act(speaking()))).toEqual(said));

  it('nobody who can listen: keys work as before, and nothing is said of it', () => {
    expect(story(speaking().listened({ kind: 'unavailable', why: 'x' }).presses('1234')).at(-1)).toBe('queue got en');
  });

  it('are not listened to where the step does not want it', () => expect(asked({ speech: false }).state().ears).toBeUndefined());
});

describe('a survey', () => {
  const plan = planOf({ main: [{ do: 'survey', questions: [{ name: 'how', prompt: { en: 'How?' }, from: 1, to: 5 }, { name: 'again', prompt: { en: 'Again?' }, from: 0, to: 10 }], tries: 2, timeoutMs: 4_000, thanks: { en: 'Thanks.' } }, queue('end')] });
  it('asks its questions, says thanks and goes on', () => {
    const c = caller(plan, 'main', 'en').presses('4').presses('10').hears();
    expect(c.story()).toEqual(['en: How?', 'hush', 'en: Again?', 'hush', 'wait 3000', 'en: Thanks.', 'queue end en']);
    expect(c.state().variables).toEqual({ how: 4, again: 10 });
    expect(c.effects().flatMap((f) => (f.do === 'publish' && f.fact.type === 'survey_answered' ? [f.fact.data] : []))).toEqual([{ question: 'how', answer: 4 }, { question: 'again', answer: 10 }]);
  });

  it('leaves out what is not answered', () => {
    const c = caller(plan, 'main', 'en').presses('9').hears().staysSilent().hears().staysSilent().hears().staysSilent().hears();
    expect(c.story().filter((w) => w.startsWith('en:'))).toEqual(['en: How?', `en: ${WRONG.check.en}`, 'en: How?', 'en: Again?', 'en: Again?', 'en: Thanks.']);
    expect(c.state().variables).toEqual({});
  });
});

describe('a language that is asked for', () => {
  const step: WrittenStep = { do: 'language', prompt: { 'zh-CN': '中文按一', en: 'Press two' }, keys: { '1': 'zh-CN', '2': 'en' }, tries: 2, timeoutMs: 4_000, otherwise: 'zh-CN' };
  it.each<[string, (c: Caller) => Caller, string]>([
    ['by its key', (c) => c.presses('2'), 'queue end en'], ['not by another: asked again', (c) => c.presses('5').presses('1'), 'queue end zh-CN'], ['or not at all', (c) => c.hears().staysSilent().hears().staysSilent(), 'queue end zh-CN'],
  ])('%s', (_what, act, end) => expect(act(caller(planOf({ main: [step, queue('end')] }))).story().at(-1)).toBe(end));
});
