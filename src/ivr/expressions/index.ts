export { compile, evaluate } from './expressions.js';
export { compilePattern, type CompiledPattern } from './pattern.js';
export type { CompiledExpression, Evaluated, Expression, Scope, Value } from './types.js';
