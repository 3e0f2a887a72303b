import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { acdSetup, createAcd, createJournal, type Acd, type AcdService, type AgentId, type ContactId } from '../../acd/index.js';
import { loadConfig } from '../../config/index.js';
import { createConversations, type Conversations } from '../../desk/conversations/index.js';
import { createEvents, type Events, type NewFact } from '../../events/index.js';
import { openStore, type Store } from '../../store/index.js';
import { createDesktops, createReachability, createTextOffers, type Desktops, type TextOffers } from '../desk-queue/index.js';
import { createChatQueue, type ChatQueue } from './index.js';

let [store, events, acd, offers, desktops, conversations, queue] = [] as unknown as [Store, Events, AcdService, TextOffers, Desktops, Conversations, ChatQueue];
let replyMs = 0;
const log = { error: (fields: object) => { throw new Error(JSON.stringify(fields)); }, info: () => undefined };
const AGENTS = ['lin', 'omar'];

function setup(more: Record<string, unknown> = {}) {
  const config = loadConfig('/nowhere');
  const [support] = config.queues;
  const agents = AGENTS.map((id) => ({ id, name: `Agent ${id}`, extension: id, queues: [{ queue: 'support', rank: 1, ring: 1 }], skills: {}, capacity: { voice: 1, chat: 2 }, onRegister: 'available' as const }));
  return acdSetup({ queues: [{ ...support!, maxUnanswered: 0, pauseMs: { noAnswer: 0, busy: 0, rejected: 0, unreachable: 60_000 }, ...more }], agents, routing: config.routing });
}
function open(more: Record<string, unknown> = {}): void {
  const reachability = createReachability((): Acd => acd, ['chat']);
  desktops = createDesktops({ store, events, reachability, graceMs: 20 });
  offers = createTextOffers({ acd: () => acd });
  conversations = createConversations({ store, events, files: { get: () => { throw new Error(); }, attach: () => { throw new Error(); }, of: () => [], remove: () => undefined }, log });
  queue = createChatQueue({ conversations, acd: () => acd, desktops, channelOf: ({ channel }) => channel, about: () => ({}), firstReplyMs: () => replyMs, log, desktopMs: 30 });
  acd = createAcd({
    setup: setup(more), carriers: { chat: offers.carrier('chat', queue.channel) }, log, journal: createJournal({ store, log, keepMs: 1e9 }),
    publish: (facts, alongside) => events.publishAll(facts as unknown as readonly NewFact[], alongside),
  });
  acd.resume();
}
const shut = (): void => {
  queue.close();
  acd.close();
  desktops.close();
};
beforeEach(async () => {
  replyMs = 0;
  store = await openStore({ path: ':memory:' });
  events = createEvents({ store, log });
  open();
});
afterEach(async () => {
  shut();
  await store.close();
});
const there = (...agents: string[]): void => agents.forEach((agent) => void desktops.renew(agent as AgentId, 60_000));
const begin = (): string => {
  const { id } = conversations.open({ channel: 'chat', visitor: 'v1' });
  queue.enter(id, { queue: 'support', by: 'visitor:v1' });
  return id;
};
const offeredTo = (id: string): string | undefined => offers.list().find((o) => o.subject === `conversation:${id}`)?.agent;
const take = (id: string): string => offers.accept(offers.list().find((o) => o.subject === `conversation:${id}`)!.id).agent;
const shown = (id: string): string => {
  const { state, agent } = conversations.get(id);
  return agent === null ? state : `${state} ${agent}`;
};

