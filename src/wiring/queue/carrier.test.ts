import { describe, expect, it } from 'vitest';
import type { AgentId, QueueId } from '../../acd/index.js';
import { nextAt } from './announcing.js';
import { openHall, turns, type Hall } from './hall.fixture.js';

const ringing = async (hall: Hall): Promise<Hall['sip']['invites'][number]> => {
  await turns();
  const invite = hall.sip.invites.at(-1);
  if (!invite) throw new Error('nobody was rung');
  return invite;
};

describe('a caller who waits', () => {
  it('is a contact until he hangs up', async () => {
    const hall = openHall();
    const caller = await hall.caller();
    caller.hangUp();
    expect([await caller.end, hall.told, hall.causes.get('origin')]).toEqual(['failed', ['enqueue', 'leave abandoned'], 'abandoned']);
    expect(hall.queue.room.waiting.size).toBe(0);
  });

  it('presses keys that the engine hears, until he talks', async () => {
    const hall = openHall();
    const caller = await hall.caller();
    caller.endpoint.press('1');
    hall.offer();
    (await ringing(hall)).answer();
    await turns();
    caller.endpoint.press('2');
    expect(hall.told.filter((t) => t.startsWith('pressed'))).toEqual(['pressed 1']);
  });

  it('hears his place and how long it will be in his language, and nothing while he talks', async () => {
    const hall = openHall();
    const caller = await hall.caller('en');
    const contact = [...hall.queue.room.waiting.keys()][0]!;
    hall.queue.carrier.announce(contact, { queue: 'support' as QueueId, position: 2, waiting: 3, wait: { lowMs: 120_000, highMs: 240_000 } });
    await turns();
    expect(caller.endpoint.did).toContain('play You are number 2 in the queue. Please hold. The expected wait is between two and four minutes.');
    hall.offer();
    (await ringing(hall)).answer();
    await turns();
    const before = caller.endpoint.did.length;
    hall.queue.carrier.announce(contact, { queue: 'support' as QueueId, position: 1, waiting: 1, wait: undefined });
    await turns();
    expect(caller.endpoint.did.length).toBe(before);
  });
});

describe('an offer', () => {
  it('rings with the call’s ID; the agent who picks up is bridged, and only then the engine hears so', async () => {
    const hall = openHall();
    const caller = await hall.caller();
    hall.offer();
    const invite = await ringing(hall);
    expect([invite.uri, invite.headers['X-Strowger-Call']]).toEqual(['sip:1001', 'origin']);
    const dialog = invite.answer();
    await turns();
    expect(hall.told).toEqual(['enqueue', 'accepted', 'bridged']);
    expect(caller.endpoint.did.some((d) => d.startsWith('bridge'))).toBe(true);
    dialog.emit('destroy', { get: () => undefined });
    expect([await caller.end, hall.told.at(-1)]).toEqual(['completed', 'released']);
  });

  it('too late, the phone that was picked up hears BYE', async () => {
    const hall = openHall();
    await hall.caller();
    hall.accepts = 'too_late';
    hall.offer();
    const dialog = (await ringing(hall)).answer();
    await turns();
    expect([dialog.byes, hall.told]).toEqual([1, ['enqueue', 'accepted']]);
  });

  it.each<[status: number, why: string]>([[486, 'busy'], [603, 'rejected'], [404, 'unreachable']])('refused with %d is declined as %s', async (status, why) => {
    const hall = openHall();
    await hall.caller();
    hall.offer();
    (await ringing(hall)).refuse(status);
    await turns();
    expect(hall.told).toEqual(['enqueue', `declined offer-1 ${why}`]);
  });

  it('to an agent without a phone, or for a caller who is gone, is declined', async () => {
    const hall = openHall();
    await hall.caller();
    hall.offer({ agent: 'absent' as AgentId });
    hall.offer({ contact: 'contact-unknown' as never });
    await turns();
    expect(hall.told.slice(1)).toEqual(['declined offer-1 unreachable', 'declined offer-2 unreachable']);
  });

  it('withdrawn is cancelled', async () => {
    const hall = openHall();
    await hall.caller();
    const offer = hall.offer();
    const invite = await ringing(hall);
    hall.queue.carrier.withdraw(offer, 'timed_out');
    await turns();
    expect([invite.cancels, hall.queue.room.ringing.size]).toEqual([1, 0]);
  });

  it('whose bridge comes to nothing gives the caller back, with music', async () => {
    const hall = openHall();
    const caller = await hall.caller();
    Object.assign(caller.endpoint, { bridge: () => Promise.reject(new Error('no such channel')) });
    hall.offer();
    const dialog = (await ringing(hall)).answer();
    await turns();
    expect([hall.told, dialog.byes, caller.endpoint.did.at(-1)]).toEqual([['enqueue', 'accepted', 'returned'], 1, 'play music.wav']);
  });

  it('whose agent hangs up before the media server has bridged gives the caller back at once', async () => {
    const hall = openHall();
    const caller = await hall.caller();
    Object.assign(caller.endpoint, { bridge: () => new Promise(() => undefined) });
    hall.offer();
    const dialog = (await ringing(hall)).answer();
    await turns();
    expect(hall.told).toEqual(['enqueue', 'accepted']);
    dialog.emit('destroy', { get: () => undefined });
    await turns();
    expect([hall.told, caller.endpoint.did.at(-1)]).toEqual([['enqueue', 'accepted', 'returned'], 'play music.wav']);
  });

  it('dropped because its bridge takes too long ends the agent’s side; what comes of it later changes nothing', async () => {
    const hall = openHall();
    const caller = await hall.caller();
    let fail: (error: Error) => void = () => undefined;
    Object.assign(caller.endpoint, { bridge: () => new Promise((_, reject) => (fail = reject)) });
    const offer = hall.offer();
    const dialog = (await ringing(hall)).answer();
    await turns();
    hall.queue.carrier.drop(offer);
    fail(new Error('too late'));
    await turns();
    expect([hall.told, dialog.byes, caller.endpoint.did.at(-1)]).toEqual([['enqueue', 'accepted'], 1, 'play music.wav']);
  });
});

