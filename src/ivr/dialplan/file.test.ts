import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkFile, type Known } from './check/index.js';
import { parseDialplan } from './file.js';

const faultsOf = (text: string, known: Known = {}) => {
  const parsed = parseDialplan('main.yaml', text);
  return parsed.ok ? checkFile(parsed.file, known) : parsed.faults;
};
const brief = (text: string, known?: Known): string[] => faultsOf(text, known).map((f) => `${f.line}:${f.column} ${f.code}`);
const head = 'version: 1\nentries: [ { number: "4000", flow: main } ]\nflows:\n  main:\n';
const flow = (...steps: string[]): string => `${head}${steps.map((s) => `    - ${s}\n`).join('')}`;

/** The example of the contract, word for word. */
const example = `version: 1
entries:
  - number: "4000"                      # exact, or a pattern: 40xx, +86755xxxxxxxx
    flow: welcome
flows:
  welcome:
    - say: { zh-CN: 您好，欢迎致电。, en: Hello and welcome. }
    - ask:
        prompt: { zh-CN: 中文请按一。, en: For English press two. }
        keys: { "1": chinese, "2": english, "0": operator }
        intents: { cancel_order: cancel, speak_to_person: operator }
        tries: 2
        timeout: 5
        otherwise: chinese
  chinese:
    - set: { language: zh-CN }
    - queue: { name: support }
  cancel: [ { queue: { name: support } } ]
  english: [ { set: { language: en } }, { queue: { name: support } } ]
  operator: [ { dial: { extension: "1001" } }, { hang_up: {} } ]
`;

describe('the dialplan of the contract', () => {
  it('is understood; spoken answers are the only thing it warns of', () => {
    const faults = faultsOf(example, { queues: ['support'], extensions: ['1001'], speech: [] });
    expect(faults.map((f) => [f.code, f.severity, f.line, f.column])).toEqual([['dialplan.intents_need_speech', 'warning', 11, 9]]);
  });

  it('becomes steps in milliseconds', () => {
    const parsed = parseDialplan('main.yaml', example);
    const welcome = parsed.ok ? parsed.file.plan.flows.get('welcome') : undefined;
    expect(welcome?.[1]).toMatchObject({
      do: 'ask', prompt: { 'zh-CN': '中文请按一。', en: 'For English press two.' }, keys: { '0': 'operator', '1': 'chinese', '2': 'english' },
      tries: 2, timeoutMs: 5_000, otherwise: 'chinese', onError: undefined,
    });
    expect(parsed.ok && parsed.file.plan.flows.get('operator')).toEqual([
      { do: 'dial', to: { extension: '1001' }, timeoutMs: 30_000, onError: undefined }, { do: 'hang_up', onError: undefined },
    ]);
  });
});

describe('a step', () => {
  it('may carry on_error among its parameters or beside its key', () => {
    for (const step of ['queue: { name: support, on_error: main }', '{ queue: { name: support }, on_error: main }', '{ say: hello, on_error: main }', 'say: { en: hello, zh-CN: 你好, on_error: main }']) {
      const parsed = parseDialplan('main.yaml', flow(step));
      expect(parsed.ok && parsed.file.plan.flows.get('main')?.[0]?.onError).toBe('main');
    }
  });

  it('may be a goto of one word, and a text of one language', () => {
    const parsed = parseDialplan('main.yaml', flow('say: 你好', 'say: hello', 'goto: main'));
    expect(parsed.ok && parsed.file.plan.flows.get('main')?.map((s) => (s.do === 'say' ? s.prompt : s.do))).toEqual([{ 'zh-CN': '你好' }, { en: 'hello' }, 'goto']);
  });
});

