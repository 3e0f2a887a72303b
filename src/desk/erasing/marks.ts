import { CompiledQuery } from 'kysely';
import type { DeskMarkTable, Store } from '../../store/index.js';

/** What marks are about. */
export type Marked = `conversation:${string}` | `ticket:${string}`;
export type ErasedWhy = NonNullable<DeskMarkTable['erased_why']>;
/** Somebody's decision. */
export interface Mark<Why extends string = string> {
  readonly at: number;
  readonly by: string;
  readonly why: Why;
}
export interface MarkView {
  /** Legal hold: neither anybody nor retention removes what was said. */
  readonly hold: Mark | null;
  /** What was said is gone, and who said it. */
  readonly erased: Mark<ErasedWhy> | null;
}
/** What was decided about conversations and tickets, and what follows for the log of events and the mails. All in the transaction it is called in. */
export interface Marks {
  hold(about: Marked, mark: Mark): void;
  release(about: Marked): void;
  erased(about: Marked, mark: Mark<ErasedWhy>): void;
  /** Facts keep that it happened, not what was in it: by type, each path and the JSON that stands there from now on. */
  strike(subject: Marked | `customer:${string}`, facts: Readonly<Record<string, Readonly<Record<string, string>>>>): void;
  /** Mails about it, sent or waiting. */
  dropMails(about: Marked): void;
  /** Mails about tickets, sent or waiting, that were for this worker at this address. */
  dropMailsTo(worker: string, address: string): void;
}

export const MARK_COLUMNS = ['held_at', 'held_by', 'held_why', 'erased_at', 'erased_by', 'erased_why'] as const;
export type MarkColumns = { readonly [K in (typeof MARK_COLUMNS)[number]]: DeskMarkTable[K] };

export const toMarks = (r: MarkColumns): MarkView => ({
  hold: r.held_at === null ? null : { at: r.held_at, by: r.held_by ?? '', why: r.held_why ?? '' },
  erased: r.erased_at === null ? null : { at: r.erased_at, by: r.erased_by ?? '', why: r.erased_why ?? 'customer_deleted' },
});

export function createMarks(store: Store): Marks {
  const { db } = store;
  const change = (text: string, ...values: (string | number)[]): void => void store.change({ compile: () => CompiledQuery.raw(text, values) });
  return {
    hold: (about, { at, by, why }) =>
      change('insert into desk_marks (about, held_at, held_by, held_why) values (?, ?, ?, ?) on conflict (about) do update set held_at = excluded.held_at, held_by = excluded.held_by, held_why = excluded.held_why', about, at, by, why),
    release: (about) => void store.change(db.updateTable('desk_marks').set({ held_at: null, held_by: null, held_why: null }).where('about', '=', about)),
    erased: (about, { at, by, why }) =>
      change('insert into desk_marks (about, erased_at, erased_by, erased_why) values (?, ?, ?, ?) on conflict (about) do update set erased_at = excluded.erased_at, erased_by = excluded.erased_by, erased_why = excluded.erased_why', about, at, by, why),
    strike(subject, facts) {
      for (const [type, paths] of Object.entries(facts)) for (const [path, json] of Object.entries(paths)) change(`update events set data = json_replace(data, ?, json(?)) where subject = ? and type = ?`, path, json, subject, type);
    },
    dropMailsTo: (worker, address) =>
      change(
        `delete from mail_outbox where json_extract(mail, '$.to') = ? and about glob 'ticket:*'
           and exists (select 1 from events where subject = about and type = 'ticket.notified' and json_extract(data, '$.mail') = mail_outbox.id and json_extract(data, '$.to') = ?)`, address, worker,
      ),
    dropMails: (about) => void store.change(db.deleteFrom('mail_outbox').where('about', '=', about)),
  };
}
