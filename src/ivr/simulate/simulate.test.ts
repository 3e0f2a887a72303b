import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Meant } from '../machine/index.js';
import { placeText, runTests, type CaseResult, type TestsResult, type World } from './index.js';
import { matchesRequest } from './doubles.js';
import { speakingMs } from './pace.js';

let dir = '';
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'strowger-simulate-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const write = (name: string, text: string): string => {
  const file = join(dir, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
};

const SHOP = `version: 1
person: person
time_zone: Asia/Shanghai
entries:
  - { number: "4000", flow: welcome }
  - { number: "4000", tags: elderly, flow: person }
  - { number: "41xx", flow: message }
flows:
  welcome:
    - say: { zh-CN: 您好，欢迎致电。, en: Hello and welcome. }
    - ask:
        prompt: { zh-CN: 请问需要什么帮助？查订单请按一。, en: "How can we help? For your order press one." }
        help: { zh-CN: 您可以说，取消订单。, en: "You can say: cancel my order." }
        keys: { "1": order }
        intents: { cancel_order: { flow: cancel, confirm: { zh-CN: 您要取消订单吗？, en: Cancel the order? } } }
        otherwise: person
  order:
    - http: { url: "https://orders.example/v1/orders?phone=$from", save: { order: $ }, otherwise: person }
    - branch: [ { when: "order.total > 1000", then: person } ]
    - say: { zh-CN: "您的订单状态是 \${order.status}。", en: "Your order is \${order.status}." }
    - hang_up: {}
  cancel:
    - http: { method: PUT, url: "https://orders.example/v1/orders/A1", body: { status: cancelled } }
    - say: { zh-CN: 已取消。, en: It is cancelled. }
  person:
    - queue: { name: support, priority: 7, attributes: { number: $from } }
    - survey: { questions: [ { name: score, prompt: { zh-CN: 请打分。, en: Please rate us. } } ] }
  message:
    - record: { prompt: { zh-CN: 请留言。, en: Please leave a message. } }
    - callback: { queue: support }
    - transfer: { extension: "1001" }
`;

/** Understands what it was told to. */
const understanding = (sentences: Readonly<Record<string, Partial<Meant>>>): NonNullable<World['understand']> => ({ text }) =>
  Promise.resolve({ intents: [], outOfScope: 1, entities: [], ...sentences[text] });
const wish = (confidence: number): Partial<Meant> => ({ intents: [{ name: 'cancel_order', confidence }], outOfScope: 1 - confidence });

async function simulate(cases: string, sentences?: Readonly<Record<string, Partial<Meant>>>, dialplan = SHOP): Promise<TestsResult> {
  write('main.yaml', dialplan);
  const file = write('tests/shop.yaml', `dialplan: ../main.yaml\ncases:\n${cases.replace(/^/gm, '  ')}`);
  return runTests({ places: [file], understanding: () => sentences && understanding(sentences) });
}
const failures = ({ cases, faults }: TestsResult): string[] => [...faults, ...cases.flatMap((one: CaseResult) => one.faults)].map((f) => `${f.line}:${f.column} ${f.code} ${f.message}${f.hint === undefined ? '' : ` (${f.hint})`}`);
const said = ({ cases }: TestsResult): string[] => cases.flatMap(({ lines }) => lines.flatMap((line) => (line.kind === 'said' ? [line.text] : [])));

const ORDER = `http: { "GET https://orders.example/v1/orders?phone=*": { json: { status: paid, total: 80 } } }`;

