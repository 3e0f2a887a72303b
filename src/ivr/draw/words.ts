import type { Language } from '../../speech/tts/index.js';
import { isTemplate, type Prompt, type Step, type StepKind, type Template } from '../machine/index.js';
import type { WayBy } from './ways.js';

const KINDS: Readonly<Record<StepKind, Readonly<Record<Language, string>>>> = {
  say: { 'zh-CN': '播报', en: 'say' }, play: { 'zh-CN': '播放', en: 'play' }, ask: { 'zh-CN': '提问', en: 'ask' }, collect: { 'zh-CN': '收号', en: 'collect' },
  language: { 'zh-CN': '选语言', en: 'language' }, branch: { 'zh-CN': '分支', en: 'branch' }, hours: { 'zh-CN': '时间', en: 'hours' }, http: { 'zh-CN': '接口', en: 'http' },
  queue: { 'zh-CN': '排队', en: 'queue' }, callback: { 'zh-CN': '回呼', en: 'callback' }, dial: { 'zh-CN': '拨打', en: 'dial' }, transfer: { 'zh-CN': '转接', en: 'transfer' },
  record: { 'zh-CN': '录音', en: 'record' }, survey: { 'zh-CN': '调查', en: 'survey' }, set: { 'zh-CN': '设置', en: 'set' }, goto: { 'zh-CN': '转到', en: 'goto' },
  call: { 'zh-CN': '调用', en: 'call' }, script: { 'zh-CN': '脚本', en: 'script' }, hang_up: { 'zh-CN': '挂机', en: 'hang up' },
  ticket: { 'zh-CN': '工单', en: 'ticket' }, message: { 'zh-CN': '消息', en: 'message' },
};
export const kindText = (kind: StepKind, lang: Language): string => KINDS[kind][lang];

const WAYS = {
  open: { 'zh-CN': '营业', en: 'open' }, closed: { 'zh-CN': '休息', en: 'closed' }, holiday: { 'zh-CN': '节假日', en: 'holiday' }, otherwise: { 'zh-CN': '否则', en: 'otherwise' },
  none: { 'zh-CN': '没有', en: 'none' }, no_answer: { 'zh-CN': '接口失败', en: 'no good answer' }, goto: { 'zh-CN': '转到', en: 'goto' }, call: { 'zh-CN': '调用后返回', en: 'call, then back' }, error: { 'zh-CN': '出错', en: 'on error' },
} as const;

/** What stands at an arrow. */
export function wayText(by: WayBy, lang: Language): string {
  switch (by.on) {
    case 'key': return lang === 'en' ? `key ${by.key}` : `按 ${by.key}`;
    case 'intent': return lang === 'en' ? `says ${by.intent}` : `说 ${by.intent}`;
    case 'when': return by.expression;
    default: return WAYS[by.on][lang];
  }
}

/** What a step does, in a few words. */
export function stepText(step: Step, lang: Language): string {
  switch (step.do) {
    case 'say': case 'ask': case 'collect': case 'language': return promptText(step.prompt, lang);
    case 'play': return step.files[lang] ?? Object.values(step.files).join(', ');
    case 'survey': return step.questions.map((q) => q.name).join(', ');
    case 'branch': return step.cases.map((c) => c.when.text).join(' | ');
    case 'hours': return step.calendar;
    case 'http': return `${step.method} ${plain(step.url)}`;
    case 'queue': return step.names.join(' + ');
    case 'callback': return step.at === undefined ? step.queue : `${step.queue} ${step.at.time}`;
    case 'dial': case 'transfer': return targetText(step.to);
    case 'record': return step.into;
    case 'set': return [...(step.language === undefined ? [] : [step.language]), ...Object.keys(step.variables)].join(', ');
    case 'goto': case 'call': return step.flow;
    case 'script': return step.name;
    case 'ticket': return 'status' in step.what ? step.what.status : step.what.type;
    case 'message': return promptText(step.text, lang);
    case 'hang_up': return '';
  }
}

function targetText(to: Extract<Step, { do: 'dial' | 'transfer' }>['to']): string {
  if ('flow' in to) return to.flow;
  return 'extension' in to ? to.extension : to.number;
}

/** In the reader's language where there is one, else in another. */
const promptText = (prompt: Prompt, lang: Language): string => plain(prompt[lang] ?? Object.values(prompt)[0] ?? '');

const plain = (text: string | Template): string =>
  isTemplate(text)
    ? text.pieces.map((piece) => {
      if (typeof piece === 'string') return piece;
      if ('variable' in piece) return `$${piece.variable}`;
      return 'secret' in piece ? `\${${piece.secret}}` : `\${${piece.expression.text}}`;
    }).join('')
    : text;