describe('sent elsewhere', () => {
  const sent = async (target: Parameters<Hall['queue']['carrier']['divert']>[1]) => {
    const hall = openHall();
    const caller = await hall.caller('en');
    const [contact] = [...hall.queue.room.waiting.keys()];
    hall.queue.carrier.divert(contact!, target, 'exit');
    return { hall, caller };
  };

  it('to a flow: the flow goes on there', async () => {
    const { caller, hall } = await sent({ to: 'flow', flow: 'night' });
    expect([await caller.end, hall.queue.room.waiting.size]).toEqual([{ flow: 'night' }, 0]);
  });

  it('to a callback: he hears that his place is kept, the call ends completed, the contact stays', async () => {
    const { caller, hall } = await sent({ to: 'callback' });
    expect(await caller.end).toBe('completed');
    expect([caller.endpoint.did.at(-1)?.startsWith('play Your place in the queue is kept.'), hall.causes.get('origin'), hall.told]).toEqual([true, 'completed', ['enqueue']]);
  });

  it('to hang up', async () => {
    const { caller, hall } = await sent({ to: 'hang_up' });
    await caller.end;
    expect(hall.causes.get('origin')).toBe('completed');
  });

  it('to an extension, which is rung and talked to', async () => {
    const { caller, hall } = await sent({ to: 'extension', extension: '1210' });
    const invite = await ringing(hall);
    const dialog = invite.answer();
    await turns();
    dialog.emit('destroy', { get: () => undefined });
    expect([invite.uri, await caller.end]).toEqual(['sip:1210', 'completed']);
  });

  it('to a number that no trunk takes: failed', async () => expect(await (await sent({ to: 'number', number: '+1' })).caller.end).toBe('failed'));
});

describe('a callback', () => {
  it('agent first: he hears what it is, the customer is rung, both are joined, and the call ends', async () => {
    const hall = openHall();
    hall.offer({ callback: 'agent' });
    const agent = await ringing(hall);
    const agentDialog = agent.answer();
    const customer = await ringing(hall);
    expect([agent.uri, customer.uri, agent.headers['From']]).toEqual(['sip:1001', 'sip:1201', '1201']);
    const dialog = customer.answer();
    await turns();
    expect(hall.told).toEqual(['accepted', 'bridged']);
    dialog.emit('destroy', { get: () => undefined });
    await turns();
    expect([hall.told.at(-1), agentDialog.byes, [...hall.causes.values()]]).toEqual(['released', 1, ['completed']]);
  });

  it('whose customer is busy is unreached, and its call says so', async () => {
    const hall = openHall();
    hall.offer({ callback: 'agent' });
    const dialog = (await ringing(hall)).answer();
    (await ringing(hall)).refuse(486);
    await turns();
    expect([hall.told, dialog.byes, [...hall.causes.values()]]).toEqual([['accepted', 'unreached'], 1, ['busy']]);
  });

  it('whose agent hangs up while the customer rings is given back, and the customer’s phone stops', async () => {
    const hall = openHall();
    hall.offer({ callback: 'agent' });
    const dialog = (await ringing(hall)).answer();
    const customer = await ringing(hall);
    dialog.emit('destroy', { get: () => undefined });
    await turns();
    expect([hall.told, customer.cancels]).toEqual([['accepted', 'returned'], 1]);
  });

  it('customer first: no agent is rung before he is there', async () => {
    const hall = openHall();
    hall.offer({ callback: 'customer' });
    const customer = await ringing(hall);
    expect([hall.sip.invites.length, customer.uri]).toEqual([1, 'sip:1201']);
    customer.answer();
    const agent = await ringing(hall);
    agent.answer();
    await turns();
    expect([agent.uri, hall.told]).toEqual(['sip:1001', ['accepted', 'bridged']]);
  });

  it('customer first, and he goes before an agent is there: abandoned', async () => {
    const hall = openHall();
    hall.offer({ callback: 'customer' });
    const dialog = (await ringing(hall)).answer();
    await ringing(hall);
    dialog.emit('destroy', { get: () => undefined });
    await turns();
    expect([hall.told.includes('leave abandoned'), [...hall.causes.values()]]).toEqual([true, ['abandoned']]);
  });

  it('that no agent answers leaves no call open', async () => {
    const hall = openHall();
    const offer = hall.offer({ callback: 'agent' });
    await ringing(hall);
    hall.queue.carrier.withdraw(offer, 'timed_out');
    await turns();
    expect([[...hall.causes.values()], hall.queue.room.callbacks.size]).toEqual([['no_answer'], 0]);
  });
});

it.each<[afterMs: number, everyMs: number | undefined, waitedMs: number, next: number | undefined]>([
  [30_000, undefined, 0, 30_000], [30_000, undefined, 10_000, 20_000], [30_000, undefined, 31_000, undefined], [30_000, 60_000, 30_000, 0], [30_000, 60_000, 40_000, 50_000], [30_000, 60_000, 160_000, 50_000],
])('a sentence after %d and every %s ms is due for somebody who waited %d ms in %s', (afterMs, everyMs, waitedMs, next) => expect(nextAt(afterMs, everyMs, waitedMs)).toBe(next));
