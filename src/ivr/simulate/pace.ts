import type { Ms } from '../../base/index.js';
import type { Language } from '../../speech/tts/index.js';

/** Measured on the built-in voices at their usual speed: characters of Chinese, and of English, a second. */
const PACE = { 'zh-CN': 4, en: 14 } as const;
const PAUSE: Ms = 250;

/** About how long a text takes to speak. The simulator's clock is exact, its voices are not. */
export const speakingMs = (text: string, language: Language | undefined): Ms => {
  const spoken = text.replace(/[\p{P}\s]+/gu, ' ').trim().length;
  const by = language ?? (/\p{Script=Han}/u.test(text) ? 'zh-CN' : 'en');
  return spoken === 0 ? 0 : Math.round((spoken / PACE[by]) * 1_000) + PAUSE;
};
