import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { caller, planOf, type Caller, type WrittenStep } from './caller.js';
import { APOLOGY, NOBODY } from './phrases.js';

const greeting: WrittenStep = { do: 'say', prompt: { 'zh-CN': '您好。', en: 'Hello.' } };
const question: WrittenStep = {
  do: 'ask', prompt: { 'zh-CN': '请按。', en: 'Press.' }, keys: { '1': 'chinese', '2': 'english', '0': 'operator' }, tries: 2, timeoutMs: 5_000, otherwise: 'support',
};
const support: WrittenStep = { do: 'queue', names: ['support'], priority: 5, attributes: {}, needs: [] };
const demo = planOf({
  main: [greeting, question],
  chinese: [{ do: 'set', language: 'zh-CN', variables: {} }, support],
  english: [{ do: 'set', language: 'en', variables: {} }, support],
  support: [support],
  operator: [{ do: 'dial', to: { extension: '1001' }, timeoutMs: 30_000 }, { do: 'hang_up' }],
});
const inMenu = (): Caller => {
  const c = caller(demo).hears();
  c.story();
  return c;
};
const sorry = [`zh-CN: ${APOLOGY['zh-CN']}`, `en: ${APOLOGY.en}`];

describe('the demo menu', () => {
  it('greets and asks in both languages, then waits', () => {
    expect(caller(demo).hears().hears().story()).toEqual(['zh-CN: 您好。', 'en: Hello.', 'zh-CN: 请按。', 'en: Press.', 'wait 5000']);
  });

  it.each([
    ['1', 'queue support zh-CN'], ['2', 'queue support en'], ['0', 'dial 1001'],
  ])('key %s leads to %s', (key, end) => {
    expect(inMenu().hears().presses(key).story().at(-1)).toBe(end);
  });

  it('asks again after silence, then gives the caller to the queue, in any language', () => {
    expect(inMenu().hears().staysSilent().hears().staysSilent().story())
      .toEqual(['wait 5000', 'zh-CN: 请按。', 'en: Press.', 'wait 5000', 'queue support any']);
  });

  it('takes nonsense for silence, and counts both', () => {
    expect(inMenu().presses('7').hears().staysSilent().story()).toEqual(['hush', 'zh-CN: 请按。', 'en: Press.', 'wait 5000', 'queue support any']);
  });

  it('hangs up politely when the conversation and the flow are over', () => {
    expect(inMenu().presses('1').queueEnds().story().at(-1)).toBe('finish hung_up');
  });
});

// Trap P43: what a key does must not depend on luck. Prompt × key, with the timer in all its places.
describe('keys and prompts', () => {
  it.each<[when: string, until: (c: Caller) => Caller, said: string[]]>([
    ['during the greeting: it stops, and the question it was meant for is not put', (c) => c.presses('1'), ['hush', 'queue support zh-CN']],
    ['during the greeting, a wrong key: the question is put', (c) => c.presses('9'), ['hush', 'zh-CN: 请按。', 'en: Press.']],
    ['during the question: it stops', (c) => c.hears().presses('1'), ['zh-CN: 请按。', 'en: Press.', 'hush', 'queue support zh-CN']],
    ['after the question: nothing plays that could stop', (c) => c.hears().hears().presses('1'), ['zh-CN: 请按。', 'en: Press.', 'wait 5000', 'queue support zh-CN']],
    ['two at once: the first counts', (c) => c.hears().presses('12'), ['zh-CN: 请按。', 'en: Press.', 'hush', 'queue support zh-CN']],
    ['a wrong one, then a right one while it is repeated', (c) => c.hears().presses('92'), ['zh-CN: 请按。', 'en: Press.', 'hush', 'zh-CN: 请按。', 'en: Press.', 'hush', 'queue support en']],
  ])('%s', (_when, until, said) => {
    const c = caller(demo);
    c.story();
    expect(until(c).story()).toEqual(said);
  });

  it('a wrong key during the greeting does not use up a try', () => {
    const c = caller(demo).presses('9').hears().staysSilent().hears();
    expect(c.staysSilent().story().at(-1)).toBe('queue support any');
    expect(c.story()).toEqual([]);
  });

  it('a key reaches the question over several greetings and a goto', () => {
    const far = planOf({ main: [greeting, greeting, { do: 'set', language: 'en', variables: {} }, { do: 'goto', flow: 'menu' }], menu: [greeting, question], ...{ chinese: [support] } });
    expect(caller(far).presses('1').story().slice(2)).toEqual(['hush', 'queue support en']);
  });

  it('a key during an announcement that no question follows is not heard', () => {
    const c = caller(planOf({ main: [greeting, support] }));
    c.story();
    expect(c.presses('1').story()).toEqual([]);
    expect(c.hears().story()).toEqual(['queue support any']);
  });

  it('keys in the queue and in a conversation are not the flow\'s', () => {
    const c = inMenu().presses('1');
    c.story();
    expect(c.presses('0#').story()).toEqual([]);
  });
});

