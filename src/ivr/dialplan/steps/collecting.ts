import { z } from 'zod';
import { secondsField } from '../../../config/index.js';
import { DATE_FORMS, type DigitCheck } from '../../collect/index.js';
import { compilePattern } from '../../expressions/index.js';
import { onError, prompt, variableName } from '../fields.js';
import type { StepParams } from '../params.js';
import { question } from './asking.js';

const check = z.union([
  z.enum(['luhn', 'date']).transform((kind): DigitCheck => (kind === 'date' ? { kind, form: 'YYYYMMDD' } : { kind })),
  z.strictObject({ date: z.enum(DATE_FORMS).optional(), pattern: z.string().max(200).optional() }).transform(({ date, pattern = '' }, ctx): DigitCheck => {
    if ((date === undefined) === (pattern === '')) ctx.addIssue({ code: 'custom', message: 'give either date or pattern' });
    const compiled = compilePattern(pattern);
    if (!compiled.ok) ctx.addIssue({ code: 'custom', path: ['pattern'], message: compiled.message });
    return date === undefined ? { kind: 'pattern', pattern } : { kind: 'date', form: date };
  }),
]);
const count = z.int().min(1).max(32);

export const collectStep = z
  .strictObject({
    ...question(3),
    into: variableName,
    length: count.optional(), min: count.optional(), max: count.optional(),
    terminator: z.enum(['#', '*', 'none']).optional(),
    between: secondsField(0.5, 30).prefault(3),
    speech: z.boolean().optional(),
    check: check.optional(),
    wrong: prompt.optional(),
    secret: z.boolean().prefault(false),
    ...onError,
  })
  .transform((p, ctx): StepParams => {
    if (p.length !== undefined && (p.min !== undefined || p.max !== undefined)) ctx.addIssue({ code: 'custom', path: ['length'], message: 'give length, or min and max', params: { key: true } });
    const digits = p.check?.kind === 'date' ? p.check.form.length : undefined;
    const least = p.length ?? p.min ?? digits ?? 1;
    const most = p.length ?? p.max ?? digits ?? 32;
    if (least > most) ctx.addIssue({ code: 'custom', path: ['min'], message: 'min is more than max' });
    return {
      step: {
        do: 'collect', prompt: p.prompt, help: p.help, bargeIn: p.barge_in, tries: p.tries, timeoutMs: p.timeout, otherwise: p.otherwise, into: p.into, least, most,
        terminator: p.terminator === 'none' ? undefined : (p.terminator ?? '#'), betweenMs: p.between, speech: p.speech ?? !p.secret, check: p.check, wrong: p.wrong, secret: p.secret,
      },
      onError: p.on_error,
    };
  });

const mark = z.int().min(0).max(99);
const surveyQuestion = z.strictObject({ name: variableName, prompt, from: mark.prefault(1), to: mark.prefault(5) }).refine((q) => q.from < q.to, '"to" must be more than "from"');
export const surveyStep = z
  .strictObject({ questions: z.array(surveyQuestion).min(1).max(20), tries: z.int().min(1).max(10).prefault(2), timeout: secondsField(0.5, 60).prefault(5), thanks: prompt.optional(), ...onError })
  .transform((p): StepParams => ({ step: { do: 'survey', questions: p.questions, tries: p.tries, timeoutMs: p.timeout, thanks: p.thanks }, onError: p.on_error }));