describe('a chat in the queue', () => {
  it('waits, is offered with what it is about, and is the agent\'s who accepts', () => {
    const id = begin();
    expect([shown(id), queue.place(conversations.get(id))?.position]).toEqual(['queued', 1]);
    conversations.say(id, { by: 'visitor:v1', text: '张伟的订单' });
    there('lin');
    expect(offers.list()[0]?.about).toMatchObject({ conversation: id, preview: '张伟的订单' });
    take(id);
    expect([shown(id), queue.place(conversations.get(id))]).toEqual(['talking lin', undefined]);
    expect(events.of(`conversation:${id}`).map((f) => f.type)).toEqual([
      'conversation.started', 'conversation.queued', 'conversation.position_told', 'conversation.message', 'conversation.offered', 'conversation.offer_ended', 'conversation.joined', 'conversation.assigned', 'conversation.message', 'conversation.left_queue',
    ]);
  });

  it('frees the agent when it ends, whoever ends it', () => {
    there('lin');
    const ids = [begin(), begin(), begin()];
    take(ids[0]!);
    take(ids[1]!);
    expect(offeredTo(ids[2]!)).toBeUndefined();
    queue.end(ids[0]!, 'visitor:v1', 'visitor');
    expect(offeredTo(ids[2]!)).toBe('lin');
    queue.end(ids[2]!, 'visitor:v1', 'abandoned');
    expect([offers.list(), acd.queue('support' as never).waiting]).toEqual([[], 0]);
    expect(events.of(`conversation:${ids[2]!}`).filter((f) => f.type === 'conversation.left_queue').map((f) => f.data)).toMatchObject([{ why: 'abandoned' }]);
  });

  it('is lost by an agent who says nothing, to somebody else (P35)', async () => {
    replyMs = 40;
    there('lin');
    const id = begin();
    take(id);
    there('omar');
    await vi.waitFor(() => expect(offeredTo(id)).toBe('omar'));
    expect(conversations.messages(id, 0, 99, false).map((m) => `${m.text} ${m.data?.['why'] ?? ''}`)).toEqual(['assigned ', 'handed_back no_reply']);
    take(id);
    conversations.say(id, { by: 'agent:omar', text: 'hello' });
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(shown(id)).toBe('talking omar');
  });

  it('goes back into the queue when its agent\'s desktop dies', async () => {
    const id = begin();
    desktops.renew('lin' as AgentId, 25);
    take(id);
    conversations.say(id, { by: 'agent:lin', text: 'hello' });
    await vi.waitFor(() => expect(shown(id)).toBe('queued'));
    there('omar');
    expect(offeredTo(id)).toBe('omar');
  });

  it('is handed to another agent, and to nobody else', () => {
    there('lin', 'omar');
    const id = begin();
    const first = take(id);
    const other = first === 'lin' ? 'omar' : 'lin';
    queue.transfer(id, { agent: other }, `agent:${first}`);
    expect([shown(id), offeredTo(id), acd.agent(first as AgentId).load['chat']?.now]).toEqual(['queued', other, 0]);
    offers.decline(offers.list()[0]!.id, 'rejected');
    expect(offeredTo(id)).toBe(other);
    take(id);
    expect(shown(id)).toBe(`talking ${other}`);
    expect(() => queue.transfer(id, { queue: 'none' }, 'agent:lin')).toThrow('no queue');
    expect(shown(id)).toBe(`talking ${other}`);
  });

  it('ends at once where the queue is closed', () => {
    acd.configure(setup({ mode: 'closed' }));
    const { id } = conversations.open({ channel: 'chat', visitor: 'v1' });
    expect(queue.enter(id, { queue: 'support', by: 'visitor:v1' })).toBe(false);
    expect(conversations.get(id)).toMatchObject({ state: 'ended', endWhy: 'closed' });
  });

  it('comes to everybody in turn: among equals the loads differ by at most one (P34)', () => {
    there('lin', 'omar');
    const loads = (): number[] => AGENTS.map((a) => acd.agent(a as AgentId).load['chat']!.now);
    const ids: string[] = [];
    for (let i = 0; i < 4; i += 1) {
      ids.push(begin());
      take(ids[i]!);
      expect(Math.abs(loads()[0]! - loads()[1]!)).toBeLessThanOrEqual(1);
    }
    // Both of one agent end: the next two are his, though he is idle for a shorter time than the other.
    for (const id of ids) if (conversations.get(id).agent === 'omar') queue.end(id, 'agent:omar', 'agent');
    expect(loads()).toEqual([2, 0]);
    queue.end(ids.find((id) => conversations.get(id).agent === 'lin' && conversations.get(id).state !== 'ended')!, 'agent:lin', 'agent');
    expect([take(begin()), loads()]).toEqual(['omar', [1, 1]]);
  });
});

describe('after a restart', () => {
  it('who waited waits in his place, who talked talks on with a desktop that is there', async () => {
    there('lin');
    const [talking, waiting, also] = [begin(), begin(), begin()];
    take(talking);
    take(waiting);
    shut();
    open();
    desktops.resume();
    queue.resume();
    expect([shown(talking), shown(also), acd.agent('lin' as AgentId).load['chat']?.now, acd.queue('support' as never).waiting]).toEqual(['talking lin', 'queued', 2, 1]);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(shown(talking)).toBe('talking lin');
  });

  it('a conversation that the engine has lost waits anew; one whose agent is gone goes back', async () => {
    there('lin');
    const [lost, orphan] = [begin(), begin()];
    take(orphan);
    acd.leave(conversations.get(lost).contact as ContactId, 'failed');
    shut();
    store.change(store.db.deleteFrom('agent_desktops'));
    open();
    queue.resume();
    expect([shown(lost), acd.queue('support' as never).waiting]).toEqual(['queued', 1]);
    await vi.waitFor(() => expect(shown(orphan)).toBe('queued'));
  });
});
