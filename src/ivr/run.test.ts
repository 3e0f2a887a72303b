import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { planOf, ways, type WrittenStep } from './machine/caller.js';
import { runFlow, type FlowRun } from './run.js';
import type { DialEnd, HangUpCause, Heard, PlayEnd, QueueEnd, Verbs } from './ports.js';

const support: WrittenStep = { do: 'queue', names: ['support'], priority: 5, attributes: {}, needs: [] };
const hello: WrittenStep = { do: 'say', prompt: { en: 'Hello.' } };
const plan = planOf({
  main: [hello, { do: 'ask', prompt: { en: 'Press.' }, keys: { '1': 'agent', '0': 'operator' }, tries: 2, timeoutMs: 5_000, otherwise: 'agent' }],
  agent: [support],
  operator: [{ do: 'dial', to: { extension: '1001' }, timeoutMs: 30_000 }],
});

/** A phone on a test bench: every verb is noted and ends when the test says so. */
function bench(change: Partial<Verbs> = {}) {
  const gone = new AbortController();
  const did: string[] = [];
  const listeners = new Set<(key: string) => void>();
  let playing: ((how: PlayEnd) => void) | undefined;
  let heard: (what: Heard) => void = () => undefined;
  let waiting: { queue?: (how: QueueEnd) => void; dial?: (how: DialEnd) => void } = {};
  const verbs: Verbs = {
    signal: gone.signal,
    play: (prompts, stop) =>
      new Promise((resolve) => {
        did.push(`play ${prompts.map((p) => ('text' in p ? p.text : p.file)).join(' ')}`);
        playing = resolve;
        stop.addEventListener('abort', () => (did.push('stop'), resolve('stopped')));
      }),
    keys: (pressed) => (listeners.add(pressed), () => void listeners.delete(pressed)),
    queue: (to) => new Promise((resolve) => (did.push(`queue ${to.names.join()}`), (waiting = { queue: resolve }))),
    callback: (to) => new Promise((resolve) => (did.push(`callback ${to.queue} ${to.at === undefined ? 'in turn' : new Date(to.at).toISOString()}`), resolve('booked'))),
    dial: (to) => new Promise((resolve) => (did.push(`dial ${JSON.stringify(to)}`), (waiting = { dial: resolve }))),
    transfer: (to) => new Promise((resolve) => (did.push(`transfer ${JSON.stringify(to)}`), (waiting = { dial: resolve }))),
    listen: (to, listener) => (did.push(`listen ${to.language}`), (heard = listener), () => void did.push('deaf')),
    record: ({ maxMs, stop }) => new Promise((resolve) => (did.push(`record ${maxMs}`), stop.addEventListener('abort', () => resolve({ how: 'recorded', ms: 2_000, path: 'a.wav' })))),
    hangUp: async (cause: HangUpCause) => void did.push(`hang up ${cause}`),
    ...change,
  };
  const facts: [string, string, object][] = [];
  const errors: string[] = [];
  const run = (over: Partial<FlowRun> = {}) =>
    runFlow({
      plan, flow: 'main', verbs, subject: 'call:7',
      publish: (type, subject, data) => facts.push([type, subject, data]), log: { error: (_f, message) => errors.push(message) }, ...over,
    });
  const turns = async () => vi.advanceTimersByTimeAsync(0);
  return {
    run, did, facts, errors, listeners, turns,
    heard: async (how: PlayEnd = 'ended') => (playing?.(how), turns()),
    press: async (key: string) => (listeners.forEach((l) => l(key)), turns()),
    queueEnds: async (how: QueueEnd) => (waiting.queue?.(how), turns()),
    dialEnds: async (how: DialEnd) => (waiting.dial?.(how), turns()),
    hears: async (what: Heard) => (heard(what), turns()),
    says: async (text: string) => (heard({ kind: 'final', text, confidence: 1, alternatives: [] }), turns()),
    hangsUp: async () => (gone.abort(), turns()),
  };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0); // no flow leaves a timer behind
  vi.useRealTimers();
});