describe('a caller in a test', () => {
  it('hears, presses, and is told what the service says', async () => {
    const result = await simulate(`- name: order by key
  call: { to: "4000", from: "+8613800138000", language: en }
  ${ORDER}
  steps: [ { hears: welcome }, { hears: "for your order" }, { presses: "1" }, { requests: "GET https://orders.example/v1/orders?phone=+8613800138000" }, { hears: your order is paid }, { knows: { order: { status: paid, total: 80 } } }, { ends: hang_up } ]`);
    expect(failures(result)).toEqual([]);
  });

  it('is silent, hears the help, and comes to a person', async () => {
    const result = await simulate(`- name: silence
  call: { to: "4000" }
  steps: [ { hears: [欢迎, 请问需要什么] }, { waits: 6 }, { hears: 您可以说 }, { waits: 6 }, { enters: person }, { ends: { by: queue, queue: support, priority: 7, attributes: { number: anonymous } } } ]`);
    expect(failures(result)).toEqual([]);
  });

  it('says what he wants, confirms, and it is done', async () => {
    const result = await simulate(`- name: by voice
  call: { to: "4000", language: zh-CN }
  http: { "PUT https://orders.example/v1/orders/*": { status: 204 } }
  steps: [ { says: 我想取消订单 }, { hears: 您要取消订单吗 }, { presses: "1" }, { requests: { request: "PUT https://orders.example/v1/orders/A1", body: { status: cancelled }, times: 1 } }, { hears: 已取消 }, { ends: hang_up } ]`, { 我想取消订单: wish(0.6) });
    expect(failures(result)).toEqual([]);
  });

  it('cuts a prompt short with a key or a word, and what was not said was not heard', async () => {
    const result = await simulate(`- name: key
  call: { to: "4000", language: zh-CN }
  ${ORDER}
  steps: [ { hears: 欢迎 }, { presses: { keys: "1", barge_in: true } }, { not_hears: 需要什么帮助 }, { hears: 您的订单状态 } ]
- name: word
  call: { to: "4000", language: zh-CN }
  http: { "PUT *": { status: 204 } }
  steps: [ { hears: 需要什么帮助 }, { says: { text: 取消, barge_in: true } }, { hears: 已取消 } ]`, { 取消: wish(0.95) });
    expect(failures(result)).toEqual([]);
    expect(result.cases[0]!.lines.filter((l) => l.kind === 'hushed')).toHaveLength(1);
  });

  it('has not heard the second language when a key cut the first one short', async () => {
    const result = await simulate(`- name: both
  call: { to: "4000" }
  ${ORDER}
  steps: [ { hears: 欢迎致电 }, { presses: { keys: "1", barge_in: true } }, { not_hears: Hello and welcome }, { hears: Your order is } ]`);
    expect(failures(result)).toEqual([]);
  });

  it('mumbles twice and is given to a person; so does one whom nobody understands', async () => {
    const result = await simulate(`- name: mumbles
  call: { to: "4000", language: zh-CN }
  steps: [ { mumbles: true }, { says: 天气怎么样 }, { ends: queue } ]`, { 天气怎么样: {} });
    expect(failures(result)).toEqual([]);
  });

  it('goes on behind the queue, and can be hung up on anywhere', async () => {
    const result = await simulate(`- name: survey
  call: { to: "4000", customer: { tags: [elderly] }, language: en }
  steps: [ { ends: queue }, { outcome: completed }, { hears: please rate }, { presses: "5" }, { knows: { score: 5 } }, { ends: hang_up } ]
- name: message
  call: { to: "4123", language: en }
  steps: [ { hears: leave a message }, { ends: record }, { outcome: recorded }, { ends: { by: callback, queue: support } }, { outcome: booked }, { ends: { by: transfer, extension: "1001" } }, { outcome: busy }, { hears: cannot take your call } ]
- name: gone
  call: { to: "4000" }
  steps: [ { hears: 欢迎 }, { hangs_up: true }, { ends: caller } ]`);
    expect(failures(result)).toEqual([]);
  });

  it('meets a service that fails', async () => {
    const result = await simulate(['timeout', 'not_json', 'private_address'].map((why) => `- name: ${why}
  call: { to: "4000" }
  http: { "GET *": { fails: ${why}, takes: 5 } }
  steps: [ { presses: "1" }, { ends: queue } ]`).join('\n'));
    expect(failures(result)).toEqual([]);
  });

  it('gets one answer after another to the same request', async () => {
    const result = await simulate(`- name: twice
  call: { to: "4000", language: en }
  http: { "GET *": [ { status: 503 }, { json: { status: paid, total: 2000 } } ] }
  steps: [ { presses: "1" }, { ends: { by: queue, queue: support } } ]`);
    expect(failures(result)).toEqual([]);
  });
});

