/** What an expression may see and answer: what JSON can hold. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [name: string]: Value };
/** What the names in an expression stand for. A name that is not here is `null`. */
export type Scope = Readonly<Record<string, Value | undefined>>;

declare const compiled: unique symbol;
export interface Expression {
  readonly [compiled]: true;
  readonly text: string;
  /** What must be known from outside, without a path: `order` of `order.items[0]`. */
  readonly names: readonly string[];
}

export type CompiledExpression =
  | { readonly ok: true; readonly expression: Expression; readonly names: readonly string[]; readonly paths: readonly string[] }
  /** `column` counts from 1 in the text of the expression. */
  | { readonly ok: false; readonly message: string; readonly column: number };
export type Evaluated = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly message: string };