describe('what is refused, with its place and a way out', () => {
  it.each<[what: string, text: string, place: string, hint: string | undefined]>([
    ['an unknown step', flow('sya: hello'), '5:7 dialplan.unknown_step', 'did you mean "say"?'],
    ['a step of a room that is not built yet', flow('voicemail: {}'), '5:7 dialplan.unknown_step', 'known steps: say, play, ask, collect, branch, hours, http, set, queue, dial, transfer, record, survey, callback, language, call, goto, script, ticket, message, hang_up'],
    ['an unknown key in a step', flow('queue: { name: support, prioritty: 3 }'), '5:31 config.unknown_key', 'did you mean "priority"?'],
    ['two steps behind one dash', flow('say: hello\n      hang_up: {}'), '6:7 dialplan.two_steps', 'put a dash before each step'],
    ['a step that is only a word', flow('hang_up'), '5:7 dialplan.not_a_step', 'for instance "- hang_up: {}"'],
    ['on_error without a step', flow('on_error: main'), '5:7 dialplan.not_a_step', 'one of say, play, ask, collect, branch, hours, http, set, queue, dial, transfer, record, survey, callback, language, call, goto, script, ticket, message, hang_up'],
    ['two ways to say on_error', flow('{ queue: { name: s, on_error: main }, on_error: main }'), '5:45 dialplan.two_on_errors', 'keep one of them'],
    ['on_error that is no name', flow('{ hang_up: {}, on_error: 7 }'), '5:32 config.wrong_type', undefined],
    ['a missing flow', flow('goto: mian'), '5:13 dialplan.missing_flow', 'did you mean "main"?'],
    ['a missing flow behind a key', flow('ask: { prompt: { en: hi, zh-CN: 好 }, keys: { "1": nowhere } }'), '5:57 dialplan.missing_flow', 'flows here: main'],
    ['a missing flow behind on_error', flow('hang_up: { on_error: nowhere }'), '5:28 dialplan.missing_flow', 'flows here: main'],
    ['a queue that does not exist', flow('queue: { name: suport }'), '5:22 dialplan.missing_queue', 'did you mean "support"?'],
    ['the second of several queues', flow('queue: { names: [support, suport] }'), '5:33 dialplan.missing_queue', 'did you mean "support"?'],
    ['a callback to a queue that does not exist', flow('callback: { queue: suport }'), '5:26 dialplan.missing_queue', 'did you mean "support"?'],
    ['a variable that nothing sets', flow('set: { variables: { intent: cancel } }', 'queue: { name: support, attributes: { intent: $intnet } }'), '6:53 dialplan.unknown_variable', 'did you mean "$intent"?'],
    ['a variable with a strange name', flow('set: { variables: { "My Intent": x } }'), '5:27 config.wrong_value', 'small letters, digits and underscore; the language has a key of its own, and call, customer and now are given'],
    ['a language among the variables', flow('set: { variables: { language: en } }'), '5:27 config.wrong_value', 'small letters, digits and underscore; the language has a key of its own, and call, customer and now are given'],
    ['a skill of level 11', flow('queue: { name: support, skills: { chinese: 11 } }'), '5:50 config.wrong_value', undefined],
    ['an extension that does not exist', flow('dial: { extension: "1009" }'), '5:26 dialplan.missing_extension', 'did you mean "1001"?'],
    ['a number without quotes', flow('dial: { extension: 1001 }'), '5:26 config.wrong_type', 'write it in quotes'],
    ['both extension and number', flow('dial: { extension: "1001", number: "+86" }'), '5:13 config.wrong_value', undefined],
    ['a key that no phone has', flow('ask: { prompt: hi, keys: { "12": main } }'), '5:34 config.wrong_value', 'one of 0 to 9, *, #, A to D'],
    ['a name that is none', `${flow('hang_up: {}')}  "two words": []\n`, '6:3 config.wrong_value', 'letters, digits, dash and underscore; at most 63'],
    ['a language that is not spoken', flow('set: { language: de }'), '5:24 config.wrong_value', undefined],
    ['a text in no language', flow('say: {}'), '5:12 config.wrong_value', undefined],
    ['tries out of range', flow('ask: { prompt: hi, keys: {}, tries: 0 }'), '5:43 config.wrong_value', undefined],
    ['a bad pattern', 'version: 1\nentries:\n  - { number: "40..5", flow: main }\nflows: { main: [ { hang_up: {} } ] }\n', '3:15 config.wrong_value', undefined],
    ['an entry to a missing flow', 'version: 1\nentries:\n  - { number: "4000", flow: mane }\nflows: { main: [ { hang_up: {} } ] }\n', '3:29 dialplan.missing_flow', 'did you mean "main"?'],
    ['an entry made twice', 'version: 1\nentries:\n  - { number: "4000", flow: main }\n  - { number: "4000", flow: main }\nflows: { main: [ { hang_up: {} } ] }\n', '4:15 dialplan.duplicate_entry', 'keep one of them'],
    ['an unknown key of the file', `${flow('hang_up: {}')}flow: {}\n`, '6:1 config.unknown_key', 'did you mean "flows"?'],
    ['another version', flow('hang_up: {}').replace('version: 1', 'version: 2'), '1:10 config.wrong_value', undefined],
    ['no flows', 'version: 1\n', '1:1 config.missing', 'it must be of type record'],
  ])('%s', (_what, text, place, hint) => {
    const [first] = faultsOf(text, { queues: ['support'], extensions: ['1001'] });
    expect([`${first?.line}:${first?.column} ${first?.code}`, first?.hint, first?.severity]).toEqual([place, hint, 'error']);
  });

  it('all at once', () => {
    expect(brief(`${flow('sya: hello', 'goto: nowhere', 'queue: { nam: x }')}extra: 1\n`))
      .toEqual(['8:1 config.unknown_key', '5:7 dialplan.unknown_step', '7:16 config.unknown_key', '7:14 config.wrong_value']);
  });

  it('a circle without an exit, by the flows that are in it', () => {
    const text = `${flow('goto: a')}  a:\n    - ask: { prompt: { en: hi, zh-CN: 好 }, keys: { "1": main }, otherwise: b }\n  b:\n    - goto: a\n  out:\n    - goto: gone\n  gone:\n    - hang_up: {}\n`;
    expect(brief(text)).toEqual(['4:3 dialplan.endless_loop', '6:3 dialplan.endless_loop', '8:3 dialplan.endless_loop', '10:3 dialplan.unreachable_flow', '12:3 dialplan.unreachable_flow']);
  });

  it('but not a circle that a key leaves', () => {
    expect(brief(flow('ask: { prompt: { en: hi, zh-CN: 好 }, keys: { "1": out }, otherwise: main }') + '  out: [ { hang_up: {} } ]\n')).toEqual([]);
  });
});

