import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { call, ringing, type Call, type CallEffect, type CallEvent } from './call.js';

const play = (...events: CallEvent[]): { s: Call; did: CallEffect[] } => {
  const did: CallEffect[] = [];
  let s = ringing;
  events.forEach((event, i) => {
    const [next, effects] = call(s, event, (i + 1) * 1_000);
    s = next;
    did.push(...effects);
  });
  return { s, did };
};
const step = (type: 'entered_flow' | 'answered' | 'queued' | 'bridged' | 'parted'): CallEvent => ({ type });
const callerLeaves: CallEvent = { type: 'ended', how: { by: 'caller' } };

describe('the cause in the CDR', () => {
  it.each<[what: string, before: CallEvent[], end: CallEvent, cause: string]>([
    ['a caller who gives up before an answer', [], callerLeaves, 'cancelled'],
    ['a caller who hangs up in the menu', [step('answered'), step('entered_flow')], callerLeaves, 'completed'],
    ['a caller who hangs up while waiting', [step('answered'), step('entered_flow'), step('queued')], callerLeaves, 'abandoned'],
    ['a caller who hangs up after talking', [step('answered'), step('queued'), step('bridged')], callerLeaves, 'completed'],
    ['a caller who hangs up back in the flow', [step('answered'), step('queued'), step('bridged'), step('parted')], callerLeaves, 'completed'],
    ['the agent hangs up', [step('answered'), step('queued'), step('bridged')], { type: 'ended', how: { by: 'far_end' } }, 'completed'],
    ['the media server dies', [step('answered'), step('queued')], { type: 'ended', how: { by: 'us', cause: 'media_lost' } }, 'media_lost'],
  ])('%s', (_what, before, end, cause) => {
    expect(play(...before, end).s.cause).toBe(cause);
  });
});

it('is held until both who put it on hold have taken it back', () => {
  const held = (leg: string): CallEvent => ({ type: 'held', leg });
  const resumed = (leg: string): CallEvent => ({ type: 'resumed', leg });
  const { did } = play(step('answered'), step('bridged'), held('a'), held('b'), resumed('a'), resumed('b'));
  expect(did.map((f) => (f.do === 'note_state' ? f.state : f.do))).toEqual(['note_answer', 'talking', 'held', 'talking']);
});

it('notes the first answer only', () => {
  expect(play(step('answered'), step('answered')).s.answeredAt).toBe(1_000);
});

const anyEvent = fc.oneof(
  fc.constantFrom(...(['entered_flow', 'answered', 'queued', 'bridged', 'parted'] as const)).map(step),
  fc.record({ type: fc.constantFrom('held' as const, 'resumed' as const), leg: fc.constantFrom('a', 'b') }),
  fc.constantFrom<CallEvent>(callerLeaves, { type: 'ended', how: { by: 'far_end' } }, { type: 'ended', how: { by: 'us', cause: 'failed' } }),
);

it('closes once at most and does nothing after that, whatever happens', () => {
  fc.assert(fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
    const { s, did } = play(...events);
    const closed = did.findIndex((f) => f.do === 'close');
    expect(did.filter((f) => f.do === 'close').length).toBe(events.some((e) => e.type === 'ended') ? 1 : 0);
    if (closed >= 0) expect(closed).toBe(did.length - 1);
    expect(s.state === 'held').toBe(s.holders.length > 0);
  }), { numRuns: 2_000 });
});
