import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inspector } from '../../src/acd/engine/laws.fixture.js';
import { restore } from '../../src/acd/engine/restore.js';
import { snapshot, type Snapshot } from '../../src/acd/engine/snapshot.js';
import { emptyState } from '../../src/acd/engine/state.js';
import { step } from '../../src/acd/engine/step.js';
import { play, stories } from '../../src/acd/engine/stories.fixture.js';

/** Together some millions of events, each followed by every law. The seed that failed is printed: give it to `fc.assert` to see it again. */
const RUNS = 8;

describe.each(Array.from({ length: RUNS }, (_, i) => i + 1))('the engine under a great many events, part %i', () => {
  it('keeps every law after every event of long stories', () => {
    let events = 0;
    fc.assert(
      fc.property(stories(400), (story) => {
        const see = inspector();
        play(step, story, (s, what) => {
          events += 1;
          see(s, what);
        });
      }),
      { numRuns: 1_500 },
    );
    expect(events).toBeGreaterThan(200_000);
  });

  it('replays, and goes on from a snapshot taken at every fiftieth event, with the same effects', () => {
    fc.assert(
      fc.property(stories(300), (story) => {
        const { log, effects, state } = play(step, story);
        let s = emptyState();
        const again = log.flatMap(({ event, at }, i) => {
          if (i % 50 === 49) s = restore(JSON.parse(JSON.stringify(snapshot(s))) as Snapshot);
          return step(s, event, at);
        });
        expect(again).toEqual(effects);
        expect(JSON.stringify(snapshot(s))).toBe(JSON.stringify(snapshot(state)));
      }),
      { numRuns: 400 },
    );
  });
});
