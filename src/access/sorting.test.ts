import fc from 'fast-check';
import { CompiledQuery } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inOrder, throughPages } from '../../test/kit/paging.js';
import { loadConfig } from '../config/index.js';
import { createEvents } from '../events/index.js';
import { BadCursor, openStore, type Store } from '../store/index.js';
import { admin, AUDIT_SORTS, createAccess, USER_SORTS, type Access, type Principal } from './index.js';

const log = { error: () => undefined };
const house = { principal: admin, scope: 'all' } as const;
let store: Store;
let access: Access;
let clock = 0;
beforeEach(async () => {
  store = await openStore({ path: ':memory:' });
  access = createAccess({ store, events: createEvents({ store, log }), log, config: () => loadConfig('/nowhere').access, clock: () => clock });
});
afterEach(() => store.close());

const few = fc.integer({ min: 1, max: 3 });
/** With names that meet, and that a cursor has to bear. */
const made = fc.array(fc.record({ created: few, updated: few, seen: fc.option(few), name: fc.constantFrom('林娜', 'Lin', 'lin', 'a:b', 'a=b c', '😀'.repeat(100)) }), { maxLength: 10 });
type Made = { readonly created: number; readonly updated: number; readonly seen: number | null; readonly name: string };
let count = 0;
function add({ created, updated, seen, name }: Made): { readonly id: string; readonly login: string } {
  const [id, login] = [`usr_${String((count += 1))}`, `u${String((count * 7_919) % 1_000)}.${String(count)}`];
  store.run(store.db.insertInto('users').values({
    id, login, name, email: null, roles: '[]', teams: '["t1"]', agent: null, extension: null, disabled_at: null, password: null, password_at: null, totp: null, totp_at: null, totp_step: null, recovery: '[]',
    oidc_provider: null, oidc_subject: null, created_at: created, updated_at: updated, seen_at: seen, version: 1,
  }));
  return { id, login };
}
/** As text sorts in the database: by its bytes. */
const ranked = (texts: readonly string[]) => {
  const sorted = [...new Set(texts)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return (text: string): number => sorted.indexOf(text);
};

describe('users', () => {
  it('can be had in every order, page by page, each of them once', async () => {
    await fc.assert(fc.asyncProperty(made, few, async (all, limit) => {
      store.run(store.db.deleteFrom('users'));
      const rows = all.map((one) => ({ ...one, ...add(one) }));
      const [byName, byLogin] = [ranked(rows.map(({ name }) => name)), ranked(rows.map(({ login }) => login))];
      const at = { created_at: (r: (typeof rows)[number]) => r.created, updated_at: (r: (typeof rows)[number]) => r.updated, seen_at: (r: (typeof rows)[number]) => r.seen ?? 0, name: (r: (typeof rows)[number]) => byName(r.name), login: (r: (typeof rows)[number]) => byLogin(r.login) };
      for (const sort of USER_SORTS) {
        const key = at[sort.replace('-', '') as keyof typeof at];
        const expected = inOrder(rows.map((row) => ({ id: row.id, at: key(row) })), sort.startsWith('-'));
        expect([sort, (await throughPages((cursor) => access.users.list({}, { limit, cursor, sort }, house))).map(({ id }) => id)]).toEqual([sort, expected]);
      }
    }), { numRuns: 40 });
  });

  it('are not sorted for each page: an index has every order', () => {
    const asked: { sql: string; parameters: readonly unknown[] }[] = [];
    const watched: Store = { ...store, run: (query) => (asked.push(query.compile()), store.run(query)) };
    const { users } = createAccess({ store: watched, events: createEvents({ store, log }), log, config: () => loadConfig('/nowhere').access });
    for (const sort of USER_SORTS) {
      asked.length = 0;
      users.list({}, { limit: 10, sort }, house);
      const plan = asked.flatMap(({ sql: text, parameters }) => store.run<{ detail: string }>({ compile: () => CompiledQuery.raw(`explain query plan ${text}`, [...parameters]) }));
      expect([sort, plan.length > 0, plan.filter(({ detail }) => detail.includes('ORDER BY'))]).toEqual([sort, true, []]);
    }
  });

  it('have cursors that lead nowhere in another order', () => {
    for (let i = 0; i < 2; i += 1) add({ created: 1, updated: 1, seen: 1, name: 'Lin' });
    for (const sort of USER_SORTS) {
      const { nextCursor: cursor } = access.users.list({}, { limit: 1, sort }, house);
      expect(access.users.list({}, { limit: 1, sort, cursor }, house).items).toHaveLength(1);
      for (const other of USER_SORTS) if (other !== sort) expect(() => access.users.list({}, { limit: 1, cursor, sort: other }, house), `${sort} in ${other}`).toThrow(BadCursor);
    }
  });

  it('are those within reach in every order', () => {
    const { id } = add({ created: 1, updated: 1, seen: null, name: 'Lin' });
    store.run(store.db.updateTable('users').set({ teams: '["t2"]' }).where('id', '=', add({ created: 2, updated: 2, seen: 2, name: 'Omar' }).id));
    const lead: Principal = { ...admin, id: 'usr_lead', teams: ['t1'] };
    for (const sort of USER_SORTS) expect(access.users.list({}, { limit: 9, sort }, { principal: lead, scope: 'team' }).items.map((one) => one.id)).toEqual([id]);
  });
});

describe('the audit log', () => {
  it('can be had newest and oldest first as it was written, whatever the clock said, page by page, each row once', async () => {
    for (const at of [5, 9, 2, 2, 7]) {
      clock = at;
      access.audit.append({ actor: 'admin', actorName: 'admin', action: 'x', object: `o${String(at)}`, outcome: 'done', source: 'test' });
    }
    for (const limit of [1, 2, 5, 6]) {
      const times = async (sort: (typeof AUDIT_SORTS)[number]): Promise<number[]> => (await throughPages((cursor) => access.audit.list({}, { limit, cursor, sort }))).map(({ at }) => at);
      expect([await times('at'), await times('-at')]).toEqual([[5, 9, 2, 2, 7], [7, 2, 2, 9, 5]]);
    }
    const cursors = AUDIT_SORTS.map((sort) => access.audit.list({}, { limit: 1, sort }).nextCursor);
    expect(() => access.audit.list({}, { limit: 1, sort: 'at', cursor: cursors[0] })).toThrow(BadCursor);
    expect(() => access.audit.list({}, { limit: 1, sort: '-at', cursor: cursors[1] })).toThrow(BadCursor);
    for (let i = 0; i < 2; i += 1) add({ created: 1, updated: 1, seen: 1, name: 'Lin' });
    expect(() => access.audit.list({}, { limit: 1, cursor: access.users.list({}, { limit: 1 }, house).nextCursor })).toThrow(BadCursor);
  });
});
