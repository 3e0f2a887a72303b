import { z } from 'zod';
import { bargeIn, languages, onError, oneText, someLanguage, toPrompt } from '../fields.js';
import type { StepParams } from '../params.js';

/** Transforms stand outside: a fault found by `refine` alone is then told as such, not as one of two forms. */
export const sayStep = z.union([oneText, languages.extend({ barge_in: bargeIn.optional(), ...onError }).refine(...someLanguage)]).transform((p): StepParams => {
  const { barge_in, on_error } = 'barge_in' in p || 'on_error' in p ? p : {};
  return { step: { do: 'say', prompt: toPrompt(p), ...(barge_in === undefined ? {} : { bargeIn: barge_in }) }, onError: on_error };
});

const file = z.string().max(500).regex(/^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))[^\\\0]+\.wav$/, 'a .wav file in the folder of the dialplan');
/** Files are named from the folder of the dialplan on. */
export const playStep = z
  .union([
    file.transform((one) => ({ file: one })),
    z.strictObject({ file: file.optional(), 'zh-CN': file.optional(), en: file.optional(), barge_in: bargeIn.optional(), ...onError })
      .refine((p) => (p.file === undefined) !== (p['zh-CN'] === undefined && p.en === undefined), 'give a file, or one for each language'),
  ])
  .transform((p): StepParams => {
    const { file: any, 'zh-CN': zh, en, barge_in, on_error }: Partial<Readonly<Record<'file' | 'zh-CN' | 'en' | 'on_error', string | undefined>>> & { readonly barge_in?: z.output<typeof bargeIn> | undefined } = p;
    const files = { ...(any === undefined ? {} : { any }), ...(zh === undefined ? {} : { 'zh-CN': zh }), ...(en === undefined ? {} : { en }) };
    return { step: { do: 'play', files, ...(barge_in === undefined ? {} : { bargeIn: barge_in }) }, onError: on_error };
  });
