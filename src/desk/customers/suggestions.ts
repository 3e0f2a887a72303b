import { newId, type CustomerSuggestionTable } from '../../store/index.js';
import { NoSuchSuggestion } from './errors.js';
import { matchKeys } from './index-rows.js';
import { pageBefore } from './paging.js';
import type { Room } from './service.js';
import type { CustomerId, Page, SuggestionView } from './types.js';
import { rootOf } from './view.js';

/** Customers that may be one. A person decides. */
export interface Suggestions {
  /** Open ones, newest first; of one customer, or of all. @throws NoSuchCustomer, BadCursor */
  suggestions(of: string | undefined, limit: number, cursor?: string): Page<SuggestionView>;
  /** They are two people; it is not suggested again for that reason. @throws NoSuchSuggestion */
  dismiss(id: string): void;
  /** An open one of two who are still two. */
  suggestion(id: string): SuggestionView | undefined;
}

export function createSuggestions(room: Room): Suggestions {
  const view = ({ id, one, other, why, at }: CustomerSuggestionTable): SuggestionView | undefined => {
    const [a, b] = [rootOf(room.sql, one), rootOf(room.sql, other)];
    return a === undefined || b === undefined || a === b ? undefined : { id, one: a as CustomerId, other: b as CustomerId, why, at };
  };
  return {
    suggestions(of, limit, cursor) {
      const root = of === undefined ? undefined : room.row(of).id;
      const [where, params] = root === undefined ? ['1', []] : ['(one in (select id from customers where root = ?) or other in (select id from customers where root = ?))', [root, root]];
      const { rows, nextCursor } = pageBefore<CustomerSuggestionTable>(room.sql, `select * from customer_suggestions where state = 'open' and ${where}`, params, limit, cursor);
      return { items: rows.map(view).filter((s) => s !== undefined), nextCursor };
    },
    suggestion(id) {
      const row = room.sql.one<CustomerSuggestionTable>(`select * from customer_suggestions where id = ? and state = 'open'`, id);
      return row && view(row);
    },
    dismiss(id) {
      if (room.sql.run(`update customer_suggestions set state = 'dismissed' where id = ? and state = 'open'`, id) === 0) throw new NoSuchSuggestion(id);
    },
  };
}

/** Says once that two may be one. */
export function suggest(room: Room, a: string, b: string, why: string): void {
  if (a === b) return;
  const [one, other] = a < b ? [a, b] as const : [b, a] as const;
  if (room.sql.one('select 1 from customer_suggestions where one = ? and other = ? and why = ?', one, other, why)) return;
  const [id, at] = [newId('sug', room.now()), room.now()];
  room.change([], [{ type: 'customer.merge_suggested', subject: `customer:${one}`, data: { customer: one, other, suggestion: id, why } }], () =>
    void room.sql.run(`insert or ignore into customer_suggestions (id, one, other, why, state, at) values (?, ?, ?, ?, 'open', ?)`, id, one, other, why, at));
}

/** Whoever shares a name and a birthday, say, with this one; at most a few. */
export function suggestByKeys(room: Room, root: string): void {
  const view = room.view(root);
  if (!view) return;
  const keys = matchKeys(view, room.form().attributes);
  const had = room.sql.all<{ key: string }>('select key from customer_match_keys where customer = ?', root).map((row) => row.key);
  const [gone, fresh] = [had.filter((key) => !keys.some((k) => k.key === key)), keys.filter((k) => !had.includes(k.key))];
  if (gone.length + fresh.length === 0) return;
  for (const key of gone) room.sql.run('delete from customer_match_keys where key = ? and customer = ?', key, root);
  for (const { key, why } of fresh) {
    room.sql.run('insert or ignore into customer_match_keys (key, customer) values (?, ?)', key, root);
    const others = room.sql.all<{ customer: string }>('select customer from customer_match_keys where key = ? and customer <> ? limit 5', key, root);
    for (const { customer } of others) {
      const other = rootOf(room.sql, customer);
      if (other !== undefined) suggest(room, root, other, why);
    }
  }
}