describe('what newer steps refer to', () => {
  const known: Known = { queues: ['support'], extensions: ['1001'], trunks: ['carrier-a'], intents: ['cancel_order'], speech: ['zh-CN', 'en'], secrets: (name) => name === 'API_KEY', sounds: (file) => file.endsWith('there.wav') };
  const both = '{ zh-CN: 好, en: hi }';
  it.each<[what: string, text: string, place: string, hint: string | undefined]>([
    ['a flow behind an intent', flow(`ask: { prompt: ${both}, intents: { cancel_order: mian } }`), '5:69 dialplan.missing_flow', 'did you mean "main"?'],
    ['a flow behind an intent with more to it', flow(`ask: { prompt: ${both}, intents: { cancel_order: { flow: mian } } }`), '5:77 dialplan.missing_flow', 'did you mean "main"?'],
    ['a flow behind a condition', flow('branch: [ { when: "true", then: mian }, { otherwise: main } ]'), '5:39 dialplan.missing_flow', 'did you mean "main"?'],
    ['a flow behind no condition', flow('branch: [ { when: "true", then: main }, { otherwise: mian } ]'), '5:60 dialplan.missing_flow', 'did you mean "main"?'],
    ['a flow behind conditions with on_error', flow('branch: { cases: [ { when: "true", then: mian } ], on_error: main }'), '5:48 dialplan.missing_flow', 'did you mean "main"?'],
    ['a sub-flow', flow('call: { flow: mian }'), '5:21 dialplan.missing_flow', 'did you mean "main"?'],
    ['a flow on error beside the step', flow('{ call: main, on_error: mian }'), '5:31 dialplan.missing_flow', 'did you mean "main"?'],
    ['a flow when closed', flow('hours: { calendar: c, closed: mian }'), '5:37 dialplan.missing_flow', 'did you mean "main"?'],
    ['a flow to be given away to', flow('transfer: { flow: mian }'), '5:25 dialplan.missing_flow', 'did you mean "main"?'],
    ['the person', `person: mian\n${flow('hang_up: {}')}`, '1:9 dialplan.missing_flow', 'did you mean "main"?'],
    ['a calendar', flow('hours: { calendar: office }'), '5:26 dialplan.missing_calendar', 'there are no calendars'],
    ['a trunk', flow('dial: { number: "+86", trunk: carier-a }'), '5:37 dialplan.missing_trunk', 'did you mean "carrier-a"?'],
    ['a queue to be given away to', flow('transfer: { queue: suport }'), '5:26 dialplan.missing_queue', 'did you mean "support"?'],
    ['a wish that no corpus knows', flow(`ask: { prompt: ${both}, intents: { cancel_oder: main } }`), '5:55 dialplan.missing_intent', 'did you mean "cancel_order"?'],
    ['a sound', flow('play: not-here.wav'), '5:13 dialplan.missing_sound', 'a .wav file, named from the folder of this file on'],
    ['an entry\'s trunk', 'version: 1\nentries: [ { number: "1", flow: main, trunk: [carrier-a, b] } ]\nflows: { main: [ { hang_up: {} } ] }\n', '2:46 dialplan.missing_trunk', undefined],
    ['an entry\'s calendar', 'version: 1\nentries: [ { number: "1", flow: main, closed: c } ]\nflows: { main: [ { hang_up: {} } ] }\n', '2:47 dialplan.missing_calendar', 'there are no calendars'],
    ['a variable in a text', flow('set: { variables: { order_id: x } }', 'say: { zh-CN: 好, en: "Order $oder_id." }'), '6:28 dialplan.unknown_variable', 'did you mean "$order_id"?'],
    ['a variable in an expression', flow('set: { variables: { total: 1 } }', 'branch: [ { when: totl > 5, then: main }, { otherwise: main } ]'), '6:25 dialplan.unknown_variable', 'did you mean "total"?'],
    ['a variable in a text\'s expression', flow('say: { zh-CN: 好, en: "Order ${oder.id}." }'), '5:28 dialplan.unknown_variable', 'known here: from, to, language, trunk, did'],
    ['a variable in a request', flow('http: { url: "https://a.example/$nobody", headers: { X-A: $noone } }'), '5:20 dialplan.unknown_variable', undefined],
    ['a variable in an argument named like a key', flow('call: { flow: main, args: { name: $nobody } }'), '5:41 dialplan.unknown_variable', undefined],
  ])('%s', (_what, text, place, hint) => {
    const first = faultsOf(text, known).find((f) => f.severity === 'error');
    expect(`${first?.line}:${first?.column} ${first?.code}`).toBe(place);
    if (hint !== undefined) expect(first?.hint).toBe(hint);
  });

  it('knows what steps set, and what every call has', () => {
    const steps = [
      `collect: { prompt: ${both}, into: code }`, 'http: { url: "https://a.example/$code/$from", save: { a: x }, fallback: { b: 1 } }', `ask: { prompt: ${both}, keys: { "1": main }, intents: { cancel_order: { flow: main, slots: { room: ${both} } } } }`,
      'record: {}', `survey: { questions: [ { name: mark, prompt: ${both} } ] }`, 'call: { flow: sub, args: { arg: 1 } }',
      'say: { zh-CN: 好, en: "$code $a $b $http_status $intent $heard $room $date $recording $mark $arg $to ${call.did} ${now.hour} ${customer.name}" }',
    ];
    expect(brief(`${flow(...steps)}  sub: [ { hang_up: {} } ]\n`, { intents: ['cancel_order'] }).filter((f) => f.includes('unknown_variable'))).toEqual([]);
  });

  it('warns of secrets that are not set, and of nobody to turn to', () => {
    expect(brief(flow('http: { url: "https://a.example/", headers: { A: "${API_KEY}", B: "x ${OTHER}" } }'), known)).toEqual(['5:73 dialplan.missing_secret']);
    expect(brief(flow(`collect: { prompt: ${both}, into: n }`), known)).toEqual(['5:7 dialplan.no_person']);
    expect(brief(`${flow(`collect: { prompt: ${both}, into: n }`)}  operator: [ { dial: { number: "+861" } } ]\n`, known)).toEqual([]);
  });

  it('warns of every text that is missing in a language, wherever it stands', () => {
    const ask = 'ask: { prompt: hi, help: [hi, hi], keys_prompt: hi, intents: { cancel_order: { flow: main, confirm: hi, slots: { date: hi } } }, otherwise: out }';
    const found = brief(`${flow(ask)}  out:\n    - collect: { prompt: hi, into: n, help: hi, wrong: hi, otherwise: main }\n    - survey: { questions: [ { name: a, prompt: hi } ], thanks: hi }\n    - record: { prompt: hi }\n    - language: { prompt: hi, keys: {} }\n`);
    expect(found.filter((f) => f.includes('missing_language'))).toEqual(['5:22', '5:33', '5:37', '5:55', '5:107', '5:126', '7:26', '7:45', '7:56', '8:49', '8:65', '9:25', '10:27'].map((at) => `${at} dialplan.missing_language`));
  });

  it('follows every way out of a flow', () => {
    const text = `${flow('call: sub', 'branch: [ { when: "true", then: b }, { otherwise: main } ]')}  sub: [ { hours: { calendar: c, open: o, closed: main } } ]\n  b: [ { goto: main } ]\n  o: [ { transfer: { flow: main } } ]\n`;
    expect(brief(text, known).filter((f) => f.includes('endless')).map((f) => f.split(' ')[0])).toEqual(['4:3', '7:3', '8:3', '9:3']);
  });

  it('refuses markup that the voice would not take, wherever it is said', () => {
    expect(faultsOf(flow('say: { zh-CN: 好, en: "<speak>Hello <b>$from</b></speak>" }')).filter((f) => f.severity === 'error')).toMatchObject([{ line: 5, column: 28, code: 'dialplan.bad_markup' }]);
    expect(faultsOf(flow('say: { zh-CN: 好, en: "<speak>Hello <break time=\\"200ms\\"/>$from</speak>" }')).filter((f) => f.severity === 'error')).toEqual([]);
  });

  it('sees that nothing comes after what always leaves', () => {
    expect(brief(flow('branch: [ { when: "true", then: main }, { otherwise: main } ]', 'hang_up: {}')).at(-1)).toBe('6:7 dialplan.unreachable_step');
  });
});

