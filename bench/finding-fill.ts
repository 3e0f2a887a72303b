import Database from 'better-sqlite3';
import { CompiledQuery } from 'kysely';
import { wordsOf } from '../src/archive/words.js';
import { createArchive, type Archive } from '../src/archive/index.js';
import { indexWords } from '../src/base/index.js';
import { createLedger } from '../src/calls/index.js';
import { loadConfig } from '../src/config/index.js';
import { createConversations, type Conversations } from '../src/desk/conversations/index.js';
import { createTickets, startSla, type Actor, type Label, type TicketDesk, type TicketSetup } from '../src/desk/tickets/index.js';
import { SPAN } from '../src/desk/tickets/rows.js';
import { createEvents, type Events } from '../src/events/index.js';
import { finderBeside, newId, type Store } from '../src/store/index.js';
import { createShelf } from '../src/wiring/transcripts/shelf.js';
import { conversationsOf, recorded, talk, TEAMS, ticketed } from './finding-what.js';

// Conversations, recordings and tickets: made one by one by their rooms, or written in the same shape, for a million of those take hours. `finding.ts` sees to it that both are the same.

const silent = { error: () => undefined, info: () => undefined };
export type Kind = 'messages' | 'recordings' | 'tickets';
export const BOSS: Actor = { by: 'user:boss', name: 'boss', roles: ['manager', 'agent'], teams: [], names: ['boss'], scope: 'all' };
const label = (en: string): Label => ({ 'zh-CN': en, en });
const setup: TicketSetup = { ...loadConfig('/nowhere').tickets, slas: [], assignment: [], teams: Array.from({ length: TEAMS }, (_, i) => ({ name: `t${String(i)}`, label: label(`t${String(i)}`), members: [], lead: undefined })) };

export interface Rooms {
  readonly events: Events;
  readonly conversations: Conversations;
  readonly archive: Archive;
  readonly tickets: TicketDesk;
  close(): Promise<void>;
}
export function openRooms(store: Store, clock: { now: number }): Rooms {
  const events = createEvents({ store, log: silent, now: () => clock.now });
  const files = { get: never, attach: never, of: () => [], remove: never };
  const rooms = {
    conversations: createConversations({ store, events, files, finder: finderBeside(store.path), log: silent, now: () => clock.now }),
    archive: createArchive({ store, events, finder: finderBeside(store.path), keepMs: () => undefined, audit: () => undefined, log: silent, now: () => clock.now, later: (run) => void setImmediate(run) }),
    tickets: createTickets({
      store, events, setup: () => setup, finder: finderBeside(store.path), log: silent, now: () => clock.now, calendars: () => ({ between: (a, b) => b - a, after: (a, ms) => a + ms }), linkable: () => true,
      customers: { find: () => undefined, canonical: (id) => id, emailOf: () => undefined }, notifier: { ready: () => false, addressOf: () => undefined, send: () => undefined }, files: { ...files, find: () => undefined },
    }),
  };
  return { ...rooms, events, close: async () => { await Promise.all([rooms.conversations.close(), rooms.archive.close(), rooms.tickets.close()]); } };
}
function never(): never {
  throw new Error('there are no files');
}

/** One after the other, as people do. */
export async function make(kind: Kind, store: Store, count: number): Promise<void> {
  const clock = { now: 0 };
  const rooms = openRooms(store, clock);
  if (kind === 'messages') for (let n = 0; n < conversationsOf(count); n += 1) makeTalk(rooms.conversations, clock, n);
  if (kind === 'tickets') for (let n = 0; n < count; n += 1) makeTicket(rooms.tickets, clock, n);
  if (kind === 'recordings') {
    for (let n = 0; n < count; n += 1) makeRecording(store, rooms.events, clock, n, count);
    while ((store.run<{ n: number }>({ compile: () => CompiledQuery.raw('select count(*) as n from recording_words') })[0]?.n ?? 0) < count) await new Promise((resolve) => setImmediate(resolve));
  }
  await rooms.close();
}

