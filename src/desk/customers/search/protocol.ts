import type { CustomerView, Page, Query } from '../types.js';

export interface Asked {
  readonly id: number;
  readonly query: Query;
  readonly now: number;
  /** The day of the house, and where the one of `now` began: a thread knows no time zone. */
  readonly today: number;
}
export type Told =
  | { readonly id: number; readonly did: 'found'; readonly page: Page<CustomerView> }
  | { readonly id: number; readonly did: 'refused'; readonly what: 'search' | 'cursor'; readonly message: string; readonly hint: string | undefined }
  | { readonly id: number; readonly did: 'failed'; readonly message: string };
export const LEAVE = 'leave';
