import { describe, expect, it } from 'vitest';
import { compile, type Expression } from '../expressions/index.js';
import { readCalendars } from '../hours/index.js';
import { caller, planOf, type WrittenStep } from './caller.js';
import { readTemplate, type Template } from './template.js';
import type { Plan, Variables } from './plan.js';

const queue = (name: string): WrittenStep => ({ do: 'queue', names: [name], priority: 5, attributes: {}, needs: [] });
const flows = { a: [queue('a')], b: [queue('b')], c: [queue('c')] };
const when = (text: string): Expression => {
  const compiled = compile(text);
  if (!compiled.ok) throw new Error(compiled.message);
  return compiled.expression;
};
const text = (written: string): string | Template => {
  const read = readTemplate(written);
  if (!read.ok) throw new Error(read.message);
  return read.text;
};
/** A Friday, 10:00 in Shanghai. */
const FRIDAY = Date.UTC(2026, 10, 20, 2);
const run = (steps: readonly WrittenStep[], { variables, plan, now = FRIDAY }: { variables?: Variables; plan?: Partial<Plan>; now?: number } = {}) =>
  caller(planOf({ main: steps, ...flows }, { timeZone: 'Asia/Shanghai', ...plan }), 'main', 'en', variables, now);

describe('branch', () => {
  const branch = (...cases: [string, string][]): WrittenStep => ({ do: 'branch', cases: cases.map(([text_, flow]) => ({ when: when(text_), flow })), otherwise: 'c' });
  it.each<[string, Variables, string]>([
    ['amount > 100', { amount: 101 }, 'a'], ['amount > 100', { amount: 100 }, 'c'], ['tier == "gold" || amount > 5', { tier: 'gold', amount: 1 }, 'a'], ['call.from.startsWith("+86")', { from: '+8613800138000' }, 'a'],
    ['now.weekday == 5 && now.hour == 10 && now.date == "2026-11-20"', {}, 'a'], ['language == "en"', {}, 'a'], ['order == null', {}, 'a'], ['order.items.exists(i, i.sku == "x")', { order: { items: [{ sku: 'x' }] } }, 'a'],
  ])('%s with %j leads to %s', (expression, variables, flow) => expect(run([branch([expression, 'a'])], { variables }).story()).toEqual([`queue ${flow} en`]));

  it('takes the first that is true', () => expect(run([branch(['false', 'c'], ['true', 'a'], ['true', 'b'])]).story()).toEqual(['queue a en']));

  it('goes on where none is and nothing else is said', () => {
    expect(run([{ do: 'branch', cases: [{ when: when('false'), flow: 'a' }], otherwise: undefined }, queue('next')]).story()).toEqual(['queue next en']);
  });

  it('what cannot be worked out fails: it is not a no', () => {
    const step = branch(['order.total > 5', 'a']);
    expect(run([{ ...step, onError: 'b' }]).story()).toEqual([expect.stringMatching(/^failed branch: /), 'queue b en']);
  });
});

describe('hours', () => {
  const { calendars, faults } = readCalendars('office.yaml', 'version: 1\ncalendars:\n  office:\n    weekly: { mon-fri: "09:00-18:00" }\n    holidays: [ { date: "2026-12-25", name: christmas } ]\n');
  const step: WrittenStep = { do: 'hours', calendar: 'office', open: 'a', closed: 'b', holiday: 'c' };
  it('are there', () => expect(faults).toEqual([]));
  it.each<[string, number, string]>([['open', FRIDAY, 'a'], ['closed in the evening', FRIDAY + 10 * 3_600_000, 'b'], ['a holiday', Date.UTC(2026, 11, 25, 2), 'c']])('%s', (_what, now, flow) => {
    expect(run([step], { plan: { calendars }, now }).story()).toEqual([`queue ${flow} en`]);
  });

  it('leave what they found in variables, and go on where no flow is named', () => {
    const c = run([{ do: 'hours', calendar: 'office', open: undefined, closed: undefined, holiday: undefined }, queue('next')], { plan: { calendars }, now: Date.UTC(2026, 11, 25, 2) });
    expect([c.story(), c.state().variables]).toEqual([['queue next en'], { open: false, holiday: 'christmas' }]);
  });

  it('without their calendar are a failure', () => expect(run([{ ...step, onError: 'b' }]).story()).toEqual(['failed missing_calendar', 'queue b en']));
});

describe('set', () => {
  it('keeps the kind of a value that stands alone, and makes text of the rest', () => {
    const c = run([{ do: 'set', language: undefined, variables: { twice: text('${n * 2}'), same: text('$list'), told: text('you have $n'), half: [text('$n'), { deep: text('${n / 2}') }] } }], { variables: { n: 4, list: ['x'] } });
    expect(c.state().variables).toMatchObject({ twice: 8, same: ['x'], told: 'you have 4', half: [4, { deep: 2 }] });
  });

  it('what cannot be worked out is nothing, and told; or the step fails', () => {
    const broken: WrittenStep = { do: 'set', language: undefined, variables: { x: text('${order.total}'), y: 1 } };
    const c = run([broken, queue('next')]);
    expect([c.story(), c.state().variables]).toEqual([[expect.stringMatching(/^failed set: /), 'queue next en'], { x: null, y: 1 }]);
    expect(run([{ ...broken, onError: 'b' }]).story()[1]).toBe('queue b en');
  });
});

