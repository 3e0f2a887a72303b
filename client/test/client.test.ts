import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { eventTypesOf, typesOf } from '../../scripts/client.mjs';
import { startStrowger, type Strowger } from '../../test/kit/strowger.js';
import { answer, createClient, each, type ItemOf, type StrowgerClient } from '../dist/index.js';

let house: Strowger;
let strowger: StrowgerClient;
beforeAll(async () => {
  house = await startStrowger({ agents: 2, phones: 1 });
  strowger = createClient({ url: house.base, token: house.token });
});
afterAll(() => house.stop());
const generated = (name: string): string => readFileSync(new URL(`../src/${name}`, import.meta.url), 'utf8');

it('has the types of what the running server serves', async () => {
  expect(generated('openapi.ts')).toBe(await typesOf((await house.api<object>('/openapi.json')).body));
  type Served = { components: { messages: Record<string, { summary?: string; payload: { properties: { data: object } } }> } };
  const { messages } = (await house.api<Served>('/asyncapi.json')).body.components;
  const catalogue = Object.entries(messages).map(([type, { summary = '', payload }]) => ({ type, description: summary, schema: payload.properties.data }));
  expect(catalogue.length).toBeGreaterThan(50);
  expect(generated('catalogue.ts')).toBe(await eventTypesOf(catalogue));
});

describe('on the wire', () => {
  it('answers with types, and throws refusals with their code and hint', async () => {
    const agent = await answer(strowger.GET('/v1/agents/{id}', { params: { path: { id: '1001' } } }));
    expectTypeOf(agent.state).toEqualTypeOf<'offline' | 'available' | 'ringing' | 'talking' | 'wrap_up' | 'away' | 'training'>();
    expect(agent.id).toBe('1001');
    await expect(strowger.GET('/v1/agents/{id}', { params: { path: { id: '9' } } })).rejects.toMatchObject({ name: 'StrowgerProblem', status: 404, code: 'acd.no_such_agent', hint: expect.stringContaining('GET /v1/agents') });
    await expect(createClient({ url: house.base, token: 'wrong' }).GET('/v1/calls')).rejects.toMatchObject({ status: 401 });
  });

  it('goes through all pages of a list, once each', async () => {
    for (const name of ['Night', 'Day', 'Billing', 'Returns', 'Sales']) await strowger.POST('/v1/teams', { body: { name } });
    const names: string[] = [];
    for await (const team of each(strowger, '/v1/teams', { query: { limit: 2 } })) names.push(team.name);
    expect(names.sort()).toEqual(['Billing', 'Day', 'Night', 'Returns', 'Sales']);
    expectTypeOf<ItemOf<'/v1/teams'>['name']>().toEqualTypeOf<string>();
    expectTypeOf<ItemOf<'/v1/calls'>['id']>().toEqualTypeOf<string>();
  });

  it('hears every event once, though the application is killed in between', async () => {
    const { seq: start } = await answer(strowger.POST('/v1/ws-tickets'));
    const names = (async () => {
      const heard: string[] = [];
      for await (const event of strowger.events({ type: ['user.created'], after: start })) {
        expectTypeOf(event.data.user).toEqualTypeOf<string>();
        if (heard.push(event.subject) === 2) return heard;
      }
      return heard;
    })();
    const first = await answer(strowger.POST('/v1/users', { body: { login: 'lin', name: 'Lin' } }));
    house.kill('app', 'SIGKILL');
    const second = await answer(createClient({ url: house.base, token: house.token, retry: { times: 8 } }).POST('/v1/users', { body: { login: 'omar', name: 'Omar' } }));
    expect(await names).toEqual([`user:${first.id}`, `user:${second.id}`]);
  });
});
