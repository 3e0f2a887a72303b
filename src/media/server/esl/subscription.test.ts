import { describe, expect, it } from 'vitest';
import { createEvent, type Header } from '../events/event.js';
import type { EventName } from '../events/names.js';
import { createSubscription, type Subscription } from './subscription.js';

const event = (name: EventName, headers: readonly Header[] = [], uuid?: string) => createEvent(name, headers, uuid === undefined ? {} : { uuid });
const takes = (s: Subscription, name: EventName, headers: readonly Header[] = [], uuid?: string): boolean => s.wants(name, undefined, uuid) && s.passes(event(name, headers, uuid));
const subscribed = (...commands: readonly string[]): Subscription => {
  const s = createSubscription();
  for (const command of commands) s.event(command);
  return s;
};

describe('event', () => {
  it.each<[args: string, reply: string]>([
    ['json CHANNEL_ANSWER', '+OK event listener enabled json'],
    ['plain ALL', '+OK event listener enabled plain'],
    ['DTMF', '+OK event listener enabled plain'],
    ['json', '-ERR no keywords supplied'],
    ['json NO_SUCH_EVENT', '-ERR no keywords supplied'],
    ['', '-ERR no keywords supplied'],
    ['xml ALL', '-ERR XML events are not supported, take json'],
  ])('%s → %s', (args, reply) => {
    expect(createSubscription().event(args)).toBe(reply);
  });

  it('accepts what drachtio-fsmrf subscribes to, SWITCH_EVENT_ and CUSTOM included', () => {
    const s = subscribed('json CHANNEL_EXECUTE_COMPLETE DTMF SWITCH_EVENT_PLAYBACK_START CUSTOM conference::maintenance');
    expect(s.format()).toBe('json');
    expect(takes(s, 'PLAYBACK_START')).toBe(true);
    expect(takes(s, 'PLAYBACK_STOP')).toBe(false);
    expect(s.wants('CUSTOM', 'conference::maintenance', undefined)).toBe(true);
    expect(s.wants('CUSTOM', 'sofia::register', undefined)).toBe(false);
  });

  it('adds to what was subscribed before; the format is the last one named', () => {
    const s = subscribed('plain DTMF', 'json CHANNEL_PARK');
    expect([takes(s, 'DTMF'), takes(s, 'CHANNEL_PARK'), s.format()]).toEqual([true, true, 'json']);
  });

  it('takes nothing before it is asked', () => {
    expect(createSubscription().wants('DTMF', undefined, undefined)).toBe(false);
  });
});

describe('nixevent and noevents', () => {
  it('one event out of all leaves the others', () => {
    const s = subscribed('plain all');
    expect(s.nixEvent('HEARTBEAT')).toBe('+OK events nixed');
    expect([takes(s, 'HEARTBEAT'), takes(s, 'DTMF'), takes(s, 'CHANNEL_CREATE')]).toEqual([false, true, true]);
  });
  it('a subclass alone', () => {
    const s = subscribed('json CUSTOM a::b c::d');
    s.nixEvent('CUSTOM a::b');
    expect([s.wants('CUSTOM', 'a::b', undefined), s.wants('CUSTOM', 'c::d', undefined)]).toEqual([false, true]);
  });
  it('all of them, and nothing named', () => {
    const s = subscribed('json DTMF');
    expect(s.nixEvent('')).toBe('-ERR no keywords supplied');
    s.nixEvent('all');
    expect(takes(s, 'DTMF')).toBe(false);
  });
  it('noevents ends it, and says so when there was nothing', () => {
    const s = subscribed('json DTMF');
    expect(s.noEvents()).toBe('+OK no longer listening for events');
    expect(takes(s, 'DTMF')).toBe(false);
    expect(s.noEvents()).toBe('-ERR not listening for events');
  });
});

describe('filter', () => {
  const one: Header[] = [['Unique-ID', 'one'], ['Caller-ANI', '1001']];

  it.each<[args: string, reply: string]>([
    ['Unique-ID one', '+OK filter added. [Unique-ID]=[one]'],
    ['add Unique-ID one', '+OK filter added. [Unique-ID]=[one]'],
    ['delete Unique-ID one', '+OK filter deleted. [Unique-ID][one]'],
    ['delete all', '+OK filter deleted. [all][]'],
    ['Unique-ID', '-ERR invalid syntax'],
  ])('%s → %s', (args, reply) => {
    expect(createSubscription().filter(args)).toBe(reply);
  });

  it.each<[what: string, filters: string[], passes: boolean]>([
    ['a match, without case', ['unique-id ONE'], true],
    ['another value', ['Unique-ID two'], false],
    ['one of several', ['Unique-ID two', 'Unique-ID one'], true],
    ['a header the event lacks', ['Job-UUID x'], false],
    ['a regular expression', ['Caller-ANI /^10/'], true],
    ['one that does not fit', ['Caller-ANI /^20/'], false],
    ['one that is none', ['Caller-ANI /(/'], false],
    ['shut out by a minus', ['Unique-ID one', 'Caller-ANI -1001'], false],
    ['a minus that does not fit', ['Unique-ID one', 'Caller-ANI -1002'], true],
  ])('%s', (_what, filters, passes) => {
    const s = subscribed('json ALL');
    for (const filter of filters) s.filter(filter);
    expect(takes(s, 'DTMF', one, 'one')).toBe(passes);
  });

  it('events of other channels are not even built for a listener tied to one', () => {
    const s = subscribed('json ALL');
    s.filter('Unique-ID one');
    expect([s.wants('DTMF', undefined, 'one'), s.wants('DTMF', undefined, 'two')]).toEqual([true, false]);
    s.filter('Job-UUID j');
    expect(s.wants('BACKGROUND_JOB', undefined, undefined)).toBe(true);
  });

  it('deleted, everything passes again', () => {
    const s = subscribed('json ALL');
    s.filter('Unique-ID two');
    s.filter('Unique-ID three');
    s.filter('delete Unique-ID two');
    expect(takes(s, 'DTMF', one, 'one')).toBe(false);
    s.filter('delete Unique-ID');
    expect(takes(s, 'DTMF', one, 'one')).toBe(true);
  });
});

describe('myevents', () => {
  it('ties the connection to one channel and its jobs', () => {
    const s = createSubscription();
    expect(s.myEvents('one', 'json')).toBe('+OK Events Enabled');
    expect(s.format()).toBe('json');
    expect([takes(s, 'DTMF', [], 'one'), takes(s, 'DTMF', [], 'two'), takes(s, 'HEARTBEAT')]).toEqual([true, false, false]);
    s.event('json BACKGROUND_JOB');
    expect(s.wants('BACKGROUND_JOB', undefined, undefined)).toBe(true);
    expect(s.passes(event('BACKGROUND_JOB', [['Job-Owner-UUID', 'one']]))).toBe(true);
    expect(s.passes(event('BACKGROUND_JOB', [['Job-Owner-UUID', 'two']]))).toBe(false);
  });
  it('cannot be said twice', () => {
    const s = createSubscription();
    s.myEvents('one', '');
    expect(s.myEvents('one', '')).toBe('-ERR aready enabled.');
  });
});
