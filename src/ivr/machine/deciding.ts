import { evaluate } from '../expressions/index.js';
import { isOpen } from '../hours/index.js';
import type { Frame, FlowState } from './types.js';
import type { Step, Variables } from './plan.js';
import { scopeOf } from './scope.js';
import { renderValue, type Written } from './template.js';
import { also, broken, enter, fail, goWhere, next, type Turn } from './turn.js';
import { speaks } from './tongue.js';

type Do<K extends Step['do']> = Extract<Step, { do: K }>;

/** The first condition that is true wins. One that cannot be worked out is a failure, not a "no". */
export function branch(s: FlowState, step: Do<'branch'>): Turn {
  const scope = scopeOf(s);
  for (const { when, flow } of step.cases) {
    const worked = evaluate(when, scope);
    if (!worked.ok) return fail(s, `branch: ${worked.message}`);
    if (worked.value === true) return enter(s, flow);
  }
  return goWhere(s, step.otherwise);
}

export function hours(s: FlowState, step: Do<'hours'>): Turn {
  const calendar = s.plan.calendars?.get(step.calendar);
  if (!calendar) return fail(s, 'missing_calendar');
  const { open, holiday } = isOpen(calendar, s.now, s.plan.timeZone);
  const known = { ...s, variables: { ...s.variables, open, holiday: holiday ?? null } };
  if (open) return goWhere(known, step.open);
  return goWhere(known, holiday === undefined ? step.closed : (step.holiday ?? step.closed));
}

/** The values of these names; what cannot be worked out is nothing, and told. */
function worked(s: FlowState, written: Readonly<Record<string, Written>>): { readonly values: Variables; readonly failed: string | undefined } {
  const scope = scopeOf(s);
  let failed: string | undefined;
  const values = Object.fromEntries(Object.entries(written).map(([name, one]) => {
    const rendered = renderValue(one, scope);
    failed ??= rendered.failed;
    return [name, rendered.value];
  }));
  return { values, failed };
}

export function set(s: FlowState, step: Do<'set'>): Turn {
  const { values, failed } = worked(s, step.variables);
  if (failed !== undefined && step.onError !== undefined) return fail(s, `set: ${failed}`);
  const after = { ...s, variables: { ...s.variables, ...values } };
  return also(failed === undefined ? [] : [broken(s, `set: ${failed}`)], step.language === undefined ? next(after) : speaks(after, step.language));
}

/** Sub-flows in sub-flows, at most. */
const DEEPEST = 20;

/** Its arguments are variables until it returns; whatever else it sets, stays. */
export function call(s: FlowState, step: Do<'call'>): Turn {
  if (s.frames.length >= DEEPEST) return fail(s, 'calls_too_deep');
  const { values, failed } = worked(s, step.args);
  if (failed !== undefined) return fail(s, `call: ${failed}`);
  const before = Object.fromEntries(Object.keys(values).map((name) => [name, s.variables[name]]));
  const frame: Frame = { flow: s.flow, index: s.index, before };
  return enter({ ...s, frames: [...s.frames, frame], variables: { ...s.variables, ...values } }, step.flow);
}

/** The sub-flow is over: on behind its `call`. `undefined`: nobody called. */
export function returned(s: FlowState): FlowState | undefined {
  const frame = s.frames.at(-1);
  if (!frame) return undefined;
  const args = new Set(Object.keys(frame.before));
  const kept = Object.entries(s.variables).filter(([name]) => !args.has(name));
  const restored = Object.entries(frame.before).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return { ...s, flow: frame.flow, index: frame.index + 1, frames: s.frames.slice(0, -1), variables: Object.fromEntries([...kept, ...restored]) };
}
