import { describe, expect, it } from 'vitest';
import { caller, planOf, ways, type Caller, type WrittenStep } from './caller.js';
import { asksForPerson } from './person.js';
import { BY_KEYS, DID_YOU_SAY, WRONG, YES_OR_NO } from './phrases.js';
import type { Ask, Plan } from './plan.js';

const queue = (name: string): WrittenStep => ({ do: 'queue', names: [name], priority: 5, attributes: { intent: '$intent', date: '$date' }, needs: [] });
const flows = { cancel: [queue('cancel')], change: [queue('change')], one: [queue('one')], two: [queue('two')], operator: [queue('operator')] };
const asking = (ask: Partial<Ask> = {}, more: Partial<Plan> = { person: 'operator' }): Plan =>
  planOf({ main: [{ do: 'ask', prompt: { en: 'What can I do?' }, keys: { '1': 'one', '2': 'two' }, intents: ways('cancel', 'change'), help: [{ en: 'Help one.' }, { en: 'Help two.' }], tries: 4, ...ask }], ...flows }, { speech: true, ...more });
const talking = (plan: Plan): Caller => {
  const c = caller(plan, 'main', 'en').hears();
  c.story();
  return c;
};
const heard = (c: Caller): string[] => c.story().filter((w) => !/^(deaf|listen|wait|hush)/.test(w));
const sure = (name: string, confidence = 0.9, outOfScope = 0) => ({ intents: [{ name, confidence }], outOfScope });

describe('how certain it is decides', () => {
  it.each<[what: string, confidence: number, outOfScope: number, next: string]>([
    ['certain: acted on', 0.8, 0, 'queue cancel en'], ['less: asked back', 0.79, 0, `en: ${DID_YOU_SAY.en} stop my order. ${YES_OR_NO.en}`], ['at the edge: asked back', 0.5, 0, `en: ${DID_YOU_SAY.en} stop my order. ${YES_OR_NO.en}`],
    ['hardly: asked again', 0.49, 0, 'en: Help one.'], ['strange, however certain: asked again', 0.99, 0.5, 'en: Help one.'],
  ])('%s', (_what, confidence, outOfScope, then) => {
    expect(heard(talking(asking()).begins().says('stop my order').isUnderstood(sure('cancel', confidence, outOfScope)))).toEqual(['understand stop my order', then]);
  });

  it('by the step\'s own bands', () => {
    expect(heard(talking(asking({ bands: { act: 0.95, confirm: 0.9 } })).says('x').isUnderstood(sure('cancel', 0.9)))[1]).toContain('You said');
  });

  it('a wish that the step does not name is none', () => {
    expect(heard(talking(asking()).says('x').isUnderstood(sure('weather')))).toEqual(['understand x', 'en: Help one.']);
  });

  it('what could not be understood at all is asked again', () => expect(heard(talking(asking()).says('x').isUnderstood(undefined))).toEqual(['understand x', 'en: Help one.']));

  it('is told, with what was heard', () => {
    const c = talking(asking()).says('stop it').isUnderstood(sure('cancel', 0.6));
    expect(c.effects().flatMap((f) => (f.do === 'publish' && f.fact.type !== 'flow_entered' ? [f.fact] : []))).toEqual([
      { type: 'heard', data: { text: 'stop it', confidence: 0.9, flow: 'main' } }, { type: 'understood', data: { flow: 'main', intent: 'cancel', confidence: 0.6, verdict: 'confirm' } },
    ]);
  });

  it('help escalates, and in the end there is a person', () => {
    const c = talking(asking());
    for (let i = 0; i < 4; i += 1) c.says('mumble').isUnderstood({ outOfScope: 1 });
    expect(heard(c).filter((w) => !w.startsWith('understand'))).toEqual(['en: Help one.', 'en: Help two.', 'en: Help two.', 'person by errors', 'queue operator en']);
  });

  it('silence, wrong keys and mumbling count alike; then keys still work', () => {
    const c = talking(asking()).hears().staysSilent().presses('9').says('mumble').isUnderstood({ outOfScope: 1 });
    c.story();
    expect(heard(c.presses('2'))).toEqual(['queue two en']);
  });

  it.each<[string, Partial<Ask>, Partial<Plan>, string]>([
    ['"otherwise" comes before the person', { otherwise: 'two' }, { person: 'operator' }, 'queue two en'], ['without either the flow goes on', {}, {}, 'finish hung_up'],
  ])('%s', (_what, ask, more, end) => expect(heard(talking(asking({ tries: 1, ...ask }, more)).says('x').isUnderstood(undefined)).at(-1)).toBe(end));

  it('a number that is a key is that key', () => {
    expect(heard(talking(asking()).says('number two').isUnderstood({ entities: [{ entity: 'ordinal', value: 2 }] })).at(-1)).toBe('queue two en');
  });
});