describe('the person', () => {
  const planOf = (text: string) => {
    const parsed = parseDialplan('main.yaml', text);
    return parsed.ok ? parsed.file.plan : undefined;
  };
  it.each<[string, string, string | undefined]>([
    ['is who the file says', `person: main\n${flow('hang_up: {}')}`, 'main'], ['else the flow "operator"', `${flow('hang_up: {}')}  operator: [ { hang_up: {} } ]\n`, 'operator'],
    ['else the first queue', flow('queue: { name: a, priority: 7 }', 'queue: { name: b }'), '(person)'], ['else nobody', flow('hang_up: {}'), undefined],
  ])('%s', (_who, text, person) => expect(planOf(text)?.person).toBe(person));

  it('of the first queue waits as the file has it', () => expect(planOf(flow('queue: { name: a, priority: 7 }'))?.flows.get('(person)')).toMatchObject([{ do: 'queue', names: ['a'], priority: 7 }]));
});

it('listens only where a question can be answered by speech', () => {
  const speech = (step: string) => {
    const parsed = parseDialplan('main.yaml', flow(step));
    return parsed.ok && parsed.file.plan.speech;
  };
  expect([speech('ask: { prompt: hi, intents: { a: main } }'), speech('ask: { prompt: hi, keys: { "1": main } }'), speech('collect: { prompt: hi, into: n }'), speech('collect: { prompt: hi, into: n, speech: true }')]).toEqual([true, false, false, true]);
});

