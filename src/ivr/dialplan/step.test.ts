import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../config/index.js';
import { STEP_KINDS } from './schema.js';
import { compileStep } from './step.js';

const compile = (yaml: string) => {
  const parsed = parseYaml('x.yaml', yaml);
  if (!parsed.ok) throw new Error('the test\'s YAML is broken');
  return compileStep(parsed.value, [], parsed.value.value);
};
const stepOf = (yaml: string): unknown => {
  const compiled = compile(yaml);
  return compiled.ok ? compiled.params.step : compiled.faults.map((f) => `${f.line}:${f.column} ${f.message}`);
};

const ASK = { do: 'ask', help: [], bargeIn: 'all', keysPrompt: undefined, intents: {}, bands: { act: 0.8, confirm: 0.5 }, words: [], endSilenceMs: 500, tries: 2, timeoutMs: 5_000, otherwise: undefined };
const COLLECT = {
  do: 'collect', help: [], bargeIn: 'all', tries: 3, timeoutMs: 5_000, otherwise: undefined, least: 1, most: 32, terminator: '#', betweenMs: 3_000, speech: true, check: undefined, wrong: undefined, secret: false,
};

describe('what a designer writes becomes', () => {
  it.each<[yaml: string, step: unknown]>([
    ['say: { zh-CN: 您好。, en: Hello. }', { do: 'say', prompt: { 'zh-CN': '您好。', en: 'Hello.' } }],
    ['say: "  您好  "', { do: 'say', prompt: { 'zh-CN': '您好' } }],
    ['say: Press 1', { do: 'say', prompt: { en: 'Press 1' } }],
    ['ask: { prompt: Press., keys: { "1": a } }', { ...ASK, prompt: { en: 'Press.' }, keys: { '1': 'a' } }],
    ['ask: { prompt: Press., keys: { 1: a, "*": b, "#": c }, tries: 3, timeout: 0.5, otherwise: d }', { ...ASK, prompt: { en: 'Press.' }, keys: { '1': 'a', '*': 'b', '#': 'c' }, tries: 3, timeoutMs: 500, otherwise: 'd' }],
    ['ask: { prompt: Say., intents: { cancel: a, change: { flow: b, confirm: Really?, slots: { date: When? } } }, help: Again., barge_in: keys, confidence: { act: 0.9 }, end_silence: 1, words: [order], keys_prompt: Press. }', {
      ...ASK, prompt: { en: 'Say.' }, keys: {}, help: [{ en: 'Again.' }], bargeIn: 'keys', bands: { act: 0.9, confirm: 0.5 }, endSilenceMs: 1_000, words: ['order'], keysPrompt: { en: 'Press.' },
      intents: { cancel: { flow: 'a', confirm: undefined, slots: {} }, change: { flow: 'b', confirm: { en: 'Really?' }, slots: { date: { en: 'When?' } } } },
    }],
    ['collect: { prompt: Number., into: card, length: 16, check: luhn, secret: true, terminator: none }', { ...COLLECT, prompt: { en: 'Number.' }, into: 'card', least: 16, most: 16, check: { kind: 'luhn' }, secret: true, speech: false, terminator: undefined }],
    ['collect: { prompt: Day., into: day, check: { date: MMDD }, barge_in: false }', { ...COLLECT, prompt: { en: 'Day.' }, into: 'day', least: 4, most: 4, check: { kind: 'date', form: 'MMDD' }, bargeIn: 'none' }],
    ['play: music.wav', { do: 'play', files: { any: 'music.wav' } }],
    ['play: { zh-CN: a/zh.wav, en: a/en.wav, barge_in: false }', { do: 'play', files: { 'zh-CN': 'a/zh.wav', en: 'a/en.wav' }, bargeIn: 'none' }],
    ['say: { en: Hello., barge_in: false }', { do: 'say', prompt: { en: 'Hello.' }, bargeIn: 'none' }],
    ['branch: [ { when: total > 100, then: a }, { otherwise: b } ]', { do: 'branch', cases: [{ when: expect.objectContaining({ text: 'total > 100' }), flow: 'a' }], otherwise: 'b' }],
    ['branch: { cases: [ { when: "true", then: a } ] }', { do: 'branch', cases: [{ when: expect.anything(), flow: 'a' }], otherwise: undefined }],
    ['hours: { calendar: office, closed: night }', { do: 'hours', calendar: 'office', open: undefined, closed: 'night', holiday: undefined }],
    ['http: { url: "https://a.example/x", save: { id: order.id }, timeout: 2, retry: 1 }', {
      do: 'http', method: 'GET', url: 'https://a.example/x', headers: {}, body: undefined, timeoutMs: 2_000, retries: 1, retryUnsafe: false, expect: 'json', save: { id: 'order.id' }, fallback: undefined, otherwise: undefined,
    }],
    ['transfer: { number: "+861", trunk: carrier-a }', { do: 'transfer', to: { number: '+861', trunk: 'carrier-a' }, timeoutMs: 30_000 }],
    ['transfer: { flow: menu }', { do: 'transfer', to: { flow: 'menu' }, timeoutMs: 30_000 }],
    ['transfer: { queue: support }', { do: 'queue', names: ['support'], forGood: true, priority: 5, attributes: {}, needs: [] }],
    ['record: { max: 30 }', { do: 'record', prompt: undefined, into: 'recording', maxMs: 30_000, silenceMs: 3_000, beep: true }],
    ['survey: { questions: [ { name: score, prompt: How? } ] }', { do: 'survey', questions: [{ name: 'score', prompt: { en: 'How?' }, from: 1, to: 5 }], tries: 2, timeoutMs: 5_000, thanks: undefined }],
    ['language: en', { do: 'set', language: 'en', variables: {} }],
    ['language: { prompt: Which?, keys: { "1": zh-CN, "2": en } }', { do: 'language', prompt: { en: 'Which?' }, keys: { '1': 'zh-CN', '2': 'en' }, tries: 2, timeoutMs: 5_000, otherwise: undefined }],
    ['script: { name: price, args: { n: $n }, into: total }', { do: 'script', name: 'price', args: { n: expect.anything() }, into: 'total' }],
    ['ticket: { create: { type: complaint, subject: "of $n", fields: { order: A-1 } } }', { do: 'ticket', into: 'ticket', otherwise: undefined, what: { type: 'complaint', subject: expect.anything(), tags: [], fields: { order: 'A-1' } } }],
    ['ticket: { status: { number: $n }, type: complaint, into: mine, otherwise: none }', { do: 'ticket', into: 'mine', otherwise: 'none', what: { status: 'number', number: expect.anything(), type: 'complaint' } }],
    ['message: { by: mail, to: $email, subject: S, text: { zh-CN: 您好, en: Hello } }', { do: 'message', by: 'mail', to: expect.anything(), subject: { en: 'S' }, text: { 'zh-CN': '您好', en: 'Hello' }, otherwise: undefined }],
    ['call: sub', { do: 'call', flow: 'sub', args: {} }],
    ['call: { flow: sub, args: { n: 1, list: [a, { b: null }] } }', { do: 'call', flow: 'sub', args: { n: 1, list: ['a', { b: null }] } }],
    ['set: { variables: { yes: true, price: 9.5, no_one: null } }', { do: 'set', language: undefined, variables: { yes: true, price: 9.5, no_one: null } }],
    ['queue: { name: support }', { do: 'queue', names: ['support'], priority: 5, attributes: {}, needs: [] }],
    ['queue: { names: [vip, support], skills: { chinese: 5 }, attributes: { intent: $intent, tags: [vip, $tier], value: 100 } }',
      { do: 'queue', names: ['vip', 'support'], priority: 5, attributes: { intent: '$intent', tags: ['vip', '$tier'], value: 100 }, needs: [{ skill: 'chinese', level: 5 }] }],
    ['callback: { queue: support }', { do: 'callback', queue: 'support', at: undefined, priority: 5, attributes: {}, needs: [] }],
    ['callback: { queue: support, at: "09:30", time_zone: Asia/Shanghai, priority: 7 }', { do: 'callback', queue: 'support', at: { time: '09:30', timeZone: 'Asia/Shanghai' }, priority: 7, attributes: {}, needs: [] }],
    ['set: { variables: { intent: cancel_order } }', { do: 'set', language: undefined, variables: { intent: 'cancel_order' } }],
    ['queue: { name: support, priority: 10 }', { do: 'queue', names: ['support'], priority: 10, attributes: {}, needs: [] }],
    ['dial: { extension: "1001" }', { do: 'dial', to: { extension: '1001' }, timeoutMs: 30_000 }],
    ['dial: { number: "+8613800138000", timeout: 45 }', { do: 'dial', to: { number: '+8613800138000' }, timeoutMs: 45_000 }],
    ['set: { language: zh-CN }', { do: 'set', language: 'zh-CN', variables: {} }],
    ['goto: menu', { do: 'goto', flow: 'menu' }],
    ['goto: { flow: menu }', { do: 'goto', flow: 'menu' }],
    ['hang_up: {}', { do: 'hang_up' }],
    ['hang_up:', { do: 'hang_up' }],
  ])('%s', (yaml, step) => expect(stepOf(yaml)).toEqual(step));
});