function makeTalk(room: Conversations, clock: { now: number }, n: number): void {
  const { at, visitor, customer, name, agent, queue, texts } = talk(n);
  clock.now = at;
  const { id } = room.open({ channel: 'chat', visitor, customer, name, language: 'zh-CN', form: {} });
  room.queued(id, { queue, contact: `c${String(n)}`, by: `visitor:${visitor}` });
  room.assigned(id, { agent, name: agent, queue, by: 'queue' });
  for (const { text, by, note } of texts) room.say(id, { by: by === 'visitor' ? `visitor:${visitor}` : `agent:${agent}`, text, visibility: note ? 'internal' : 'public' });
  room.end(id, `agent:${agent}`, 'agent');
}
function makeTicket(desk: TicketDesk, clock: { now: number }, n: number): void {
  const { at, what, comment } = ticketed(n);
  clock.now = at;
  const { id } = desk.create(what, BOSS);
  if (comment !== undefined) desk.say(id, { text: comment, visibility: 'internal' }, BOSS);
}
function makeRecording(store: Store, events: Events, clock: { now: number }, n: number, all: number): void {
  const { id, call, at, from, to, agent, queue, customer, segments } = recorded(n, all);
  clock.now = at;
  const [ledger, shelf] = [createLedger(store, silent), createShelf(store, () => at)];
  ledger.open({ id: call, direction: 'inbound', from_number: from, to_number: to, trunk: null, did: null, started_at: at });
  ledger.patch(call, { queue, agent, state: 'talking', answered_at: at });
  if (customer !== undefined) store.change({ compile: () => CompiledQuery.raw(LINK, [`call:${call}`, customer, at]) });
  ledger.recordingStarted({ id, call_id: call, part: 1, path: `${id}.wav`, started_at: at });
  ledger.recordingOver(id, { state: 'done', ended_at: at + 20_000, ms: 20_000, bytes: 640_044 });
  ledger.close(call, 'completed', at + 20_000);
  shelf.keep({ callId: call, recording: id, part: 1, language: 'zh-CN', how: 'live', segments });
  events.publish('call.transcribed', `call:${call}`, { recording: id, part: 1, language: 'zh-CN', how: 'live', segments: segments.length });
}
const LINK = 'insert into customer_links (subject, customer, at) values (?, ?, ?)';

/** Written by SQL. */
export function fill(kind: Kind, path: string, count: number): void {
  const db = new Database(path);
  for (const fast of ['synchronous = off', 'journal_mode = off', 'cache_size = -500000']) db.pragma(fast);
  const [one, all] = kind === 'messages' ? [talks(db), conversationsOf(count)] : kind === 'tickets' ? [tickets(db), count] : [recordings(db, count), count];
  const some = db.transaction((from: number, to: number) => {
    for (let n = from; n < to; n += 1) one(n);
  });
  for (let from = 0; from < all; from += 10_000) some(from, Math.min(from + 10_000, all));
  db.pragma('journal_mode = wal');
  db.close();
}

