import type { Actor } from './actor.js';
import type { Notice } from './outbox.js';
import type { TicketDeps } from './ports.js';
import type { Rows } from './rows.js';
import type { Lang } from './setup.js';
import type { Target } from './sla/index.js';
import type { Ticket } from './types.js';

/** What people concerned are told of a change. */
export type News =
  | { readonly about: 'created' | 'assigned' | 'merged' }
  | { readonly about: 'state'; readonly label: Readonly<Record<Lang, string>> }
  | { readonly about: 'comment'; readonly comment: string; readonly visibility: 'public' | 'internal'; readonly text: string }
  | { readonly about: 'sla_warned' | 'sla_breached'; readonly target: Target }
  | { readonly about: 'sla_escalated'; readonly target: Target; readonly level: number; readonly to: string };

/** Addresses are outside the house: they are told only what is public. */
const OUTSIDE = (who: string): boolean => who.includes('@');

/** One notice a recipient and piece of news. Whoever did it is not told. */
export function noticesOf({ setup }: Pick<TicketDeps, 'setup'>, rows: Pick<Rows, 'watchers'>, ticket: Ticket, actor: Actor, news: readonly News[]): Notice[] {
  return news.flatMap((one) => {
    const lead = setup().teams.find((t) => t.name === ticket.team)?.lead;
    const inside = insideOf(one, ticket, lead, rows.watchers(ticket.id)).filter((who) => !actor.names.includes(who));
    const outside = isPublic(one) ? [...(ticket.requester.email === null || (actor.roles.includes('customer') && one.about !== 'created') ? [] : [ticket.requester.email]), ...rows.watchers(ticket.id).filter(OUTSIDE)] : [];
    const key = `${ticket.id}/${ticket.version}/${one.about}${'target' in one ? `/${one.target}/${ticket.clocks.at}` : ''}${'level' in one ? `/${one.level}` : ''}${'comment' in one ? `/${one.comment}` : ''}`;
    const to = (recipient: string): Notice => ({ ticket: ticket.id, about: key, recipient, kind: one.about, ...wording(one, ticket) });
    return [...new Set([...inside, ...outside])].map(to);
  });
}

function isPublic(one: News): boolean {
  if (one.about === 'comment') return one.visibility === 'public';
  return one.about === 'created' || one.about === 'state' || one.about === 'merged';
}

function insideOf(one: News, ticket: Ticket, lead: string | undefined, watchers: readonly string[]): string[] {
  const staff = watchers.filter((who) => !OUTSIDE(who));
  const assignee = ticket.assignee === null ? [] : [ticket.assignee];
  const boss = lead === undefined ? [] : [lead];
  switch (one.about) {
    case 'created': return staff;
    case 'state': case 'merged': case 'comment': return [...assignee, ...staff];
    case 'assigned': return assignee;
    case 'sla_warned': return assignee.length > 0 ? assignee : boss;
    case 'sla_breached': return [...assignee, ...boss];
    case 'sla_escalated': return one.to === 'lead' ? boss : [one.to];
  }
}

const TARGET: Readonly<Record<Target, Readonly<Record<Lang, string>>>> = {
  response: { 'zh-CN': '首次响应', en: 'first response' }, update: { 'zh-CN': '更新', en: 'update' }, resolution: { 'zh-CN': '解决', en: 'resolution' },
};

function wording(one: News, { number, subject, language }: Ticket): { readonly subject: string; readonly text: string; readonly language: Lang } {
  const zh = language === 'zh-CN';
  const said = (chinese: string, english: string, text = ''): { subject: string; text: string; language: Lang } =>
    ({ subject: `[${number}] ${zh ? chinese : english}`, text: `${zh ? '工单' : 'Ticket'} ${number}: ${subject}\n\n${text === '' ? (zh ? chinese : english) : text}\n`, language });
  switch (one.about) {
    case 'created': return said('我们已收到您的请求', 'We have your request', zh ? `编号 ${number}。处理有进展时会通知您。` : `Its number is ${number}. We will tell you of every step.`);
    case 'assigned': return said('工单已分配给您', 'A ticket was assigned to you');
    case 'merged': return said('工单已合并', 'The ticket was merged with another');
    case 'state': return said(`状态：${one.label['zh-CN']}`, `It is now: ${one.label.en}`);
    case 'comment': return said('有新的回复', 'There is an answer', one.text);
    case 'sla_warned': return said(`${TARGET[one.target]['zh-CN']}即将超时`, `The ${TARGET[one.target].en} is due soon`);
    case 'sla_breached': return said(`${TARGET[one.target]['zh-CN']}已超时`, `The ${TARGET[one.target].en} is late`);
    case 'sla_escalated': return said(`${TARGET[one.target]['zh-CN']}超时，升级第 ${one.level} 级`, `The ${TARGET[one.target].en} is late: escalation ${one.level}`);
  }
}
