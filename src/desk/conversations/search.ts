import { sql } from 'kysely';
import { searchWords } from '../../base/index.js';
import { decodeCursor, page, type Finder, type Store } from '../../store/index.js';
import type { HubLog } from './live.js';
import type { Found, Rows } from './rows.js';
import type { Conversation, ConversationSearch } from './types.js';
import { SHIFT } from './words.js';

/** Messages looked at in one go: few at first, for the newest are mostly enough. */
const [FIRST, MOST] = [512, 262_144];
/** Conversations of an earlier version put into the index between two looks at the event loop. */
const PORTION = 5;

export interface Search {
  /** Conversations in which a message has all of these words, newest first; asked beside the event loop. @throws BadCursor @throws StoreError store.busy */
  search(query: ConversationSearch): Promise<{ readonly items: readonly Conversation[]; readonly nextCursor: string | undefined }>;
  /** After a start: what was said before there was an index goes into it, in portions, the newest first. */
  indexOlder(): void;
}

export function createSearch({ store, rows, finder, log }: { readonly store: Store; readonly rows: Rows; readonly finder: Finder; readonly log: HubLog }): Search & { close(): Promise<void> } {
  let closed = false;
  const indexOlder = (): void => {
    try {
      if (!closed && rows.indexOlder(PORTION) === PORTION) setImmediate(indexOlder);
    } catch (error) {
      log.error({ err: error }, 'what was said in older conversations could not be put into the index; tried again at the next start');
    }
  };
  return {
    indexOlder,
    async search({ q, notes, limit, cursor, ...filter }) {
      const words = searchWords(q);
      if (words === undefined) return { items: [], nextCursor: undefined };
      let before = cursor === undefined ? Number.MAX_SAFE_INTEGER : decodeCursor(cursor).at * SHIFT;
      const found: Found[] = [];
      for (let portion = FIRST, more = true; more && found.length <= limit; portion = Math.min(MOST, portion * 8)) {
        const hits = sql<{ nums: string; last: number; n: number }>`select json_group_array(distinct num) as nums, min(rowid) as last, count(*) as n from (select rowid, rowid >> 20 as num from message_words
          where message_words match ${notes ? words : `said : (${words})`} and rowid < ${before} order by rowid desc limit ${portion})`.compile(store.db);
        const [seen] = await finder.find<{ nums: string; last: number; n: number }>({ compile: () => hits });
        more = seen !== undefined && seen.n === portion;
        if (!seen || seen.n === 0) break;
        found.push(...(await finder.find(rows.numberedIn(seen.nums, filter, limit + 1 - found.length))));
        // The rest of the messages of the last conversation lead to nothing new.
        before = Math.floor(seen.last / SHIFT) * SHIFT;
      }
      const { items, nextCursor } = page(found, limit, ({ num, id }) => ({ at: num, id }));
      return { items: rows.conversations(items), nextCursor };
    },
    close() {
      closed = true;
      return finder.close();
    },
  };
}
