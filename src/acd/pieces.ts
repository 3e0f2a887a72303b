/** Items of a list that are written in one go. */
const CHUNK = 200;

/**
 * A value as JSON, in pieces: the lists of a large centre are long, and nobody shall wait while all of them are written. Looks into
 * objects `depth` levels deep. What `JSON.stringify` leaves out is left out.
 */
export function* jsonPieces(value: unknown, depth = 3): Generator<string, void> {
  if (Array.isArray(value)) yield* listPieces(value);
  else if (typeof value !== 'object' || value === null || depth === 0) yield JSON.stringify(value);
  else yield* fieldPieces(value, depth - 1);
}

function* fieldPieces(value: object, depth: number): Generator<string, void> {
  let before = '{';
  for (const [key, field] of Object.entries(value)) {
    if (field === undefined) continue;
    yield `${before}${JSON.stringify(key)}:`;
    yield* jsonPieces(field, depth);
    before = ',';
  }
  yield before === '{' ? '{}' : '}';
}

function* listPieces(list: readonly unknown[]): Generator<string, void> {
  if (list.length === 0) yield '[';
  for (let from = 0; from < list.length; from += CHUNK) yield (from === 0 ? '[' : ',') + JSON.stringify(list.slice(from, from + CHUNK)).slice(1, -1);
  yield ']';
}
