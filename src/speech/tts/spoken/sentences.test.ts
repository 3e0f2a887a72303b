import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '../ports.js';
import { checkSpoken, escapeSpoken, toSentences, type Segment } from './sentences.js';

const BETWEEN = { do: 'pause', ms: 220 };
const segments = (text: string, lang: Language = 'en'): Segment[] => toSentences(text, lang).flat();
const said = (text: string, lang: Language = 'en'): string => segments(text, lang).map((s) => (s.do === 'say' ? s.text : `<${s.ms}>`)).join(' | ');
const speak = (inner: string): string => `<speak>${inner}</speak>`;

describe('plain text', () => {
  it('needs no escaping', () => expect(said('Terms & conditions: 3 < 5 "quoted"')).toBe('Terms and conditions: three < five "quoted"'));
  it('of one short sentence is one sentence', () => expect(toSentences('Hello. How can I help you?', 'en')).toHaveLength(1));
  it('with nothing to say has no sentences', () => expect(toSentences('...', 'en')).toEqual([]));
  it('is never a fault, unless it is a book', () => {
    expect(checkSpoken('a < b & <nothing>')).toBeUndefined();
    expect(checkSpoken('x'.repeat(5_001))).toMatchObject({ message: 'the text has 5001 characters' });
  });
});

describe('marked-up text', () => {
  it.each<[what: string, inner: string, said: string]>([
    ['is said as it is', 'Hello', 'Hello'], ['takes breaks in ms', 'One<break time="300ms"/>two', 'One | <300> | two'], ['and in seconds', 'One<break time="1.5s"/>two', 'One | <1500> | two'],
    ['says digits', 'Code <say-as interpret-as="digits">1234</say-as>.', 'Code one two three four.'], ['in groups', '<say-as interpret-as="telephone">+1 555-0100</say-as>', 'plus one, five five five, zero one zero zero'],
    ['says cardinals', '<say-as interpret-as="cardinal">1205</say-as>', 'one thousand two hundred five'], ['says ordinals', 'the <say-as interpret-as="ordinal">3</say-as> caller', 'the third caller'],
    ['says dates', '<say-as interpret-as="date">2026-11-20</say-as>', 'November twentieth, twenty twenty six'], ['says days', '<say-as interpret-as="date">Nov 20</say-as>', 'November twentieth'],
    ['says times', '<say-as interpret-as="time">9:30</say-as>', 'half past nine in the morning'], ['says money', '<say-as interpret-as="currency">12.50</say-as>', 'twelve dollars and fifty cents'],
    ['with its currency', '<say-as interpret-as="currency">EUR 2</say-as>', 'two euros'], ['spells', '<say-as interpret-as="characters">AB12</say-as>', 'A B one two'],
    ['reads plainly what is nothing of the kind', '<say-as interpret-as="date">soon</say-as>', 'soon'], ['says an alias', 'Dial <sub alias="extension">ext.</sub> 5', 'Dial extension five'],
    ['knows the entities of XML', 'A &amp; B &#65;', 'A and B A'], ['knows paragraphs and sentences', '<p><s>One.</s><s>Two.</s></p>', 'One. | <220> | Two.'], ['takes spaces and lines', '\n  Hello\n  there\n', 'Hello there'],
  ])('%s', (_what, inner, words) => expect(said(speak(inner))).toBe(words));

  it.each<[inner: string, said: string]>([
    ['号码<say-as interpret-as="telephone">110</say-as>', '号码幺幺零'], ['<say-as interpret-as="digits">110</say-as>', '一一零'], ['<say-as interpret-as="ordinal">2</say-as>位', '第二位'], ['<say-as interpret-as="currency">12.5</say-as>', '十二元五角'],
    ['<say-as interpret-as="time">15:30</say-as>', '下午三点半'], ['<say-as interpret-as="date">11-20</say-as>', '十一月二十日'], ['<say-as interpret-as="cardinal">-7</say-as>', '负七'], ['<say-as interpret-as="telephone">138 0013 8000</say-as>', '幺三八，零零幺三，八零零零'],
    ['<say-as interpret-as="characters">A1b</say-as>', 'A 幺 B'],
  ])('in Chinese %s is %s', (inner, words) => expect(said(speak(inner), 'zh-CN')).toBe(words));

  it('changes pace and loudness, each inside the other', () => {
    expect(segments(speak('a <prosody rate="slow" volume="loud">b <emphasis>c</emphasis></prosody> <prosody rate="120%">d</prosody>'))).toEqual([
      { do: 'say', text: 'a', lang: 'en', rate: 100, gainDb: 0 }, { do: 'say', text: 'b', lang: 'en', rate: 75, gainDb: 4 }, { do: 'say', text: 'c', lang: 'en', rate: 68, gainDb: 6 }, { do: 'say', text: 'd', lang: 'en', rate: 120, gainDb: 0 },
    ]);
  });

  it('changes the language', () => {
    expect(segments(speak('您好 <lang xml:lang="en-US">Press 1</lang> 谢谢'), 'zh-CN')).toMatchObject([{ text: '您好', lang: 'zh-CN' }, { text: 'Press one', lang: 'en' }, { text: '谢谢', lang: 'zh-CN' }]);
    expect(segments('<speak xml:lang="zh-CN">12</speak>')).toMatchObject([{ text: '十二', lang: 'zh-CN' }]);
  });

  it('may carry anything a variable holds, escaped', () => {
    const name = '<break> & "Söhne" \'s';
    expect(checkSpoken(speak(escapeSpoken(name)))).toBeUndefined();
    expect(checkSpoken(speak(`<sub alias="${escapeSpoken(name)}">x</sub>`))).toBeUndefined();
  });
});

