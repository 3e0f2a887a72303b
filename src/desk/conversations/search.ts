import { searchWords } from '../../base/index.js';
import { cursorAt, foundBy, placeIn, type Finder, type Store, type WordIndex } from '../../store/index.js';
import type { HubLog } from './live.js';
import type { Rows } from './rows.js';
import type { Conversation, ConversationSearch } from './types.js';
import { SHIFT } from './words.js';

const SAID: WordIndex = { table: 'message_words', span: SHIFT };
/** Conversations of an earlier version put into the index between two looks at the event loop. */
const PORTION = 5;

export interface Search {
  /**
   * Conversations in which a message has all of these words, newest first; asked beside the event loop. A page may be short, or empty, where few of many hits fit: `nextCursor` says whether it goes on.
   * @throws BadCursor @throws StoreError store.busy
   */
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
      const going = { beyond: placeIn(cursor), oldestFirst: false };
      const words = searchWords(q);
      if (words === undefined) return { items: [], nextCursor: undefined };
      const { places, next } = await foundBy(SAID, notes ? words : `said : (${words})`, rows.narrow(filter), { finder, db: store.db, fit: rows.fit(filter), going, limit });
      return { items: rows.conversations(await finder.find(rows.numbered(places))), nextCursor: cursorAt(next) };
    },
    close() {
      closed = true;
      return finder.close();
    },
  };
}
