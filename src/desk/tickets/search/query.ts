import { sql, type Compilable, type Kysely, type RawBuilder } from 'kysely';
import { searchWords } from '../../../base/index.js';
import { between, countsAs, cursorAt, decodeCursor, eachOf, encodeCursor, foundBy, having, orderOf, page, placeIn, spread, wayOf, type Asking, type Cursor, type Database, type Finder, type Narrow, type WordIndex } from '../../../store/index.js';
import type { Actor } from '../actor.js';
import { SPAN, ticketsOf, toTicket, type TicketRow } from '../rows.js';
import { TICKET_SORTS, type Ticket, type TicketFilter, type TicketPage } from '../types.js';

type PageOf<T> = { readonly items: readonly T[]; readonly nextCursor: string | undefined };
const WRITTEN: WordIndex = { table: 'ticket_words', span: SPAN };
/** When a ticket is due that never is: the index says the same. */
const NEVER = Number.MAX_SAFE_INTEGER;
const OWN = TICKET_SORTS[0];
/** Whose cursors say what order they belong to. */
const ofOwn = (sort: TicketPage['sort'] = OWN): string | undefined => (sort === OWN ? undefined : sort);
function placeOf({ id, createdAt, updatedAt, dueAt, number }: Ticket, sort: TicketPage['sort'] = OWN): Cursor {
  const at = { created_at: createdAt, updated_at: updatedAt, due_at: dueAt ?? NEVER, number }[orderOf(sort).by as 'created_at' | 'updated_at' | 'due_at' | 'number'];
  return { at, id };
}

/** Tickets that fit all that is given and that the actor may see, in the order asked for. Where they are found by words, their numbers say how old they are. @throws BadCursor, StoreError store.busy */
export async function findTickets(finder: Finder, db: Kysely<Database>, filter: TicketFilter, actor: Actor, wanted: TicketPage): Promise<PageOf<Ticket>> {
  const { by } = orderOf(wanted.sort ?? OWN);
  const { q, ...others } = filter;
  if (q !== undefined) {
    const match = matchFor(q, actor);
    if (match === undefined) return { items: [], nextCursor: undefined };
    if (by === 'created_at' || by === 'number') return byWords(finder, db, match, others, actor, wanted);
    const { n, how } = await spread(WRITTEN, match, { finder, db });
    if (n >= FEW) return inOrder(finder, db, { match, how }, others, actor, wanted);
  }
  const found = await finder.find(ticketQuery(db, filter, actor, wanted));
  return page(found.map(toTicket), wanted.limit, (t) => placeOf(t, wanted.sort), ofOwn(wanted.sort));
}

/** Through the index of words, the newest or oldest first: a page may be short where few of many hits fit. */
async function byWords(finder: Finder, db: Kysely<Database>, match: string, filter: TicketFilter, actor: Actor, { limit, cursor, sort = OWN }: TicketPage): Promise<PageOf<Ticket>> {
  const oldestFirst = !sort.startsWith('-');
  const going = { beyond: placeIn(cursor, oldestFirst), oldestFirst };
  const fit = (places: string): RawBuilder<unknown> => sql`select number as place from ${eachOf(places)} tickets on number = at.value where ${fitting(filter, actor, 'each')}`;
  const { places, next } = await foundBy(WRITTEN, match, narrow(filter), { finder, db, fit, going, limit });
  return { items: await numbered(finder, db, places), nextCursor: cursorAt(next, oldestFirst) };
}

/** Through the tickets in an order that the index of words does not have, where many have the words: a page may be short too. */
async function inOrder(finder: Finder, db: Kysely<Database>, { match, how }: { readonly match: string; readonly how: Asking }, filter: TicketFilter, actor: Actor, { limit, cursor, sort = OWN }: TicketPage): Promise<PageOf<Ticket>> {
  const kept: Walked[] = [];
  let last: Walked | undefined;
  const [first, most] = how === 'once' ? [FEW, FEW] : [FIRST, MOST];
  for (let looked = 0, portion = first; looked < most; looked += portion, portion = most - looked) {
    const from = last === undefined ? cursor : encodeCursor(last, ofOwn(sort));
    const walked = await finder.find(walk(db, filter, actor, { limit: portion, cursor: from, sort }));
    const have = await having(WRITTEN, match, walked.map(({ number }) => number), how, { finder, db });
    kept.push(...walked.filter(({ number }) => have.has(number)));
    if (kept.length > limit) last = kept[limit - 1];
    else last = walked.length < portion ? undefined : walked.at(-1);
    if (kept.length > limit || last === undefined) break;
  }
  const items = await numbered(finder, db, kept.slice(0, limit).map(({ number }) => number));
  return { items, nextCursor: last && encodeCursor(last, ofOwn(sort)) };
}
interface Walked extends Cursor {
  readonly number: number;
}
/** Tickets with the words that are sorted for a page; and looked at in their order, where they are more, or where each is asked for the words. */
const [FEW, FIRST, MOST] = [5_000, 128, 1_200];

/** Whole, in the order of the list. */
async function numbered(finder: Finder, db: Kysely<Database>, numbers: readonly number[]): Promise<Ticket[]> {
  const rows = await finder.find(ticketsOf(db).where('number', 'in', sql<number>`(select value from json_each(${JSON.stringify(numbers)}))`));
  const known = new Map(rows.map((row) => [row.number, toTicket(row)]));
  return numbers.flatMap((number) => known.get(number) ?? []);
}

/** Undefined: there is nothing to look for. Whoever may not see who asks finds nothing by it. */
function matchFor(q: string, { veiled }: Actor): string | undefined {
  const words = searchWords(q);
  return words === undefined || veiled !== true ? words : `thing : (${words})`;
}

