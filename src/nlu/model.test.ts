import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.js';
import { train, understand, type Model } from './model.js';
import { loadModel, ModelUnreadable, saveModel } from './save.js';
import type { Corpus } from './types.js';
import { within } from './within.js';

const now = { atMs: Date.parse('2026-11-20T02:00:00Z'), timeZone: 'Asia/Shanghai' };
const english: Corpus = {
  language: 'en', outOfScope: ['do you sell horses'], entities: [],
  intents: [
    { name: 'cancel_order', examples: ['i want to cancel my order', 'please cancel the order', 'cancel what i ordered', 'call off my order', 'i do not want the order any more', 'stop my order', 'the order should be cancelled', 'revoke my order'] },
    { name: 'opening_hours', examples: ['when do you open', 'what are your opening hours', 'are you open on sunday', 'how late are you open', 'what time do you close', 'business hours please', 'is the shop open now', 'opening times'] },
    { name: 'speak_to_person', examples: ['let me talk to a person', 'agent please', 'i want to speak to a human', 'operator', 'connect me with somebody', 'put me through to an agent', 'a real person please', 'customer service'] },
  ],
};
const chinese: Corpus = {
  language: 'zh-CN', outOfScope: [], entities: [{ name: 'city', values: [{ value: 'beijing', synonyms: ['北京'] }] }],
  intents: [
    { name: 'cancel_order', examples: ['我想取消订单', '帮我取消订单', '订单不要了', '怎么取消订单', '撤销我的订单', '下错单了取消', '取消昨天的订单', '订单作废'] },
    { name: 'opening_hours', examples: ['几点开门', '营业时间', '周日上班吗', '几点关门', '你们什么时候营业', '今天开到几点', '上班时间', '现在开着吗'] },
    { name: 'speak_to_person', examples: ['转人工', '人工客服', '我要找人工', '接真人', '找个人跟我说', '帮我转客服', '叫客服来', '人工服务'] },
  ],
};
const [en, zh] = [train(english), train(chinese)];
const best = (model: Model, text: string) => understand(model, text, now).intents[0];

describe('a model', () => {
  it.each([['could you cancel that order for me', 'cancel_order'], ['um, Cancel my ORDER!', 'cancel_order'], ['what hours is the shop open', 'opening_hours'], ['can i talk to an agent', 'speak_to_person']])('takes "%s" for %s', (text, intent) =>
    expect(best(en, text)?.name).toBe(intent));
  it.each([['嗯，我要取消订单', 'cancel_order'], ['取消訂單', 'cancel_order'], ['请问几点开门呢', 'opening_hours'], ['请转接人工坐席', 'speak_to_person'], ['我想取消定单', 'cancel_order']])('takes 「%s」 for %s', (text, intent) => expect(best(zh, text)?.name).toBe(intent));

  it.each([['en', 'what is the weather in paris'], ['en', 'sing me a song about the sea'], ['zh', '今天天气怎么样'], ['zh', '给我唱一首歌']])('(%s) rejects "%s" instead of guessing', (language, text) => {
    const { intents, outOfScope } = understand(language === 'en' ? en : zh, text, now);
    expect(outOfScope).toBeGreaterThan(intents[0]?.confidence ?? 0);
  });
  it('never says 1 of a sentence it does not know', () => {
    for (const text of ['xyzzy plugh', '?', 'the']) expect(best(en, text)?.confidence).toBeLessThan(0.5);
    for (const text of ['order weather', 'the order']) expect(best(en, text)?.confidence).toBeLessThan(0.99);
  });
  it('gives chances that make 1 together', () => {
    for (const text of ['cancel my order', 'weather', 'open the order']) {
      const { intents, outOfScope } = understand(en, text, now);
      expect(intents.reduce((sum, i) => sum + i.confidence, outOfScope)).toBeCloseTo(1, 9);
      expect(intents.map((i) => i.confidence)).toEqual([...intents.map((i) => i.confidence)].sort((a, b) => b - a));
    }
  });
  it('takes silence for nothing at all', () => expect(understand(en, ' … ', now)).toEqual({ intents: english.intents.map((i) => ({ name: i.name, confidence: 0 })), outOfScope: 1, entities: [] }));
  it('finds entities whatever the intent', () => {
    expect(understand(zh, '北京下周三下午', now).entities.map((e) => [e.entity, e.value])).toEqual([['city', 'beijing'], ['date', '2026-11-25'], ['time', '12:00/18:00']]);
    expect(understand(en, 'tuesday', now).entities).toHaveLength(1);
  });
  it('is the same whenever the same corpus is learnt', () => expect(saveModel(train(english))).toEqual(saveModel(en)));
  it('does not take its background for out of scope where the corpus speaks of it', () => {
    const examples = ['what will the weather be', 'weather forecast', 'will it rain', 'how is the weather in town', 'is it sunny', 'what should i wear today', 'tell me the weather', 'temperature outside'];
    const weather = train({ ...english, intents: [...english.intents, { name: 'weather', examples }] });
    expect(best(weather, 'what is the weather like')).toMatchObject({ name: 'weather' });
    expect(understand(weather, 'what should i wear today', now).outOfScope).toBeLessThan(0.5);
  });
  it('needs no out-of-scope examples and can do with one intent, or none', () => {
    const one = train({ ...english, intents: english.intents.slice(0, 1), outOfScope: [] });
    expect(best(one, 'cancel my order')?.name).toBe('cancel_order');
    expect(understand(train({ ...english, intents: [], outOfScope: [] }), 'cancel my order', now)).toMatchObject({ intents: [], outOfScope: 1 });
  });
});

