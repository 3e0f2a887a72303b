import type { Fact } from '../../events/index.js';
import { createEvents } from '../../events/index.js';
import { openStore } from '../../store/index.js';
import { createCustomers, customersFile, type Customers, type Expressions } from './index.js';

export const T0 = Date.UTC(2026, 10, 20, 10, 0, 0);
export const DAY = 86_400_000;
export const LIN = { by: 'lin' };

/** Conditions of the tests by name. */
export const conditions = (table: Readonly<Record<string, (scope: never) => boolean>>): Expressions => ({
  compile(text) {
    const found = table[text];
    return found ? { ok: true, paths: text.split(' '), holds: (scope) => found(scope as never) } : { ok: false, message: 'unknown', column: 1 };
  },
});

/** A house with customers in memory, whose clock is set by hand. */
export async function house(form: object = {}, table: Parameters<typeof conditions>[0] = {}) {
  const store = await openStore({ path: ':memory:' });
  const clock = { now: T0 };
  const events = createEvents({ store, log: { error: (fields, message) => { throw new Error(`${message} ${JSON.stringify(fields)}`); } }, now: () => clock.now });
  const facts: Fact[] = [];
  events.subscribe('*', (fact) => void facts.push(fact));
  const customers: Customers = createCustomers({
    store, events, settings: customersFile.parse(form), country: () => 'CN', expressions: conditions(table), now: () => clock.now,
    days: { dayOf: (ms) => Math.floor(ms / DAY), startOf: (day) => day * DAY },
    past: (subject) => events.of(subject as 'system').map((fact) => ({ fact, contact: false, shown: true })), later: () => () => undefined,
  });
  const names = async (q: string, limit = 10): Promise<(string | null)[]> => (await customers.search({ q, limit })).items.map((c) => c.name);
  return { store, events, facts, customers, clock, names, types: () => facts.map((f) => f.type) };
}
export type House = Awaited<ReturnType<typeof house>>;
