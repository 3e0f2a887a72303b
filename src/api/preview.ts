import { z } from '@hono/zod-openapi';
import type { Preview as PreviewView } from '../acd/index.js';

const count = z.int().min(0);
const change = z.object({ contacts: count, agents: count });
export const Sentence = z.object({ 'zh-CN': z.string(), en: z.string() }).openapi('Sentence');
export const Preview = z
  .object({
    waiting: count, gaining: change.openapi({ description: 'contacts that more agents could serve, and by how many different agents more' }), losing: change,
    stranded: count.openapi({ description: 'contacts that nobody who works could serve any more' }),
    dismissed: count.openapi({ description: 'contacts whose queue would be gone' }), moved: count.openapi({ description: 'contacts whose place would change' }),
    sentence: Sentence,
  })
  .openapi('SettingsPreview');

export const shownPreview = ({ waiting, gaining, losing, stranded, dismissed, moved }: PreviewView) => ({ waiting, gaining: { ...gaining }, losing: { ...losing }, stranded, dismissed, moved });

const s = (n: number): string => (n === 1 ? '' : 's');

/** One sentence for the person about to press the button. */
export function previewSentence(p: PreviewView): z.infer<typeof Sentence> {
  if (p.waiting === 0) return { en: 'Nobody waits now; nothing changes for anybody.', 'zh-CN': '当前无人等待，不影响任何联系。' };
  const en: string[] = [];
  const zh: string[] = [];
  const of = ({ contacts, agents }: { readonly contacts: number; readonly agents: number }, how: string, verb: string): void => {
    if (contacts === 0) return;
    en.push(`${contacts} of ${p.waiting} waiting contact${s(p.waiting)} would now match ${agents} ${how} agent${s(agents)}`);
    zh.push(`${p.waiting} 个等待中的联系里，${contacts} 个可匹配的坐席将${verb} ${agents} 名`);
  };
  of(p.gaining, 'more', '增加');
  of(p.losing, 'fewer', '减少');
  const some = (n: number, words: string, said: string): void => {
    if (n === 0) return;
    en.push(`${n} ${words}`);
    zh.push(`${n} 个${said}`);
  };
  some(p.stranded, 'would match nobody who works', '将无任何在岗坐席可匹配');
  some(p.dismissed, 'would be let go because their queue is gone', '将因队列删除而被释放');
  some(p.moved, 'would get another place in line', '的排队位置将改变');
  if (en.length === 0) return { en: `Nothing would change for the ${p.waiting} waiting contact${s(p.waiting)}.`, 'zh-CN': `对 ${p.waiting} 个等待中的联系没有影响。` };
  return { en: `${en.join('; ')}.`, 'zh-CN': `${zh.join('；')}。` };
}