describe('what is only warned of', () => {
  it.each([
    ['a flow that nothing leads to', `${flow('hang_up: {}')}  other:\n    - hang_up: {}\n`, '6:3 dialplan.unreachable_flow'],
    ['a step after the end', flow('hang_up: {}', 'say: { en: hi, zh-CN: 好 }'), '6:7 dialplan.unreachable_step'],
    ['a text that is missing in one language', flow('say: { en: hi }'), '5:12 dialplan.missing_language'],
    ['a question that is missing in one language', flow('ask: { prompt: { zh-CN: 好 }, keys: {} }'), '5:22 dialplan.missing_language'],
  ])('%s', (_what, text, place) => {
    expect(brief(text)).toEqual([place]);
    expect(faultsOf(text)[0]?.severity).toBe('warning');
  });
});

describe('hostile files', () => {
  it.each([
    ['a bomb of aliases', `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'.split('').map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefghij'[i]}`).join(',')}]`).join('\n')}\n`],
    ['nothing', ''], ['a word', 'hello'], ['a list', '- 1\n- 2\n'], ['broken YAML', 'flows: [ {'], ['tabs', 'flows:\n\tmain: []\n'],
    ['a prototype', 'version: 1\nflows:\n  main:\n    - __proto__: { name: x }\n    - constructor: {}\n    - toString: {}\n'],
    ['a number where flows should be', 'version: 1\nflows: 7\n'], ['deep nesting', `${'['.repeat(2_000)}${']'.repeat(2_000)}`], ['nesting without end', `${'['.repeat(100_000)}${']'.repeat(100_000)}`], ['maps in maps', `${'{a: '.repeat(10_000)}1${'}'.repeat(10_000)}`],
    ['an alias of itself', 'version: 1\nflows: &f { main: *f }\n'], ['a step that holds itself', flow('&s { set: { variables: { a: *s } } }')], ['a value that holds itself', flow('set: { variables: &v { a: *v } }')],
    ['forty thousand keys', `version: 1\nflows: { ${Array.from({ length: 40_000 }, (_, i) => `k${i}: 1`).join(', ')} }\n`], ['thirty thousand steps', `version: 1\nflows: { a: [ ${'{say: x}, '.repeat(30_000)} ] }\n`],
    ['a megabyte of text', flow(`say: ${'x'.repeat(1_000_000)}`)], ['a value nested deep', flow(`set: { variables: { a: ${'['.repeat(500)}${']'.repeat(500)} } }`)], ['a million small things', flow(`set: { variables: { a: ${'${'.repeat(9_999)} } }`)],
  ])('%s is refused, not fatal', (_what, text) => expect(faultsOf(text).filter((f) => f.severity === 'error')).not.toEqual([]));

  it('any text gives an answer', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', ':', ' ', '\n', '-', '{', '}', '[', ']', '&', '*', '"', 'say', 'flows') }), (text) => Array.isArray(faultsOf(text))));
  });
});

describe('a queue that sends its callers back into the dialplan', () => {
  const known: Known = { queues: ['support', 'vip'], queueFlows: { support: ['night'], vip: [] } };

  it('needs the flow to be in every file that leads to it', () => {
    expect(brief(flow('queue: { name: support }'), known)).toEqual(['5:22 dialplan.missing_queue_flow']);
    expect(faultsOf(flow('queue: { names: [vip, support] }'), known)).toMatchObject([{ line: 5, column: 29, hint: expect.stringContaining('add a flow "night"') }]);
    expect(brief(flow('queue: { name: vip }'), known)).toEqual([]);
  });

  it('leads to that flow: it is not an orphan', () => {
    const text = `${flow('queue: { name: support }')}  night:\n    - say: { en: Closed., zh-CN: 已下班。 }\n`;
    expect(brief(text, known)).toEqual([]);
    expect(brief(text, { queues: ['support'] })).toEqual(['6:3 dialplan.unreachable_flow']);
  });
});
