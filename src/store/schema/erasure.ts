import type { Generated } from 'kysely';

/** Tables of src/store/migrations/erasure.ts. Times are ms since 1970. */
export interface ErasureTables {
  desk_marks: DeskMarkTable;
  /** Customers that were removed, while something of theirs may be left. */
  erasures: { customer: string; at: number; by: string };
  /** Counts conversations; `words` 1: what was said in it can be searched. */
  conversation_numbers: { num: Generated<number>; conversation: string; words: number };
}
/** What was decided about a conversation or ticket. */
export interface DeskMarkTable {
  about: string;
  /** Legal hold. */
  held_at: number | null;
  held_by: string | null;
  held_why: string | null;
  erased_at: number | null;
  erased_by: string | null;
  erased_why: 'customer_deleted' | 'retention' | null;
}
