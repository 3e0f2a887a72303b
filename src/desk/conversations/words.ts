import { CompiledQuery } from 'kysely';
import { indexWords } from '../../base/index.js';
import type { Store } from '../../store/index.js';
import type { Message } from './types.js';

/** The row of a message in the index: its conversation's number, then its own. */
export const SHIFT = 2 ** 20;

/** The index of words. What is written here is written in the transaction it is called in. */
export function createWords(store: Store) {
  const change = (text: string, ...values: (string | number)[]): void => void store.change({ compile: () => CompiledQuery.raw(text, values) });
  return {
    index({ conversation, seq, kind, visibility, text }: Pick<Message, 'conversation' | 'seq' | 'kind' | 'visibility' | 'text'>): void {
      if (kind === 'event' || text === '') return;
      change(`insert or replace into message_words (rowid, ${visibility === 'public' ? 'said' : 'noted'}) select num * ${SHIFT} + ?, ? from conversation_numbers where conversation = ?`, seq, indexWords(text), conversation);
    },
    /** Cast, for a number of ours comes to SQLite as one with a fraction, which FTS5 takes for no bound at all. */
    forget(conversation: string, lastSeq: number): void {
      const [row] = store.run<{ num: number }>(store.db.selectFrom('conversation_numbers').select('num').where('conversation', '=', conversation));
      if (row) change('delete from message_words where rowid between cast(? as integer) and cast(? as integer)', row.num * SHIFT, row.num * SHIFT + lastSeq);
    },
  };
}