describe('what is wrong is said with its place', () => {
  it.each<[text: string, line: number, column: number, message: string, hint: string]>([
    ['<speak>\n  <brake time="1s"/></speak>', 2, 3, 'there is no <brake>', 'did you mean <break>?'],
    ['<speak><audio src="a"/></speak>', 1, 8, 'there is no <audio>', 'there are <speak>'],
    ['<speak><break/></speak>', 1, 8, '<break> needs "time"', ''],
    ['<speak><break time="soon"/></speak>', 1, 15, 'time="soon" of <break> is not understood', 'at most 10s'],
    ['<speak><break time="60s"/></speak>', 1, 15, 'time="60s"', 'at most 10s'],
    ['<speak><break time="1s" strength="weak"/></speak>', 1, 25, '<break> has no "strength"', 'time'],
    ['<speak><break time="1s">x</break></speak>', 1, 8, 'nothing inside', ''],
    ['<speak><prosody rate="500%">x</prosody></speak>', 1, 17, 'rate="500%"', '200%'],
    ['<speak><prosody pitch="high">x</prosody></speak>', 1, 17, '<prosody> has no "pitch"', 'rate, volume'],
    ['<speak><say-as interpret-as="colour">x</say-as></speak>', 1, 16, 'interpret-as="colour"', 'digits'],
    ['<speak><say-as interpret-as="date"><s>x</s></say-as></speak>', 1, 36, 'only text', ''],
    ['<speak><lang xml:lang="fr">x</lang></speak>', 1, 14, 'xml:lang="fr"', 'zh-CN or en'],
    ['<speak><s>x</p></speak>', 1, 12, '</p> closes nothing: <s> is still open', ''],
    ['<speak>x', 1, 1, '<speak> is never closed', '</speak>'],
    ['<speak>a & b</speak>', 1, 10, '"&" is no character', '&amp;'],
    ['<speak>a &nbsp; b</speak>', 1, 10, '"&nbsp;"', '&amp;'],
    ['<speak>3 < 5</speak>', 1, 10, 'begins no tag', '&lt;'],
    ['<speak><!-- x --></speak>', 1, 8, 'begins no tag', 'comments'],
    ['<speak>x</speak> more', 1, 17, 'text outside', ''],
    ['<speak><speak>x</speak></speak>', 1, 8, 'only around the whole', ''],
    ['<speak><sub alias="a" alias="b">x</sub></speak>', 1, 23, 'written twice', ''],
    [`<speak>${'<p>'.repeat(30)}${'</p>'.repeat(30)}</speak>`, 1, 65, 'more than 20 deep', ''],
  ])('%s', (text, line, column, message, hint) => {
    const fault = checkSpoken(text);
    expect(fault).toMatchObject({ line, column });
    expect(fault?.message).toContain(message);
    expect(fault?.hint ?? '').toContain(hint);
    expect(() => toSentences(text, 'en')).toThrow(/cannot be spoken/);
  });

  it('whatever is written, it is either taken or a fault, and quickly', () => {
    const bits = fc.constantFrom('<speak>', '</speak>', '<break time="1s"/>', '<s>', '</s>', '<', '>', '&', '&amp;', '"', '=', ' ', 'a', '您好', '<prosody rate="slow">', '</prosody>', '<say-as interpret-as="digits">', '</say-as>', '12', '/', 'x="y"');
    fc.assert(fc.property(fc.array(bits, { maxLength: 25 }), fc.constantFrom(...LANGUAGES), (parts, lang) => {
      const text = `<speak>${parts.join('')}</speak>`;
      if (checkSpoken(text) === undefined) expect(() => toSentences(text, lang)).not.toThrow();
      else expect(() => toSentences(text, lang)).toThrow(/cannot be spoken/);
    }), { numRuns: 500 });
    const began = performance.now();
    expect(checkSpoken(`<speak>${'<a '.repeat(1_600)}`)).toBeDefined();
    expect(performance.now() - began).toBeLessThan(500);
  });
});

