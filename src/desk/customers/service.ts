import type { CountryCode } from 'libphonenumber-js';
import type { Events, NewFact } from '../../events/index.js';
import { StoreError, type CustomerTable, type Store } from '../../store/index.js';
import { NoSuchCustomer } from './errors.js';
import { indexCustomer } from './index-rows.js';
import { normalIdentity } from './identities.js';
import { compileRules, dueAt, tagsByRule, type Days, type Expressions, type Rules } from './rules.js';
import type { CustomersForm } from './settings.js';
import { sqlOn, type Sql } from './sql.js';
import type { CustomerId, CustomerView } from './types.js';
import { groupOf, rootOf, viewOf } from './view.js';

export interface CustomersOptions {
  readonly store: Store;
  readonly events: Events;
  readonly settings: CustomersForm;
  readonly country: () => CountryCode;
  readonly days: Days;
  readonly expressions: Expressions;
  /** These are being removed, in this transaction: whoever keeps something of theirs notes that it has to go. */
  readonly forgotten?: ((customers: readonly string[], by: string) => void) | undefined;
  readonly now?: () => number;
}
/** What the parts of this room share. */
export interface Room {
  readonly sql: Sql;
  readonly now: () => number;
  readonly days: Days;
  readonly form: () => CustomersForm;
  readonly rules: () => Rules;
  readonly forgotten: (customers: readonly string[], by: string) => void;
  lay(form: CustomersForm): void;
  normal(kind: string, value: string): string;
  /** The customer that this ID stands for now. @throws NoSuchCustomer */
  row(id: string): CustomerTable;
  /** With tags as they are now. */
  view(root: string): CustomerView | undefined;
  /**
   * Writes rows and their facts together, and then whatever follows from them for these customers: version, tags by rule, search.
   * `write` must not throw but for the disk. @throws StoreError
   */
  change(touched: readonly string[], facts: readonly NewFact[], write: () => void): void;
  /** Tags by rule of one customer, if they may have changed; true where they did. */
  freshen(root: string): boolean;
  reindex(root: string): void;
}

export function createRoom({ store, events, settings, country, days, expressions, forgotten = () => undefined, now = Date.now }: CustomersOptions): Room {
  const sql = sqlOn(store);
  let form = settings;
  let { rules } = compileRules(form, expressions);
  const reindex = (root: string): void => {
    const view = viewOf(sql, root, now(), days);
    for (const row of groupOf(sql, root)) indexCustomer(sql, row, row.id === root ? view : undefined, form.attributes);
  };
  /** Writes the tags that the rules give now. */
  const retag = (root: string): NewFact[] => {
    const view = viewOf(sql, root, now(), days);
    if (!view) return [];
    const at = now();
    const wanted = tagsByRule(rules, view, at, days);
    const had = sql.all<{ tag: string }>(`select tag from customer_tags where customer = ? and how = 'rule'`, root).map((row) => row.tag);
    const [added, removed] = [wanted.filter((tag) => !had.includes(tag)), had.filter((tag) => !wanted.includes(tag))];
    for (const tag of added) sql.run(`insert into customer_tags (customer, tag, how, at, by) values (?, ?, 'rule', ?, 'rules')`, root, tag, at);
    for (const tag of removed) sql.run(`delete from customer_tags where customer = ? and tag = ? and how = 'rule'`, root, tag);
    const active = sql.all<{ day: number }>('select distinct day from customer_activity where customer in (select id from customers where root = ?) and day > ?', root, days.dayOf(at) - 366).map((row) => row.day);
    sql.run('update customers set rules = ?, tags_due = ? where id = ?', rules.hash, dueAt(rules, days, active, at, view.verified?.until ?? null), root);
    if (added.length + removed.length === 0) return [];
    return [{ type: 'customer.tags_changed', subject: `customer:${root}`, data: { customer: root, added: added.join(','), removed: removed.join(','), by: 'rules' } }];
  };
  const publish = (facts: readonly NewFact[], write: () => void): void => {
    if (!events.publishAll(facts, write)) throw new StoreError('store.full', 'the database takes no writes', { hint: 'free space on the disk of the data folder, then send it again' });
  };
  const change = (touched: readonly string[], facts: readonly NewFact[], write: () => void): void => {
    const after: NewFact[] = [];
    publish(facts, () => {
      write();
      for (const root of new Set(touched)) {
        sql.run('update customers set version = version + 1, updated_at = ? where id = ?', now(), root);
        after.push(...retag(root));
        reindex(root);
      }
    });
    if (after.length > 0) events.publishAll(after);
  };
  const room: Room = {
    sql, now, days, change, reindex, forgotten,
    form: () => form, rules: () => rules,
    lay(next) {
      form = next;
      ({ rules } = compileRules(form, expressions));
    },
    normal: (kind, value) => normalIdentity(kind, value, { country, exact: (name) => form.identities.some((i) => i.kind === name && i.exact) || name === 'visitor' }),
    row(id) {
      const root = rootOf(sql, id);
      const row = root === undefined ? undefined : sql.one<CustomerTable>('select * from customers where id = ?', root);
      if (!row) throw new NoSuchCustomer(id);
      return row;
    },
    view(root) {
      room.freshen(root);
      return viewOf(sql, root, now(), days);
    },
    freshen(root) {
      const row = sql.one<Pick<CustomerTable, 'rules' | 'tags_due'>>('select rules, tags_due from customers where id = ? and parent is null', root);
      if (!row || (row.rules === rules.hash && (row.tags_due === null || row.tags_due > now()))) return false;
      const facts: NewFact[] = [];
      store.transaction(() => {
        facts.push(...retag(root));
        if (facts.length === 0) return;
        sql.run('update customers set version = version + 1 where id = ?', root);
        reindex(root);
      });
      if (facts.length > 0) events.publishAll(facts);
      return facts.length > 0;
    },
  };
  return room;
}

export type { CustomerId };