describe('what is asked back', () => {
  const asked = (ask?: Partial<Ask>): Caller => {
    const c = talking(asking(ask)).says('stop it').isUnderstood(sure('cancel', 0.6));
    c.story();
    return c;
  };
  const yesNo = (value: string) => ({ entities: [{ entity: 'yes_no', value }] });
  it.each<[string, (c: Caller) => Caller, string[]]>([
    ['yes', (c) => c.says('yes').isUnderstood(yesNo('yes')), ['understand yes', 'queue cancel en']],
    ['1 is yes, whatever 1 was before', (c) => c.presses('1'), ['queue cancel en']],
    ['no: the question again, with help', (c) => c.says('no').isUnderstood(yesNo('no')), ['understand no', 'en: Help one.']],
    ['2 is no', (c) => c.presses('2'), ['en: Help one.']],
    ['another wish, certain', (c) => c.says('change it').isUnderstood(sure('change')), ['understand change it', 'queue change en']],
    ['another wish, uncertain: asked back once more', (c) => c.says('hm').isUnderstood(sure('change', 0.6)), ['understand hm', `en: ${DID_YOU_SAY.en} stop it. ${YES_OR_NO.en}`]],
    ['silence twice is no', (c) => c.hears().staysSilent().hears().staysSilent(), [`en: ${DID_YOU_SAY.en} stop it. ${YES_OR_NO.en}`, 'en: Help one.']],
    ['0 is a person', (c) => c.presses('0'), ['person by key', 'queue operator en']],
  ])('%s', (_what, act, story) => expect(heard(act(asked()))).toEqual(story));

  it('in the words of the step, where it has some', () => {
    const c = talking(asking({ intents: { cancel: { flow: 'cancel', confirm: { en: 'Cancel?' }, slots: {} } } })).says('stop').isUnderstood(sure('cancel', 0.6));
    expect(heard(c).at(-1)).toBe('en: Cancel?');
  });

  it('what a caller said is repeated to the letter: it holds no variables', () => {
    expect(heard(talking(asking()).says('${secret} $from').isUnderstood(sure('cancel', 0.6))).at(-1)).toContain('${secret} $from');
  });
});

describe('what a wish needs to be known (P42: nothing else disturbs it)', () => {
  const slots = { intents: { change: { flow: 'change', confirm: undefined, slots: { date: { en: 'Which day?' }, time: { en: 'What time?' } } }, cancel: { flow: 'cancel', confirm: undefined, slots: {} } } };
  const said = (...entities: [string, string][]) => ({ entities: entities.map(([entity, value]) => ({ entity, value })) });
  it('is asked for, one by one', () => {
    const c = talking(asking(slots)).says('move it').isUnderstood(sure('change')).says('friday').isUnderstood({ ...said(['date', '2026-11-27']), outOfScope: 0.9 }).says('at ten').isUnderstood(said(['time', '10:00']));
    expect(heard(c)).toEqual(['understand move it', 'en: Which day?', 'understand friday', 'en: What time?', 'understand at ten', 'queue change en']);
    expect(c.state().variables).toMatchObject({ intent: 'change', date: '2026-11-27', time: '10:00', heard: 'at ten' });
  });

  it('is not asked for when it was said at once', () => {
    expect(heard(talking(asking(slots)).says('friday at ten').isUnderstood({ ...sure('change'), ...said(['date', 'd'], ['time', 't']) })).at(-1)).toBe('queue change en');
  });

  it('is kept over a confirmation', () => {
    const c = talking(asking(slots)).says('friday').isUnderstood({ ...sure('change', 0.6), ...said(['date', 'd']) }).presses('1');
    expect(heard(c).at(-1)).toBe('en: What time?');
  });

  it('is asked for again, then a person helps', () => {
    const c = talking(asking({ ...slots, tries: 2 })).says('move it').isUnderstood(sure('change')).says('dunno').isUnderstood({}).hears().staysSilent();
    expect(heard(c).slice(2)).toEqual(['understand dunno', `en: ${WRONG.unclear.en}`, 'en: Which day?', 'person by errors', 'queue operator en']);
  });

  it('may be dropped for another wish that is certain', () => {
    expect(heard(talking(asking(slots)).says('move it').isUnderstood(sure('change')).says('no, cancel').isUnderstood(sure('cancel'))).at(-1)).toBe('queue cancel en');
  });
});

