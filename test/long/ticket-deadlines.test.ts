import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bothOf, stories, WINDOWS } from '../../src/desk/tickets/sla/histories.fixture.js';

/** Together 102 000 histories: pause, merge, reopening, new calendars and promises, daylight saving both ways in three zones. */
describe.each(WINDOWS.map((window) => [new Date(window).toISOString().slice(0, 10), window] as const))('deadlines in the days from %s', (_day, window) => {
  it('are those of a reference that walks minute by minute', () => {
    let told = 0;
    fc.assert(
      fc.property(stories([window]), (story) => {
        const { engine, reference, broken } = bothOf(story);
        told += engine.told.length;
        expect(engine).toEqual(reference);
        expect(broken).toEqual([]);
      }),
      { numRuns: 17_000 },
    );
    expect(told).toBeGreaterThan(10_000);
  });
});
