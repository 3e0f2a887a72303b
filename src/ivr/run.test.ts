import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { planOf, type WrittenStep } from './machine/caller.js';
import { runFlow, type FlowRun } from './run.js';
import type { DialEnd, HangUpCause, PlayEnd, QueueEnd, Verbs } from './ports.js';

const support: WrittenStep = { do: 'queue', name: 'support', priority: 5 };
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
  let waiting: { queue?: (how: QueueEnd) => void; dial?: (how: DialEnd) => void } = {};
  const verbs: Verbs = {
    signal: gone.signal,
    play: (prompts, stop) =>
      new Promise((resolve) => {
        did.push(`play ${prompts.map((p) => p.text).join(' ')}`);
        playing = resolve;
        stop.addEventListener('abort', () => (did.push('stop'), resolve('stopped')));
      }),
    keys: (pressed) => (listeners.add(pressed), () => void listeners.delete(pressed)),
    queue: (to) => new Promise((resolve) => (did.push(`queue ${to.name}`), (waiting = { queue: resolve }))),
    dial: (to) => new Promise((resolve) => (did.push(`dial ${JSON.stringify(to)}`), (waiting = { dial: resolve }))),
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
