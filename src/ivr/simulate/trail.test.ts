import { expect, it } from 'vitest';
import { caller, planOf } from '../machine/caller.js';
import { flow, startOf, type FlowEvent, type Plan } from '../machine/index.js';
import { traceOf, visitsOf } from './trail.js';

const text = { en: 'x' };
const say = { do: 'say', prompt: text } as const;
const ask = (keys: Record<string, string>, more: object = {}) => ({ do: 'ask', prompt: text, keys, ...more }) as const;
const queue = { do: 'queue', names: ['support'], priority: 5, attributes: {}, needs: [] } as const;

/** The steps that these events lead to, `flow/step` from 1. */
function walk(plan: Plan, events: readonly ((id: number) => FlowEvent)[]): string[] {
  let s = startOf(plan, 'main');
  const seen: string[] = [];
  for (const event of [(): FlowEvent => ({ type: 'started' }), ...events]) {
    const before = s;
    const [after, effects] = flow(s, event('id' in s.waiting ? s.waiting.id : 0), 0);
    s = after;
    seen.push(...visitsOf(before, after, effects).map((v) => `${v.flow}/${v.index + 1}`));
  }
  return seen;
}
const heard = (id: number): FlowEvent => ({ type: 'play.ended', id, how: 'ended' });
const failed = (id: number): FlowEvent => ({ type: 'play.ended', id, how: 'failed' });
const key = (k: string) => (): FlowEvent => ({ type: 'key.pressed', key: k });
const queueEnds = (id: number): FlowEvent => ({ type: 'queue.ended', id, how: { flow: 'rescue' } });

it('goes through sets and gotos that nobody waits in', () => {
  const plan = planOf({ main: [{ do: 'set', language: 'en', variables: {} }, { do: 'goto', flow: 'menu' }], menu: [{ do: 'set', language: undefined, variables: { a: 1 } }, ask({ '1': 'main' })] });
  expect(walk(plan, [])).toEqual(['main/1', 'main/2', 'menu/1', 'menu/2']);
  expect(walk(plan, [heard, key('1')])).toEqual(['main/1', 'main/2', 'menu/1', 'menu/2', 'main/1', 'main/2', 'menu/1', 'menu/2']);
});

it('comes back from sub-flows, also from one inside another', () => {
  const plan = planOf({ main: [{ do: 'call', flow: 'outer', args: {} }, say], outer: [{ do: 'call', flow: 'inner', args: {} }, { do: 'set', language: undefined, variables: { b: 1 } }], inner: [{ do: 'set', language: undefined, variables: { a: 1 } }] });
  expect(walk(plan, [])).toEqual(['main/1', 'outer/1', 'inner/1', 'outer/2', 'main/2']);
});

it('follows failures to where they happened', () => {
  const plan = planOf({ main: [say, { ...say, onError: 'sorry' }, say], sorry: [{ do: 'hang_up' }] });
  expect(walk(plan, [heard, failed])).toEqual(['main/1', 'main/2', 'sorry/1']);
});

it('follows a queue to the flow it names, and a caller to the person he wants', () => {
  const plan = planOf({ main: [ask({ '1': 'wait' })], wait: [queue, say], rescue: [say], person: [queue] }, { person: 'person' });
  expect(walk(plan, [heard, key('1'), queueEnds])).toEqual(['main/1', 'wait/1', 'rescue/1']);
  expect(walk(plan, [heard, key('0')])).toEqual(['main/1', 'person/1']);
});

it('reads the way of a call from what it published', () => {
  const plan = planOf({ main: [say, ask({ '1': 'wait' })], wait: [{ do: 'set', language: 'en', variables: {} }, queue, say], sorry: [say] });
  const trace = (facts: Parameters<typeof traceOf>[1]): string[] => traceOf(plan, facts).map((v) => `${v.flow}/${v.index + 1}`);
  const entered = (name: string) => ({ type: 'call.flow_entered', data: { flow: name } });
  expect(trace([])).toEqual([]);
  expect(trace([entered('main')])).toEqual(['main/1', 'main/2']);
  expect(trace([entered('main'), { type: 'call.digits', data: { digits: '1', flow: 'main' } }, entered('wait')])).toEqual(['main/1', 'main/2', 'wait/1', 'wait/2']);
  expect(trace([entered('main'), { type: 'call.flow_failed', data: { flow: 'main', step: 1, why: 'x' } }, entered('sorry')])).toEqual(['main/1', 'sorry/1']);
  expect(trace([entered('main'), { type: 'call.flow_failed', data: { flow: 'main', step: 1, why: 'x' } }])).toEqual(['main/1']);
});

it('does not come back from a person to the sub-flow that was left for one', () => {
  const plan = planOf({ main: [{ do: 'call', flow: 'sub', args: {} }, say], sub: [ask({ '1': 'main' })], rescue: [say], person: [queue] }, { person: 'person' });
  const facts = ['main', 'sub', '', 'person', 'rescue'].map((name) => (name === '' ? { type: 'call.person_wanted', data: { flow: 'sub', by: 'key' } } : { type: 'call.flow_entered', data: { flow: name } }));
  expect(traceOf(plan, facts).map((v) => `${v.flow}/${v.index + 1}`)).toEqual(['main/1', 'sub/1', 'person/1', 'rescue/1']);
});

it('agrees with the caller of the machine\'s own tests', () => {
  const plan = planOf({ main: [say, queue, { do: 'hang_up' }] });
  expect(caller(plan).hears().queueEnds().story().at(-1)).toBe('finish hung_up');
  expect(walk(plan, [heard, (id) => ({ type: 'queue.ended', id, how: 'completed' })])).toEqual(['main/1', 'main/2', 'main/3']);
});
