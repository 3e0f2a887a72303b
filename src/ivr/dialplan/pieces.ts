import type { Parsed, Places, YamlData } from '../../config/index.js';

/** Some flows of a file, each with its places. */
export type Piece = readonly (readonly [flow: string, value: unknown, places: readonly [key: number, value: Places] | undefined])[];
/** A file that was read, its flows apart: taking over all of a large one at once would hold up the calls. */
export interface Pieces {
  readonly head: Parsed<YamlData>;
  readonly flows: readonly Piece[];
}

/** Values in one piece; a large flow is a piece of its own. */
const SIZE = 1_000;

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

export function inPieces(head: Parsed<YamlData>): Pieces {
  const flows = head.ok && isMap(head.value.value) ? head.value.value.flows : undefined;
  const places = head.ok ? flowPlaces(head.value.places) : undefined;
  if (!head.ok || !isMap(flows) || !places) return { head, flows: [] };
  const pieces: Piece[number][][] = [[]];
  let room = SIZE;
  for (const [flow, value] of Object.entries(flows)) {
    if (room <= 0) {
      pieces.push([]);
      room = SIZE;
    }
    pieces.at(-1)?.push([flow, value, places.get(flow)]);
    room -= sizeOf(value, SIZE);
  }
  const value = { ...(head.value.value as object), flows: {} };
  return { head: { ok: true, value: { ...head.value, value, places: withoutFlows(head.value.places) } }, flows: pieces };
}

/** Puts a piece back; `head` is ours alone. */
export function putBack({ value, places }: YamlData, piece: Piece): void {
  const [into, at] = [(value as { readonly flows: Record<string, unknown> }).flows, flowPlaces(places) as Map<string, readonly [number, Places]>];
  for (const [flow, steps, place] of piece) {
    // As `defineProperty` of the parser: a flow named __proto__ is a flow.
    Object.defineProperty(into, flow, { value: steps, enumerable: true, writable: true, configurable: true });
    if (place) at.set(flow, place);
  }
}

const isKeyed = (places: Places | undefined): places is Extract<Places, { readonly keys: unknown }> => typeof places === 'object' && 'keys' in places;

function flowPlaces(places: Places): ReadonlyMap<string, readonly [key: number, value: Places]> | undefined {
  const flows = isKeyed(places) ? places.keys.get('flows')?.[1] : undefined;
  return isKeyed(flows) ? flows.keys : undefined;
}

function withoutFlows(places: Places): Places {
  const found = isKeyed(places) ? places.keys.get('flows') : undefined;
  if (!isKeyed(places) || !found) return places;
  const [key, value] = found;
  return { at: places.at, keys: new Map([...places.keys, ['flows', [key, isKeyed(value) ? { at: value.at, keys: new Map() } : value]]]) };
}

/** How many values there are in it; it need not count beyond `most`. */
function sizeOf(value: unknown, most: number): number {
  let size = 0;
  for (const toVisit = [value]; toVisit.length > 0 && size < most; size += 1) {
    const one = toVisit.pop();
    if (typeof one === 'object' && one !== null) for (const inner of Object.values(one)) toVisit.push(inner);
  }
  return size;
}