describe('a long text', () => {
  const lengths = (text: string, lang: Language): string[] => toSentences(text, lang).map((s) => s.map((x) => (x.do === 'say' ? x.text : '')).join(''));

  it('is split at the ends of its sentences, the first of which may be short', () => {
    const text = 'Thank you for calling Strowger Telephones. Your call is important to us, and you are number 3 in the queue. Mr. Lin, our manager, costs $3.50 a minute. Please hold the line until somebody is free.';
    expect(lengths(text, 'en')).toEqual([
      'Thank you for calling Strowger Telephones.', 'Your call is important to us, and you are number three in the queue.', 'Mr. Lin, our manager, costs three dollars and fifty cents a minute.', 'Please hold the line until somebody is free.',
    ]);
    expect(toSentences(text, 'en').slice(0, -1).every((s) => s.at(-1)?.do === 'pause')).toBe(true);
  });

  it('in Chinese too', () => {
    expect(lengths('感谢您致电客户服务中心。您的订单已经发货，预计三天内送达，请您保持电话畅通！如果需要修改收货地址，请按一；如果需要取消订单，请按二。', 'zh-CN')).toEqual([
      '感谢您致电客户服务中心。', '您的订单已经发货,预计三天内送达,请您保持电话畅通!', '如果需要修改收货地址,请按一;', '如果需要取消订单,请按二。',
    ]);
  });

  it('without a full stop is split at commas', () => {
    const pieces = lengths(`${'很长的一句话，'.repeat(30)}完了`, 'zh-CN');
    expect(pieces.length).toBeGreaterThan(3);
    expect(Math.max(...pieces.map((p) => p.length))).toBeLessThan(60);
  });

  it('loses no word', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('Hello there.', 'Please hold!', 'is it?', '您好。', '请稍等，', 'one, two,', 'Dr. No', 'word'), { minLength: 1, maxLength: 60 }), (parts) => {
      const text = parts.join(' ');
      const bare = (s: string): string => s.replace(/[^\p{L}]/gu, '');
      expect(bare(segments(text).map((s) => (s.do === 'say' ? s.text : '')).join(''))).toBe(bare(text));
    }), { numRuns: 200 });
  });

  it('is marked up piece by piece', () => expect(toSentences(speak('<s>One.</s><break time="1s"/><s>Two.</s>'), 'en')).toEqual([
    [{ do: 'say', text: 'One.', lang: 'en', rate: 100, gainDb: 0 }, { do: 'pause', ms: 1_000 }, BETWEEN], [{ do: 'say', text: 'Two.', lang: 'en', rate: 100, gainDb: 0 }],
  ]));
});
