import fc from 'fast-check';
import { sql, type RawBuilder } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { throughPages } from '../../test/kit/paging.js';
import { finderHere } from './finder.js';
import { openStore, type Store } from './open.js';
import { between, cursorAt, foundBy, placeIn, shortest, through, wayOf, type Narrow, type Sizes, type WordIndex } from './places.js';

const INDEX: WordIndex = { table: 'ticket_words', span: 16 };
/** So small that every page goes through portions, and is cut off. */
const sizes: Sizes = { first: 2, most: 9, asked: 5, short: 8, many: 12 };
let store: Store;
beforeAll(async () => {
  store = await openStore({ path: ':memory:' });
  store.change(raw(sql`create table things (num integer primary key, team text not null, owner text not null)`));
  store.change(raw(sql`create index things_team on things (team)`));
  store.change(raw(sql`create index things_owner on things (owner)`));
});
afterAll(() => store.close());
const raw = <R>(statement: RawBuilder<R>) => ({ compile: () => statement.compile(store.db) });

type Thing = { readonly num: number; readonly team: string; readonly owner: string; readonly texts: readonly string[] };
const word = fc.oneof({ weight: 9, arbitrary: fc.constantFrom('red', 'redder', 'blue', 'green') }, { weight: 1, arbitrary: fc.constant('violet') });
const thing = fc.record({ team: fc.constantFrom('a', 'b'), owner: fc.constantFrom('ann', 'ben', 'eve'), texts: fc.array(fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(' ')), { maxLength: 4 }) });
/** At numbers with gaps. */
const things = fc.array(fc.tuple(thing, fc.integer({ min: 1, max: 3 })), { maxLength: 40 }).map((all) => all.reduce<Thing[]>((list, [one, gap]) => [...list, { ...one, num: (list.at(-1)?.num ?? 0) + gap }], []));

function fill(all: readonly Thing[]): void {
  store.change(raw(sql`delete from things`));
  store.change(raw(sql`delete from ticket_words`));
  for (const { num, team, owner, texts } of all) {
    store.change(raw(sql`insert into things (num, team, owner) values (${num}, ${team}, ${owner})`));
    texts.forEach((text, i) => store.change(raw(sql`insert into ticket_words (rowid, thing) values (cast(${num * INDEX.span + i} as integer), ${text})`)));
  }
}
const narrowBy = (column: 'team' | 'owner', value: string): Narrow => ({
  source: (going, most) => sql`select num as place from things where ${sql.ref(column)} = ${value} and ${between('num', going)} order by num ${wayOf(going)} limit ${most}`,
  count: (most) => sql<number>`select count(*) from (select 1 from things where ${sql.ref(column)} = ${value} limit ${most})`,
});
const asked = fc.record({
  match: fc.constantFrom('"red"', '"red"*', '"red" "blue"', '"blue" "gr"*', '"violet"', '"nobody"', undefined), team: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }), owner: fc.option(fc.constantFrom('ann', 'ben', 'eve', 'zoe'), { nil: undefined }),
  oldestFirst: fc.boolean(), limit: fc.integer({ min: 1, max: 5 }), low: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }), high: fc.option(fc.integer({ min: 0, max: 90 }), { nil: undefined }),
});
const hasAll = (match: string) => (text: string): boolean => match.split(' ').every((term) => text.split(' ').some((one) => (term.endsWith('*') ? one.startsWith(term.slice(1, -2)) : one === term.slice(1, -1))));

describe('a list whose items stand at places', () => {
  it('shows each that fits once and in order, page by page, whatever is looked for and wherever a page is cut off', async () => {
    await fc.assert(fc.asyncProperty(things, asked, async (all, { match, team, owner, oldestFirst, limit, low, high }) => {
      fill(all);
      const fitting = [...(team === undefined ? [] : [sql`team = ${team}`]), ...(owner === undefined ? [] : [sql`owner = ${owner}`])];
      const fit = (places: string): RawBuilder<unknown> => sql`select num as place from things where num in (select value from json_each(${places})) and ${fitting.length === 0 ? sql`true` : sql.join(fitting, sql` and `)}`;
      const narrow = [...(team === undefined ? [] : [narrowBy('team', team)]), ...(owner === undefined ? [] : [narrowBy('owner', owner)])];
      const every: Narrow['source'] = (going, most) => sql`select num as place from things where ${between('num', going)} order by num ${wayOf(going)} limit ${most}`;
      const seen = await throughPages(async (cursor) => {
        const search = { finder: finderHere(store), db: store.db, fit, limit, sizes, going: { beyond: placeIn(cursor, oldestFirst), oldestFirst, low, high } };
        const { places, next } = match === undefined ? await through((await shortest(narrow, search))?.source ?? every, search) : await foundBy(INDEX, match, narrow, search);
        expect(places.length).toBeLessThanOrEqual(limit);
        return { items: places, nextCursor: cursorAt(next, oldestFirst) };
      });
      const expected = all.filter((one) => (team === undefined || one.team === team) && (owner === undefined || one.owner === owner) && one.num >= (low ?? 0) && one.num < (high ?? Infinity) && (match === undefined || one.texts.some(hasAll(match)))).map(({ num }) => num);
      expect(seen).toEqual(oldestFirst ? expected : expected.toReversed());
    }), { numRuns: 400 });
  });

  it('asks the shortest of what narrows it down', async () => {
    fill(Array.from({ length: 9 }, (_, i) => ({ num: i + 1, team: 'a', owner: i === 0 ? 'eve' : 'ann', texts: [] })));
    const search = { finder: finderHere(store), db: store.db, sizes };
    const [team, owner] = [narrowBy('team', 'a'), narrowBy('owner', 'eve')];
    expect(await shortest([team, owner], search)).toEqual({ source: owner.source, n: 1 });
    expect(await shortest([team], search)).toEqual({ source: team.source, n: 8 });
    expect(await shortest([], search)).toBeUndefined();
  });

  it('has cursors that lead on in their own direction only', () => {
    expect([placeIn(cursorAt(7)), placeIn(cursorAt(7, true), true), placeIn(undefined), cursorAt(undefined)]).toEqual([7, 7, undefined, undefined]);
    expect(() => placeIn(cursorAt(7), true)).toThrow('cursor');
    expect(() => placeIn(cursorAt(7, true))).toThrow('cursor');
  });
});