describe('a saved model', () => {
  it('answers as the one that was saved, after a journey as JSON', () => {
    const again = loadModel(JSON.parse(JSON.stringify(saveModel(zh))) as ReturnType<typeof saveModel>);
    for (const text of ['我想取消订单', '几点开门', '今天天气怎么样']) expect(understand(again, text, now)).toEqual(understand(zh, text, now));
  });
  it('is refused when another version saved it', () => expect(() => loadModel({ ...saveModel(en), format: 0 })).toThrow(ModelUnreadable));
});

describe('an ask that names its intents', () => {
  const said = { intents: [{ name: 'a', confidence: 0.4 }, { name: 'b', confidence: 0.3 }, { name: 'c', confidence: 0.1 }], outOfScope: 0.2, entities: [] };
  it('hears only these; what speaks for others is out of scope', () => {
    const heard = within(said, ['b']);
    expect(heard.intents.map((i) => i.name)).toEqual(['b']);
    expect(heard.outOfScope).toBeCloseTo(0.7 / 3.1);
    expect(heard.outOfScope + (heard.intents[0]?.confidence ?? 0)).toBeCloseTo(1);
  });
  it('that names none hears all', () => expect(within(said, [])).toEqual(said));
  it('still does not take the clearly other thing for its own', () => {
    const { intents, outOfScope } = within(understand(en, 'when do you open on sunday', now), ['cancel_order', 'speak_to_person']);
    expect(outOfScope).toBeGreaterThan(intents[0]?.confidence ?? 1);
  });
});

it('an evaluation counts what was right, rejected and how sure', () => {
  const result = evaluate(en, [
    { text: 'cancel my order please', intent: 'cancel_order' }, { text: 'are you open', intent: 'opening_hours' }, { text: 'a human please', intent: 'opening_hours' }, { text: 'tell me a joke about cows', intent: undefined },
  ]);
  expect(result).toMatchObject({ items: 4, correct: 3, accuracy: 0.75, outOfScope: { items: 1, recall: 1, recallAt5: 1 } });
  expect(result.intents.find((i) => i.intent === 'opening_hours')).toMatchObject({ items: 2, recall: 0.5, precision: 1 });
  expect(result.mistakes).toMatchObject([{ text: 'a human please', answered: 'speak_to_person' }]);
  expect(result.calibration.error).toBeGreaterThan(0);
});
