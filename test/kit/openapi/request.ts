import fc from 'fast-check';
import type { OpenApi, Op, Parameter } from './document.js';
import { junk, nasty, spoilt, valid } from './values.js';

/** As it goes over the socket: the path is not mended on the way. */
export type Request = { readonly method: string; readonly path: string; readonly headers: Readonly<Record<string, string>>; readonly body: string | undefined };
/** IDs and names seen in answers so far, by the collection they stand in. */
export type Seen = ReadonlyMap<string, readonly string[]>;

/** What is left to choose when the request is sent: which of the things that exist then. */
type Choice = { readonly path: readonly PathPart[]; readonly query: string; readonly headers: Readonly<Record<string, string>>; readonly body: string | undefined; readonly token: 'admin' | 'none' | 'wrong'; readonly swap: number };
type PathPart = { readonly known: number } | { readonly text: string };

const encoded = (text: string): string => encodeURIComponent(text.replaceAll(/[\ud800-\udfff]/gu, '\ufffd'));
/** Raw bytes that are no UTF-8, a slash in disguise, dots in disguise. */
const RAW = ['%ff%fe', '%c0%ae%c0%ae', '..%2f..%2fetc%2fpasswd', '%252e%252e%252f', '%00', '%E0%A4%A', 'a%0d%0ax-injected:%20b', 'x'.repeat(4_000), '%', '%zz'];

const pathPart = (document: OpenApi, { schema = {} }: Parameter): fc.Arbitrary<PathPart> => fc.oneof(
  { weight: 12, arbitrary: fc.nat().map((known) => ({ known })) },
  { weight: 3, arbitrary: valid(document, schema).map((value) => ({ text: encoded(String(value)) })) },
  { weight: 2, arbitrary: nasty.filter((text) => !/^\.{0,2}$/.test(text)).map((text) => ({ text: encoded(text) })) },
  { weight: 1, arbitrary: fc.constantFrom(...RAW).map((text) => ({ text })) },
);

/** Each parameter: mostly left out or right, sometimes wrong, sometimes given twice. */
const parameter = (document: OpenApi, { schema = {}, required = false, example }: Parameter): fc.Arbitrary<readonly string[]> => {
  const right = valid(document, example === undefined ? schema : { ...schema, example }).map((value) => (Array.isArray(value) ? value.map(String) : [String(value)]));
  return fc.oneof({ weight: required ? 1 : 8, arbitrary: fc.constant([]) }, { weight: required ? 16 : 3, arbitrary: right }, { weight: 1, arbitrary: fc.array(nasty, { minLength: 1, maxLength: 2 }) });
};

function bodyOf(document: OpenApi, { body }: Op): fc.Arbitrary<{ readonly body: string | undefined; readonly type: string | undefined }> {
  const [type, media] = Object.entries(body ?? {})[0] ?? [];
  if (type === undefined) return fc.oneof({ weight: 9, arbitrary: fc.constant({ body: undefined, type: undefined }) }, { weight: 1, arbitrary: junk.map((value) => ({ body: JSON.stringify(value), type: 'application/json' })) });
  if (!type.includes('json')) return fc.oneof(fc.string({ unit: 'binary', minLength: 1, maxLength: 400 }), fc.constantFrom('%PDF-1.4\n', '\u0089PNG\r\n\u001a\n', 'GIF89a', 'plain words')).map((text) => ({ body: text, type }));
  const right = valid(document, media?.schema ?? {});
  const said = (value: unknown): string => JSON.stringify(value === undefined ? null : value);
  return fc.oneof(
    { weight: 10, arbitrary: right.map((value) => ({ body: said(value), type })) },
    { weight: 8, arbitrary: fc.tuple(right, fc.nat(), junk).map(([value, where, by]) => ({ body: said(spoilt(value, where, by)), type })) },
    { weight: 2, arbitrary: junk.map((value) => ({ body: said(value), type })) },
    { weight: 1, arbitrary: fc.constantFrom({ body: '{"a":', type }, { body: '', type }, { body: '{}', type: 'text/plain' }, { body: '\u0000', type }, { body: '{"__proto__":{"admin":true}}', type }, { body: '{"a":1,"a":2}', type }, { body: undefined, type: undefined }) },
  );
}

