import type { Conversation, Message } from '../../desk/conversations/index.js';

const WORDS = {
  'zh-CN': { subject: '聊天记录', you: '我', house: '系统', file: '文件' },
  en: { subject: 'Your conversation with us', you: 'You', house: 'System', file: 'File' },
} as const;

/** What was said, for the one who said it: no notes, no events. */
export function transcriptOf({ language }: Pick<Conversation, 'language'>, messages: readonly Message[], nameOf: (file: string) => string): { readonly subject: string; readonly text: string } {
  const words = WORDS[language === 'en' ? 'en' : 'zh-CN'];
  const line = (m: Message): string => {
    const who = m.by.startsWith('visitor:') ? words.you : (m.byName ?? words.house);
    const what = [m.text, ...(m.file === null ? [] : [`[${words.file}: ${nameOf(m.file)}]`])].filter((part) => part !== '').join(' ');
    return `${new Date(m.at).toISOString().slice(0, 19).replace('T', ' ')} UTC  ${who}: ${what}`;
  };
  return { subject: words.subject, text: messages.filter((m) => m.kind !== 'event' && m.visibility === 'public').map(line).join('\n') };
}
