import { between, countsAs, decodeCursor, eachOf, orderOf, page, standsFor, wayOf, type ConversationTable, type Narrow, type MessageTable, type PartyTable, type Store } from '../../store/index.js';
import { sql, type Compilable, type RawBuilder } from 'kysely';
import { MARK_COLUMNS, toMarks, type MarkColumns } from '../erasing/index.js';
import type { Conversation, ConversationQuery, Message, Party, PartyView } from './types.js';
import { createWords } from './words.js';

/** Reading and writing of the tables; nothing here decides. */
export function createRows(store: Store) {
  const { db } = store;
  /** As they joined; the visitor before those who came in the same millisecond. */
  const partiesOf = (ids: readonly string[]) => store.run(db.selectFrom('conversation_parties').selectAll().where('conversation', 'in', ids).orderBy('joined_at').orderBy(sql`party like 'visitor:%'`, 'desc').orderBy('party'));
  /** With who takes part, asked for once for all of them. */
  const whole = (rows: readonly Row[]): Conversation[] => {
    const parties = new Map(rows.map(({ id }) => [id, [] as PartyView[]]));
    if (rows.length > 0) for (const one of partiesOf([...parties.keys()])) parties.get(one.conversation)?.push(toParty(one));
    return rows.map((row) => toConversation(row, parties.get(row.id) ?? []));
  };
  const conversations = db.selectFrom('conversations').leftJoin('desk_marks', (j) => j.on('desk_marks.about', '=', sql<string>`'conversation:' || conversations.id`)).selectAll('conversations').select(MARK_COLUMNS).select(standsFor('conversations.customer').as('root'));
  const words = createWords(store);
  const first = (rows: readonly Row[]): Conversation | undefined => whole(rows.slice(0, 1))[0];
  return {
    transaction: (work: () => void) => store.transaction(work),
    get: (id: string) => first(store.run(conversations.where('id', '=', id))),
    byContact: (contact: string) => first(store.run(conversations.where('contact', '=', contact))),
    live: () => whole(store.run(conversations.where('ended_at', 'is', null))),
    /** The newest of a visitor, or of a customer. */
    newest: (of: 'visitor' | 'customer', id: string) => first(store.run((of === 'visitor' ? conversations.where('visitor', '=', id) : conversations.where('customer', 'in', countsAs(id))).orderBy('started_at', 'desc').orderBy('id', 'desc').limit(1))),
    /** The newest of a customer that has not ended. */
    openOf: (customer: string) => first(store.run(conversations.where('customer', 'in', countsAs(customer)).where('ended_at', 'is', null).orderBy('started_at', 'desc').orderBy('id', 'desc').limit(1))),
    insert: (c: Conversation) => void store.change(db.insertInto('conversations').values(fromConversation(c))),
    update(c: Conversation) {
      const { id, ...row } = fromConversation(c);
      store.change(db.updateTable('conversations').set(row).where('id', '=', id));
    },
    say(m: Message): void {
      store.change(db.insertInto('conversation_messages').values(fromMessage(m)));
      words.index(m);
    },
    said: (id: string, by: Party, clientId: string) =>
      store.run(db.selectFrom('conversation_messages').selectAll().where('conversation', '=', id).where('by', '=', by).where('client_id', '=', clientId)).map(toMessage)[0],
    messages: (id: string, after: number, limit: number, internal: boolean): Message[] => {
      const all = db.selectFrom('conversation_messages').selectAll().where('conversation', '=', id).where('seq', '>', after).orderBy('seq').limit(limit);
      return store.run(internal ? all : all.where('visibility', '=', 'public')).map(toMessage);
    },
    lastSaid: (id: string, by: 'anybody' | 'customer'): Message | undefined => {
      const said = db.selectFrom('conversation_messages').selectAll().where('conversation', '=', id).where('kind', '!=', 'event').where('visibility', '=', 'public').orderBy('seq', 'desc').limit(1);
      return store.run(by === 'anybody' ? said : said.where('by', 'like', 'visitor:%')).map(toMessage)[0];
    },
    join: (conversation: string, party: Party, name: string | null, at: number) =>
      void store.change(db.insertInto('conversation_parties').values({ conversation, party, name, joined_at: at, left_at: null, read_seq: 0 }).onConflict((c) => c.columns(['conversation', 'party']).doUpdateSet({ left_at: null, name }))),
    leave: (conversation: string, party: Party, at: number) => void store.change(db.updateTable('conversation_parties').set({ left_at: at }).where('conversation', '=', conversation).where('party', '=', party)),
    read: (conversation: string, party: Party, seq: number) => void store.change(db.updateTable('conversation_parties').set({ read_seq: seq }).where('conversation', '=', conversation).where('party', '=', party)),
    /** Of those erased: everything that somebody said or was. */
    wipe(id: string, lastSeq: number): void {
      words.forget(id, lastSeq);
      store.change(db.deleteFrom('conversation_messages').where('conversation', '=', id));
      store.change(db.deleteFrom('conversation_parties').where('conversation', '=', id).where('party', 'like', 'visitor:%'));
      store.change(db.deleteFrom('conversation_numbers').where('conversation', '=', id));
    },
    /** Written for this customer, on hold or not. */
    filedUnder: (customer: string, held: boolean, limit: number): string[] =>
      store.run(conversations.where('customer', '=', customer).where('held_at', held ? 'is not' : 'is', null).limit(limit)).map(({ id }) => id),
    /** Of which something is left, in the order in which they began, after this number. */
    whole: (after: number, limit: number) => store.run(db.selectFrom('conversation_numbers').innerJoin('conversations', 'conversations.id', 'conversation_numbers.conversation').leftJoin('desk_marks', (j) => j.on('desk_marks.about', '=', sql<string>`'conversation:' || conversations.id`))
      .select(['num', 'conversations.id', 'started_at', 'ended_at', 'held_at']).where('num', '>', after).orderBy('num').limit(limit)),
    count: (id: string) => void store.change(db.insertInto('conversation_numbers').values({ conversation: id, words: 1 })),
    /** Messages of conversations from before there was an index; answers of how many conversations. */
    indexOlder: (limit: number): number => store.transaction(() => {
      const some = store.run(db.selectFrom('conversation_numbers').select('conversation').where('words', '=', 0).orderBy('num', 'desc').limit(limit));
      for (const { conversation } of some) {
        for (const m of store.run(db.selectFrom('conversation_messages').selectAll().where('conversation', '=', conversation))) words.index(toMessage(m));
        store.change(db.updateTable('conversation_numbers').set({ words: 1 }).where('conversation', '=', conversation));
      }
      return some.length;
    }),
    conversations: (found: readonly Row[]) => whole(found),
    /** Those with these numbers, newest first; `+`: few are found and then sorted, else all that there are would be gone through in order. */
    numbered: (nums: readonly number[]): Compilable<Row> =>
      conversations.innerJoin('conversation_numbers', 'conversation_numbers.conversation', 'conversations.id').where('conversation_numbers.num', 'in', sql<number>`(select value from json_each(${JSON.stringify(nums)}))`).orderBy(sql`+conversation_numbers.num`, 'desc'),
    /** Those among the numbers of a JSON list that fit. */
    fit: (query: Filter) => (nums: string): RawBuilder<unknown> =>
      sql`select num as place from ${eachOf(nums)} conversation_numbers on num = at.value cross join conversations on conversations.id = conversation_numbers.conversation where ${fitting(query, 'each')}`,
    /** What narrows them down to few. */
    narrow: ({ customer }: Filter): Narrow[] => {
      if (customer === undefined) return [];
      const theirs = sql`conversations join conversation_numbers on conversation_numbers.conversation = conversations.id where customer in ${countsAs(customer)}`;
      return [{ source: (going, most) => sql`select num as place from ${theirs} and ${between('num', going)} order by num ${wayOf(going)} limit ${most}`, count: (most) => sql<number>`select count(*) from (select 1 from ${theirs} limit ${most})` }];
    },
    list({ limit, cursor, oldestFirst, ...query }: ConversationQuery) {
      const [sort, { way, beyond }] = oldestFirst === true ? ['started_at', orderOf('started_at')] : [undefined, orderOf('-started_at')];
      let q = conversations.where(fitting(query, 'together')).orderBy('started_at', way).orderBy('id', way).limit(limit + 1);
      if (cursor !== undefined) {
        const { at, id } = decodeCursor(cursor, sort);
        q = q.where((e) => e.or([e('started_at', beyond, at), e.and([e('started_at', '=', at), e('id', beyond, id)])]));
      }
      const { items, nextCursor } = page(store.run(q), limit, (row) => ({ at: row.started_at, id: row.id }), sort);
      return { items: whole(items), nextCursor };
    },
  };
  /** `together`: who takes part is gathered once for all of them; `each`: it is asked of each, where few are looked at. */
  function fitting({ state, agent, queue, customer, channel, parties: of, contacts = [] }: Filter, how: 'together' | 'each'): RawBuilder<boolean> {
    const all: RawBuilder<unknown>[] = [];
    if (state !== undefined) all.push(state === 'live' ? sql`conversations.ended_at is null` : sql`conversations.state = ${state}`);
    if (agent !== undefined) all.push(sql`conversations.agent = ${agent}`);
    if (queue !== undefined) all.push(sql`conversations.queue = ${queue}`);
    if (customer !== undefined) all.push(sql`conversations.customer in ${countsAs(customer)}`);
    if (channel !== undefined) all.push(sql`conversations.channel = ${channel}`);
    if (of !== undefined) {
      const theirs = sql`conversation_parties where party in (${sql.join([...of, ''])})`;
      const takesPart = how === 'each' ? sql`exists (select 1 from ${theirs} and conversation = conversations.id)` : sql`conversations.id in (select conversation from ${theirs})`;
      all.push(sql`(${takesPart} or conversations.contact in (${sql.join([...contacts, ''])}))`);
    }
    return all.length === 0 ? sql<boolean>`true` : sql<boolean>`${sql.join(all, sql` and `)}`;
  }
}
type Filter = Omit<ConversationQuery, 'limit' | 'cursor' | 'oldestFirst'>;
type Row = ConversationTable & MarkColumns & { readonly root: string | null };
export type Rows = ReturnType<typeof createRows>;