const IF_MATCH = fc.oneof({ weight: 6, arbitrary: fc.constant('*') }, { weight: 2, arbitrary: fc.constant(undefined) }, { weight: 2, arbitrary: fc.constantFrom('"x"', 'W/"x"', 'x', '"a", "b"', '""') });

export function choices(document: OpenApi, op: Op): fc.Arbitrary<Choice> {
  const at = (where: Parameter['in']): readonly Parameter[] => op.parameters.filter((p) => p.in === where);
  const headers = at('header').filter(({ name }) => !/^(if-match|idempotency-key)$/i.test(name));
  return fc.record({
    path: fc.tuple(...at('path').map((p) => pathPart(document, p))),
    query: fc.tuple(...at('query').map((p) => parameter(document, p))), headers: fc.tuple(...headers.map((p) => parameter(document, p))),
    ifMatch: op.method === 'get' ? fc.constant(undefined) : IF_MATCH, key: fc.option(fc.stringMatching(/^[a-z]{8}$/), { nil: undefined, freq: 8 }), body: bodyOf(document, op),
    swap: fc.nat(), token: fc.oneof({ weight: 30, arbitrary: fc.constant('admin' as const) }, { weight: 1, arbitrary: fc.constantFrom('none' as const, 'wrong' as const) }),
  }).map(({ path, query, headers: given, ifMatch, key, body, token, swap }): Choice => {
    const asked = at('query').flatMap(({ name }, i) => (query[i] ?? []).map((value) => `${encoded(name)}=${encoded(value)}`)).join('&');
    const all = {
      ...Object.fromEntries(headers.flatMap(({ name }, i) => (given[i]?.[0] === undefined ? [] : [[name.toLowerCase(), printable(given[i][0])]]))),
      ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }), ...(key === undefined ? {} : { 'idempotency-key': key }), ...(body.type === undefined ? {} : { 'content-type': body.type }),
    };
    return { path, query: asked === '' ? '' : `?${asked}`, headers: all, body: body.body, token, swap };
  });
}
/** What a header may hold at all: Node refuses to send the rest. */
const printable = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '?').trim();

/** The request as it stands now. */
export function requestOf(op: Op, choice: Choice, seen: Seen, token: string): Request {
  let at = 0;
  const path = op.path.replaceAll(/\{(\w+)\}/g, (_all, name: string, offset: number) => {
    const part = choice.path[at++] ?? { text: 'x' };
    if ('text' in part) return part.text;
    const pool = seen.get(collectionOf(op.path.slice(0, offset))) ?? seen.get(name) ?? ['nothing'];
    return encoded(pool[part.known % pool.length] ?? 'nothing');
  });
  const authorization = { admin: `Bearer ${token}`, wrong: 'Bearer nobodys', none: undefined }[choice.token];
  return { method: op.method.toUpperCase(), path: path + choice.query, headers: { ...choice.headers, ...(authorization === undefined ? {} : { authorization }) }, body: swapped(choice, seen) };
}
/** Where a body names a queue, an agent, a role, …, mostly one that there is. */
function swapped({ body, swap }: Choice, seen: Seen): string | undefined {
  if (!body?.startsWith('{') || swap % 4 === 0) return body;
  try {
    return JSON.stringify(JSON.parse(body), (key, value: unknown) => {
      const pool = seen.get(key) ?? seen.get(`${key}s`) ?? [];
      const known = pool[swap % Math.max(1, pool.length)];
      if (known === undefined) return value;
      return typeof value === 'string' ? known : Array.isArray(value) && value.every((one) => typeof one === 'string') && value.length > 0 ? [known] : value;
    });
  } catch {
    return body; // it is meant to be broken
  }
}
/** `/v1/webhooks/{id}/dead-letters/` is of the collection `dead-letters`. */
export const collectionOf = (path: string): string => path.split('/').filter((part) => part !== '' && !part.startsWith('{')).at(-1) ?? '';