/** What leads to few tickets, by an index. */
function narrow({ customer, phone, email, parent, number }: TicketFilter): Narrow[] {
  const by = [
    ...(customer === undefined ? [] : [sql`customer in ${countsAs(customer)}`]), ...(phone === undefined ? [] : [sql`requester_phone = ${phone}`]), ...(email === undefined ? [] : [sql`requester_email = ${email.toLowerCase()}`]),
    ...(parent === undefined ? [] : [sql`parent = ${parent}`]), ...(number === undefined ? [] : [sql`number = ${number}`]),
  ];
  return by.map((one) => ({
    source: (going, most) => sql`select number as place from tickets where ${one} and ${between('number', going)} order by number ${wayOf(going)} limit ${most}`,
    count: (most) => sql<number>`select count(*) from (select 1 from tickets where ${one} limit ${most})`,
  }));
}

/** Whole rows in any order; one more than `limit`. @throws BadCursor */
export function ticketQuery(db: Kysely<Database>, { q, ...filter }: TicketFilter, actor: Actor, wanted: TicketPage): Compilable<TicketRow> {
  const { key, way, beyond } = orderIn(wanted);
  let query = ticketsOf(db).where(sql<boolean>`${fitting(filter, actor, 'together')} and ${beyond}`);
  // Few have the words: they are found and then sorted, else all that there are would be gone through in order.
  if (q !== undefined) query = query.where(sql<boolean>`number in (select rowid / ${sql.lit(SPAN)} from ticket_words where ticket_words match ${matchFor(q, actor) ?? '""'})`);
  return query.orderBy(q === undefined ? key : sql<number>`+${key}`, way).orderBy('tickets.id', way).limit(wanted.limit + 1);
}
/** What it takes to go on behind each of them. @throws BadCursor */
function walk(db: Kysely<Database>, filter: TicketFilter, actor: Actor, wanted: TicketPage): Compilable<Walked> {
  const { key, way, beyond } = orderIn(wanted);
  const rows = sql<Walked>`select number, id, ${key} as at from tickets where ${fitting(filter, actor, 'together')} and ${beyond} order by ${key} ${sql.raw(way)}, id ${sql.raw(way)} limit ${wanted.limit}`;
  return { compile: () => rows.compile(db) };
}
function orderIn({ cursor, sort = OWN }: TicketPage): { readonly key: RawBuilder<number>; readonly way: 'asc' | 'desc'; readonly beyond: RawBuilder<boolean> } {
  const { by, way, beyond } = orderOf(sort);
  const key = by === 'due_at' ? sql<number>`coalesce(due_at, ${sql.lit(NEVER)})` : sql<number>`${sql.ref(`tickets.${by}`)}`;
  if (cursor === undefined) return { key, way, beyond: sql<boolean>`true` };
  const { at, id } = decodeCursor(cursor, ofOwn(sort));
  return { key, way, beyond: sql<boolean>`(${key}, tickets.id) ${sql.raw(beyond)} (${at}, ${id})` };
}

/** All but the words. `together`: what stands in other tables is gathered once for all tickets; `each`: it is asked of each, where few are looked at. */
function fitting(filter: TicketFilter, actor: Actor, how: 'together' | 'each'): RawBuilder<boolean> {
  const equal = {
    number: filter.number, state: filter.state, type: filter.type, priority: filter.priority, team: filter.team, requester_phone: filter.phone,
    requester_email: filter.email?.toLowerCase(), place: filter.place, channel: filter.channel, parent: filter.parent,
  } as const;
  const all: RawBuilder<unknown>[] = Object.entries(equal).flatMap(([column, value]) => (value === undefined ? [] : [sql`${sql.ref(`tickets.${column}`)} = ${value}`]));
  if (filter.customer !== undefined) all.push(sql`tickets.customer in ${countsAs(filter.customer)}`);
  if (filter.kind === 'unresolved') all.push(sql`tickets.kind in ('open', 'waiting') and tickets.merged_into is null`);
  else if (filter.kind !== undefined) all.push(sql`tickets.kind = ${filter.kind}`);
  if (filter.assignee === 'none') all.push(sql`tickets.assignee is null`);
  else if (filter.assignee === 'me') all.push(sql`tickets.assignee in (${sql.join([...actor.names, ''])})`);
  else if (filter.assignee !== undefined) all.push(sql`tickets.assignee = ${filter.assignee}`);
  if (filter.breached !== undefined) all.push(sql`tickets.breached = ${filter.breached ? 1 : 0}`);
  if (filter.due_before !== undefined) all.push(sql`tickets.due_at < ${filter.due_before}`);
  if (filter.since !== undefined) all.push(sql`tickets.created_at >= ${filter.since}`);
  if (filter.until !== undefined) all.push(sql`tickets.created_at < ${filter.until}`);
  const { tag } = filter;
  if (tag !== undefined) all.push(how === 'each' ? sql`exists (select 1 from ticket_tags where tag = ${tag} and ticket = tickets.id)` : sql`tickets.id in (select ticket from ticket_tags where tag = ${tag})`);
  if (actor.scope !== 'all') {
    const theirs = [sql`tickets.created_by = ${actor.by}`, sql`tickets.assignee in (${sql.join([...actor.names, ''])})`, ...(actor.scope === 'team' ? [sql`tickets.team in (${sql.join([...actor.teams, ''])})`] : [])];
    all.push(sql`(${sql.join(theirs, sql` or `)})`);
  }
  return all.length === 0 ? sql<boolean>`true` : sql<boolean>`${sql.join(all, sql` and `)}`;
}
