import { z } from 'zod';
import { patternField, secondsField } from '../../config/index.js';
import type { Language } from '../../speech/tts/index.js';
import type { Prompt, StepDo, StepKind } from '../machine/index.js';

const FLOW_NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/i;
const flowName = z.string().regex(FLOW_NAME, 'letters, digits, dash and underscore; at most 63');
const text = z.string().trim().min(1).max(2_000);
const languages = z.strictObject({ 'zh-CN': text.optional(), en: text.optional() });
const someLanguage = [(p: Written) => p['zh-CN'] !== undefined || p.en !== undefined, 'give a text in zh-CN, in en or in both'] as const;
/** Text in each language, or one text that is spoken whatever the language. */
const prompt = z.union([text, languages.refine(...someLanguage)]);
/** A map whose keys must look like something; a fault says what, and points at the key. */
const mapOf = <T extends z.ZodType>(keys: RegExp, what: string, hint: string, value: T) =>
  z.record(z.string(), value).superRefine((map, ctx) => {
    for (const key of Object.keys(map)) {
      if (!keys.test(key)) ctx.addIssue({ code: 'custom', path: [key], message: `"${key}" is no ${what}`, params: { hint, key: true } });
    }
  });
const onError = { on_error: flowName.optional() };

export const fileSchema = z.strictObject({
  version: z.literal(1),
  entries: z.array(z.strictObject({ number: patternField, flow: flowName })).max(10_000).prefault([]),
  flows: mapOf(FLOW_NAME, 'name for a flow', 'letters, digits, dash and underscore; at most 63', z.array(z.unknown()).max(500)).refine((flows) => Object.keys(flows).length <= 2_000, 'at most 2000 flows in a file'),
});
export type FileParams = z.infer<typeof fileSchema>;

/** A step as its schema leaves it. */
export interface StepParams {
  readonly step: StepDo;
  readonly onError: string | undefined;
  /** Spoken wishes → flow. */
  readonly intents?: Readonly<Record<string, string>>;
}

/** What a designer may write in each step, in seconds, and what it becomes. A step whose room does not exist yet is not here. */
export const stepSchemas: Readonly<Record<StepKind, z.ZodType<StepParams>>> = {
  say: z
    .union([text, languages.extend(onError).refine(...someLanguage)])
    .transform((p) => ({ step: { do: 'say', prompt: toPrompt(p) }, onError: typeof p === 'string' ? undefined : p.on_error })),
  ask: z
    .strictObject({
      prompt,
      keys: mapOf(/^[0-9*#A-D]$/, 'key of a telephone', 'one of 0 to 9, *, #, A to D', flowName),
      intents: mapOf(/^[a-z][a-z0-9_]{0,62}$/, 'name for an intent', 'small letters, digits and underscore', flowName).prefault({}),
      tries: z.int().min(1).max(10).prefault(2),
      timeout: secondsField(0.5, 60).prefault(5),
      otherwise: flowName.optional(),
      ...onError,
    })
    .transform(({ prompt: written, keys, tries, timeout, otherwise, intents, on_error }) => ({
      step: { do: 'ask', prompt: toPrompt(written), keys, tries, timeoutMs: timeout, otherwise }, onError: on_error, intents,
    })),
  queue: z
    .strictObject({ name: z.string().min(1).max(63), priority: z.int().min(1).max(10).prefault(5), ...onError })
    .transform(({ name, priority, on_error }) => ({ step: { do: 'queue', name, priority }, onError: on_error })),
  dial: z
    .strictObject({
      extension: z.string().regex(/^[*#0-9]{1,32}$/, 'digits, in quotes').optional(),
      number: z.string().regex(/^\+?[*#0-9]{1,32}$/, 'digits with + in front at most, in quotes').optional(),
      timeout: secondsField(1, 300).prefault(30),
      ...onError,
    })
    .transform(({ extension, number, timeout, on_error }, ctx): StepParams => {
      if ((extension === undefined) === (number === undefined)) ctx.addIssue({ code: 'custom', message: 'give either extension or number' });
      const to = extension === undefined ? { number: number ?? '' } : { extension };
      return { step: { do: 'dial', to, timeoutMs: timeout }, onError: on_error };
    }),
  set: z.strictObject({ language: z.enum(['zh-CN', 'en']), ...onError }).transform(({ language, on_error }) => ({ step: { do: 'set', language }, onError: on_error })),
  goto: z
    .union([flowName, z.strictObject({ flow: flowName, ...onError })])
    .transform((p) => (typeof p === 'string' ? { step: { do: 'goto', flow: p }, onError: undefined } : { step: { do: 'goto', flow: p.flow }, onError: p.on_error })),
  hang_up: z.strictObject({ ...onError }).transform(({ on_error }) => ({ step: { do: 'hang_up' }, onError: on_error })),
};
export const STEP_KINDS = Object.keys(stepSchemas);

interface Written { readonly 'zh-CN'?: string | undefined; readonly en?: string | undefined }

function toPrompt(written: string | Written): Prompt {
  if (typeof written === 'string') return { [languageOf(written)]: written };
  const { 'zh-CN': zh, en } = written;
  return { ...(zh === undefined ? {} : { 'zh-CN': zh }), ...(en === undefined ? {} : { en }) };
}

/** A text without a language is in Chinese when it has a Chinese character. */
const languageOf = (written: string): Language => (/\p{Script=Han}/u.test(written) ? 'zh-CN' : 'en');
