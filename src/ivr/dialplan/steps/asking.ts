import { z } from 'zod';
import { secondsField } from '../../../config/index.js';
import type { IntentWay } from '../../machine/index.js';
import { bargeIn, byKey, flowName, intentName, mapOf, onError, prompt, prompts } from '../fields.js';
import type { StepParams } from '../params.js';

const ENTITY = /^[a-z][a-z0-9_]{0,62}$/;
/** What every question has. */
export const question = (tries: number) => ({
  prompt,
  help: prompts.prefault([]),
  barge_in: bargeIn.prefault(true),
  tries: z.int().min(1).max(10).prefault(tries),
  timeout: secondsField(0.5, 60).prefault(5),
  otherwise: flowName.optional(),
});

const way = z.union([
  flowName.transform((flow): IntentWay => ({ flow, confirm: undefined, slots: {} })),
  z.strictObject({ flow: flowName, confirm: prompt.optional(), slots: mapOf(ENTITY, 'name for an entity', 'small letters, digits and underscore', prompt).prefault({}) })
    .transform(({ flow, confirm, slots }): IntentWay => ({ flow, confirm, slots })),
]);
const share = z.number().min(0).max(1);
const bands = z.strictObject({ act: share.prefault(0.8), confirm: share.prefault(0.5) }).refine((b) => b.confirm <= b.act, 'what is acted on must be more certain than what is asked back');

export const askStep = z
  .strictObject({
    ...question(2),
    keys: byKey(flowName).optional(),
    keys_prompt: prompt.optional(),
    intents: mapOf(intentName, 'name for an intent', 'small letters, digits and underscore', way).optional(),
    confidence: bands.prefault({}),
    words: z.array(z.string().trim().min(1).max(60)).max(500).prefault([]),
    end_silence: secondsField(0.2, 5).prefault(0.5),
    ...onError,
  })
  .refine((p) => p.keys !== undefined || p.intents !== undefined, 'give keys, intents or both')
  .transform((p): StepParams => ({
    step: {
      do: 'ask', prompt: p.prompt, help: p.help, bargeIn: p.barge_in, tries: p.tries, timeoutMs: p.timeout, otherwise: p.otherwise, keys: p.keys ?? {}, keysPrompt: p.keys_prompt,
      intents: p.intents ?? {}, bands: p.confidence, words: p.words, endSilenceMs: p.end_silence,
    },
    onError: p.on_error,
  }));

const language = z.enum(['zh-CN', 'en']);
export const languageStep = z.union([
  language.transform((chosen): StepParams => ({ step: { do: 'set', language: chosen, variables: {} }, onError: undefined })),
  z.strictObject({ prompt, keys: byKey(language), tries: z.int().min(1).max(10).prefault(2), timeout: secondsField(0.5, 60).prefault(5), otherwise: language.optional(), ...onError })
    .transform((p): StepParams => ({ step: { do: 'language', prompt: p.prompt, keys: p.keys, tries: p.tries, timeoutMs: p.timeout, otherwise: p.otherwise }, onError: p.on_error })),
]);