describe('when nobody can listen', () => {
  const lost = { kind: 'unavailable', why: 'overload' } as const;
  it.each<[string, Partial<Ask>, string[]]>([
    ['the question is for keys, and says so', {}, ['hush', `en: ${BY_KEYS.en}`, 'en: What can I do?']],
    ['in words of its own', { keysPrompt: { en: 'Press one or two.' } }, ['hush', 'en: Press one or two.']],
    ['without keys there is a person', { keys: {} }, ['hush', 'person by errors', 'queue operator en']],
  ])('%s', (_what, ask, story) => {
    const c = caller(asking(ask), 'main', 'en');
    c.story();
    expect(c.listened(lost).story()).toEqual(story);
  });

  it('nobody tries again in this call', () => {
    const c = caller(asking(), 'main', 'en').listened(lost).hears().staysSilent();
    expect(c.story().filter((w) => w.startsWith('listen'))).toEqual(['listen open']);
    expect(c.effects().filter((f) => f.do === 'publish' && f.fact.type === 'speech_unavailable')).toHaveLength(1);
  });

  it('in the middle of a wish that is being asked back, the question is put for keys', () => {
    const c = talking(asking()).says('stop').isUnderstood(sure('cancel', 0.6));
    c.story();
    expect(c.listened(lost).story()).toEqual(['hush', `en: ${BY_KEYS.en}`, 'en: What can I do?']);
  });

  it('a plan without spoken questions listens to nobody', () => {
    expect(caller(planOf({ main: [{ do: 'ask', prompt: { en: 'Q?' }, keys: {} }] }, { person: 'main' })).story()).toEqual(['en: Q?']);
  });

  it('an answer of ears that are not listening any more changes nothing', () => {
    const c = talking(asking()).presses('1');
    c.story();
    expect(c.says('cancel').story()).toEqual([]);
  });
});

describe('who asks for a person', () => {
  it.each<['zh-CN' | 'en', string, boolean]>([
    ['zh-CN', '人工', true], ['zh-CN', '转 人工 服务', true], ['zh-CN', '我要找客服', true], ['zh-CN', '不要人工', false], ['zh-CN', '我上次打给你们客服说订单可以取消', false], ['zh-CN', '取消订单', false], ['zh-CN', '', false],
    ['en', 'agent', true], ['en', 'speak to an operator', true], ['en', 'i want a real person', true], ['en', 'no agent', false], ['en', 'the agent told me last week that my order was late', false], ['en', 'cancel', false],
  ])('%s %s: %s', (language, text, yes) => expect(asksForPerson(text, language)).toBe(yes));

  const news: WrittenStep = { do: 'say', prompt: { en: 'News.' } };
  it.each<[string, WrittenStep, (c: Caller) => Caller]>([
    ['in an announcement, by key', news, (c) => c.presses('0')], ['in an announcement, by speech', news, (c) => c.begins().says('operator')],
    ['while a service is asked', { do: 'http', method: 'GET', url: 'https://a.example/', headers: {}, body: undefined, timeoutMs: 1, retries: 0, retryUnsafe: false, expect: 'json', save: {}, fallback: undefined, otherwise: undefined }, (c) => c.says('agent')],
    ['in a menu of keys', { do: 'ask', prompt: { en: 'Press.' }, keys: {} }, (c) => c.says('agent')],
    ['when the language is asked', { do: 'language', prompt: { en: 'Which?' }, keys: { '1': 'en' }, tries: 2, timeoutMs: 1, otherwise: undefined }, (c) => c.presses('0')],
    ['in a survey', { do: 'survey', questions: [{ name: 'a', prompt: { en: 'How?' }, from: 1, to: 5 }], tries: 1, timeoutMs: 1, thanks: undefined }, (c) => c.presses('0')],
    ['while recording', { do: 'record', prompt: undefined, into: 'm', maxMs: 1, silenceMs: 1, beep: true }, (c) => c.presses('0')],
  ])('reaches one: %s', (_where, step, act) => {
    const c = caller(planOf({ main: [step], operator: [queue('operator')] }, { speech: true, person: 'operator' }), 'main', 'en');
    expect(act(c).story().at(-1)).toBe('queue operator en');
  });

  it('not in a number that is asked for', () => {
    const c = caller(planOf({ main: [{ do: 'collect', prompt: { en: 'No.' }, into: 'n', most: 2, speech: true }], operator: [queue('operator')] }, { speech: true, person: 'operator' }), 'main', 'en');
    expect(c.says('operator').presses('00').state().variables).toMatchObject({ n: '00' });
  });

  it('once: whoever is on the way there already is not sent there again', () => {
    const c = caller(planOf({ main: [news], operator: [news, queue('operator')] }, { person: 'operator' }), 'main', 'en').presses('0');
    c.story();
    expect(c.presses('0').story()).toEqual([]);
  });
});
