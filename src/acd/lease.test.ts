import { beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../store/index.js';
import { agentId, contactId, dovecote, office as officeOf, queueSetup, setupOf, type Office, type OfficeOptions } from './office.fixture.js';

let store: Store;
beforeEach(async () => void (store = await openStore({ path: ':memory:' })));
const office = (change: Partial<OfficeOptions> = {}): Office => officeOf({ store, ...change });
const talking = (change: Partial<OfficeOptions> = {}): Office => {
  const room = office(change);
  room.come('lin');
  room.join('c1');
  room.answer('lin');
  return room;
};

describe('an agent whose caller nobody has any more', () => {
  it('is free after the second look, and it is told why (P12)', () => {
    const { acd, birds, clock, facts } = talking();
    birds.clear();
    expect(acd.leaked()).toBe(1);
    clock.advance(29_999);
    expect(acd.agent(agentId('lin')).state).toBe('talking');
    clock.advance(1);
    expect([acd.agent(agentId('lin')).state, acd.leaked(), acd.contacts()]).toEqual(['available', 0, []]);
    expect(facts).toContainEqual({ type: 'agent.freed_by_lease', subject: 'agent:lin', data: { agent: 'lin', contact: 'c1' } });
  });

  it('is left alone when the caller was only being handed over', () => {
    const { acd, birds, clock } = talking();
    for (let i = 0; i < 10; i += 1) {
      if (i % 2 === 0) birds.clear();
      else birds.add(contactId('c1'));
      clock.advance(15_000);
    }
    expect(acd.agent(agentId('lin')).state).toBe('talking');
  });

  it('is not rung any longer', () => {
    const { acd, birds, clock, did, come, join } = office({ setup: setupOf({ queues: [queueSetup('support', { offerMs: 120_000 })] }) });
    come('lin');
    join('c1');
    birds.clear();
    clock.advance(30_000);
    expect(did).toEqual(['offer lin←c1', 'withdraw lin←c1 contact_left']);
    expect(acd.agent(agentId('lin')).state).toBe('available');
  });

  it('wraps up as after any other call', () => {
    const { acd, birds, clock } = talking({ setup: setupOf({ queues: [queueSetup('support', { wrapUp: { ms: 5_000, maxMs: 5_000 } })] }) });
    birds.clear();
    clock.advance(30_000);
    expect(acd.agent(agentId('lin')).state).toBe('wrap_up');
  });
});

it('a carrier that cannot say counts as having it', () => {
  const { acd, clock, errors } = talking({ cote: dovecote({ alive: () => { throw new Error('no answer'); } }) });
  clock.advance(60_000);
  expect(acd.agent(agentId('lin')).state).toBe('talking');
  expect(errors.length).toBeGreaterThan(0);
});

it('callers who only wait are not asked for, nor people to be called back', () => {
  const { acd, birds, clock, join, come } = office();
  join('c1');
  join('c2');
  acd.callBack(contactId('c1'));
  birds.clear();
  come('lin');
  clock.advance(60_000);
  expect(acd.contacts().map((c) => c.id)).toEqual(['c1', 'c2']);
});
