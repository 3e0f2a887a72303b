import { expect, it } from 'vitest';
import { until, type Call, type TimelineEntry } from './client.js';
import { DemoFailed } from './failed.js';
import { follow, lineOf } from './follow.js';
import { fill, words } from './words.js';

const entry = (seq: number, type = 'call.started', data = {}): TimelineEntry => ({ seq, at: '', type, data });
const callWith = (...timeline: TimelineEntry[]): Call => ({ id: 'c', state: 'ivr', cause: null, queue: null, agent: null, timeline });

it('tells each entry once, in order, also those that came just before the end', async () => {
  const over = new AbortController();
  const pages = [undefined, callWith(entry(1)), callWith(entry(1), entry(2)), callWith(entry(1), entry(2), entry(3))];
  const told: number[] = [];
  const client = {
    degraded: () => Promise.resolve([]),
    newestCall: () => {
      const page = pages.shift();
      if (pages.length === 1) over.abort();
      return Promise.resolve(page);
    },
    call: () => Promise.reject(new Error('not asked')), recording: () => Promise.resolve(undefined),
  };
  await follow(client, over.signal, ({ seq }) => told.push(seq));
  expect(told).toEqual([1, 2, 3]);
});

it('writes an entry as one line', () => expect(lineOf(entry(1, 'call.queued', { queue: 'support', position: 1 }))).toMatch(/^call\.queued +queue=support position=1$/));

it('waits until there is an answer, and says what never came', async () => {
  const answers = [undefined, 'here'];
  expect(await until('it', 1_000, () => Promise.resolve(answers.shift()))).toBe('here');
  await expect(until('the recording', 0, () => Promise.resolve(undefined))).rejects.toThrow(new DemoFailed('the recording: not within 0 ms'));
});

it('says everything in both languages, with the same blanks to fill', () => {
  const blanks = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
  for (const text of Object.values(words)) expect(blanks(text.en)).toEqual(blanks(text['zh-CN']));
  expect(fill('{a} and {b}', { a: 1 })).toBe('1 and {b}');
});
