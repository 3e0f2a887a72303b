import { CompiledQuery } from 'kysely';
import type { Store } from '../../store/index.js';

export type Param = string | number | null;
/** What reading customers needs of a database; the search thread has a connection of its own. */
export interface Reading {
  all<R>(text: string, ...params: readonly Param[]): R[];
}
export interface Sql extends Reading {
  one<R>(text: string, ...params: readonly Param[]): R | undefined;
  /** How many rows it touched. */
  run(text: string, ...params: readonly Param[]): number;
}

/** Written-out SQL on the store's connection: the statements of a screen-pop are run for every call. */
export function sqlOn(store: Store): Sql {
  const query = <R>(text: string, params: readonly Param[]): { compile: () => CompiledQuery<R> } => {
    const compiled = CompiledQuery.raw(text, [...params]) as CompiledQuery<R>;
    return { compile: () => compiled };
  };
  const all = <R>(text: string, ...params: readonly Param[]): R[] => store.run(query<R>(text, params));
  return { all, one: <R>(text: string, ...params: readonly Param[]) => all<R>(text, ...params)[0], run: (text, ...params) => store.change(query(text, params)) };
}
