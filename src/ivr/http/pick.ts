import type { Value } from '../expressions/index.js';

export type ParsedPath = { readonly ok: true; readonly steps: readonly (string | number)[] } | { readonly ok: false; readonly message: string; readonly column: number };

const STEP = /\.?([\p{L}_][\p{L}\p{N}_-]*)|\[(-?\d{1,9})\]|\[(?:"([^"]*)"|'([^']*)')\]/uy;

/** `order.items[0].name`, with or without `$` in front; `[-1]` is the last, `["odd name"]` any name. `$` alone is all of it. */
export function parsePath(written: string): ParsedPath {
  const steps: (string | number)[] = [];
  let at = written.startsWith('$') ? 1 : 0;
  while (at < written.length) {
    STEP.lastIndex = at;
    const match = STEP.exec(written);
    if (!match || (at > 0 && match[1] !== undefined && !match[0].startsWith('.'))) return { ok: false, message: `"${written}" is not a path as order.items[0].name`, column: at + 1 };
    steps.push(match[2] === undefined ? (match[1] ?? match[3] ?? match[4] ?? '') : Number(match[2]));
    at = STEP.lastIndex;
  }
  if (written === '') return { ok: false, message: 'the path is empty', column: 1 };
  return { ok: true, steps };
}

/** What the path leads to; undefined where it leads nowhere. */
export function pick(json: Value, path: string): Value | undefined {
  const parsed = parsePath(path);
  if (!parsed.ok) return undefined;
  return parsed.steps.reduce<Value | undefined>((value, step) => {
    if (typeof value !== 'object' || value === null) return undefined;
    if (isList(value)) return typeof step === 'number' ? value.at(step) : undefined;
    const name = String(step);
    return Object.hasOwn(value, name) ? value[name] : undefined;
  }, json);
}
const isList = (value: object): value is readonly Value[] => Array.isArray(value);
