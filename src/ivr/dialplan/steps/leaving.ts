import { z } from 'zod';
import { nameField, secondsField } from '../../../config/index.js';
import { flowName, onError, prompt, variableName } from '../fields.js';
import type { StepParams } from '../params.js';
import { needsOf, wish } from './waiting.js';

const extension = z.string().regex(/^[*#0-9]{1,32}$/, 'digits, in quotes');
const number = z.string().regex(/^\+?[*#0-9]{1,32}$/, 'digits with + in front at most, in quotes');
const timeout = secondsField(1, 300).prefault(30);

export const dialStep = z
  .strictObject({ extension: extension.optional(), number: number.optional(), trunk: nameField.optional(), timeout, ...onError })
  .transform(({ extension: phone, number: dialled, trunk, timeout: timeoutMs, on_error }, ctx): StepParams => {
    if ((phone === undefined) === (dialled === undefined)) ctx.addIssue({ code: 'custom', message: 'give either extension or number' });
    if (trunk !== undefined && dialled === undefined) ctx.addIssue({ code: 'custom', path: ['trunk'], message: 'a trunk needs a number', params: { key: true } });
    return { step: { do: 'dial', to: toOf(phone, dialled, trunk), timeoutMs }, onError: on_error };
  });

const toOf = (phone: string | undefined, dialled: string | undefined, trunk: string | undefined) =>
  (phone === undefined ? { number: dialled ?? '', ...(trunk === undefined ? {} : { trunk }) } : { extension: phone });

/** For good: to a queue, a flow, an extension, or a number, perhaps over one trunk. */
export const transferStep = z
  .strictObject({ extension: extension.optional(), number: number.optional(), trunk: nameField.optional(), queue: nameField.optional(), flow: flowName.optional(), timeout, ...wish, ...onError })
  .transform(({ extension: phone, number: dialled, trunk, queue, flow, timeout: timeoutMs, priority, attributes, skills, on_error }, ctx): StepParams => {
    if ([phone, dialled, queue, flow].filter((one) => one !== undefined).length !== 1) ctx.addIssue({ code: 'custom', message: 'give one of extension, number, queue and flow' });
    if (trunk !== undefined && dialled === undefined) ctx.addIssue({ code: 'custom', path: ['trunk'], message: 'a trunk needs a number', params: { key: true } });
    if (queue !== undefined) return { step: { do: 'queue', names: [queue], forGood: true, priority, attributes, needs: needsOf(skills) }, onError: on_error };
    return { step: { do: 'transfer', to: flow === undefined ? toOf(phone, dialled, trunk) : { flow }, timeoutMs }, onError: on_error };
  });

export const recordStep = z
  .strictObject({
    prompt: prompt.optional(), into: variableName.prefault('recording'), max: secondsField(1, 600).prefault(120), silence: secondsField(1, 30).prefault(3), beep: z.boolean().prefault(true), ...onError,
  })
  .transform((p): StepParams => ({ step: { do: 'record', prompt: p.prompt, into: p.into, maxMs: p.max, silenceMs: p.silence, beep: p.beep }, onError: p.on_error }));

export const hangUpStep = z.strictObject({ ...onError }).transform(({ on_error }): StepParams => ({ step: { do: 'hang_up' }, onError: on_error }));
