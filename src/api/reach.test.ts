import { describe, expect, it } from 'vitest';
import { guarded } from './access.fixture.js';
import { agent, call } from './api.fixture.js';

const calls = [call({ id: 'call_1', agent: '1001', from: '+8613800138000' }), call({ id: 'call_2', agent: '1002' }), call({ id: 'call_3', agent: '1003' })];
async function teamed() {
  const seen: (readonly string[] | undefined)[] = [];
  const house = await guarded({ agents: ['1001', '1002', '1003'].map((id) => agent(id)) }, { deps: { calls: { get: (id) => calls.find((c) => c.id === id), list: ({ agents }) => (seen.push(agents), { items: [], nextCursor: undefined }) } } });
  const { id } = await house.made<{ id: string }>('/v1/teams', { name: 'Day' });
  const lead = await house.user('lead', ['supervisor'], { agent: '1001', teams: [id] });
  await house.user('peer', ['agent'], { agent: '1002', teams: [id] });
  const other = await house.user('other', ['agent'], { agent: '1003' });
  return { house, lead, other, seen };
}

describe('what lies out of reach', () => {
  it('a call of another team is none: neither it, its recording nor its transcript', async () => {
    const { lead, other } = await teamed();
    const codes = async (who: typeof lead, id: string): Promise<unknown[]> =>
      Promise.all(['', '/recording', '/transcript'].map(async (part) => ((await (await who.send('GET', `/v1/calls/${id}${part}`)).json()) as { code?: string }).code));
    expect(await codes(lead, 'call_3')).toEqual(['no_such_call', 'no_such_call', 'no_such_call']);
    expect((await codes(lead, 'call_2'))[0]).toBeUndefined();
    expect([(await codes(other, 'call_1'))[0], (await codes(other, 'call_3'))[0]]).toEqual(['no_such_call', undefined]);
  });

  it('lists hold one\'s own, or one\'s teams\'', async () => {
    const { house, lead, other, seen } = await teamed();
    for (const send of [lead.send, other.send, house.admin]) await send('GET', '/v1/calls');
    expect(seen.map((agents) => agents && [...agents].sort())).toEqual([['1001', '1002'], ['1003'], undefined]);
  });

  it('nobody sets the state of an agent beyond his reach', async () => {
    const { lead, other } = await teamed();
    const set = async (who: typeof lead, id: string): Promise<number> => (await who.send('PUT', `/v1/agents/${id}/state`, { state: 'away' })).status;
    expect([await set(lead, '1002'), await set(lead, '1003'), await set(other, '1003'), await set(other, '1001')]).toEqual([200, 403, 200, 403]);
  });
});

it('numbers are masked for a role that may see the call but not the number', async () => {
  const house = await guarded({ calls });
  const numbers = async (role: string): Promise<unknown> => ((await (await (await house.user(role, [role])).send('GET', '/v1/calls/call_1')).json()) as { from: string }).from;
  expect([await numbers('designer'), await numbers('engineer')]).toEqual(['+86138****00', '+8613800138000']);
});
