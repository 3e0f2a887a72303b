import { LANGUAGES, type Language, type Spoken } from './ports.js';
import { waitPrompts, WAITS } from './waits.js';

const POSITION: Readonly<Record<Language, (position: number) => string>> = {
  'zh-CN': (n) => (n === 1 ? '您是下一位，请稍等。' : `您现在排在第${n}位，请稍等。`),
  en: (n) => (n === 1 ? 'You are next in line. Please hold.' : `You are number ${n} in the queue. Please hold.`),
};
/** What is said in queues and by feature codes, word for word. */
const SAID = {
  recorded: { 'zh-CN': '为保证服务质量，本次通话将被录音。', en: 'This call will be recorded.' },
  place_kept: { 'zh-CN': '您的排队位置已为您保留，轮到您时我们会给您回电。再见。', en: 'Your place in the queue is kept. We will call you back when it is your turn. Goodbye.' },
  goodbye: { 'zh-CN': '感谢您的来电，再见。', en: 'Thank you for calling. Goodbye.' },
  hold_for_agent: { 'zh-CN': '这是您预约的回电，正在为您接通客服，请稍等。', en: 'This is the call back you asked for. Please hold for an agent.' },
  callback_ahead: { 'zh-CN': '客户回电，正在接通客户。', en: 'Call back. Connecting you to the customer.' },
  not_reached: { 'zh-CN': '未能接通客户。', en: 'The customer could not be reached.' },
  available: { 'zh-CN': '您已上线。', en: 'You are available.' },
  away: { 'zh-CN': '您已离开。', en: 'You are away.' },
  training: { 'zh-CN': '您已进入培训状态。', en: 'You are in training.' },
  wrap_up_extended: { 'zh-CN': '整理时间已延长。', en: 'Your wrap-up time is extended.' },
  wrap_up_ended: { 'zh-CN': '整理已结束。', en: 'Your wrap-up is over.' },
  no_wrap_up: { 'zh-CN': '您当前不在整理状态。', en: 'You are not wrapping up.' },
} as const satisfies Record<string, Readonly<Record<Language, string>>>;
export type Phrase = keyof typeof SAID;

const languages = (language: Language | undefined): readonly Language[] => (language === undefined ? LANGUAGES : [language]);

/** In the language that was chosen; in all until one is. */
export const phrase = (what: Phrase, language?: Language): Spoken[] => languages(language).map((lang) => ({ lang, text: SAID[what][lang] }));

/** A waiting caller's place, 1 = next; in all languages until one is chosen. */
export const positionPrompts = (position: number, language?: Language): Spoken[] => languages(language).map((lang) => ({ lang, text: POSITION[lang](position) }));

/** That the conversation will be recorded. */
export const recordingNotice = (language?: Language): Spoken[] => phrase('recorded', language);

/** What a queue may say to the first callers in line, and feature codes to agents: worth having before somebody waits. */
export const queuePrompts = (places = 20): Spoken[] => [
  ...Array.from({ length: places }, (_, i) => positionPrompts(i + 1)).flat(),
  ...(Object.keys(SAID) as Phrase[]).flatMap((what) => phrase(what)),
  ...WAITS.flatMap(([low, high]) => waitPrompts(low, high)),
];
