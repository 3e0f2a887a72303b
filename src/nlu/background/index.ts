import type { Language } from '../types.js';
import { ENGLISH_ELSEWHERE } from './en.js';
import { CHINESE_ELSEWHERE } from './zh.js';

export const BACKGROUND: Readonly<Record<Language, readonly string[]>> = { 'zh-CN': CHINESE_ELSEWHERE, en: ENGLISH_ELSEWHERE };
