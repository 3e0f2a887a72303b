import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkFile, type Known } from './check.js';
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
    const faults = faultsOf(example, { queues: ['support'], extensions: ['1001'] });
    expect(faults.map((f) => [f.code, f.severity, f.line, f.column])).toEqual([['dialplan.intents_need_speech', 'warning', 11, 9]]);
  });

  it('becomes steps in milliseconds', () => {
    const parsed = parseDialplan('main.yaml', example);
    const welcome = parsed.ok ? parsed.file.plan.flows.get('welcome') : undefined;
    expect(welcome?.[1]).toEqual({
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
    ['a step of a room that is not built yet', flow('voicemail: {}'), '5:7 dialplan.unknown_step', 'known steps: say, ask, queue, dial, set, goto, hang_up'],
    ['an unknown key in a step', flow('queue: { name: support, prioritty: 3 }'), '5:31 config.unknown_key', 'did you mean "priority"?'],
    ['two steps behind one dash', flow('say: hello\n      hang_up: {}'), '6:7 dialplan.two_steps', 'put a dash before each step'],
    ['a step that is only a word', flow('hang_up'), '5:7 dialplan.not_a_step', 'for instance "- hang_up: {}"'],
    ['on_error without a step', flow('on_error: main'), '5:7 dialplan.not_a_step', 'one of say, ask, queue, dial, set, goto, hang_up'],
    ['two ways to say on_error', flow('{ queue: { name: s, on_error: main }, on_error: main }'), '5:45 dialplan.two_on_errors', 'keep one of them'],
    ['on_error that is no name', flow('{ hang_up: {}, on_error: 7 }'), '5:32 config.wrong_type', undefined],
    ['a missing flow', flow('goto: mian'), '5:13 dialplan.missing_flow', 'did you mean "main"?'],
    ['a missing flow behind a key', flow('ask: { prompt: { en: hi, zh-CN: 好 }, keys: { "1": nowhere } }'), '5:57 dialplan.missing_flow', 'flows here: main'],
    ['a missing flow behind on_error', flow('hang_up: { on_error: nowhere }'), '5:28 dialplan.missing_flow', 'flows here: main'],
    ['a queue that does not exist', flow('queue: { name: suport }'), '5:22 dialplan.missing_queue', 'did you mean "support"?'],
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
      .toEqual(['8:1 config.unknown_key', '5:7 dialplan.unknown_step', '7:14 config.missing', '7:16 config.unknown_key']);
  });

  it('a circle without an exit, by the flows that are in it', () => {
    const text = `${flow('goto: a')}  a:\n    - ask: { prompt: { en: hi, zh-CN: 好 }, keys: { "1": main }, otherwise: b }\n  b:\n    - goto: a\n  out:\n    - goto: gone\n  gone:\n    - hang_up: {}\n`;
    expect(brief(text)).toEqual(['4:3 dialplan.endless_loop', '6:3 dialplan.endless_loop', '8:3 dialplan.endless_loop', '10:3 dialplan.unreachable_flow', '12:3 dialplan.unreachable_flow']);
  });

  it('but not a circle that a key leaves', () => {
    expect(brief(flow('ask: { prompt: { en: hi, zh-CN: 好 }, keys: { "1": out }, otherwise: main }') + '  out: [ { hang_up: {} } ]\n')).toEqual([]);
  });
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
    ['a number where flows should be', 'version: 1\nflows: 7\n'], ['deep nesting', `${'['.repeat(2_000)}${']'.repeat(2_000)}`],
  ])('%s is refused, not fatal', (_what, text) => expect(faultsOf(text).filter((f) => f.severity === 'error')).not.toEqual([]));

  it('any text gives an answer', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', ':', ' ', '\n', '-', '{', '}', '[', ']', '&', '*', '"', 'say', 'flows') }), (text) => Array.isArray(faultsOf(text))));
  });
});