describe('a flow on a call', () => {
  it('plays, waits, queues and hangs up, and says how it ended', async () => {
    const b = bench();
    const end = b.run();
    await b.turns();
    await b.heard();
    await b.heard();
    await vi.advanceTimersByTimeAsync(5_000);
    await b.heard();
    await vi.advanceTimersByTimeAsync(5_000);
    await b.queueEnds('completed');
    expect(await end).toBe('hung_up');
    expect(b.did).toEqual(['play Hello.', 'play Press.', 'play Press.', 'queue support', 'hang up completed']);
  });

  it('lets a key stop the prompt, and goes on only when it is silent', async () => {
    const b = bench();
    const end = b.run();
    await b.turns();
    await b.press('0');
    expect(b.did).toEqual(['play Hello.', 'stop', 'dial {"extension":"1001","timeoutMs":30000}']);
    await b.dialEnds('completed');
    expect(await end).toBe('hung_up');
  });

  it('does not wait for ever for a prompt that will not fall silent', async () => {
    const b = bench({ play: () => new Promise(() => undefined) });
    const end = b.run();
    await b.turns();
    await b.press('1');
    expect(b.did).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(b.did).toEqual(['queue support']);
    await b.hangsUp();
    expect(await end).toBe('caller_gone');
  });

  it('ends at once when the caller hangs up, whatever goes on, and stops listening', async () => {
    const b = bench();
    const end = b.run();
    await b.turns();
    await b.hangsUp();
    expect(await end).toBe('caller_gone');
    expect(b.listeners.size).toBe(0);
    expect(b.did).toEqual(['play Hello.']);
  });

  it('says nothing to a caller who was gone before it began', async () => {
    const b = bench();
    await b.hangsUp();
    expect(await b.run()).toBe('caller_gone');
    expect(b.did).toEqual([]);
  });
});

describe('a verb that throws', () => {
  const broken = () => Promise.reject(new Error('socket died'));
  it.each<[string, Partial<Verbs>, string[]]>([
    ['playing: the flow goes on by keys and silence', { play: broken }, ['queue support', 'hang up completed']],
    ['queueing: the caller hears an apology', { queue: broken }, ['play Hello.', 'play Press.', 'play 非常抱歉，系统出现问题，请稍后再拨。 We are sorry, something went wrong. Please call again later.', 'hang up failed']],
    ['queueing, before its promise: the same', { queue: () => { throw new Error('at once'); } }, ['play Hello.', 'play Press.', expect.stringContaining('sorry') as string, 'hang up failed']],
  ])('%s', async (_what, change, did) => {
    const b = bench(change);
    const end = b.run();
    await b.turns();
    for (let i = 0; i < 4; i += 1) {
      await b.heard();
      if (i === 1) await b.press('1'); // the question is over
    }
    await vi.advanceTimersByTimeAsync(10_000);
    await b.heard();
    await b.queueEnds('completed');
    await end;
    expect(b.did).toEqual(did);
    expect(b.errors).not.toEqual([]);
  });

  it('hanging up: the flow is over all the same', async () => {
    const b = bench({ hangUp: broken });
    const end = b.run({ flow: 'agent' });
    await b.turns();
    await b.queueEnds('completed');
    expect(await end).toBe('hung_up');
  });
});

describe('a callback', () => {
  const at = { time: '09:30', timeZone: 'Asia/Shanghai' };
  const wish = { priority: 5, attributes: {}, needs: [] };
  it('at a time of day is the next such time there, and the flow goes on when it is booked', async () => {
    const b = bench();
    const end = b.run({ plan: planOf({ main: [{ do: 'callback', queue: 'support', at, ...wish }, { do: 'callback', queue: 'vip', at: undefined, ...wish }] }), now: () => Date.UTC(2026, 10, 20, 3) });
    await b.turns();
    expect(await end).toBe('hung_up');
    expect(b.did).toEqual(['callback support 2026-11-21T01:30:00.000Z', 'callback vip in turn', 'hang up completed']);
  });

  it('that cannot be booked ends in the apology', async () => {
    const b = bench({ callback: async () => 'failed' });
    void b.run({ plan: planOf({ main: [{ do: 'callback', queue: 'support', at: undefined, ...wish }] }) });
    await b.turns();
    expect(b.did[0]).toContain('sorry');
    await b.hangsUp();
  });
});

describe('facts', () => {
  it('are filed under the call', async () => {
    const b = bench();
    void b.run();
    await b.press('1');
    await b.hangsUp();
    expect(b.facts).toEqual([
      ['call.flow_entered', 'call:7', { flow: 'main' }], ['call.digits', 'call:7', { digits: '1', flow: 'main' }], ['call.flow_entered', 'call:7', { flow: 'agent' }],
    ]);
  });

  it('do not show keys where they are to be masked', async () => {
    const b = bench();
    void b.run({ maskDigits: true });
    await b.press('1');
    await b.hangsUp();
    expect(b.facts[1]).toEqual(['call.digits', 'call:7', { digits: '*', flow: 'main' }]);
  });
});

