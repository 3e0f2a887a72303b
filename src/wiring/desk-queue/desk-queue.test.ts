import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAcd, createJournal, type Acd, type AcdService, type AcdSetup, type AgentId, type ContactId, type QueueId } from '../../acd/index.js';
import { acdSetup } from '../../acd/index.js';
import { loadConfig } from '../../config/index.js';
import { createEvents, type Events, type NewFact } from '../../events/index.js';
import { openStore, type Store } from '../../store/index.js';
import { createDesktops, createReachability, createTextOffers, type Desktops, type OfferView, type TextChannel, type TextOffers } from './index.js';

let store: Store;
let events: Events;
let acd: AcdService;
let offers: TextOffers;
let desktops: Desktops;
let did: string[];
const log = { error: (fields: object) => { throw new Error(JSON.stringify(fields)); }, info: () => undefined };
const lin = 'lin' as AgentId;
const omar = 'omar' as AgentId;
let reachability: ReturnType<typeof createReachability>;

function setup(more: Record<string, unknown> = {}): AcdSetup {
  const config = loadConfig('/nowhere');
  const [queue] = config.queues;
  const agents = ['lin', 'omar'].map((id) => ({ id, name: id, extension: id, queues: [{ queue: 'support', rank: 1, ring: 1 }], skills: {}, capacity: { voice: 1, chat: 2 }, onRegister: 'available' as const }));
  return acdSetup({ queues: [{ ...queue!, maxUnanswered: 0, pauseMs: { noAnswer: 0, busy: 0, rejected: 0, unreachable: 0 }, ...more }], agents, routing: config.routing });
}
const text: TextChannel = {
  connected: (offer) => void did.push(`${offer.agent} has ${offer.contact}`), announce: () => undefined, divert: (contact) => void did.push(`divert ${contact}`), dismissed: () => undefined, alive: () => true,
  about: (contact) => ({ preview: `about ${contact}` }),
};
function open(more: Record<string, unknown> = {}): void {
  reachability = createReachability((): Acd => acd, ['chat']);
  desktops = createDesktops({ store, events, reachability, graceMs: 30 });
  offers = createTextOffers({ acd: () => acd });
  acd = createAcd({
    setup: setup(more), carriers: { chat: offers.carrier('chat', text), voice: offers.carrier('voice', text) }, log, journal: createJournal({ store, log, keepMs: 1e9 }),
    publish: (facts, alongside) => events.publishAll(facts as unknown as readonly NewFact[], alongside),
  });
  acd.resume();
}
beforeEach(async () => {
  did = [];
  store = await openStore({ path: ':memory:' });
  events = createEvents({ store, log });
  open();
});
afterEach(async () => {
  acd.close();
  desktops.close();
  await store.close();
});
const ask = (id: string, channel = 'chat'): void => acd.enqueue({ id: id as ContactId, queues: ['support' as QueueId], channel, subject: `conversation:${id}` });
const live = (): string[] => offers.list().map((o) => `${o.agent}←${o.contact}`);
const offerOf = (contact: string): OfferView => offers.list().find((o) => o.contact === contact)!;

describe('an agent at the desktop', () => {
  it('is offered chats and no calls; a phone alone brings calls and no chats', () => {
    desktops.renew(lin, 60_000);
    ask('v1', 'voice');
    ask('c1');
    expect(live()).toEqual(['lin←c1']);
    reachability.phone(omar, true);
    expect(live()).toEqual(['lin←c1', 'omar←v1']);
    ask('c2');
    ask('c3');
    expect(live()).toEqual(['lin←c1', 'omar←v1', 'lin←c2']);
  });

  it('accepts by API, once however often he presses', () => {
    desktops.renew(lin, 60_000);
    ask('c1');
    const { id, about } = offerOf('c1');
    expect(about).toEqual({ preview: 'about c1' });
    expect([offers.accept(id).state, offers.accept(id).state]).toEqual(['accepted', 'accepted']);
    expect(did).toEqual(['lin has c1']);
    expect(acd.contact('c1' as ContactId)).toMatchObject({ state: 'connected', agent: 'lin' });
    expect(() => offers.decline(id, 'busy')).toThrow('is over: accepted');
    expect(() => offers.accept('c1.99')).toThrow('there is no offer');
  });

  it('who declines passes it on; a late accept hears how it ended (P49)', () => {
    desktops.renew(lin, 60_000);
    desktops.renew(omar, 60_000);
    ask('c1');
    const { id, agent } = offerOf('c1');
    expect([offers.decline(id, 'rejected').state, offers.decline(id, 'rejected').state]).toEqual(['rejected', 'rejected']);
    expect(() => offers.accept(id)).toThrow('is over: rejected');
    const next = offers.list();
    expect(next.map((o) => o.agent)).toEqual([agent === lin ? omar : lin]);
    acd.leave('c1' as ContactId, 'abandoned');
    expect(() => offers.accept(next[0]!.id)).toThrow('is over: contact_left');
  });

  it('capacity that becomes free is used at once (P33)', () => {
    desktops.renew(lin, 60_000);
    for (const id of ['c1', 'c2', 'c3']) ask(id);
    for (const { id } of offers.list()) offers.accept(id);
    expect(live()).toEqual([]);
    acd.released('c1' as ContactId);
    expect(live()).toEqual(['lin←c3']);
  });

  it('whose queue accepts by itself has it without asking', async () => {
    acd.configure(setup({ autoAccept: true }));
    desktops.renew(lin, 60_000);
    ask('c1');
    await vi.waitFor(() => expect(did).toEqual(['lin has c1']));
  });
});

describe('a desktop', () => {
  it('that dies takes its offers along when its lease is over', async () => {
    desktops.renew(lin, 30);
    ask('c1');
    const { id } = offerOf('c1');
    await vi.waitFor(() => expect(offers.get(id).state).toBe('agent_unreachable'));
    expect(acd.agent(lin)).toMatchObject({ reachable: false, state: 'offline' });
    expect(events.of('agent:lin').filter((f) => f.type === 'agent.desktop_changed').map((f) => f.data)).toEqual([{ agent: 'lin', present: true, why: 'renewed' }, { agent: 'lin', present: false, why: 'expired' }]);
  });

  it('is there while one of its sockets is, and for a moment after', async () => {
    const [first, second] = [desktops.hold(lin), desktops.hold(lin)];
    first();
    first();
    expect(desktops.view(lin)).toEqual({ agent: 'lin', present: true, until: null });
    second();
    expect(desktops.view(lin).present).toBe(true);
    await vi.waitFor(() => expect(desktops.view(lin).present).toBe(false));
  });

  it('with a phone beside it loses only its chats when it closes', () => {
    reachability.phone(lin, true);
    desktops.renew(lin, 60_000);
    ask('c1');
    const { id } = offerOf('c1');
    desktops.leave(lin);
    expect(offers.get(id).state).toBe('agent_unreachable');
    ask('v1', 'voice');
    expect(live()).toEqual(['lin←v1']);
    expect(acd.agent(lin).reachable).toBe(true);
  });

  it('is remembered over a restart', () => {
    desktops.renew(lin, 60_000);
    acd.close();
    desktops.close();
    open();
    expect(acd.agent(lin).reachable).toBe(false);
    desktops.resume();
    expect(acd.agent(lin).reachable).toBe(true);
    ask('c1');
    expect(live()).toEqual(['lin←c1']);
  });
});
