/** Work that pauses where whoever has calls to serve may come first. */
export type Slices<T> = Generator<undefined, T>;

export function atOnce<T>(work: Slices<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

/** What is found at each of many, with a pause after each. */
export function* each<T, F>(many: Iterable<T>, find: (one: T) => Iterable<F>): Slices<F[]> {
  const found: F[] = [];
  for (const one of many) {
    for (const fault of find(one)) found.push(fault);
    yield;
  }
  return found;
}