describe('what comes too late', () => {
  it.each([
    ['the end of a prompt that was stopped', (id: number) => ({ type: 'play.ended', id, how: 'stopped' }) as const],
    ['a timer of an earlier try', (id: number) => ({ type: 'time.passed', id }) as const],
    ['the end of a queue never entered', (id: number) => ({ type: 'queue.ended', id, how: 'failed' }) as const],
    ['the end of a dial never made', (id: number) => ({ type: 'dial.ended', id, how: 'failed' }) as const],
  ])('%s changes nothing', (_what, event) => {
    const c = inMenu().presses('9');
    c.story();
    expect(c.late(event).story()).toEqual([]);
  });

  it('does not start the wait for an answer twice', () => {
    const c = inMenu().hears();
    c.story();
    expect(c.hears().story()).toEqual([]);
  });
});

describe('languages', () => {
  it('speaks only the one that was chosen', () => {
    const c = caller(planOf({ main: [{ do: 'set', language: 'en', variables: {} }, greeting] }));
    expect(c.story()).toEqual(['en: Hello.']);
  });

  it('may be known beforehand', () => expect(caller(demo, 'main', 'zh-CN').story()).toEqual(['zh-CN: 您好。']));

  it('says what there is when the chosen one is missing', () => {
    const c = caller(planOf({ main: [{ do: 'say', prompt: { en: 'Hello.' } }] }), 'main', 'zh-CN');
    expect(c.story()).toEqual(['en: Hello.']);
  });
});

describe('when something fails', () => {
  it('a greeting that cannot be played does not cost the caller the call', () => {
    expect(caller(demo).cannotHear().cannotHear().presses('1').story().filter((w) => !w.includes(':')))
      .toEqual(['failed prompt_failed', 'failed prompt_failed', 'wait 5000', 'queue support zh-CN']);
  });

  it('a prompt with on_error leads there', () => {
    const c = caller(planOf({ main: [{ ...greeting, onError: 'plan_b' }, question], plan_b: [support] })).cannotHear();
    expect(c.story().slice(2)).toEqual(['failed prompt_failed', 'queue support any']);
  });

  it('a broken queue ends in an apology in both languages', () => {
    const c = caller(planOf({ main: [support] })).queueEnds('failed');
    expect(c.story()).toEqual(['queue support any', 'failed queue_failed', ...sorry]);
    expect(c.hears().story()).toEqual(['finish failed']);
  });

  it('even when the apology cannot be heard', () => {
    expect(caller(planOf({ main: [support] })).queueEnds('failed').cannotHear().story().at(-1)).toBe('finish failed');
  });

  it('a broken queue with on_error leads there instead', () => {
    const c = caller(planOf({ main: [{ ...support, onError: 'operator' }], operator: [{ do: 'dial', to: { number: '+861' }, timeoutMs: 1 }] }));
    expect(c.queueEnds('failed').story().at(-1)).toBe('dial +861');
  });

  it.each(['busy', 'no_answer', 'rejected', 'unreachable'] as const)('a dialled person who is %s is apologised for, and the flow goes on', (how) => {
    const c = inMenu().presses('0').dialEnds(how);
    expect(c.story().slice(-2)).toEqual([`zh-CN: ${NOBODY['zh-CN']}`, `en: ${NOBODY.en}`]);
    expect(c.hears().story()).toEqual(['finish hung_up']);
  });

  it('or on_error says what then', () => {
    const c = caller(planOf({ main: [{ do: 'dial', to: { extension: '1' }, timeoutMs: 1, onError: 'support' }], support: [support] })).dialEnds('busy');
    expect(c.story()).toEqual(['dial 1', 'failed dial_busy', 'queue support any']);
  });

  it('a chain of failures ends, however the flows lead to each other', () => {
    const c = caller(planOf({ main: [{ ...support, onError: 'main' }] }));
    for (let i = 0; i < 10; i += 1) c.queueEnds('failed');
    expect(c.story().filter((w) => w === 'queue support any')).toHaveLength(4);
    expect(c.hears().story()).toEqual(['finish failed']);
  });

  it('a goto that turns in a circle ends in the last resort', () => {
    const c = caller(planOf({ main: [{ do: 'goto', flow: 'other' }], other: [{ do: 'goto', flow: 'main' }] }));
    expect(c.story()).toEqual(['failed endless_loop', ...sorry]);
  });

  it('so does a menu in which a phone was left off the hook', () => {
    const c = caller(planOf({ main: [{ ...question, otherwise: 'main' }] }));
    for (let i = 0; i < 10_000 && c.state().waiting.for !== 'apology'; i += 1) c.hears().staysSilent();
    expect(c.hears().story().at(-1)).toBe('finish failed');
  });

  it('a flow that is not there is a last resort too', () => {
    expect(caller(planOf({}), 'nowhere').story()).toEqual(['failed missing_flow', ...sorry]);
  });
});

