import type { Context } from 'hono';
import type { Field, Principal } from '../access/index.js';
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

/** What may be an address or a telephone number, wherever in a text it stands, in full-width signs too; a date is none. */
const ADDRESS = /[^\s@＠<>"'(),;:，；：、]{1,64}[@＠][^\s@＠<>"'(),;:，；：、]+/gu;
const NUMBER = /(?<!\p{Nd})(?!(?:19|20)\p{Nd}{2}-[01]\p{Nd}-[0-3]\p{Nd}(?!\p{Nd}))[+＋]?\p{Nd}(?:[-\s()./]{0,3}\p{Nd}){6,}/gu;

/** For what people filled in themselves: how a text looks to him, with the numbers and addresses in it as his role lets him see customers'. */
export function veilOf(principal: Pick<Principal, 'sees'>): (text: string) => string {
  const [phone, email] = [principal.sees('customers.phone'), principal.sees('customers.email')];
  if (phone && email) return (text) => text;
  return (text) => {
    const addressed = email ? text : text.replace(ADDRESS, hide['customers.email']);
    return phone ? addressed : addressed.replace(NUMBER, maskNumber);
  };
}
/** Each text in it, at any depth. */
export const inEvery = (value: unknown, how: (text: string) => string): unknown => covering(value, how);

/** These fields of it. */
export const pickedFrom = (item: object, fields: ReadonlySet<string>): object => Object.fromEntries(Object.entries(item).filter(([key]) => fields.has(key)));
