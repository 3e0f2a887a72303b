import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hoursForm, openSpans, toHours } from '../../../config/index.js';
import { bothOf, stories, WINDOWS } from './histories.fixture.js';
import { businessTime, dueAt, nextMoment, sla, startSla, type Policy, type SlaEffect, type SlaEvent, type SlaState } from './index.js';

const H = 3_600_000;
const office = toHours(hoursForm.parse({ time_zone: 'Asia/Shanghai', weekly: { 'mon-fri': '09:00-18:00' }, holidays: ['2026-10-01..2026-10-07'] }));
const time = businessTime((from, until) => openSpans(office, from, until));
const always = businessTime((from, until) => [[from, until]]);
const calendars = (name: string) => (name === 'office' ? time : always);
/** Local time of Shanghai. */
const at = (text: string): number => Date.parse(`${text}+08:00`);
const promise: Policy = { name: 'standard', goals: { response: { targetMs: 4 * H, warnMs: H, escalateMs: [2 * H] }, update: { targetMs: 9 * H, warnMs: null, escalateMs: [] }, resolution: { targetMs: 18 * H, warnMs: 2 * H, escalateMs: [] } } };

/** A ticket of Friday, 16:00. */
function desk(policy: Policy | null = promise) {
  let state: SlaState = startSla(at('2026-11-20T16:00'), 'office', policy);
  const told: string[] = [];
  const say = (e: SlaEffect): string => (e.do === 'met' ? `met ${e.target} ${e.result.businessMs / H} h ${String(e.result.within)}` : `${e.do} ${e.target} ${new Date(e.at + 8 * H).toISOString().slice(5, 16)}`);
  const d = {
    at(when: string, event: SlaEvent | SlaEvent['type'] = 'time_passed') {
      const [next, effects] = sla(state, (typeof event === 'string' ? { type: event } : event) as SlaEvent, at(when), calendars);
      state = next;
      told.push(...effects.map(say));
      return d;
    },
    told, state: () => state,
  };
  return d;
}

describe('deadlines', () => {
  it('count business hours only: four hours from Friday 16:00 are over on Monday at 11:00', () => {
    expect(dueAt(desk().state(), 'response', calendars)).toBe(at('2026-11-23T11:00'));
    expect(nextMoment(desk().state(), calendars)).toBe(at('2026-11-23T10:00'));
  });

  it('warn, break and go up, each once, at the moment it comes to pass even if nobody looked', () => {
    const d = desk().at('2026-11-23T17:00').at('2026-11-23T17:30');
    expect(d.told).toEqual(['warn response 11-23T10:00', 'breach response 11-23T11:00', 'escalate response 11-23T13:00']);
  });

  it('the update time never takes the place of the first answer, and runs from the first answer on (P37, P39)', () => {
    const d = desk({ name: 'p', goals: { response: { targetMs: 8 * H, warnMs: null, escalateMs: [] }, update: { targetMs: H, warnMs: null, escalateMs: [] } } });
    d.at('2026-11-20T17:59');
    expect(d.told).toEqual([]);
    d.at('2026-11-23T09:30', 'answered').at('2026-11-23T12:00');
    expect(d.told).toEqual(['met response 2.5 h true', 'breach update 11-23T10:30']);
  });

  it('an answer in time stops the first target for good (P37)', () => {
    expect(desk().at('2026-11-20T16:30', 'answered').at('2026-11-23T08:00').told).toEqual(['met response 0.5 h true']);
  });

  it('stand still while the customer has to do something', () => {
    const d = desk().at('2026-11-20T17:00', 'answered').at('2026-11-20T17:00', 'paused').at('2026-12-20T00:00');
    expect(d.told).toEqual(['met response 1 h true']);
    expect(d.at('2026-12-21T09:00', 'resumed').state().clocks.resolution.spentMs).toBe(H);
  });

  it('a merged ticket tells nothing any more (P38)', () => {
    expect(desk().at('2026-11-23T09:00', 'merged').at('2026-12-23T09:00').told).toEqual([]);
  });

  it('a promise that is taken back stops; time is measured on (P38, P37)', () => {
    const d = desk().at('2026-11-20T17:00', { type: 'policy_set', policy: null }).at('2026-11-23T12:00', 'answered').at('2026-11-23T13:00', 'resolved');
    expect(d.told).toEqual(['met response 5 h null', 'met resolution 6 h null']);
  });

  it('a closing time is there at once, and again after each closing (P39)', () => {
    const d = desk().at('2026-11-20T17:00', 'resolved');
    expect(d.state().resolution).toEqual({ at: at('2026-11-20T17:00'), businessMs: H, within: true });
    d.at('2026-11-23T09:00', 'reopened').at('2026-11-23T10:00', 'resolved');
    expect(d.state()).toMatchObject({ resolution: { businessMs: 2 * H }, firstResolution: { businessMs: H }, reopened: 1 });
  });

  it('a shorter promise that is broken already says so at once; a longer one may break again', () => {
    const short: Policy = { name: 'short', goals: { response: { targetMs: H, warnMs: null, escalateMs: [] } } };
    const d = desk().at('2026-11-20T17:30', { type: 'policy_set', policy: short });
    expect(d.told).toEqual(['breach response 11-20T17:30']);
    d.at('2026-11-20T17:30', { type: 'policy_set', policy: promise }).at('2026-11-23T11:00');
    expect(d.told.slice(1)).toEqual(['warn response 11-23T10:00', 'breach response 11-23T11:00']);
  });

  it('a new calendar counts from now on; what has been counted stays', () => {
    const d = desk().at('2026-11-20T20:00', { type: 'calendar_set', calendar: 'always' });
    expect(dueAt(d.state(), 'response', calendars)).toBe(at('2026-11-20T22:00'));
  });

  it('wait for ever for a calendar that never opens', () => {
    const never = businessTime(() => []);
    expect(nextMoment(startSla(0, 'x', promise), () => never)).toBeUndefined();
  });

  it('a clock set back counts nothing', () => {
    expect(desk().at('2026-11-20T17:00').at('2026-11-20T16:10', 'answered').told).toEqual(['met response 1 h true']);
  });
});

it('agrees with a reference that walks minute by minute', () => {
  fc.assert(
    fc.property(stories(WINDOWS.slice(1, 3)), (story) => {
      const { engine, reference, broken } = bothOf(story);
      expect(engine).toEqual(reference);
      expect(broken).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
});

it('business time adds up, to the millisecond', () => {
  const moment = fc.integer({ min: at('2026-09-20T00:00'), max: at('2026-12-01T00:00') });
  fc.assert(
    fc.property(moment, moment, fc.integer({ min: 1, max: 90 * H }), (a, b, ms) => {
      const [from, until] = [Math.min(a, b), Math.max(a, b)];
      const middle = Math.floor((from + until) / 2);
      expect(time.between(from, middle) + time.between(middle, until)).toBe(time.between(from, until));
      const reached = time.after(from, ms)!;
      expect([time.between(from, reached), time.between(from, reached - 1)]).toEqual([ms, ms - 1]);
    }),
    { numRuns: 300 },
  );
});
