import { SipSyntaxError } from './errors.js';
import { headerName, type HeaderName } from './names.js';
import { endOfElement, splitList, trimmed } from './scan.js';
import type { Headers as Fields } from './types.js';

class HeaderList implements Fields {
  #names: HeaderName[] = [];
  #values: string[] = [];
  #memo: Map<string, unknown> | undefined;

  constructor(entries: Iterable<readonly [name: string, value: string]> = []) {
    for (const [name, value] of entries) this.append(name, value);
  }

  get(name: string): string | undefined {
    return this.#values[this.#find(headerName(name).key)];
  }

  all(name: string): string[] {
    const { key, list } = headerName(name);
    const found: string[] = [];
    for (let i = 0; i < this.#names.length; i++) {
      const value = this.#values[i];
      if (this.#names[i]?.key !== key || value === undefined) continue;
      if (list) found.push(...splitList(value));
      else found.push(value);
    }
    return found;
  }

  set(name: string, value: string | number | readonly string[]): this {
    const entry = headerName(name);
    const values = (typeof value === 'object' ? value : [String(value)]).map(oneLine);
    const at = this.#find(entry.key);
    this.remove(name);
    const place = at < 0 ? this.#names.length : at;
    this.#names.splice(place, 0, ...values.map(() => entry));
    this.#values.splice(place, 0, ...values);
    return this;
  }

  prepend(name: string, value: string): this {
    const entry = headerName(name);
    const at = Math.max(0, this.#find(entry.key));
    this.#names.splice(at, 0, entry);
    this.#values.splice(at, 0, oneLine(value));
    this.#memo?.delete(entry.key);
    return this;
  }

  append(name: string, value: string): this {
    const entry = headerName(name);
    this.#names.push(entry);
    this.#values.push(oneLine(value));
    return this;
  }

  remove(name: string): boolean {
    const { key } = headerName(name);
    if (this.#find(key) < 0) return false;
    const kept = this.#names.map((n) => n.key !== key);
    this.#values = this.#values.filter((_, i) => kept[i]);
    this.#names = this.#names.filter((_, i) => kept[i]);
    this.#memo?.delete(key);
    return true;
  }

  removeFirst(name: string): string | undefined {
    return this.#swapFirst(name, undefined);
  }

  replaceFirst(name: string, value: string): this {
    this.#swapFirst(name, oneLine(value));
    return this;
  }

  has(name: string): boolean {
    return this.#find(headerName(name).key) >= 0;
  }

  count(name: string): number {
    const { key } = headerName(name);
    let n = 0;
    for (const entry of this.#names) if (entry.key === key) n++;
    return n;
  }

  *entries(): IterableIterator<readonly [name: string, value: string]> {
    for (let i = 0; i < this.#names.length; i++) yield [this.#names[i]?.name ?? '', this.#values[i] ?? ''];
  }

  text(): string {
    let text = '';
    for (let i = 0; i < this.#names.length; i++) {
      const entry = this.#names[i];
      if (entry && entry.key !== 'content-length') text += `${entry.name}: ${this.#values[i] ?? ''}\r\n`;
    }
    return text;
  }

  get size(): number {
    return this.#names.length;
  }

  clone(): HeaderList {
    const copy = new HeaderList();
    copy.#names = this.#names.slice();
    copy.#values = this.#values.slice();
    if (this.#memo) copy.#memo = new Map(this.#memo);
    return copy;
  }

  parsed<T>(name: string, parse: (value: string) => T): T | undefined {
    const { key, list } = headerName(name);
    const memo = (this.#memo ??= new Map<string, unknown>());
    if (memo.has(key)) return memo.get(key) as T;
    const value = this.#values[this.#find(key)];
    if (value === undefined) return undefined;
    const result = parse(list && value.includes(',') ? trimmed(value, 0, endOfElement(value, 0)) : value);
    memo.set(key, result);
    return result;
  }

  #find(key: string): number {
    const names = this.#names;
    for (let i = 0; i < names.length; i++) if (names[i]?.key === key) return i;
    return -1;
  }

  #swapFirst(name: string, value: string | undefined): string | undefined {
    const { key, list } = headerName(name);
    const at = this.#find(key);
    const old = this.#values[at];
    if (old === undefined) return undefined;
    this.#memo?.delete(key);
    const end = list ? endOfElement(old, 0) : old.length;
    const rest = end < old.length ? trimmed(old, end + 1, old.length) : undefined;
    const next = value !== undefined && rest !== undefined ? `${value}, ${rest}` : (value ?? rest);
    if (next === undefined) {
      this.#names.splice(at, 1);
      this.#values.splice(at, 1);
    } else this.#values[at] = next;
    return trimmed(old, 0, end);
  }
}

export type Headers = Fields;
export const Headers: new (entries?: Iterable<readonly [name: string, value: string]>) => Headers = HeaderList;

/** A line break in a value would let its author write header fields of his own. */
function oneLine(value: string): string {
  if (value.includes('\n') || value.includes('\r')) throw new SipSyntaxError('a header value may not hold a line break');
  return value;
}
