import type { Context } from 'hono';
import type { Field } from '../access/index.js';
import { maskNumber } from '../config/index.js';

type Masks = Readonly<Record<string, Field>>;

/** How each field looks to somebody who may not see it: enough to tell two apart, not enough to call. */
const hide: Readonly<Record<Field, (text: string) => string>> = {
  'calls.numbers': maskNumber,
  'customers.phone': maskNumber,
  'customers.email': (text) => text.replace(/^(.)[^@]*(@.*)?$/u, (_all, first: string, host: string | undefined) => `${first}***${host ?? ''}`),
  'customers.personal': (text) => `${Array.from(text)[0] ?? ''}**`,
};

/**
 * A copy in which whoever asks sees only what his role lets him see, at any depth: `masked(c, view, { from: 'calls.numbers' })` hides
 * the text of every `from`. Numbers, flags and null stay.
 */
export function masked<T>(c: Context, view: T, masks: Masks): T {
  const principal = c.get('principal');
  const hidden = Object.fromEntries(Object.entries(masks).filter(([, field]) => !principal.sees(field)));
  return Object.keys(hidden).length === 0 ? view : (covered(view, hidden) as T);
}

function covered(value: unknown, masks: Masks): unknown {
  if (Array.isArray(value)) return value.map((item) => covered(item, masks));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => {
    const field = Object.hasOwn(masks, key) ? masks[key] : undefined;
    return [key, field === undefined ? covered(item, masks) : covering(item, hide[field])];
  }));
}
function covering(value: unknown, how: (text: string) => string): unknown {
  if (typeof value === 'string') return how(value);
  return Array.isArray(value) ? value.map((item) => covering(item, how)) : typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, covering(v, how)])) : value;
}

/** These fields of it. */
export const pickedFrom = (item: object, fields: ReadonlySet<string>): object => Object.fromEntries(Object.entries(item).filter(([key]) => fields.has(key)));
