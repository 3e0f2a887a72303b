import { beforeEach, describe, expect, it } from 'vitest';
import { createConversations, type Conversations } from '../desk/conversations/index.js';
import { guarded } from './access.fixture.js';
import { agent } from './api.fixture.js';
import type { Asker, ConversationDesk } from './ports.js';

type House = Awaited<ReturnType<typeof guarded>>;
let house: House;
let conversations: Conversations;
let id = '';
beforeEach(async () => {
  const desk = { conversations: new Proxy({} as Conversations, { get: (_, name) => Reflect.get(conversations, name) as unknown } ) } as { -readonly [K in keyof ConversationDesk]: ConversationDesk[K] };
  house = await guarded({ agents: ['lin', 'omar', 'stranger'].map((one) => agent(one)) }, { deps: { conversations: desk } });
  conversations = createConversations({ store: house.store, events: house.events, files: { get: () => { throw new Error(); }, attach: () => { throw new Error(); }, of: () => [], remove: () => undefined }, log: { error: () => undefined } });
  const theirs = ({ principal, scope }: Asker): string[] => (scope === 'team' ? house.access.users.agentsNear(principal) : [principal.agent ?? '']).map((one) => `agent:${one}`);
  Object.assign(desk, {
    conversations: desk.conversations, nameOf: ({ name }) => name, callBack: (one) => one, place: () => undefined, customer: (one) => one, end: (one, by, why) => conversations.end(one, by, why),
    transfer: (one, to, by) => conversations.queued(one, { queue: 'queue' in to ? to.queue : 'support', contact: 'c2', by, to: JSON.stringify(to) }),
    reaches: (asker, { parties }) => asker.scope === 'all' || parties.some((p) => theirs(asker).includes(p.party)), within: (asker) => (asker.scope === 'all' ? {} : { parties: theirs(asker) }),
  } satisfies ConversationDesk);
  ({ id } = conversations.open({ channel: 'chat', visitor: 'v1', name: '张伟' }));
  conversations.queued(id, { queue: 'support', contact: 'c1', by: 'visitor:v1' });
  conversations.assigned(id, { agent: 'lin', name: 'Lin', queue: 'support', by: 'queue' });
});
const json = async <T>(response: Response | Promise<Response>): Promise<{ status: number; body: T }> => {
  const answer = await response;
  const text = await answer.text();
  return { status: answer.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
};

describe('conversations', () => {
  it('are seen by who takes part and his team, and are none for others', async () => {
    const team = await house.made<{ id: string }>('/v1/teams', { name: 'front' });
    const [lin, omar, stranger] = await Promise.all([
      house.user('lin', ['agent'], { agent: 'lin', teams: [team.id] }), house.user('omar', ['agent'], { agent: 'omar', teams: [team.id] }), house.user('stranger', ['agent'], { agent: 'stranger' }),
    ]);
    for (const { send } of [lin, omar]) {
      expect((await send('GET', `/v1/conversations/${id}`)).status).toBe(200);
      expect((await json<{ items: { id: string }[] }>(send('GET', '/v1/conversations?state=live'))).body.items.map((c) => c.id)).toEqual([id]);
    }
    for (const [method, path, body] of [['GET', ''], ['GET', '/messages'], ['POST', '/messages', { text: 'x' }], ['POST', '/join'], ['POST', '/end'], ['POST', '/transfer', { queue: 'support' }], ['PUT', '/read', { seq: 1 }]] as const)
      expect(await json(stranger.send(method, `/v1/conversations/${id}${path}`, body)), path).toMatchObject({ status: 404, body: { code: 'conversations.no_such_conversation' } });
    expect((await json(stranger.send('GET', '/v1/conversations'))).body).toEqual({ items: [], next_cursor: null });
  });

  it('are talked in once joined; the same client_id is the same message; what was said is not in the audit log', async () => {
    const { send } = await house.user('omar', ['supervisor'], { agent: 'omar' });
    conversations.join(id, 'agent:omar', 'Omar');
    const first = await json<{ id: string; seq: number }>(send('POST', `/v1/conversations/${id}/messages`, { text: '我是主管', client_id: 'a' }));
    expect([first.status, first.body]).toMatchObject([201, { by: 'agent:omar', by_name: 'omar', kind: 'text', seq: 3 }]);
    expect(await json(send('POST', `/v1/conversations/${id}/messages`, { text: '我是主管', client_id: 'a' }))).toEqual({ status: 200, body: first.body });
    expect((await send('POST', `/v1/conversations/${id}/messages`, {})).status).toBe(422);
    const page = await json<{ items: { seq: number }[]; next_cursor: string }>(send('GET', `/v1/conversations/${id}/messages?limit=2`));
    expect(page.body).toMatchObject({ items: [{ seq: 1 }, { seq: 2 }], next_cursor: '2' });
    const lines = JSON.stringify((await json(house.admin('GET', '/v1/audit?limit=50'))).body);
    expect(lines).toContain(`/v1/conversations/${id}/messages/${first.body.id}`);
    expect(lines).not.toContain('我是主管');
  });

  it('are read, handed on and ended; an app that has not joined is told so', async () => {
    expect(await json(house.admin('POST', `/v1/conversations/${id}/messages`, { text: 'hi' }))).toMatchObject({ status: 409, body: { code: 'conversations.not_joined' } });
    expect((await json(house.admin('POST', `/v1/conversations/${id}/join`))).body).toMatchObject({ parties: [{ party: 'visitor:v1' }, { party: 'agent:lin' }, { party: 'user:admin', left_at: null }] });
    expect((await json(house.admin('PUT', `/v1/conversations/${id}/read`, { seq: 2 }))).body).toMatchObject({ parties: [{}, {}, { read: 2 }] });
    expect((await house.admin('POST', `/v1/conversations/${id}/typing`, { on: true })).status).toBe(204);
    expect((await json(house.admin('POST', `/v1/conversations/${id}/transfer`, { queue: 'vip' }))).body).toMatchObject({ state: 'queued', queue: 'vip', agent: null });
    for (let i = 0; i < 2; i += 1) expect((await json(house.admin('POST', `/v1/conversations/${id}/end`))).body).toMatchObject({ state: 'ended', ended_by: 'user:admin' });
    expect((await house.admin('POST', `/v1/conversations/${id}/join`)).status).toBe(409);
  });
});
