import fc from 'fast-check';
import { resolved, type OpenApi, type Schema } from './document.js';

/** Text that has broken programs before. Nothing in here names a host that exists. */
export const NASTY = [
  '', ' ', '\u0000', '\u202e', '\ud800', 'ｎｕｌｌ', '𝕊🤯', '张伟', "'; DROP TABLE users; --", '" OR 1=1', '../../etc/passwd', '..\\..', '%00', '%', '${7*7}', '{{7*7}}', '__proto__', 'constructor', 'toString', 'hasOwnProperty',
  '<script>', '\r\nSet-Cookie: a=b', 'a'.repeat(300), '٣', '1e309', 'NaN', '-0', '0x10', '9'.repeat(40), 'true', 'null', '[]', '{}', '*', '?', '#', 'file:///etc/passwd', 'http://127.0.0.1:1/',
] as const;
export const nasty = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary', maxLength: 12 }), fc.string({ unit: 'grapheme', maxLength: 12 }));

const HUGE = [0, -1, 1, 0.5, -0, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 53, -(2 ** 53), 1e21, 1e308, -1e308, 5e-324] as const;
const shallow: fc.Arbitrary<unknown> = fc.oneof(nasty, fc.constantFrom<unknown>(...HUGE), fc.constantFrom<unknown>(null, true, false, [], {}, [null], { a: [{}] }));
const nested = fc.integer({ min: 2, max: 70 }).map((depth) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown);
/** Anything that JSON can say. */
export const junk: fc.Arbitrary<unknown> = fc.oneof({ weight: 8, arbitrary: shallow }, { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) }, { weight: 1, arbitrary: nested });

const FORMATS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  'date-time': fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }).map((date) => date.toISOString()),
  date: fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10)),
  email: fc.stringMatching(/^[a-z]{1,9}@[a-z]{1,9}\.invalid$/),
  uri: fc.stringMatching(/^https:\/\/[a-z]{1,9}\.invalid\/[a-z]{0,9}$/),
};
const DEEPEST = 6;

/** Values that a schema takes. */
export function valid(document: OpenApi, part: Schema, depth = 0): fc.Arbitrary<unknown> {
  const schema = resolved<Schema>(document, part);
  const inner = (one: Schema): fc.Arbitrary<unknown> => valid(document, one, depth + 1);
  const made = ((): fc.Arbitrary<unknown> => {
    if (schema.const !== undefined) return fc.constant(schema.const);
    if (schema.enum) return fc.constantFrom(...schema.enum);
    const either = schema.anyOf ?? schema.oneOf;
    if (either) return fc.oneof(...either.map(inner));
    if (schema.allOf) return fc.tuple(...schema.allOf.map(inner), inner({ ...schema, allOf: undefined } as unknown as Schema)).map((parts) => Object.assign({}, ...parts) as unknown);
    const types = typeof schema.type === 'string' ? [schema.type] : schema.type;
    return types ? fc.oneof(...types.map((type) => typed(schema, type, inner, depth))) : schema.properties ? typed(schema, 'object', inner, depth) : fc.jsonValue({ maxDepth: 1 });
  })();
  return schema.example === undefined || !plausible(schema.example, schema) ? made : fc.oneof({ weight: 2, arbitrary: made }, { weight: 1, arbitrary: fc.constant(schema.example) });
}
const plausible = (example: unknown, { type }: Schema): boolean => (type === 'array') === Array.isArray(example) && (type === 'object') === (typeof example === 'object' && example !== null && !Array.isArray(example));

function typed(schema: Schema, type: string, inner: (one: Schema) => fc.Arbitrary<unknown>, depth: number): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null': return fc.constant(null);
    case 'boolean': return fc.boolean();
    case 'integer': return fc.integer({ min: Math.max(schema.minimum ?? -100, -(2 ** 53) + 1), max: Math.min(schema.maximum ?? 10_000, 2 ** 53 - 1) });
    case 'number': return fc.double({ min: schema.minimum ?? schema.exclusiveMinimum ?? -1e6, max: schema.maximum ?? 1e6, noNaN: true, minExcluded: schema.exclusiveMinimum !== undefined });
    case 'string': return text(schema);
    case 'array': return fc.array(inner(schema.items ?? {}), { minLength: schema.minItems ?? 0, maxLength: depth > DEEPEST ? (schema.minItems ?? 0) : Math.min(schema.maxItems ?? 3, (schema.minItems ?? 0) + 3) });
    default: return object(schema, inner, depth);
  }
}

function text({ format, pattern, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  const known = format === undefined ? undefined : FORMATS[format];
  if (known) return known;
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern, 'u')).filter((made) => made.length >= minLength && made.length <= Math.max(maxLength, 40));
  const length = { minLength, maxLength: Math.min(maxLength, minLength + 24) };
  return fc.oneof(fc.stringMatching(/^[a-z0-9]*$/, { maxLength: 12 }).map((made) => made.padEnd(minLength, 'x').slice(0, maxLength)), fc.string({ ...length, unit: 'grapheme' }).map((made) => made.slice(0, maxLength)));
}

function object({ properties = {}, required = [], additionalProperties, propertyNames }: Schema, inner: (one: Schema) => fc.Arbitrary<unknown>, depth: number): fc.Arbitrary<unknown> {
  const wanted = Object.entries(properties).filter(([key]) => depth <= DEEPEST || required.includes(key));
  const needed = required.filter((key) => key in properties);
  const some = (keys: readonly (readonly [string, Schema])[]): fc.Arbitrary<object> => fc.record(Object.fromEntries(keys.map(([key, schema]) => [key, inner(schema)])), { requiredKeys: needed });
  const optional = wanted.filter(([key]) => !needed.includes(key));
  // Much at once is hardly ever right as a whole: often only one of the things that may be left out.
  const fixed = optional.length < 2 ? some(wanted) : fc.oneof(some(wanted), fc.constantFrom(...optional).chain((one) => some([...wanted.filter(([key]) => needed.includes(key)), one])));
  if (typeof additionalProperties !== 'object' || depth > DEEPEST) return fixed;
  const key = propertyNames ? inner(propertyNames).map(String) : fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
  return fc.tuple(fixed, fc.dictionary(key, inner(additionalProperties), { maxKeys: 2 })).map(([known, more]) => ({ ...more, ...(known) }));
}

/** A value with one place in it spoilt: replaced, left out or added to. `where` chooses the place. */
export function spoilt(value: unknown, where: number, by: unknown): unknown {
  const copy = structuredClone({ root: value }) as Record<string, unknown>;
  const places: [holder: Record<string, unknown>, key: string][] = [];
  const walk = (holder: Record<string, unknown>): void => {
    for (const [key, child] of Object.entries(holder)) {
      places.push([holder, key]);
      if (typeof child === 'object' && child !== null) walk(child as Record<string, unknown>);
    }
  };
  walk(copy);
  const [holder, key] = places[where % places.length] ?? [copy, 'root'];
  const how = where % 4;
  if (how === 0 && holder !== copy && !Array.isArray(holder)) Reflect.deleteProperty(holder, key);
  else if (how === 1 && typeof holder[key] === 'object' && holder[key] !== null && !Array.isArray(holder[key])) Object.defineProperty(holder[key], typeof by === 'string' ? by : 'unknown_key', { value: by, enumerable: true, configurable: true });
  else holder[key] = by;
  return copy['root'];
}
