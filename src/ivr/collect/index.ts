import type { Language } from '../../speech/tts/index.js';
import { chineseDigits } from './chinese.js';
import { englishDigits } from './english.js';

export { checkDigits, DATE_FORMS, isLuhn, type DateForm, type DigitCheck, type DigitsChecked } from './checks.js';

/** The digits somebody dictated; undefined when other things were said, so that nothing is guessed. */
export const spokenDigits = (text: string, language: Language): string | undefined => (language === 'zh-CN' ? chineseDigits(text) : englishDigits(text));
