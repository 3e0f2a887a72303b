import type { StrowgerClient } from './client.js';
import type { paths } from './openapi.js';

type Answered<P extends keyof paths> = paths[P] extends { get: { responses: { 200: { content: { 'application/json': infer Body } } } } } ? Body : never;
/** Paths that answer a list by pages. */
export type ListPath = { [P in keyof paths]: Answered<P> extends { items: unknown[]; next_cursor: string | null } ? P : never }[keyof paths];
export type ItemOf<P extends ListPath> = Answered<P> extends { items: (infer Item)[] } ? Item : never;
type ParamsOf<P extends ListPath> = paths[P] extends { get: { parameters: infer Given } } ? Given : never;
type QueryOf<P extends ListPath> = ParamsOf<P> extends { query?: infer Query } ? Omit<NonNullable<Query>, 'cursor'> : object;
type PathOf<P extends ListPath> = ParamsOf<P> extends { path: infer Path } ? Path : undefined;

export interface EachOptions<P extends ListPath> {
  /** As for one page; `limit` says how many come at a time. */
  readonly query?: QueryOf<P>;
  readonly path?: PathOf<P>;
  readonly signal?: AbortSignal;
}
type Page = { readonly data?: { readonly items: readonly unknown[]; readonly next_cursor: string | null } };
/** The same for all lists: what `GET` of openapi-fetch is, once the path is known to be one of a list. */
type GetList = (path: string, init: { readonly params: object; readonly signal?: AbortSignal | undefined }) => Promise<Page>;

/** Every item of a list, page after page: `for await (const call of each(strowger, '/v1/calls', { query: { state: 'ended' } }))`. @throws StrowgerProblem */
export async function* each<P extends ListPath>(client: StrowgerClient, list: P, { query, path, signal }: EachOptions<P> = {}): AsyncGenerator<ItemOf<P>, void, undefined> {
  const get = client.GET as unknown as GetList;
  let cursor: string | null | undefined;
  do {
    const { data } = await get(list, { params: { query: { ...query, ...(cursor === undefined ? {} : { cursor }) }, path }, ...(signal ? { signal } : {}) });
    yield* (data?.items ?? []) as ItemOf<P>[];
    cursor = data?.next_cursor ?? null;
  } while (cursor !== null);
}