describe('what a designer may not write', () => {
  it.each<[yaml: string, place: string]>([
    ['say: { }', '1:6'], ['say: ""', '1:6'], ['say: { fr: Bonjour }', '1:8'], ['say: 7', '1:6'], [`say: ${'x'.repeat(2_001)}`, '1:6'],
    ['ask: { keys: {} }', '1:6'], ['ask: { prompt: x }', '1:6'], ['ask: { prompt: x, keys: { "1": a }, tries: 1.5 }', '1:44'], ['ask: { prompt: x, keys: { "1": a }, timeout: 61 }', '1:46'],
    ['ask: { prompt: x, keys: { "1": "no such name!" } }', '1:32'], ['ask: { prompt: x, keys: { "1": a }, intents: { "Buy It": a } }', '1:48'],
    ['queue: {}', '1:8'], ['queue: { name: a, names: [b] }', '1:8'], ['queue: { names: [] }', '1:17'], ['queue: { names: [a, a] }', '1:17'], ['callback: {}', '1:11'], ['callback: { queue: a, at: 9 }', '1:27'],
    ['callback: { queue: a, at: "25:00" }', '1:27'], ['callback: { queue: a, time_zone: Asia/Shanghai }', '1:23'], ['callback: { queue: a, at: "09:00", time_zone: Mars/Base }', '1:47'], ['queue: support', '1:8'], ['queue: { name: support, priority: 0 }', '1:35'], ['queue: { name: support, priority: 11 }', '1:35'],
    ['ask: { prompt: x, intents: { a: { flow: b, slots: { "A B": x } } } }', '1:53'], ['ask: { prompt: x, keys: { }, confidence: { act: 0.4 } }', '1:42'], ['ask: { prompt: x, keys: { }, barge_in: maybe }', '1:40'],
    ['collect: { prompt: x }', '1:10'], ['collect: { prompt: x, into: "X Y" }', '1:29'], ['collect: { prompt: x, into: call }', '1:29'], ['collect: { prompt: x, into: a, min: 5, max: 4 }', '1:37'], ['collect: { prompt: x, into: a, length: 5, max: 5 }', '1:32'],
    ['collect: { prompt: x, into: a, check: { pattern: "(" } }', '1:50'], ['branch: []', '1:9'], ['branch: [ { otherwise: a }, { when: x, then: b } ]', '1:11'], ['branch: [ { when: "1 +", then: a } ]', '1:19'], ['branch: [ { when: a } ]', '1:11'],
    ['say: "Hello ${"', '1:6'], ['say: { en: "Hello ${a +}" }', '1:12'], ['say: "Key ${API_KEY}"', '1:6'], ['play: /etc/a.wav', '1:7'], ['play: ../a.wav', '1:7'], ['play: a.mp3', '1:7'], ['play: {}', '1:7'],
    ['http: {}', '1:7'], ['http: { url: "ftp://a" }', '1:14'], ['http: { url: "https://${host}/a" }', '1:14'], ['http: { url: "https://a.example$path" }', '1:14'], ['http: { url: "https://a", save: { "a": "b[" } }', '1:40'],
    ['http: { url: "https://a", body: 1 }', '1:27'], ['http: { url: "https://a", method: POST, body: { a: "${" } }', '1:52'], ['http: { url: "https://a", headers: { "a b": x } }', '1:38'], ['http: { url: "https://a", timeout: 60 }', '1:36'], ['http: { url: "https://a", retry: 9 }', '1:34'],
    ['transfer: {}', '1:11'], ['transfer: { extension: "1", queue: a }', '1:11'], ['transfer: { extension: "1", trunk: a }', '1:29'], ['record: { max: 6000 }', '1:16'], ['survey: { questions: [] }', '1:22'],
    ['survey: { questions: [ { name: a, prompt: x, from: 5, to: 5 } ] }', '1:24'], ['language: de', '1:11'], ['call: { flow: a, args: { "B C": 1 } }', '1:26'], ['hours: {}', '1:8'],
    ['ticket: {}', '1:9'], ['ticket: { create: { type: a } }', '1:19'], ['ticket: { create: { type: a, subject: x }, status: open }', '1:44'], ['ticket: { create: { type: a, subject: x }, otherwise: b }', '1:44'], ['ticket: { status: all }', '1:19'],
    ['message: { text: x }', '1:10'], ['message: { subject: x, text: y, to: z }', '1:33'], ['message: { by: sms, text: x }', '1:16'],
    ['dial: {}', '1:7'], ['dial: { number: "call me" }', '1:17'], ['dial: { extension: "+86" }', '1:20'], ['dial: { extension: "1", timeout: 0 }', '1:34'],
    ['set: {}', '1:6'], ['set: { language: zh }', '1:18'], ['goto: {}', '1:7'], ['goto: "two words"', '1:7'], ['hang_up: { cause: x }', '1:12'],
  ])('%s', (yaml, place) => expect(stepOf(yaml)).toEqual(expect.arrayContaining([expect.stringMatching(new RegExp(`^${place} `))])));
});

describe('where it goes when it fails', () => {
  it.each(STEP_KINDS.filter((k) => !['goto', 'say'].includes(k)))('%s takes on_error beside it', (kind) => {
    const params: Record<string, string> = {
      play: '{ file: a.wav }', collect: '{ prompt: x, into: a }', branch: '[ { when: "true", then: a } ]', hours: '{ calendar: a }', http: '{ url: "https://a.example/" }', transfer: '{ number: "1" }', record: '{}',
      survey: '{ questions: [ { name: a, prompt: x } ] }', language: 'en', call: 'a', script: '{ name: a }', ticket: '{ status: latest }', message: '{ by: chat, text: hi }', ask: '{ prompt: x, keys: {} }', queue: '{ name: s }', callback: '{ queue: s }', dial: '{ number: "1" }', set: '{ language: en }', hang_up: '{}',
    };
    const compiled = compile(`{ ${kind}: ${params[kind] ?? ''}, on_error: sorry }`);
    expect(compiled.ok && compiled.params.onError).toBe('sorry');
  });

  it('is nowhere in particular unless it says so', () => {
    const compiled = compile('queue: { name: s }');
    expect(compiled.ok && compiled.params.onError).toBeUndefined();
  });
});
