import { escapeSpoken, LANGUAGES, type Language, type Spoken } from '../../speech/tts/index.js';
import type { Scope } from '../expressions/index.js';
import type { Prompt } from './plan.js';
import { beginningOf, isTemplate, renderText, type Rendered, type Template } from './template.js';

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

/** Nobody can listen, or nobody has the time to: keys work. */
export const BY_KEYS = {
  'zh-CN': '现在无法使用语音，请按键选择。',
  en: 'Speech cannot be used right now. Please use the keys.',
} as const satisfies Prompt;

/** What we ask back, around what was heard. */
export const DID_YOU_SAY = { 'zh-CN': '您说的是：', en: 'You said:' } as const satisfies Prompt;
export const YES_OR_NO = {
  'zh-CN': '对吗？对请按一，不对请按二。',
  en: 'Is that right? Press one for yes, two for no.',
} as const satisfies Prompt;

/** What was wrong with a number that was entered. */
export const WRONG = {
  silent: { 'zh-CN': '没有收到您的输入。', en: 'I did not get a number.' },
  short: { 'zh-CN': '您输入的位数不够。', en: 'That number is too short.' },
  long: { 'zh-CN': '您输入的位数太多。', en: 'That number is too long.' },
  check: { 'zh-CN': '您输入的号码不正确。', en: 'That number is not right.' },
  date: { 'zh-CN': '这不是有效的日期。', en: 'That is not a date.' },
  unclear: { 'zh-CN': '我没有听清。', en: 'I did not catch that.' },
} as const satisfies Readonly<Record<string, Prompt>>;
export type WrongWith = keyof typeof WRONG;

/** Everything that a flow may say by itself. */
export const PHRASES: readonly Prompt[] = [APOLOGY, NOBODY, BY_KEYS, DID_YOU_SAY, YES_OR_NO, ...Object.values(WRONG)];

/** In the caller's language once it is known, in all until then; whatever there is rather than nothing. */
export function spoken(prompt: Prompt, language: Language | undefined, scope: Scope): Rendered<readonly Spoken[]> {
  const only = language !== undefined && prompt[language] !== undefined ? [language] : LANGUAGES;
  let failed: string | undefined;
  const value = only.flatMap((lang): Spoken[] => {
    const text = prompt[lang];
    if (text === undefined) return [];
    const rendered = withValues(text, scope);
    failed ??= rendered.failed;
    return rendered.value.trim() === '' ? [] : [{ text: rendered.value, lang }];
  });
  return { value, failed };
}

const MARKED_UP = /^\s*<speak[\s>/]/;

/** A value means itself: it is neither markup in a text that has some, nor makes markup of one that has none. */
function withValues(text: string | Template, scope: Scope): Rendered<string> {
  if (!isTemplate(text)) return { value: text, failed: undefined };
  if (MARKED_UP.test(beginningOf(text))) return renderText(text, scope, escapeSpoken);
  const rendered = renderText(text, scope);
  return MARKED_UP.test(rendered.value) ? { ...rendered, value: rendered.value.replaceAll(/[<>]/g, ' ') } : rendered;
}

/** What of a prompt is the same for every caller. */
export const fixed = (prompt: Prompt): Spoken[] => LANGUAGES.flatMap((lang) => {
  const text = prompt[lang];
  return text === undefined || isTemplate(text) ? [] : [{ text, lang }];
});
