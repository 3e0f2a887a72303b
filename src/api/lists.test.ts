import { beforeAll, describe, expect, it } from 'vitest';
import { guarded } from './access.fixture.js';
import { agent, call } from './api.fixture.js';

type Parameter = { readonly name?: string; readonly schema?: { readonly enum?: readonly string[] } };
type Operation = { readonly parameters?: readonly Parameter[]; readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: { readonly properties?: object } }>> }>>; readonly 'x-permission': string };

let house: Awaited<ReturnType<typeof guarded>>;
let lists: readonly (readonly [path: string, operation: Operation])[];
beforeAll(async () => {
  house = await guarded({ agents: ['1001', '1002', '1003'].map((id) => agent(id)), calls: [call({ id: 'call_1', from: '+8613800138000' })] });
  const document = (await (await house.app.request('/openapi.json')).json()) as { paths: Record<string, { get?: Operation }> };
  lists = Object.entries(document.paths).flatMap(([path, { get }]) => {
    const shape = get?.responses['200']?.content?.['application/json']?.schema?.properties;
    return get && shape && 'items' in shape && 'next_cursor' in shape && get['x-permission'] !== 'open' ? [[path, get] as const] : [];
  });
});
const sortsOf = ({ parameters = [] }: Operation): readonly string[] => parameters.find(({ name }) => name === 'sort')?.schema?.enum ?? [];

describe('every list', () => {
  it('says in the document how it may be sorted and which fields it has', () => {
    expect(lists.length).toBeGreaterThan(30);
    expect(lists.filter(([, operation]) => sortsOf(operation).length === 0 || !operation.parameters?.some(({ name }) => name === 'fields')).map(([path]) => path)).toEqual([]);
  });

  it('refuses another order and another field by name, before it looks anything up', async () => {
    const wrong: unknown[] = [];
    for (const [path, operation] of lists) {
      const at = path.replaceAll(/\{\w+\}/g, 'nothing');
      const needed = '&q=x&queue=support';
      for (const [query, code] of [['sort=colour', 'unknown_sort'], ['fields=colour', 'malformed']] as const) {
        const response = await house.admin('GET', `${at}?${query}${needed}`);
        const body = (await response.json()) as { code: string; hint: string | null };
        if (response.status !== 400 || body.code !== code || (code === 'unknown_sort' && !sortsOf(operation).every((one) => body.hint?.includes(one)))) wrong.push([path, query, response.status, body]);
      }
    }
    expect(wrong).toEqual([]);
  });
});

it('a cursor of one order is refused in every other', async () => {
  const other = await guarded({ agents: ['1001', '1002'].map((id) => agent(id)) });
  for (const login of ['ann', 'ben']) await other.user(login, ['agent']);
  const wrong: unknown[] = [];
  for (const path of ['/v1/users', '/v1/audit', '/v1/agents']) {
    const sorts = sortsOf(lists.find(([one]) => one === path)?.[1] ?? { responses: {}, 'x-permission': '' });
    expect(sorts.length).toBeGreaterThan(1);
    const page = (sort: string, cursor = '') => other.admin('GET', `${path}?limit=1&sort=${sort}${cursor}`);
    for (const sort of sorts) {
      const { next_cursor: cursor } = (await (await page(sort)).json()) as { next_cursor: string | null };
      for (const asked of sorts) {
        const { status } = await page(asked, `&cursor=${String(cursor)}`);
        if (status !== (asked === sort ? 200 : 400)) wrong.push([path, sort, asked, status]);
      }
    }
  }
  expect(wrong).toEqual([]);
});

describe('some fields of a list', () => {
  it('are those alone and its key, as they would have been shown', async () => {
    await house.user('lin', ['agent'], { email: 'lin@example.net' });
    const { items, next_cursor: next } = (await (await house.admin('GET', '/v1/users?fields=login,email&limit=1')).json()) as { items: object[]; next_cursor: string | null };
    expect([items, next]).toEqual([[{ id: expect.any(String), login: 'lin', email: 'lin@example.net' }], null]);
    const queues = (await (await house.admin('GET', '/v1/agents?fields=state')).json()) as { items: object[] };
    expect(queues.items.map((item) => Object.keys(item))).toEqual(Array.from({ length: 3 }, () => ['id', 'state']));
  });

  it('stay masked for who may not see them', async () => {
    const designer = await house.user('designer', ['designer']);
    const { items } = (await (await designer.send('GET', '/v1/calls?fields=from')).json()) as { items: { from: string }[] };
    expect(items.map(({ from }) => from)).toEqual(['+86138****00']);
  });
});

it('a list that lies in memory can be had backwards, page by page', async () => {
  const seen: string[] = [];
  let cursor = '';
  for (;;) {
    const page = (await (await house.admin('GET', `/v1/agents?sort=-id&limit=1&fields=id${cursor}`)).json()) as { items: { id: string }[]; next_cursor: string | null };
    seen.push(...page.items.map(({ id }) => id));
    if (page.next_cursor === null) break;
    cursor = `&cursor=${page.next_cursor}`;
  }
  expect(seen).toEqual(['1003', '1002', '1001']);
});
