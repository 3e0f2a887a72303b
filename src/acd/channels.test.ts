import { beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../store/index.js';
import { agentId, agentSetup, contactId, dovecote, office as officeOf, pigeon, queueSetup, setupOf, type Cote, type Office } from './office.fixture.js';

let store: Store;
let voice: Cote;
let chat: Cote;
beforeEach(async () => {
  store = await openStore({ path: ':memory:' });
  [voice, chat] = [dovecote(), dovecote()];
});
const by = 'api:test';

function office(blending: Record<string, string[]> = {}): Office & { ask(channel: string, ...ids: string[]): void } {
  const setup = setupOf({ agents: [agentSetup('lin', { capacity: { voice: 1, chat: 3 } })], blending, queues: [queueSetup('support', { wrapUp: { ms: 5_000, maxMs: 5_000 } })] });
  const room = officeOf({ store, setup, carriers: { voice: voice.carrier, chat: chat.carrier } });
  room.come('lin');
  return { ...room, ask: (channel, ...ids) => ids.forEach((id) => room.acd.enqueue(pigeon(id, { channel, subject: `${channel}:${id}` }))) };
}
const answer = (room: Office, cote: Cote): void => {
  const offer = cote.offers.at(-1)!;
  expect(room.acd.accepted(offer.id)).toBe('connect');
  room.acd.bridged(offer.contact);
};

describe('one call or three chats', () => {
  it('each goes through the carrier of its channel', () => {
    const room = office();
    room.ask('chat', 'c1', 'c2', 'c3', 'c4');
    room.ask('voice', 'v1');
    expect(chat.did).toEqual(['offer lin←c1', 'offer lin←c2', 'offer lin←c3']);
    expect(voice.did).toEqual([]);
    expect(room.acd.agent(agentId('lin')).load).toEqual({ voice: { now: 0, capacity: 1 }, chat: { now: 3, capacity: 3 } });
  });

  it('an agent on a call gets no chat, and a chat as soon as he is done (P33)', () => {
    const room = office();
    room.ask('voice', 'v1');
    answer(room, voice);
    room.ask('chat', 'c1');
    expect(chat.did).toEqual([]);
    room.acd.released(contactId('v1'));
    room.clock.advance(5_000);
    expect(chat.did).toEqual(['offer lin←c1']);
  });

  it('a call may interrupt chats where the settings say so', () => {
    const room = office({ voice: ['chat'] });
    room.ask('chat', 'c1');
    answer(room, chat);
    room.ask('voice', 'v1');
    expect(voice.did).toEqual(['offer lin←v1']);
    answer(room, voice);
    room.ask('chat', 'c2');
    expect(chat.did).toEqual(['offer lin←c1', 'connect lin←c1']);
    expect(room.acd.agent(agentId('lin'))).toMatchObject({ state: 'talking', contact: 'v1', contacts: ['c1', 'v1'] });
  });

  it('facts are named after the channel\'s own things, and a queue that goes dismisses each by its own carrier', () => {
    const room = office();
    room.acd.setState(agentId('lin'), 'away', { by });
    room.ask('chat', 'c1');
    room.ask('voice', 'v1');
    expect(room.facts.map((f) => f.type)).toEqual(expect.arrayContaining(['chat.queued', 'voice.queued']));
    room.acd.configure(setupOf({ queues: [] }));
    expect([chat.did, voice.did]).toEqual([['dismiss c1'], ['dismiss v1']]);
  });

  it('one carrier that fails does not stop the other', () => {
    const broken = dovecote({ offer: () => { throw new Error('chat is down'); } });
    chat = broken;
    const room = office();
    room.ask('chat', 'c1');
    room.clock.advance(10_000);
    room.ask('voice', 'v1');
    room.acd.leave(contactId('c1'), 'failed');
    room.clock.advance(20_000);
    expect(voice.did).toContain('offer lin←v1');
  });
});

it('a channel whose carrier is gone after a restart loses its contacts, and nobody else does', () => {
  const room = office();
  room.acd.setState(agentId('lin'), 'away', { by });
  room.ask('chat', 'c1');
  room.ask('voice', 'v1');
  voice.birds.add(contactId('v1'));
  const after = officeOf({ store, clock: room.clock, carriers: { voice: voice.carrier } });
  expect(after.acd.contacts().map((c) => c.id)).toEqual(['v1']);
});