describe('speech', () => {
  const open = planOf({ main: [{ do: 'ask', prompt: { en: 'What can I do?' }, keys: {}, intents: ways('cancel') }], cancel: [support], operator: [{ do: 'dial', to: { extension: '1001' }, timeoutMs: 30_000 }] }, { speech: true, person: 'operator' });
  const understanding = (confidence: number) => ({ understand: async () => ({ intents: [{ name: 'cancel', confidence }], outOfScope: 0, entities: [] }) });

  it('is listened to while the question is put, cuts it short, and leads where it is understood to', async () => {
    const b = bench();
    const end = b.run({ plan: open, understanding: understanding(0.9), language: 'en' });
    await b.turns();
    await b.hears({ kind: 'speech_started' });
    await b.says('i want to cancel');
    expect(b.did).toEqual(['listen en', 'play What can I do?', 'stop', 'deaf', 'queue support']);
    await b.queueEnds('completed');
    expect(await end).toBe('hung_up');
    expect(b.facts.map(([type]) => type)).toEqual(['call.flow_entered', 'call.heard', 'call.understood', 'call.flow_entered']);
  });

  it.each<[string, FlowRun['understanding']]>([
    ['nobody understands', undefined], ['understanding breaks', { understand: () => Promise.reject(new Error('worker died')) }], ['it takes too long', { understand: () => new Promise(() => undefined) }],
  ])('that nobody makes sense of (%s) is asked for again', async (_why, broken) => {
    const b = bench();
    void b.run({ plan: open, understanding: broken, language: 'en' });
    await b.turns();
    await b.says('mumble');
    await vi.advanceTimersByTimeAsync(4_500);
    expect(b.did.filter((d) => d.startsWith('play'))).toHaveLength(2);
    await b.hangsUp();
  });

  it('that cannot be had leads to a person where there are no keys, before anything is said in vain', async () => {
    const b = bench({ listen: () => { throw new Error('no fork'); } });
    void b.run({ plan: open, language: 'en' });
    await b.turns();
    expect(b.did).toEqual(['dial {"extension":"1001","timeoutMs":30000,"language":"en"}']);
    await b.hangsUp();
  });

  it('is no longer listened to when the caller has hung up', async () => {
    const b = bench();
    void b.run({ plan: open, language: 'en' });
    await b.turns();
    await b.hangsUp();
    expect(b.did.at(-1)).toBe('deaf');
  });
});

describe('services', () => {
  const asking = planOf({ main: [{ do: 'http', method: 'GET', url: 'https://orders.example/', headers: {}, body: undefined, timeoutMs: 1_000, retries: 0, retryUnsafe: false, expect: 'json', save: {}, fallback: undefined, otherwise: 'agent' }, { do: 'hang_up' }], agent: [support] });

  it.each<[string, FlowRun['http']]>([['there is no client', undefined], ['it throws', { request: () => Promise.reject(new Error('bug')) }], ['it never answers', { request: () => new Promise(() => undefined) }]])('%s: the flow goes on where it says', async (_why, http) => {
    const b = bench();
    void b.run({ plan: asking, http });
    await vi.advanceTimersByTimeAsync(11_000);
    expect(b.did).toEqual(['queue support']);
    await b.hangsUp();
  });

  it('a request is called off when the caller hangs up', async () => {
    const b = bench();
    let aborted = false;
    void b.run({ plan: asking, http: { request: (_spec, signal) => new Promise(() => signal.addEventListener('abort', () => (aborted = true))) } });
    await b.turns();
    await b.hangsUp();
    expect(aborted).toBe(true);
  });
});

it('a recording ends with a key, and what was recorded is in a variable', async () => {
  const b = bench();
  const end = b.run({ plan: planOf({ main: [{ do: 'record', prompt: undefined, into: 'message', maxMs: 60_000, silenceMs: 3_000, beep: true }, { ...support, attributes: { message: '$message' } }] }) });
  await b.turns();
  await b.press('#');
  expect(b.did).toEqual(['record 60000', 'queue support']);
  await b.queueEnds('completed');
  expect(await end).toBe('hung_up');
});

it('a script without a runner is a failed step', async () => {
  const b = bench();
  void b.run({ plan: planOf({ main: [{ do: 'script', name: 'a', args: {}, into: undefined, onError: 'agent' }], agent: [support] }) });
  await b.turns();
  expect(b.did).toEqual(['queue support']);
  await b.hangsUp();
});
