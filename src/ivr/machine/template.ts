import { compile, evaluate, type Expression, type Scope, type Value } from '../expressions/index.js';

const mark = Symbol('template');
/** A variable, an expression, or a secret that only the driver may know. */
type Piece = string | { readonly variable: string } | { readonly expression: Expression } | { readonly secret: string };
/** A text with values to be put in: `$name`, `${expression}`, `${NAME}` (a secret, in capitals); `$$` is a dollar. */
export interface Template {
  readonly [mark]: true;
  readonly pieces: readonly Piece[];
}
/** A value as a designer wrote it, with templates in place of texts that have variables. */
export type Written = string | number | boolean | null | Template | readonly Written[] | { readonly [name: string]: Written };

export type ReadTemplate =
  | { readonly ok: true; readonly text: string | Template; readonly names: readonly string[]; readonly secrets: readonly string[] }
  /** `column` counts from 1 in the text. */
  | { readonly ok: false; readonly message: string; readonly column: number };

const NAME = /^\$([a-z][a-z0-9_]*)/;
const SECRET = /^([A-Z][A-Z0-9_]*)$/;

/** A text without variables stays a text. */
export function readTemplate(text: string): ReadTemplate {
  if (!text.includes('$')) return { ok: true, text, names: [], secrets: [] };
  const pieces: Piece[] = [];
  const names: string[] = [];
  const secrets: string[] = [];
  let plain = '';
  const put = (piece: Exclude<Piece, string>): void => {
    if (plain !== '') pieces.push(plain);
    plain = '';
    pieces.push(piece);
  };
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at, at + 100);
    const variable = NAME.exec(rest)?.[1];
    if (rest.startsWith('$$')) {
      plain += '$';
      at += 2;
    } else if (variable !== undefined) {
      put({ variable });
      names.push(variable);
      at += variable.length + 1;
    } else if (rest.startsWith('${')) {
      const end = closing(text, at + 2);
      if (end === undefined) return { ok: false, message: '"${" is not closed', column: at + 1 };
      const inner = text.slice(at + 2, end);
      const secret = SECRET.exec(inner)?.[1];
      if (secret !== undefined) {
        put({ secret });
        secrets.push(secret);
      } else {
        const compiled = compile(inner);
        if (!compiled.ok) return { ok: false, message: compiled.message, column: at + 2 + compiled.column };
        put({ expression: compiled.expression });
        names.push(...compiled.names);
      }
      at = end + 1;
    } else {
      plain += text[at] ?? '';
      at += 1;
    }
  }
  if (plain !== '' || pieces.length === 0) pieces.push(plain);
  const [only] = pieces;
  if (pieces.length === 1 && typeof only === 'string') return { ok: true, text: only, names, secrets };
  return { ok: true, text: { [mark]: true, pieces }, names, secrets };
}

/** Where the brace is that closes what was opened before `from`; braces in quotes do not count. */
function closing(text: string, from: number): number | undefined {
  let depth = 1;
  let quote: string | undefined;
  for (let at = from; at < text.length; at += 1) {
    const c = text[at];
    if (quote !== undefined) {
      if (c === '\\') at += 1;
      else if (c === quote) quote = undefined;
    } else if (c === '"' || c === "'") quote = c;
    else if (c === '{') depth += 1;
    else if (c === '}' && (depth -= 1) === 0) return at;
  }
  return undefined;
}

export const isTemplate = (written: unknown): written is Template => typeof written === 'object' && written !== null && mark in written;

export interface Rendered<T> {
  readonly value: T;
  /** Why a part of it could not be worked out; that part is empty. */
  readonly failed: string | undefined;
}

/** The text with values in it; what holds nothing leaves nothing. Secrets stay out of every text that is not a request. */
export function renderText(text: string | Template, scope: Scope, inserted?: (value: string) => string): Rendered<string> {
  const { value, failed } = renderParts(text, scope, inserted);
  return { value: value.map((part) => (typeof part === 'string' ? part : '')).join(''), failed };
}

/** What of a text is the same for all, before the first value. */
export function beginningOf(text: string | Template): string {
  const [first] = isTemplate(text) ? text.pieces : [text];
  return typeof first === 'string' ? first : '';
}

/** The text with this word in the place of every value: what can be checked beforehand. */
export const withWord = (text: string | Template, word: string): string => (isTemplate(text) ? text.pieces.map((piece) => (typeof piece === 'string' ? piece : word)).join('') : text);

export type Part = string | { readonly secret: string };
/** As `renderText`, with secrets still by name. `inserted` is done to every value that is put in. */
export function renderParts(text: string | Template, scope: Scope, inserted: (value: string) => string = (value) => value): Rendered<readonly Part[]> {
  if (!isTemplate(text)) return { value: [text], failed: undefined };
  let failed: string | undefined;
  const value = text.pieces.map((piece): Part => {
    if (typeof piece === 'string' || 'secret' in piece) return piece;
    const worked = valueOf(piece, scope);
    failed ??= worked.failed;
    return inserted(toText(worked.value));
  });
  return { value, failed };
}

/** The value as written, with variables in it: `"$name"` and `"${expression}"` alone keep their type, else they become text. */
export function renderValue(written: Written, scope: Scope): Rendered<Value> {
  if (isTemplate(written)) {
    const [only, ...more] = written.pieces;
    return more.length === 0 && typeof only === 'object' && !('secret' in only) ? valueOf(only, scope) : renderText(written, scope);
  }
  if (typeof written !== 'object' || written === null) return { value: written, failed: undefined };
  let failed: string | undefined;
  const inner = (one: Written): Value => {
    const worked = renderValue(one, scope);
    failed ??= worked.failed;
    return worked.value;
  };
  if (isList(written)) return { value: written.map(inner), failed };
  const value = Object.fromEntries(Object.entries(written as Readonly<Record<string, Written>>).map(([name, one]) => [name, inner(one)]));
  return { value, failed };
}
const isList = (written: object): written is readonly Written[] => Array.isArray(written);

function valueOf(piece: Exclude<Piece, string | { secret: string }>, scope: Scope): Rendered<Value> {
  if ('variable' in piece) return { value: Object.hasOwn(scope, piece.variable) ? (scope[piece.variable] ?? null) : null, failed: undefined };
  const worked = evaluate(piece.expression, scope);
  return worked.ok ? { value: worked.value, failed: undefined } : { value: null, failed: worked.message };
}

/** As it is spoken or sent: nothing for nothing, lists with commas. */
function toText(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'object') return Array.isArray(value) ? value.map((one: Value) => toText(one)).filter((one) => one !== '').join(', ') : JSON.stringify(value);
  return String(value);
}