const toParty = ({ party, name, joined_at, left_at, read_seq }: PartyTable): PartyView => ({ party, name, joinedAt: joined_at, leftAt: left_at, read: read_seq });

function toConversation(r: Row, parties: readonly PartyView[]): Conversation {
  return {
    id: r.id, channel: r.channel, state: r.state, queue: r.queue, contact: r.contact, agent: r.agent, customer: r.root ?? r.customer, filedUnder: r.customer, visitor: r.visitor, name: r.name, language: r.language,
    form: JSON.parse(r.form) as Conversation['form'], source: r.source, lastSeq: r.last_seq, replied: r.replied === 1, startedAt: r.started_at, updatedAt: r.updated_at, assignedAt: r.assigned_at,
    firstReplyAt: r.first_reply_at, endedAt: r.ended_at, endedBy: r.ended_by, endWhy: r.end_why, rating: r.rating, ratingComment: r.rating_comment, parties, ...toMarks(r),
  };
}
function fromConversation(c: Conversation): ConversationTable {
  return {
    id: c.id, channel: c.channel, state: c.state, queue: c.queue, contact: c.contact, agent: c.agent, customer: c.filedUnder, visitor: c.visitor, name: c.name, language: c.language,
    form: JSON.stringify(c.form), source: c.source, last_seq: c.lastSeq, replied: c.replied ? 1 : 0, started_at: c.startedAt, updated_at: c.updatedAt, assigned_at: c.assignedAt,
    first_reply_at: c.firstReplyAt, ended_at: c.endedAt, ended_by: c.endedBy, end_why: c.endWhy, rating: c.rating, rating_comment: c.ratingComment,
  };
}
const toMessage = (r: MessageTable): Message => ({
  conversation: r.conversation, seq: r.seq, id: r.id, clientId: r.client_id, at: r.at, by: r.by, byName: r.by_name, kind: r.kind, visibility: r.visibility, text: r.text, file: r.file,
  data: r.data === null ? null : (JSON.parse(r.data) as Message['data']),
});
const fromMessage = (m: Message): MessageTable => ({
  conversation: m.conversation, seq: m.seq, id: m.id, client_id: m.clientId, at: m.at, by: m.by, by_name: m.byName, kind: m.kind, visibility: m.visibility, text: m.text, file: m.file,
  data: m.data === null ? null : JSON.stringify(m.data),
});
