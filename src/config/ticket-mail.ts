import { z } from 'zod';
import type { Ms } from '../base/index.js';
import { plainSeconds, toMs } from './fields.js';

/** What people concerned are told of, with what may stand in each letter besides `{number}`, `{subject}` and `{name}`. */
const PLACES = {
  created: [], assigned: [], merged: [], state: ['state'], comment: ['text'], sla_warned: ['target'], sla_breached: ['target'], sla_escalated: ['target', 'level'],
} as const;
const ALWAYS = ['number', 'subject', 'name'];
export type LetterKind = keyof typeof PLACES;
export const LETTERS = Object.keys(PLACES) as LetterKind[];

interface Both {
  readonly 'zh-CN': string;
  readonly en: string;
}
export interface LetterConfig {
  readonly subject: Both;
  readonly text: Both;
}
export interface TicketMailConfig {
  /** Where customers reach this server, as `https://help.shop.example`; undefined: no mail has a link. */
  readonly page: string | undefined;
  /** How long the links of mails open the page "my tickets". */
  readonly linkMs: Ms;
  /** Below mails to the customer, where there is a page. */
  readonly footer: Both;
  /** Below mails to workers outside. */
  readonly workerFooter: Both;
  /** False: nobody is told of it. */
  readonly letters: Readonly<Record<LetterKind, LetterConfig | false>>;
}

const line = z.string().min(1).max(300).regex(/^[^\r\n]*$/, 'one line');
const letterOf = (kind: LetterKind) => {
  const known = [...ALWAYS, ...PLACES[kind]];
  const placed = (text: z.ZodString): z.ZodString => text.superRefine((said, ctx) => {
    for (const [whole, name = ''] of said.matchAll(/\{(\w*)\}/g))
      if (!known.includes(name)) ctx.addIssue({ code: 'custom', message: `"${whole}" stands for nothing here`, params: { hint: `there are ${known.map((one) => `{${one}}`).join(', ')}` } });
  });
  const both = (text: z.ZodString) => z.strictObject({ 'zh-CN': placed(text), en: placed(text) });
  return z.union([z.literal(false), z.strictObject({ subject: both(line), text: both(z.string().min(1).max(5_000)) })]).prefault(USUAL[kind]);
};

const usual = (zh: string, en: string, text: Both = { 'zh-CN': `${zh}。`, en: `${en}.` }): LetterConfig => ({
  subject: { 'zh-CN': `[{number}] ${zh}`, en: `[{number}] ${en}` }, text: { 'zh-CN': `工单 {number}：{subject}\n\n${text['zh-CN']}`, en: `Ticket {number}: {subject}\n\n${text.en}` },
});
const USUAL: Readonly<Record<LetterKind, LetterConfig>> = {
  created: usual('我们已收到您的请求', 'We have your request', { 'zh-CN': '编号 {number}。处理有进展时会通知您。', en: 'Its number is {number}. We will tell you of every step.' }),
  assigned: usual('工单已分配给您', 'A ticket was assigned to you'),
  merged: usual('工单已合并', 'The ticket was merged with another'),
  state: usual('状态：{state}', 'It is now: {state}'),
  comment: usual('有新的回复', 'There is an answer', { 'zh-CN': '{text}', en: '{text}' }),
  sla_warned: usual('{target}即将超时', 'The {target} is due soon'),
  sla_breached: usual('{target}已超时', 'The {target} is late'),
  sla_escalated: usual('{target}超时，升级第 {level} 级', 'The {target} is late: escalation {level}'),
};

/** `mail` of tickets.yaml. */
export const ticketMailForm = z.strictObject({
  page: z.url({ protocol: /^https?$/, error: 'an address as https://help.shop.example' }).max(300).transform((url) => url.replace(/\/+$/, '')).optional(),
  link_seconds: plainSeconds(60, 366 * 86_400).default(30 * 86_400),
  worker_footer: z.strictObject({ 'zh-CN': z.string().min(1).max(1_000), en: z.string().min(1).max(1_000) }).prefault({ 'zh-CN': '打开工作页面：{link}', en: 'Open your page: {link}' })
    .refine((f) => f['zh-CN'].includes('{link}') && f.en.includes('{link}'), 'needs {link} in both languages'),
  footer: z.strictObject({ 'zh-CN': z.string().min(1).max(1_000), en: z.string().min(1).max(1_000) }).prefault({ 'zh-CN': '查看进展或回复：{link}', en: 'See how it stands, or answer: {link}' })
    .refine((f) => f['zh-CN'].includes('{link}') && f.en.includes('{link}'), 'needs {link} in both languages'),
  created: letterOf('created'), assigned: letterOf('assigned'), merged: letterOf('merged'), state: letterOf('state'), comment: letterOf('comment'),
  sla_warned: letterOf('sla_warned'), sla_breached: letterOf('sla_breached'), sla_escalated: letterOf('sla_escalated'),
}).prefault({});

export const toTicketMail = ({ page, link_seconds, footer, worker_footer, ...letters }: z.output<typeof ticketMailForm>): TicketMailConfig => ({ page, linkMs: toMs(link_seconds), footer, workerFooter: worker_footer, letters });