describe('what is wrong is said where it stands', () => {
  it.each([
    ['[ { hears: 再见 } ]', /test\.not_heard "再见" was not heard \(said: .*您好，欢迎致电。/],
    ['[ { hears: 欢迎 }, { hears: 欢迎 } ]', /test\.not_heard "欢迎" was not heard \(said: Hello and welcome\./],
    ['[ { ends: hang_up } ]', /test\.not_ended the caller is still in the flow/],
    ['[ { hears: 欢迎 }, { not_hears: 需要什么 } ]', /test\.heard "需要什么" was heard/],
    ['[ { presses: "0" }, { ends: { by: dial } } ]', /test\.wrong_end expected dial, but the caller is in queue support \(priority 7/],
    ['[ { presses: "0" }, { ends: { by: queue, queue: sales } } ]', /test\.wrong_end expected queue "sales"/],
    ['[ { presses: "0" }, { ends: { by: queue, priority: 1 } } ]', /test\.wrong_end expected priority 1/],
    ['[ { presses: "0" }, { ends: { by: queue, attributes: { vip: true } } } ]', /test\.wrong_end expected vip true/],
    ['[ { presses: "0" }, { ends: { by: queue, language: en } } ]', /test\.wrong_end expected language en/],
    ['[ { presses: "0" }, { outcome: busy } ]', /test\.no_such_outcome/],
    ['[ { enters: order } ]', /test\.not_entered flow "order" was not entered \(entered: welcome\)/],
    ['[ { knows: { language_code: x } } ]', /test\.not_known "language_code" is null, not "x"/],
    ['[ { requests: "GET *" } ]', /test\.not_requested GET \* was not requested \(requested: nothing\)/],
    ['[ { presses: "0" }, { says: 你好 } ]', /test\.not_listening nobody listens to "你好"/],
    ['[ { hangs_up: true }, { presses: "1" } ]', /test\.over the caller cannot press a key/],
    ['[ { presses: "1" } ]', /test\.no_double the test has no double for GET https:\/\/orders\.example/],
  ])('%s', async (steps, fault) => {
    const result = await simulate(`- name: wrong\n  call: { to: "4000" }\n  steps: ${steps}`);
    expect(failures(result).join('\n')).toMatch(fault);
    // In the line of the steps; a missing double at the name of the test.
    expect(failures(result)[0]).toMatch(/^(5:\d+|3:11) /);
  });

  it('names what is no test', async () => {
    write('main.yaml', SHOP);
    const files = [
      write('tests/a.yaml', 'dialplan: ../main.yaml\ncases:\n  - name: x\n    call: { to: "4000" }\n    steps: [ { heers: x }, { says: a, hears: b }, { presses: "x" } ]\n    htpp: {}\n'),
      write('tests/b.yaml', 'dialplan: ../none.yaml\ncases: [ { name: x, call: { to: "1" }, steps: [ { mumbles: true } ] } ]'),
      write('tests/c.yaml', 'dialplan: ../main.yaml\ncases: [ { name: x, call: { to: "9999" }, steps: [ { mumbles: true } ] } ]'),
      write('tests/d.yaml', 'dialplan: ../main.yaml\ncases: [ { name: x, call: { to: "4000", at: yesterday }, http: { orders: {} }, steps: [ { mumbles: true } ] } ]'),
    ];
    const result = await runTests({ places: files, understanding: () => undefined });
    expect(failures(result).join('\n')).toMatch(/unknown key "heers" \(did you mean "hears"\?\)[^]*a step is one key[^]*keys of a telephone[^]*unknown key "htpp" \(did you mean "http"\?\)[^]*there is no dialplan[^]*a time with its zone[^]*"orders" is no request[^]*nothing answers 9999 \(numbers here: 4000, 4000, 41xx\)/);
  });
});

describe('coverage', () => {
  it('names the steps that no test came to, where they stand', async () => {
    const result = await simulate(`- name: order
  call: { to: "4000", language: en }
  ${ORDER}
  steps: [ { presses: "1" }, { ends: hang_up } ]`);
    expect(result.coverage).toMatchObject([{ steps: 13, reached: 6 }]);
    expect(result.coverage[0]!.missed.map((m) => `${m.flow} ${m.step} ${m.do} ${m.line}`)).toEqual(['cancel 1 http 23', 'cancel 2 say 24', 'person 1 queue 26', 'person 2 survey 27', 'message 1 record 29', 'message 2 callback 30', 'message 3 transfer 31']);
  });

  it('follows sub-flows there and back', async () => {
    const dialplan = 'version: 1\nentries: [ { number: "1", flow: main } ]\nflows:\n  main:\n    - call: { flow: greet, args: { who: you } }\n    - set: { variables: { done: true } }\n    - branch: [ { when: done, then: bye } ]\n    - say: never\n  greet: [ { say: "Hello $who" }, { set: { variables: { greeted: true } } } ]\n  bye: [ { say: Bye }, { hang_up: {} } ]\n';
    const result = await simulate('- name: sub\n  call: { to: "1" }\n  steps: [ { hears: hello you }, { hears: bye }, { ends: hang_up } ]', undefined, dialplan);
    expect(failures(result)).toEqual([]);
    expect(result.cases[0]!.lines.filter((l) => l.kind === 'flow').map((l) => l.flow)).toEqual(['main', 'greet', 'bye']);
    expect(result.coverage[0]!.missed.map((m) => `${m.flow} ${m.step}`)).toEqual(['main 4']);
  });
});

describe('the clock', () => {
  it('is virtual, and prompts take the time they take', async () => {
    const began = performance.now();
    const result = await simulate('- name: patient\n  call: { to: "4000" }\n  steps: [ { waits: 3600 }, { ends: queue } ]');
    expect(failures(result)).toEqual([]);
    expect(performance.now() - began).toBeLessThan(2_000);
    const [first, second] = result.cases[0]!.lines.filter((l) => l.kind === 'said');
    expect(second!.atMs - first!.atMs).toBe(speakingMs('您好，欢迎致电。', 'zh-CN'));
    expect(said(result)[0]).toBe('您好，欢迎致电。');
  });
});

it.each([
  ['GET https://a.example/*', 'GET', 'https://a.example/x?y=1', true], ['GET https://a.example/?q=*', 'GET', 'https://a.example/?q=', true], ['GET https://a.example/?q=+86', 'GET', 'https://a.example/?q=%2B86', true],
  ['GET https://a.example/', 'POST', 'https://a.example/', false], ['GET https://a.example/x', 'GET', 'https://a.example/xy', false], ['GET *', 'GET', 'https://a.example/%', true],
])('%s against %s %s: %s', (pattern, method, url, fits) => expect(matchesRequest(pattern, method, url)).toBe(fits));

it('has words for every place', () => {
  expect(placeText({ by: 'dial', number: '10086' })).toBe('10086 is called');
  expect(placeText({ by: 'failed' })).toMatch(/apology/);
});
