import { describe, expect, it } from 'vitest';
import { emptyState, restore, snapshot, step, type AcdEvent, type ContactId, type OfferId, type State } from './engine/index.js';
import { emptyMemo, note, restoreMemo, saveMemo, type Gone, type Memo } from './memo.js';
import { agentId, contactId, pigeon, queueSetup, setupOf } from './office.fixture.js';

/** Plays events a second apart; answers who went. */
function story(...events: readonly (AcdEvent | ((s: State) => AcdEvent))[]): { readonly s: State; readonly memo: Memo; readonly gone: Gone[] } {
  const s = emptyState();
  const memo = emptyMemo();
  const gone: Gone[] = [];
  [setup, ...events].forEach((told, i) => {
    const event = typeof told === 'function' ? told(s) : told;
    gone.push(...note(memo, s, { seq: i + 1, at: (i + 1) * 1_000, event, effects: step(s, event, (i + 1) * 1_000) }));
  });
  return { s, memo, gone };
}
const setup: AcdEvent = { type: 'setup.changed', setup: setupOf({ queues: [queueSetup('support', { maxWaiting: 1 })] }), remembered: {} };
const here: AcdEvent = { type: 'agent.reachable', agent: agentId('lin'), yes: true };
const join = (id: string): AcdEvent => ({ type: 'contact.joined', contact: pigeon(id) });
const about = (type: 'contact.bridged' | 'contact.released' | 'contact.returned' | 'contact.unreached', id = 'c1'): AcdEvent => ({ type, contact: contactId(id) });
const leave = (id: string): AcdEvent => ({ type: 'contact.left', contact: contactId(id), why: 'abandoned' });
const accept = (s: State): AcdEvent => ({ type: 'offer.accepted', offer: [...s.offers.keys()].at(-1) ?? ('none' as OfferId) });

describe('who went, and when it was decided', () => {
  it('one who was answered: by the event that put him to the agent', () => {
    expect(story(join('c1'), here, accept, about('contact.bridged'), about('contact.released')).gone).toEqual([
      { contact: 'c1', subject: 'call:c1', channel: 'pigeon', agent: 'lin', first: 2, decided: 3, last: 6 },
    ]);
  });

  it('one who gave up: just before he did', () => {
    expect(story(join('c1'), here, leave('c1')).gone).toMatchObject([{ agent: null, first: 2, decided: 3, last: 4 }]);
  });

  it('one whose bridge came to nothing is undecided again', () => {
    expect(story(here, join('c1'), accept, about('contact.returned'), leave('c1')).gone).toMatchObject([{ agent: null, decided: 5, last: 6 }]);
  });

  it('a callback whose customer is not reached is undecided again, until it is given up', () => {
    const calledBack: AcdEvent = { type: 'contact.wants_callback', contact: contactId('c1') };
    const once = story(join('c1'), calledBack, here, accept, about('contact.unreached'));
    expect([once.gone, once.memo.contacts.get(contactId('c1'))?.taken]).toEqual([[], null]);
    expect(story(join('c1'), calledBack, here, accept, about('contact.unreached'), leave('c1')).gone).toMatchObject([{ agent: null, decided: 6, last: 7 }]);
  });

  it('one who was turned away at once was never in line', () => {
    expect(story(join('c1'), join('c2')).gone).toMatchObject([{ contact: 'c2', first: 3, decided: 2, last: 3 }]);
  });

  it('all whom a queue that is no more dismisses', () => {
    expect(story(join('c1'), { type: 'setup.changed', setup: setupOf({ queues: [queueSetup('sales')] }), remembered: {} }).gone.map((g) => g.contact)).toEqual(['c1']);
  });
});

it('is kept beside the state, and the same when it was read again', () => {
  const chose: AcdEvent = { type: 'agent.chose', agent: agentId('omar'), state: 'away', reason: 'lunch', by: 'api:test' };
  const { s, memo } = story(here, join('c1'), accept, join('c2'), chose);
  const read = restoreMemo(JSON.parse(JSON.stringify(saveMemo(memo))) as ReturnType<typeof saveMemo>, restore(snapshot(s)));
  expect(read).toEqual(memo);
  expect([...read.contacts.keys()]).toEqual(['c1', 'c2'] as ContactId[]);
  expect(read.chosen.get(agentId('omar'))).toEqual({ state: 'away', reason: 'lunch' });
  expect(read.since.get(agentId('lin'))).toBe(4_000);
});
