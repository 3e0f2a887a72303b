import { Environment, EvaluationError, ParseError, TypeError as CelTypeError, type ParseResult } from '@marcbachmann/cel-js';
import { compilePattern } from './pattern.js';
import type { CompiledExpression, Evaluated, Expression, Scope } from './types.js';
import { tooMuchWork, toValue, Unusable } from './values.js';
import { Refused, survey, type Survey } from './walk.js';

/** Characters. */
const LONGEST = 2_000;
const LIMITS = { maxAstNodes: 300, maxDepth: 30, maxListElements: 100, maxMapEntries: 100, maxCallArguments: 8 };

interface Inner extends Expression {
  readonly run: ParseResult;
  readonly survey: Survey;
}

const environment = prepare();

/** Whole numbers of JSON are `double` here, so that `total / 2` does not depend on what `total` happens to be. */
function prepare(): Environment {
  const env = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false, limits: LIMITS });
  const arithmetic: Readonly<Record<string, (a: number, b: number) => number>> = { '+': (a, b) => a + b, '-': (a, b) => a - b, '*': (a, b) => a * b, '/': (a, b) => a / b };
  for (const [sign, work] of Object.entries(arithmetic))
    for (const [left, right] of [['double', 'int'], ['int', 'double']] as const) env.registerOperator(`${left} ${sign} ${right}: double`, (a: number | bigint, b: number | bigint) => work(Number(a), Number(b)));
  for (const [left, right] of [['double', 'int'], ['int', 'double'], ['double', 'double']] as const)
    env.registerOperator(`${left} % ${right}: double`, (a: number | bigint, b: number | bigint) => Number(a) % Number(b));
  env.registerFunction('string.matchesInLinearTime(string): bool', (text: string, written: string) => {
    const pattern = compilePattern(written);
    if (!pattern.ok) throw new Unusable(pattern.message);
    return pattern.found(text);
  });
  return env;
}

/** Reads a CEL expression. It can reach nothing but what `evaluate` gives it, and its work is bounded. */
export function compile(text: string): CompiledExpression {
  if (text.length > LONGEST) return { ok: false, message: `an expression of ${text.length} characters is too long; at most ${LONGEST}`, column: 1 };
  try {
    const run = environment.parse(text);
    const found = survey(run.ast);
    const names = [...found.names];
    const typed = run.check();
    if (!typed.valid && typed.error) return { ok: false, message: typed.error.summary, column: columnOf(typed.error.range?.start) };
    const inner = { text, names, run, survey: found } as unknown as Inner;
    return { ok: true, expression: inner, names, paths: [...found.paths] };
  } catch (cause) {
    if (cause instanceof Refused) return { ok: false, message: cause.message, column: columnOf(cause.at) };
    if (cause instanceof ParseError || cause instanceof CelTypeError) return { ok: false, message: cause.summary, column: columnOf(cause.range?.start) };
    throw cause;
  }
}
const columnOf = (start = 0): number => start + 1;

/** Never throws: what cannot be worked out (a field that is not there, text plus number) says why. */
export function evaluate(expression: Expression, scope: Scope): Evaluated {
  const { run, names, survey: found } = expression as Inner;
  const seen = Object.fromEntries(names.map((name) => [name, Object.hasOwn(scope, name) ? (scope[name] ?? null) : null]));
  if (tooMuchWork(seen, found)) return { ok: false, message: 'there is too much data to go through' };
  try {
    return { ok: true, value: toValue(run(seen)) };
  } catch (cause) {
    if (cause instanceof EvaluationError || cause instanceof CelTypeError) return { ok: false, message: cause.summary };
    if (cause instanceof Unusable) return { ok: false, message: cause.message };
    throw cause;
  }
}
