import { LANGUAGES, type Language, type Spoken } from './ports.js';

const POSITION: Readonly<Record<Language, (position: number) => string>> = {
  'zh-CN': (n) => (n === 1 ? '您是下一位，请稍等。' : `您现在排在第${n}位，请稍等。`),
  en: (n) => (n === 1 ? 'You are next in line. Please hold.' : `You are number ${n} in the queue. Please hold.`),
};
const RECORDED: Readonly<Record<Language, string>> = { 'zh-CN': '为保证服务质量，本次通话将被录音。', en: 'This call will be recorded.' };
const languages = (language: Language | undefined): readonly Language[] => (language === undefined ? LANGUAGES : [language]);

/** A waiting caller's place, 1 = next; in all languages until one is chosen. */
export const positionPrompts = (position: number, language?: Language): Spoken[] => languages(language).map((lang) => ({ lang, text: POSITION[lang](position) }));

/** That the conversation will be recorded. */
export const recordingNotice = (language?: Language): Spoken[] => languages(language).map((lang) => ({ lang, text: RECORDED[lang] }));

/** What a queue may say to the first callers in line: worth having before somebody waits. */
export const queuePrompts = (places = 20): Spoken[] => [...Array.from({ length: places }, (_, i) => positionPrompts(i + 1)).flat(), ...recordingNotice()];
