import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Node } from 'yaml';
import type { z } from 'zod';
import type { ConfigFault } from './faults.js';
import { nearest } from './nearest.js';

/** A parsed file that can still say where each of its values stands. */
export interface Source {
  readonly file: string;
  readonly value: unknown;
  /** A fault at the value (or, with `key`, at the key) that `path` leads to; at the nearest parent where it is missing. */
  fault(path: readonly PropertyKey[], code: string, message: string, hint?: string, key?: boolean): ConfigFault;
}

export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly faults: readonly ConfigFault[] };

/** Where a value begins, in characters from the start of the text, and where those in it do: by key (with the key's own place), or in order. */
export type Places = number | { readonly at: number; readonly keys: ReadonlyMap<string, readonly [key: number, value: Places]> } | { readonly at: number; readonly items: readonly Places[] };
/** What a `Source` is made of: plain data, so that another thread may have read it. */
export interface YamlData {
  readonly value: unknown;
  readonly places: Places;
  /** Where each line begins, in characters. */
  readonly lines: readonly number[];
}

/** Reads YAML 1.2; duplicate keys and syntax errors are faults with their place. */
export function parseYaml(file: string, text: string): Parsed<Source> {
  const read = readYamlData(file, text);
  return read.ok ? { ok: true, value: sourceOf(file, read.value) } : read;
}

export function sourceOf(file: string, { value, places, lines }: YamlData): Source {
  return { file, value, fault: (path, code, message, hint, key = false) => ({ file, ...lineOf(lines, offsetOf(places, path, key)), code, message, hint }) };
}

/** The first half of `parseYaml`, and the slow one: `sourceOf` is the other. */
export function readYamlData(file: string, text: string): Parsed<YamlData> {
  const lines = new LineCounter();
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false }); // its own check takes time with the square of the keys
  const syntax = (offset: number, message: string): ConfigFault => ({ file, ...lineOf(lines.lineStarts, offset), code: 'config.syntax', message, hint: 'YAML 1.2; indent with spaces' });
  const problems = [...doc.errors, ...doc.warnings];
  if (problems.length > 0) return { ok: false, faults: problems.slice(0, MOST_FAULTS).map((e) => syntax(e.pos[0], e.message)) };
  const twice = keysTwice(doc.contents);
  if (twice.length > 0) return { ok: false, faults: twice.slice(0, MOST_FAULTS).map((key) => syntax(start(key), 'Map keys must be unique')) };
  let value: unknown;
  try {
    value = doc.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    return { ok: false, faults: [{ file, line: 1, column: 1, code: 'config.syntax', message: cause instanceof Error ? cause.message : String(cause), hint: undefined }] };
  }
  return { ok: true, value: { value, places: placesIn(doc.contents), lines: lines.lineStarts } };
}

/** Both count from 1. */
function lineOf(lines: readonly number[], offset: number): { readonly line: number; readonly column: number } {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return { line: Math.max(1, low), column: offset - (lines[low - 1] ?? 0) + 1 };
}

/** Nobody reads more of one file; finding the place of a fault takes time. */
const MOST_FAULTS = 200;

/** Keys that their map has already. */
function keysTwice(root: unknown): Node[] {
  const found: Node[] = [];
  const toVisit: unknown[] = [root];
  while (toVisit.length > 0) {
    const node = toVisit.pop();
    if (isSeq(node)) for (const item of node.items) toVisit.push(item);
    if (!isMap(node)) continue;
    const seen = new Set<string>();
    for (const { key, value } of node.items) {
      toVisit.push(value);
      if (!isScalar(key)) continue;
      const name = String(key.value);
      if (seen.has(name)) found.push(key);
      seen.add(name);
    }
  }
  return found.sort((a, b) => start(a) - start(b));
}

function placesIn(node: unknown): Places {
  const at = isNode(node) ? start(node) : 0;
  if (isSeq(node)) return { at, items: node.items.map((item) => (isNode(item) ? placesIn(item) : at)) };
  if (!isMap(node)) return at;
  const keys = new Map<string, readonly [number, Places]>();
  for (const { key, value } of node.items) {
    if (!isScalar(key)) continue;
    const keyAt = start(key);
    keys.set(String(key.value), [keyAt, isNode(value) ? placesIn(value) : keyAt]);
  }
  return { at, keys };
}

function offsetOf(places: Places, path: readonly PropertyKey[], wantKey: boolean): number {
  let here = places;
  for (const [i, step] of path.entries()) {
    if (typeof here === 'number') return here;
    const [keyAt, inner] = 'keys' in here ? (here.keys.get(String(step)) ?? []) : [undefined, here.items[Number(step)]];
    if (inner === undefined) return here.at;
    if (wantKey && keyAt !== undefined && i === path.length - 1) return keyAt;
    here = inner;
  }
  return typeof here === 'number' ? here : here.at;
}
const start = (node: Node): number => node.range?.[0] ?? 0;

