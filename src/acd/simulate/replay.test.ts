import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentForm, queueForm, routingForm, toAgent, toQueue, toRouting } from '../../config/index.js';
import { emptyState, snapshot, step, type AcdEvent, type AgentId, type ContactId, type Offer, type QueueId, type State } from '../engine/index.js';
import { acdSetup, type AcdConfig } from '../setup.js';
import { historyOf } from './history.js';
import { LogUnreadable, replayLog } from './index.js';
import { readLog } from './log.js';
import { randomFrom } from './random.js';

const START = Date.UTC(2026, 10, 20, 9);
const MINUTE = 60_000;
const config = (agents: number): AcdConfig => ({
  queues: [toQueue(queueForm.parse({ name: 'support' }))], routing: toRouting(routingForm.parse({})),
  agents: Array.from({ length: agents }, (_, i) => toAgent(agentForm.parse({ id: `a${i}`, extension: '1', queues: ['support'], on_register: 'available' }))),
});

/** A day in the life of a queue with two agents: a call every minute and a half, talks of two to four minutes, patience of a few minutes. */
function liveOneDay(): { readonly log: { readonly at: number; readonly event: AcdEvent }[]; readonly state: State } {
  const s = emptyState();
  const log: { at: number; event: AcdEvent }[] = [];
  const agenda: { at: number; what: () => void }[] = [];
  const random = randomFrom(11);
  let now = START;
  const later = (ms: number, what: () => void): void => void agenda.push({ at: now + ms, what });
  const post = (event: AcdEvent): void => {
    log.push({ at: now, event });
    for (const f of step(s, event, now)) if (f.do === 'offer') later(3_000, () => pickUp(f.offer));
  };
  const pickUp = (offer: Offer): void => {
    if (!s.offers.has(offer.id)) return;
    post({ type: 'offer.accepted', offer: offer.id });
    post({ type: 'contact.bridged', contact: offer.contact });
    later(2 * MINUTE + random() * 2 * MINUTE, () => post({ type: 'contact.released', contact: offer.contact }));
  };
  post({ type: 'setup.changed', setup: acdSetup(config(2)), remembered: {} });
  for (const id of ['a0', 'a1'] as AgentId[]) post({ type: 'agent.reachable', agent: id, yes: true });
  for (let i = 0; i < 160; i += 1) {
    const id = `c${i}` as ContactId;
    later(i * 1.5 * MINUTE + random() * MINUTE, () => {
      post({ type: 'contact.joined', contact: { id, queues: ['support' as QueueId], channel: 'voice', subject: `call:${id}`, priority: 5 } });
      later(MINUTE + random() * 6 * MINUTE, () => {
        if (s.contacts.get(id)?.stage.is === 'waiting') post({ type: 'contact.left', contact: id, why: 'abandoned' });
      });
    });
  }
  while (agenda.length > 0) {
    agenda.sort((a, b) => a.at - b.at);
    const next = agenda.shift();
    for (let at = s.timers.top()?.at; at !== undefined && at < (next?.at ?? 0); at = s.timers.top()?.at) {
      now = at;
      post({ type: 'time.passed' });
    }
    now = next?.at ?? now;
    next?.what();
  }
  return { log, state: s };
}

let dir: string;
beforeEach(() => { dir = mkdtempSync(join(tmpdir(), 'replay-')); });
afterEach(() => rmSync(dir, { recursive: true }));
const { log, state } = liveOneDay();
const asLines = (): string => {
  const file = join(dir, 'log.jsonl');
  writeFileSync(file, log.map((one) => JSON.stringify(one)).join('\n'));
  return file;
};
function asDatabase(events = log, before?: { readonly seq: number; readonly state: State }): string {
  const file = join(dir, 'strowger.db');
  const db = new BetterSqlite3(file);
  db.exec('create table acd_log (seq integer primary key, at real not null, event text not null); create table acd_snapshots (seq integer primary key, at real not null, state text not null)');
  const insert = db.prepare('insert into acd_log (at, event) values (?, ?)');
  for (const { at, event } of events) insert.run(at, JSON.stringify(event));
  if (before) db.prepare('insert into acd_snapshots values (?, ?, ?)').run(before.seq, before.state.now, JSON.stringify(snapshot(before.state)));
  db.close();
  return file;
}

describe('a log', () => {
  it('says who came, how long they waited, talked, and were patient', () => {
    const { contacts, rings, setup } = historyOf(readLog(asLines()));
    expect(setup.agents.map((a) => a.id)).toEqual(['a0', 'a1']);
    expect(contacts).toHaveLength(160);
    for (const c of contacts) {
      if (c.answeredAt === undefined) expect(c.gaveUpAt).toBeGreaterThan(c.at + MINUTE);
      else expect(c.handlingMs).toBeGreaterThanOrEqual(2 * MINUTE);
    }
    expect(new Set([...rings.values()].flat())).toEqual(new Set([3_000]));
  });

  it('reads the same from the database as from lines', () => {
    expect(historyOf(readLog(asDatabase()))).toEqual(historyOf(readLog(asLines())));
  });

  it('goes on from a saved state where the beginning has been cleared away', () => {
    const s = emptyState();
    for (const { event, at } of log.slice(0, 300)) step(s, event, at);
    const file = asDatabase(log.map((one, i) => (i < 300 ? { ...one, event: { type: 'time.passed' } } : one)), { seq: 300, state: s });
    const db = new BetterSqlite3(file);
    db.exec('delete from acd_log where seq <= 300');
    db.close();
    const { contacts, setup } = historyOf(readLog(file));
    expect(setup.queues).toHaveLength(1);
    expect(contacts.length).toBe(log.slice(300).filter(({ event }) => event.type === 'contact.joined').length);
  });

  it('that is none is refused with its name', () => {
    const file = join(dir, 'x.jsonl');
    writeFileSync(file, '{"at":1,"event":{"type":"day.began"}}\n{"hello":1}\n');
    expect(() => readLog(file)).toThrow(LogUnreadable);
    expect(() => readLog(file)).toThrow(/:2 is no event/);
    expect(() => readLog(join(dir, 'none'))).toThrow(LogUnreadable);
  });
});

describe('a replay', () => {
  const order = { day: undefined, zone: 'UTC', seed: 1, config: undefined };
  it('with the settings of the log comes near to what was', () => {
    expect(state.contacts.size).toBe(0);
    const { was, same, other, contacts } = replayLog({ ...order, log: asLines() });
    expect(contacts).toBe(160);
    expect(other).toBeUndefined();
    expect(same.total.answered).toBe(was.answered);
    expect(same.total.asa_s).toBeCloseTo(was.asa_s ?? 0, 0);
  });

  it('shows what one agent more would have done', () => {
    const { same, other } = replayLog({ ...order, log: asDatabase(), config: config(3) });
    expect(other?.total.contacts).toBe(160);
    // The log knows nothing of the third agent's presence: it is there from the start, as the settings say.
    expect(other?.total.asa_s ?? 0).toBeLessThan((same.total.asa_s ?? 0) / 2);
    expect(other?.total.abandoned).toBeLessThan(same.total.abandoned);
  });

  it('takes a day of its own where one is named', () => {
    expect(replayLog({ ...order, log: asLines(), day: '2026-11-20' }).contacts).toBe(160);
    expect(replayLog({ ...order, log: asLines(), day: '2026-11-21' }).contacts).toBe(0);
  });
});
