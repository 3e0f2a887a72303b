import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadDialplans } from './dialplan/dialplans.js';
import { caller, type Caller } from './machine/caller.js';

// The dialplan that is shipped, as a caller of 4000 hears it.

const plans = loadDialplans({ dir: join(import.meta.dirname, '../../dialplans'), known: { queues: ['support'], extensions: ['1001'] } });
const entry = plans.find('4000');
const call = (): Caller => {
  if (!entry) throw new Error('4000 is not entered');
  return caller(entry.plan, entry.flow);
};
const ends = (c: Caller): string | undefined => c.story().at(-1);

describe('whoever calls 4000', () => {
  it('is greeted and asked in both languages', () => {
    const story = call().hears().story();
    expect(story.filter((w) => w.startsWith('zh-CN:'))).toHaveLength(2);
    expect(story.filter((w) => w.startsWith('en:'))).toHaveLength(2);
    expect(story[0]).toContain('您好');
  });

  it.each<[what: string, do_: (c: Caller) => Caller, end: string]>([
    ['presses 1 after the question', (c) => c.hears().hears().presses('1'), 'queue support zh-CN'],
    ['presses 1 during the question', (c) => c.hears().presses('1'), 'queue support zh-CN'],
    ['presses 1 during the greeting', (c) => c.presses('1'), 'queue support zh-CN'],
    ['presses 2', (c) => c.hears().presses('2'), 'queue support en'],
    ['presses 2 during the greeting', (c) => c.presses('2'), 'queue support en'],
    ['presses 0', (c) => c.hears().presses('0'), 'dial 1001'],
    ['stays silent', (c) => c.hears().hears().staysSilent().hears().staysSilent(), 'queue support any'],
    ['presses nonsense twice', (c) => c.hears().presses('8').presses('9'), 'queue support any'],
    ['presses nonsense, then stays silent', (c) => c.hears().presses('#').hears().staysSilent(), 'queue support any'],
    ['presses nonsense, then 2', (c) => c.hears().presses('*').presses('2'), 'queue support en'],
    ['stays silent, then presses 1', (c) => c.hears().hears().staysSilent().presses('1'), 'queue support zh-CN'],
    ['presses nonsense in the greeting, then 1', (c) => c.presses('5').presses('1'), 'queue support zh-CN'],
    ['cannot hear anything, but presses 1', (c) => c.cannotHear().cannotHear().presses('1'), 'queue support zh-CN'],
    ['cannot hear anything and stays silent', (c) => c.cannotHear().cannotHear().staysSilent().cannotHear().staysSilent(), 'queue support any'],
    ['has talked to an agent', (c) => c.presses('1').queueEnds(), 'finish hung_up'],
    ['has talked to the operator', (c) => c.presses('0').dialEnds(), 'finish hung_up'],
    ['wants the operator, who does not answer', (c) => c.presses('0').dialEnds('no_answer').hears(), 'finish hung_up'],
    ['meets a broken queue', (c) => c.presses('1').queueEnds('failed').hears(), 'finish failed'],
    ['hangs up', (c) => c.hangsUp(), 'finish caller_gone'],
  ])('%s', (_what, until, end) => expect(ends(until(call()))).toBe(end));

  it('waits five seconds for a key, each time', () => {
    expect(call().hears().hears().staysSilent().hears().story().filter((w) => w.startsWith('wait'))).toEqual(['wait 5000', 'wait 5000']);
  });

  it('hears a second language no more once one is chosen', () => {
    const c = call().presses('1');
    c.story();
    expect(c.queueEnds('failed').story().filter((w) => w.startsWith('en:'))).toEqual([]);
  });
});
