import { LANGUAGES, type Language, type Spoken } from '../../speech/tts/index.js';
import type { Prompt } from './plan.js';

/** When nothing else is left to say. */
export const APOLOGY = {
  'zh-CN': '非常抱歉，系统出现问题，请稍后再拨。',
  en: 'We are sorry, something went wrong. Please call again later.',
} as const satisfies Prompt;

/** Nobody took the call that a step dialled, and the flow does not say what then. */
export const NOBODY = {
  'zh-CN': '对不起，您要找的人现在无法接听。',
  en: 'Sorry, the person you want cannot take your call now.',
} as const satisfies Prompt;

/** In the caller's language once it is known, in all until then; whatever there is rather than nothing. */
export function spoken(prompt: Prompt, language: Language | undefined): readonly Spoken[] {
  const chosen = language === undefined ? undefined : prompt[language];
  if (language !== undefined && chosen !== undefined) return [{ text: chosen, lang: language }];
  return LANGUAGES.flatMap((lang) => {
    const text = prompt[lang];
    return text === undefined ? [] : [{ text, lang }];
  });
}
