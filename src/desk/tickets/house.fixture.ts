import { join } from 'node:path';
import { loadConfig, openSpans } from '../../config/index.js';
import { createEvents, type Fact } from '../../events/index.js';
import { finderHere, openStore, type Store } from '../../store/index.js';
import { businessTime, createTickets, type Actor, type Mail, type TicketFile, type TicketSetup } from './index.js';

export const agent = (name: string, over: Partial<Actor> = {}): Actor => ({ by: `user:${name}`, name, roles: ['agent'], teams: ['support'], names: [name], scope: 'team', ...over });
export const boss: Actor = { by: 'admin', name: 'boss', roles: ['manager', 'agent'], teams: [], names: ['boss'], scope: 'all' };

/** The shipped tickets.yaml, a database, and a clock that the test turns. It begins on Friday 2026-11-20, 16:00 in Shanghai. */
export async function house(mailing = false, stored?: Store) {
  const store = stored ?? (await openStore({ path: ':memory:' }));
  const { tickets } = loadConfig(join(import.meta.dirname, '../../../config'));
  const h = { now: Date.parse('2026-11-20T16:00+08:00'), setup: tickets as TicketSetup, facts: [] as Fact[], mails: [] as (Mail & { id: string; about: string })[], files: [] as TicketFile[] };
  const errors: object[] = [];
  const log = { info: () => undefined, error: (fields: object) => void errors.push(fields) };
  const events = createEvents({ store, log, now: () => h.now });
  events.subscribe('*', (fact) => void h.facts.push(fact));
  const desk = createTickets({
    store, events, log, now: () => h.now, setup: () => h.setup, finder: finderHere(store), linkable: (kind, target) => target === `${kind}_1`,
    customers: {
      find: ({ phone }) => (phone === '+8613800138000' ? 'cus_1' : undefined), canonical: (id) => (id === 'cus_1' || id === 'cus_old' ? 'cus_1' : undefined), emailOf: () => 'known@example.com',
    },
    notifier: { ready: () => mailing, addressOf: (who) => (/^\d+$/.test(who) ? `${who}@house.example` : undefined), send: (mail, about, id) => void h.mails.push({ ...mail, about, id }) },
    files: {
      find: (id) => h.files.find((f) => f.id === id),
      of: (about) => h.files.filter((f) => f.about === about),
      remove: (id) => void (h.files = h.files.filter((f) => f.id !== id)),
      attach: (id, about) => void (h.files = h.files.map((f) => (f.id === id ? { ...f, about } : f))),
    },
    calendars: (name) => {
      const hours = tickets.hours.get(name);
      return businessTime((from, until) => (hours ? openSpans(hours, from, until) : []));
    },
  });
  const types = (of?: string): string[] => h.facts.filter((f) => of === undefined || f.subject === `ticket:${of}`).map((f) => f.type);
  const passes = async (until: string): Promise<void> => {
    h.now = Date.parse(`${until}+08:00`);
    await desk.review();
    desk.start();
  };
  return { h, desk, store, errors, types, passes };
}