describe('when the caller hangs up', () => {
  it.each<[string, (c: Caller) => Caller]>([
    ['in the greeting', (c) => c], ['in the menu', (c) => c.hears()], ['while we wait for a key', (c) => c.hears().hears()],
    ['in the queue', (c) => c.presses('1')], ['while the operator\'s phone rings', (c) => c.presses('0')],
  ])('%s, the flow ends and nothing is said any more', (_when, until) => {
    const c = until(caller(demo));
    c.story();
    expect(c.hangsUp().story()).toEqual(['finish caller_gone']);
    expect(c.hears().presses('1').staysSilent().queueEnds().hangsUp().story()).toEqual([]);
  });
});

describe('what a flow says of somebody who is to wait', () => {
  const wish = (steps: WrittenStep[], variables = {}) => {
    const c = caller(planOf({ main: steps }), 'main', undefined, variables);
    return c.effects().flatMap((f) => (f.do === 'queue' ? [f.to] : []))[0];
  };
  const asking = (attributes: Record<string, string | number | readonly string[]>): WrittenStep => ({ ...support, names: ['vip', 'support'], attributes, needs: [{ skill: 'chinese', level: 5 }] });

  it('is written there, or held by variables that were given or set on the way', () => {
    const to = wish([{ do: 'set', language: 'en', variables: { intent: 'cancel_order', amount: 100 } }, asking({ intent: '$intent', value: '$amount', number: '$from', language: '$language', tags: ['vip', '$intent'], price: '$5' })], { from: '+861' });
    expect(to).toEqual({
      names: ['vip', 'support'], priority: 5, language: 'en', needs: [{ skill: 'chinese', level: 5 }],
      attributes: { intent: 'cancel_order', value: 100, number: '+861', language: 'en', tags: ['vip', 'cancel_order'], price: '$5' },
    });
  });

  it('leaves out what no variable holds', () => {
    expect(wish([asking({ intent: '$intent', language: '$language', tags: ['$tier'] })])?.attributes).toEqual({ tags: [] });
  });
});

describe('a queue that sends its caller away', () => {
  const night: WrittenStep = { do: 'say', prompt: { en: 'We are closed.' } };
  it('into a flow: there it goes on', () => {
    expect(caller(planOf({ main: [support, question], night: [night] })).queueEnds({ flow: 'night' }).hears().story())
      .toEqual(['queue support any', 'en: We are closed.', 'finish hung_up']);
  });

  it('into a flow that is gone: the last resort', () => {
    expect(caller(planOf({ main: [support] })).queueEnds({ flow: 'night' }).story()).toEqual(['queue support any', 'failed missing_flow', ...sorry]);
  });

  it('for ever: ends in the last resort as well', () => {
    const c = caller(planOf({ main: [support] }));
    for (let i = 0; i < 10_000 && c.state().waiting.for === 'queue'; i += 1) c.queueEnds({ flow: 'main' });
    expect(c.hears().story().at(-1)).toBe('finish failed');
  });
});

describe('a callback', () => {
  const later: WrittenStep = { do: 'callback', queue: 'support', at: { time: '09:00', timeZone: undefined }, priority: 5, attributes: {}, needs: [] };
  it('once booked, the flow says goodbye', () => {
    expect(caller(planOf({ main: [later, greeting] })).callbackEnds().hears().story()).toEqual(['callback support 09:00', 'zh-CN: 您好。', 'en: Hello.', 'finish hung_up']);
  });

  it('that cannot be booked goes where on_error says', () => {
    expect(caller(planOf({ main: [{ ...later, onError: 'wait' }], wait: [support] })).callbackEnds('failed').story())
      .toEqual(['callback support 09:00', 'failed callback_failed', 'queue support any']);
  });
});

it('tells which flows were entered, which keys pressed, which language chosen', () => {
  const facts = inMenu().presses('92').effects().flatMap((f) => (f.do === 'publish' ? [[f.fact.type, ...Object.values(f.fact.data)]] : []));
  expect(facts).toEqual([['flow_entered', 'main'], ['digits', '9', 'main'], ['digits', '2', 'main'], ['flow_entered', 'english'], ['language_set', 'en']]);
});

it('ends exactly once and always waits for something until then, whatever the caller does', () => {
  const act = fc.constantFrom<(c: Caller) => Caller>(
    (c) => c.hears(), (c) => c.cannotHear(), (c) => c.presses('1'), (c) => c.presses('0'), (c) => c.presses('5'), (c) => c.staysSilent(),
    (c) => c.queueEnds(), (c) => c.queueEnds('failed'), (c) => c.dialEnds('busy'), (c) => c.dialEnds('failed'), (c) => c.dialEnds(),
  );
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const c = caller(demo);
      for (const a of acts) {
        a(c);
        const finished = c.effects().filter((f) => f.do === 'finish').length;
        expect(c.state().waiting.for === 'nothing').toBe(finished === 1);
        expect(finished).toBeLessThanOrEqual(1);
      }
      expect(c.hangsUp().effects().filter((f) => f.do === 'finish')).toHaveLength(1);
    }),
    { numRuns: 300 },
  );
});
