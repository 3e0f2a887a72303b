import { newId, type CustomerMergeTable } from '../../store/index.js';
import { NotMerged, SameCustomer } from './errors.js';
import type { Room } from './service.js';
import type { By, CustomerId, CustomerView, MergeView } from './types.js';
import { groupOf, rootOf } from './view.js';

/**
 * A merge moves no row: the merged customer only counts as the other from then on, with all that counts as it. So every merge can be
 * undone, in any order, and each is as it was; what was written meanwhile stays with whom it was written for.
 */
export interface Merging {
  /** `other` counts as `id` from now on. @throws NoSuchCustomer, SameCustomer, StoreError */
  merge(id: string, other: string, who: By, why?: string): CustomerView;
  /** `id`, which was merged, stands by itself again with those merged into it before. @throws NotMerged, StoreError */
  unmerge(id: string, who: By): CustomerView;
  /** Newest first, undone ones too. @throws NoSuchCustomer */
  merges(id: string): readonly MergeView[];
}

export function createMerging(room: Room): Merging {
  const { sql } = room;
  const shown = (id: string): CustomerView => {
    const view = room.view(id);
    if (!view) throw new Error(`customer ${id} went away while it was changed`);
    return view;
  };
  return {
    merge(id, other, who, why) {
      const [survivor, merged] = [room.row(id), room.row(other)];
      if (survivor.id === merged.id) throw new SameCustomer();
      const merge = newId('mrg', room.now());
      room.change([survivor.id], [{ type: 'customer.merged', subject: `customer:${survivor.id}`, data: { customer: survivor.id, merged: merged.id, merge, by: who.by } }], () => {
        sql.run('update customers set parent = ?, root = ? where id = ?', survivor.id, survivor.id, merged.id);
        sql.run('update customers set root = ? where root = ?', survivor.id, merged.id);
        sql.run('insert into customer_merges (id, survivor, merged, why, at, by) values (?, ?, ?, ?, ?, ?)', merge, survivor.id, merged.id, why ?? null, room.now(), who.by);
      });
      return shown(survivor.id);
    },
    unmerge(id, who) {
      const root = rootOf(sql, id);
      if (root === undefined) room.row(id);
      const merge = sql.one<CustomerMergeTable>('select * from customer_merges where merged = ? and undone_at is null order by at desc, id desc limit 1', id);
      if (root === undefined || root === id || !merge) throw new NotMerged(id);
      const branch = withItsOwn(room, root, id);
      room.change([root, id], [{ type: 'customer.unmerged', subject: `customer:${id}`, data: { customer: id, from: root, merge: merge.id, by: who.by } }], () => {
        sql.run('update customers set parent = null, root = id where id = ?', id);
        for (const one of branch) sql.run('update customers set root = ? where id = ?', id, one);
        sql.run('update customer_merges set undone_at = ?, undone_by = ? where id = ?', room.now(), who.by, merge.id);
      });
      return shown(id);
    },
    merges(id) {
      const root = room.row(id).id;
      return sql
        .all<CustomerMergeTable>(`select * from customer_merges where survivor in (select id from customers where root = ?) or merged in (select id from customers where root = ?) order by at desc, id desc limit 1000`, root, root)
        .map(({ id: merge, survivor, merged, why, at, by, undone_at, undone_by }) => ({ id: merge, survivor: survivor as CustomerId, merged: merged as CustomerId, why, at, by, undoneAt: undone_at, undoneBy: undone_by }));
    },
  };
}

/** Those that hang below `id` among all that count as `root`. */
function withItsOwn({ sql }: Room, root: string, id: string): string[] {
  const rows = groupOf(sql, root);
  const found: string[] = [];
  for (const toVisit = [id]; toVisit.length > 0; ) {
    const parent = toVisit.pop();
    for (const row of rows) {
      if (row.parent !== parent) continue;
      found.push(row.id);
      toVisit.push(row.id);
    }
  }
  return found;
}
