import { z } from 'zod';
import { compile, type Expression } from '../../expressions/index.js';
import type { Condition } from '../../machine/index.js';
import { badExpression, byVariable, calendarName, flowName, onError, writtenValue } from '../fields.js';
import type { StepParams } from '../params.js';

const condition = z.string().trim().min(1).max(2_000).transform((written, ctx): Expression => {
  const compiled = compile(written);
  if (compiled.ok) return compiled.expression;
  ctx.addIssue(badExpression(compiled));
  return z.NEVER;
});
const when = z.strictObject({ when: condition, then: flowName }).transform(({ when: expression, then: flow }): Condition => ({ when: expression, flow }));
const otherwise = z.strictObject({ otherwise: flowName });

/** A list of conditions, its last entry perhaps `otherwise`; or the same under `cases`, with `on_error` beside it. */
export const branchStep = z.union([
  z.array(z.union([when, otherwise])).min(1).max(50).transform((list, ctx): StepParams => {
    const early = list.slice(0, -1).findIndex((one) => 'otherwise' in one);
    if (early >= 0) ctx.addIssue({ code: 'custom', path: [early], message: '"otherwise" must be the last: nothing after it counts' });
    const last = list.at(-1);
    return { step: { do: 'branch', cases: list.flatMap((one) => ('otherwise' in one ? [] : [one])), otherwise: last && 'otherwise' in last ? last.otherwise : undefined }, onError: undefined };
  }),
  z.strictObject({ cases: z.array(when).min(1).max(50), otherwise: flowName.optional(), ...onError })
    .transform((p): StepParams => ({ step: { do: 'branch', cases: p.cases, otherwise: p.otherwise }, onError: p.on_error })),
]);

export const hoursStep = z
  .strictObject({ calendar: calendarName, open: flowName.optional(), closed: flowName.optional(), holiday: flowName.optional(), ...onError })
  .transform((p): StepParams => ({ step: { do: 'hours', calendar: p.calendar, open: p.open, closed: p.closed, holiday: p.holiday }, onError: p.on_error }));

export const setStep = z
  .strictObject({ language: z.enum(['zh-CN', 'en']).optional(), variables: byVariable(writtenValue).optional(), ...onError })
  .refine((p) => p.language !== undefined || p.variables !== undefined, 'give a language, variables or both')
  .transform(({ language, variables = {}, on_error }): StepParams => ({ step: { do: 'set', language, variables }, onError: on_error }));

export const gotoStep = z.union([
  flowName.transform((flow): StepParams => ({ step: { do: 'goto', flow }, onError: undefined })),
  z.strictObject({ flow: flowName, ...onError }).transform((p): StepParams => ({ step: { do: 'goto', flow: p.flow }, onError: p.on_error })),
]);

export const callStep = z.union([
  flowName.transform((flow): StepParams => ({ step: { do: 'call', flow, args: {} }, onError: undefined })),
  z.strictObject({ flow: flowName, args: byVariable(writtenValue).prefault({}), ...onError }).transform((p): StepParams => ({ step: { do: 'call', flow: p.flow, args: p.args }, onError: p.on_error })),
]);
