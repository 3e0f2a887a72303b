/** Every item of a list, page by page. */
export async function throughPages<T>(list: (cursor: string | undefined) => Promise<{ readonly items: readonly T[]; readonly nextCursor: string | undefined }> | { readonly items: readonly T[]; readonly nextCursor: string | undefined }): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await list(cursor);
    all.push(...items);
    cursor = nextCursor;
  } while (cursor !== undefined);
  return all;
}
/** As a list should be that goes by these numbers, ties by ID. */
export const inOrder = (rows: readonly { readonly id: string; readonly at: number }[], backwards: boolean): string[] =>
  [...rows].sort((a, b) => (a.at - b.at || (a.id < b.id ? -1 : 1)) * (backwards ? -1 : 1)).map(({ id }) => id);
