import type { AttributeValue, Wish } from '../ports.js';
import type { Variables, WrittenWish } from './plan.js';
import type { FlowState } from './types.js';

/** How a variable is written where its value is wanted. */
export const VARIABLE = /^\$[a-z][a-z0-9_]*$/;

/** What is said of the caller, with the variables' values in it. A variable that holds nothing leaves its attribute out. */
export function wishOf(s: Pick<FlowState, 'variables' | 'language'>, step: WrittenWish): Wish {
  const known: Variables = { ...s.variables, ...(s.language === undefined ? {} : { language: s.language }) };
  const held = (word: string): string | number | undefined => (VARIABLE.test(word) ? plain(known[word.slice(1)]) : word);
  const value = (written: AttributeValue): AttributeValue | undefined => {
    if (typeof written === 'string') return held(written);
    if (typeof written === 'number') return written;
    return written.flatMap((word) => held(word) ?? []).map(String);
  };
  const attributes = Object.fromEntries(Object.entries(step.attributes).flatMap(([name, written]) => {
    const found = value(written);
    return found === undefined ? [] : [[name, found]];
  }));
  return { priority: step.priority, attributes, needs: step.needs, language: s.language };
}

/** Attributes are words and numbers; what else a variable holds is left out. */
function plain(value: Variables[string] | undefined): string | number | undefined {
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}