/** Checks a parsed file against its schema; every issue becomes a fault with file, line and column. */
export function checkYaml<T>(source: Source, schema: z.ZodType<T>): Parsed<T> {
  const result = schema.safeParse(source.value ?? {});
  if (result.success) return { ok: true, value: result.data };
  const faults: ConfigFault[] = [];
  for (const issue of result.error.issues) if (faults.length < MOST_FAULTS) faults.push(...toFaults(source, issue, schema));
  return { ok: false, faults };
}

/** `parseYaml` and `checkYaml` in one go: for every room that reads files people write. */
export function readYaml<T>(file: string, text: string, schema: z.ZodType<T>): Parsed<T> & { readonly source?: Source } {
  const parsed = parseYaml(file, text);
  if (!parsed.ok) return parsed;
  return { ...checkYaml(parsed.value, schema), source: parsed.value };
}

function toFaults(source: Source, issue: z.core.$ZodIssue, schema: z.ZodType): ConfigFault[] {
  const path = issue.path;
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = knownKeys(schema, path);
      return issue.keys.map((key) => {
        const meant = nearest(key, known);
        const hint = meant === undefined ? (known.length > 0 ? `known here: ${known.join(', ')}` : undefined) : `did you mean "${meant}"?`;
        return source.fault([...path, key], 'config.unknown_key', `unknown key "${key}"`, hint, true);
      });
    }
    case 'invalid_type': {
      const name = path.length > 0 ? `"${String(path.at(-1))}"` : 'the file';
      if (/received undefined/.test(issue.message)) return [source.fault(path, 'config.missing', `${name} is missing`, `it must be of type ${issue.expected}`)];
      const hint = issue.expected === 'string' && /received number/.test(issue.message) ? 'write it in quotes' : undefined;
      return [source.fault(path, 'config.wrong_type', `${name} must be of type ${issue.expected}`, hint)];
    }
    case 'invalid_value':
      return [source.fault(path, 'config.wrong_value', `${label(path)}must be one of ${issue.values.map(String).join(', ')}`, undefined)];
    case 'invalid_union': {
      const branches = issue.errors.filter((branch) => branch.length > 0);
      // The branch that got furthest is the one that was meant.
      const deepest = branches.sort((a, b) => depth(b) - depth(a))[0] ?? [];
      return deepest.length > 0
        ? deepest.flatMap((inner) => toFaults(source, { ...inner, path: [...path, ...inner.path] }, schema))
        : [source.fault(path, 'config.wrong_value', `${label(path)}has none of the known forms`, undefined)];
    }
    case 'custom': {
      const params: Record<string, unknown> = issue.params ?? {};
      return [source.fault(path, text(params.code) ?? 'config.wrong_value', issue.message, text(params.hint), params.key === true)];
    }
    case 'too_big': case 'too_small': case 'invalid_format': case 'not_multiple_of': case 'invalid_key': case 'invalid_element':
      return [source.fault(path, 'config.wrong_value', `${label(path)}${lowerFirst(issue.message)}`, undefined)];
  }
}
const depth = (issues: readonly z.core.$ZodIssue[]): number => Math.max(...issues.map((i) => i.path.length + (i.code === 'unrecognized_keys' ? 1 : 0)));
const label = (path: readonly PropertyKey[]): string => (path.length > 0 ? `"${String(path.at(-1))}": ` : '');
const text = (v: unknown): string | undefined => (typeof v === 'string' ? v : undefined);
const lowerFirst = (s: string): string => s.charAt(0).toLowerCase() + s.slice(1);

/** The keys the schema knows at `path`, looking through optionals, defaults, transforms, arrays, records and unions. */
function knownKeys(schema: unknown, path: readonly PropertyKey[]): string[] {
  const def = defOf(schema);
  if (!def) return [];
  for (const inner of [def.innerType, def.in]) if (inner !== undefined && def.type !== 'object') return knownKeys(inner, path);
  if (def.type === 'lazy' && typeof def.getter === 'function') return knownKeys((def.getter as () => unknown)(), path);
  if (def.type === 'union' && Array.isArray(def.options)) return [...new Set(def.options.flatMap((o) => knownKeys(o, path)))];
  const [step, ...rest] = path;
  if (def.type === 'object') {
    const shape = (def.shape ?? {}) as Record<string, unknown>;
    return step === undefined ? Object.keys(shape) : knownKeys(shape[String(step)], rest);
  }
  if (step === undefined) return [];
  if (def.type === 'array') return knownKeys(def.element, rest);
  if (def.type === 'record') return knownKeys(def.valueType, rest);
  return [];
}
function defOf(schema: unknown): Record<string, unknown> | undefined {
  if (typeof schema !== 'object' || schema === null || !('_zod' in schema)) return undefined;
  const internals = schema._zod as { readonly def?: Record<string, unknown> };
  return internals.def;
}