describe('a sub-flow', () => {
  const sub = (more: readonly WrittenStep[] = []) => planOf({
    main: [{ do: 'set', language: undefined, variables: { n: 1 } }, { do: 'call', flow: 'sub', args: { n: 2, only: text('${n + 40}') } }, { do: 'say', prompt: { en: text('n $n sum $sum only $only.') } }],
    sub: [{ do: 'set', language: undefined, variables: { sum: text('${n + only}') } }, ...more], other: [queue('other')],
  });
  it('has its arguments, gives back what it set, and returns', () => {
    expect(caller(sub(), 'main', 'en').hears().story()).toEqual(['en: n 1 sum 43 only .', 'finish hung_up']);
  });

  it('that goes on elsewhere returns from there', () => {
    expect(caller(sub([{ do: 'goto', flow: 'other' }]), 'main', 'en').queueEnds().story()).toEqual(['queue other en', 'en: n 1 sum 43 only .']);
  });

  it('that gives the caller away for good does not return', () => {
    expect(caller(sub([{ do: 'transfer', to: { flow: 'other' }, timeoutMs: 1 }]), 'main', 'en').queueEnds().story()).toEqual(['queue other en', 'finish hung_up']);
  });

  it('that calls itself for ever is stopped', () => {
    const c = caller(planOf({ main: [{ do: 'call', flow: 'main', args: {}, onError: 'a' }], ...flows }));
    expect(c.story()).toEqual(['failed calls_too_deep', 'queue a any']);
  });
});

describe('for good', () => {
  it.each<[WrittenStep, string]>([
    [{ do: 'transfer', to: { extension: '1001' }, timeoutMs: 1 }, 'transfer 1001'], [{ do: 'transfer', to: { number: '+861', trunk: 'carrier-a' }, timeoutMs: 1 }, 'transfer +861 over carrier-a'],
  ])('%j', (step, said) => {
    expect(run([step, queue('next')]).dialEnds().story()).toEqual([said, 'finish hung_up']);
    expect(run([step, queue('next')]).dialEnds('busy').hears().story().slice(-1)).toEqual(['queue next en']);
  });

  it('a queue too', () => {
    const forGood: WrittenStep = { do: 'queue', names: ['q'], forGood: true, priority: 5, attributes: {}, needs: [] };
    expect(run([forGood, queue('next')]).queueEnds().story()).toEqual(['queue q en', 'finish hung_up']);
  });
});

describe('a sound', () => {
  it.each<[string, Extract<WrittenStep, { do: 'play' }>['files'], string[]]>([['for all', { any: 'x.wav' }, ['file x.wav']], ['of the language', { 'zh-CN': 'zh.wav', en: 'en.wav' }, ['file en.wav']], ['of the other where there is none', { 'zh-CN': 'zh.wav' }, ['file zh.wav']]])('%s', (_what, files, said) => {
    expect(run([{ do: 'play', files }]).story()).toEqual(said);
  });
});

describe('a recording', () => {
  const step: WrittenStep = { do: 'record', prompt: { en: 'Speak.' }, into: 'message', maxMs: 9, silenceMs: 1, beep: true };
  it('begins after its prompt, or at a key', () => {
    expect(run([step]).hears().story()).toEqual(['en: Speak.', 'record 9']);
    expect(run([step]).presses('5').story()).toEqual(['en: Speak.', 'hush', 'record 9']);
  });

  it('ends by itself or with the first key, and is in a variable', () => {
    const c = run([step, queue('next')]).hears().presses('##');
    expect(c.story().slice(2)).toEqual(['stop recording']);
    expect(c.recordEnds({ how: 'recorded', ms: 2_600, path: 'a.wav' }).story()).toEqual(['queue next en']);
    expect(c.state().variables).toEqual({ message: { path: 'a.wav', seconds: 3 } });
  });

  it('that fails is a failure', () => expect(run([{ ...step, onError: 'b' }]).hears().recordEnds({ how: 'failed', ms: 0, path: '' }).story().slice(2)).toEqual(['failed record_failed', 'queue b en']));
});

describe('a script', () => {
  const step: WrittenStep = { do: 'script', name: 'price', args: { n: text('${1 + 1}') }, into: 'price' };
  it.each<[string, Parameters<ReturnType<typeof caller>['scriptEnds']>[0], string[]]>([
    ['answers', { how: 'returned', value: 7 }, ['queue next en']], ['leads elsewhere', { how: 'flow', flow: 'a' }, ['queue a en']], ['fails', { how: 'failed', why: 'timeout' }, ['failed script: timeout', 'queue b en']],
  ])('%s', (_what, how, said) => expect(run([{ ...step, onError: 'b' }, queue('next')]).scriptEnds(how).story()).toEqual(['script price', ...said]));
});
