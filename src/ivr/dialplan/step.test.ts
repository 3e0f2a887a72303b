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

describe('what a designer writes becomes', () => {
  it.each<[yaml: string, step: unknown]>([
    ['say: { zh-CN: 您好。, en: Hello. }', { do: 'say', prompt: { 'zh-CN': '您好。', en: 'Hello.' } }],
    ['say: "  您好  "', { do: 'say', prompt: { 'zh-CN': '您好' } }],
    ['say: Press 1', { do: 'say', prompt: { en: 'Press 1' } }],
    ['ask: { prompt: Press., keys: { "1": a } }', { do: 'ask', prompt: { en: 'Press.' }, keys: { '1': 'a' }, tries: 2, timeoutMs: 5_000, otherwise: undefined }],
    ['ask: { prompt: Press., keys: { 1: a, "*": b, "#": c }, tries: 3, timeout: 0.5, otherwise: d }', { do: 'ask', prompt: { en: 'Press.' }, keys: { '1': 'a', '*': 'b', '#': 'c' }, tries: 3, timeoutMs: 500, otherwise: 'd' }],
    ['queue: { name: support }', { do: 'queue', name: 'support', priority: 5 }],
    ['queue: { name: support, priority: 10 }', { do: 'queue', name: 'support', priority: 10 }],
    ['dial: { extension: "1001" }', { do: 'dial', to: { extension: '1001' }, timeoutMs: 30_000 }],
    ['dial: { number: "+8613800138000", timeout: 45 }', { do: 'dial', to: { number: '+8613800138000' }, timeoutMs: 45_000 }],
    ['set: { language: zh-CN }', { do: 'set', language: 'zh-CN' }],
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
    ['queue: {}', '1:8'], ['queue: support', '1:8'], ['queue: { name: support, priority: 0 }', '1:35'], ['queue: { name: support, priority: 11 }', '1:35'],
    ['dial: {}', '1:7'], ['dial: { number: "call me" }', '1:17'], ['dial: { extension: "+86" }', '1:20'], ['dial: { extension: "1", timeout: 0 }', '1:34'],
    ['set: {}', '1:6'], ['set: { language: zh }', '1:18'], ['goto: {}', '1:7'], ['goto: "two words"', '1:7'], ['hang_up: { cause: x }', '1:12'],
  ])('%s', (yaml, place) => expect(stepOf(yaml)).toEqual(expect.arrayContaining([expect.stringMatching(new RegExp(`^${place} `))])));
});

describe('where it goes when it fails', () => {
  it.each(STEP_KINDS.filter((k) => !['goto', 'say'].includes(k)))('%s takes on_error beside it', (kind) => {
    const params: Record<string, string> = { ask: '{ prompt: x, keys: {} }', queue: '{ name: s }', dial: '{ number: "1" }', set: '{ language: en }', hang_up: '{}' };
    const compiled = compile(`{ ${kind}: ${params[kind] ?? ''}, on_error: sorry }`);
    expect(compiled.ok && compiled.params.onError).toBe('sorry');
  });

  it('is nowhere in particular unless it says so', () => {
    const compiled = compile('queue: { name: s }');
    expect(compiled.ok && compiled.params.onError).toBeUndefined();
  });
});