function talks(db: Database.Database): (n: number) => void {
  const conversation = db.prepare(`insert into conversations (id, channel, state, queue, contact, agent, customer, visitor, name, language, form, last_seq, replied, started_at, updated_at, assigned_at, first_reply_at, ended_at, ended_by, end_why)
    values (?, 'chat', 'ended', ?, ?, ?, ?, ?, ?, 'zh-CN', '{}', ?, 1, ?, ?, ?, ?, ?, ?, 'agent')`);
  const number = db.prepare('insert into conversation_numbers (conversation, words) values (?, 1)');
  const party = db.prepare('insert into conversation_parties (conversation, party, name, joined_at) values (?, ?, ?, ?)');
  const message = db.prepare('insert into conversation_messages (conversation, seq, id, at, by, kind, visibility, text, data) values (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const words = { said: db.prepare('insert into message_words (rowid, said) values (?, ?)'), noted: db.prepare('insert into message_words (rowid, noted) values (?, ?)') };
  return (n) => {
    const { at, visitor, customer, name, agent, queue, texts } = talk(n);
    const [id, by] = [newId('cnv', at), `agent:${agent}`];
    conversation.run(id, queue, `c${String(n)}`, agent, customer, visitor, name, texts.length + 2, at, at, at, at, at, by);
    number.run(id);
    party.run(id, `visitor:${visitor}`, name, at);
    party.run(id, by, agent, at);
    message.run(id, 1, newId('msg', at), at, 'queue', 'event', 'public', 'assigned', JSON.stringify({ agent, name: agent }));
    texts.forEach((said, i) => {
      message.run(id, i + 2, newId('msg', at), at, said.by === 'visitor' ? `visitor:${visitor}` : by, 'text', said.note ? 'internal' : 'public', said.text, null);
      words[said.note ? 'noted' : 'said'].run((n + 1) * SPAN + i + 2, indexWords(said.text));
    });
    message.run(id, texts.length + 2, newId('msg', at), at, by, 'event', 'public', 'ended', JSON.stringify({ why: 'agent' }));
  };
}

function recordings(db: Database.Database, all: number): (n: number) => void {
  const call = db.prepare(`insert into calls (id, direction, from_number, to_number, queue, agent, state, started_at, answered_at, ended_at, cause, recorded) values (?, 'inbound', ?, ?, ?, ?, 'ended', ?, ?, ?, 'completed', 1)`);
  const link = db.prepare(LINK);
  const recording = db.prepare(`insert into recordings (id, call_id, part, path, state, started_at, ended_at, ms, bytes) values (?, ?, 1, ?, 'done', ?, ?, 20000, 640044)`);
  const transcript = db.prepare(`insert into transcripts (id, call_id, recording_id, part, language, how, state, segments, at) values (?, ?, ?, 1, 'zh-CN', 'live', 'done', ?, ?)`);
  const words = db.prepare('insert into recording_words (rowid, words) select num, ? from recording_places where recording = ?');
  return (n) => {
    const { id, call: of, at, from, to, agent, queue, customer, segments } = recorded(n, all);
    call.run(of, from, to, queue, agent, at, at, at + 20_000);
    if (customer !== undefined) link.run(`call:${of}`, customer, at);
    recording.run(id, of, `${id}.wav`, at, at + 20_000);
    transcript.run(newId('tr', at), of, id, JSON.stringify(segments), at);
    words.run(wordsOf(segments), id);
  };
}

function tickets(db: Database.Database): (n: number) => void {
  const { types, calendar } = setup;
  const state = types.find(({ name }) => name === 'question')?.states[0];
  const number = db.prepare('insert into ticket_numbers (number, ticket) values (?, ?)');
  const ticket = db.prepare(`insert into tickets (id, number, type, state, kind, priority, subject, text, fields, tags, channel, customer, requester_name, requester_email, requester_phone, language, team, assignee, calendar, clocks, breached, created_at, created_by, updated_at, version)
    values (?, ?, 'question', ?, ?, ?, ?, ?, '{}', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 'user:boss', ?, ?)`);
  const tag = db.prepare('insert into ticket_tags (tag, ticket) values (?, ?)');
  const comment = db.prepare(`insert into ticket_comments (id, ticket, at, by, by_name, visibility, text) values (?, ?, ?, 'user:boss', 'boss', 'internal', ?)`);
  const words = db.prepare('insert into ticket_words (rowid, thing, asker) values (?, ?, ?)');
  return (n) => {
    const { at, what, comment: said } = ticketed(n);
    const [id, num] = [newId('tkt', at), 1_001 + n];
    const { name = null, email = null, phone = null } = what.requester ?? {};
    number.run(num, id);
    ticket.run(
      id, num, state?.name, state?.kind, what.priority, what.subject, what.text, JSON.stringify(what.tags), what.channel, what.customer, name, email, phone, what.language, what.team, what.assignee, calendar, JSON.stringify(startSla(at, calendar, null)),
      at, at, said === undefined ? 1 : 2,
    );
    for (const one of what.tags ?? []) tag.run(one, id);
    const asker = [name, email, phone].filter((part) => part !== null);
    words.run(num * SPAN, indexWords([num, what.subject, what.text, ...(what.tags ?? [])].join('\n')), indexWords(asker.join('\n')));
    if (said === undefined) return;
    comment.run(newId('cmt', at), id, at, said);
    words.run(num * SPAN + 1, indexWords(said), null);
  };
}

const TABLES: Readonly<Record<Kind, readonly string[]>> = {
  messages: ['conversations', 'conversation_numbers', 'conversation_parties', 'conversation_messages'], recordings: ['calls', 'customer_links', 'recordings', 'transcripts', 'recording_places', 'recording_ends'],
  tickets: ['tickets', 'ticket_numbers', 'ticket_tags', 'ticket_comments'],
};
const INDEX: Readonly<Record<Kind, string>> = { messages: 'message_words', recordings: 'recording_words', tickets: 'ticket_words' };

/** All rows of a kind and all words of its index, whatever chance has put into IDs. */
export function rowsOf(kind: Kind, path: string): string[] {
  const db = new Database(path);
  try {
    db.exec(`create virtual table temp.vocabulary using fts5vocab(main, '${INDEX[kind]}', 'instance')`);
    const rows = [...TABLES[kind].map((table) => [table, db.prepare(`select * from ${table}`).all()] as const), [INDEX[kind], db.prepare('select * from temp.vocabulary').all()] as const];
    return rows.flatMap(([table, all]) => all.map((one) => `${table} ${JSON.stringify(one)}`.replaceAll(/\b(cnv|msg|tkt|cmt|tr)_([0-9a-z]{10})[0-9a-z]{16}\b/g, '$1_$2'))).sort();
  } finally {
    db.close();
  }
}
