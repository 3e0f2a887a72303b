import type { Actor } from './actor.js';
import type { PageLinks, Reader } from './page-links.js';
import type { Mail, TicketDeps } from './ports.js';
import type { Rows } from './rows.js';
import { workerOf, type Label, type Lang, type Letter, type LetterKind } from './setup.js';
import type { Target } from './sla/index.js';
import type { Ticket } from './types.js';

/** What people concerned are told of a change. */
export type News =
  | { readonly about: 'created' | 'assigned' | 'merged' }
  | { readonly about: 'state'; readonly label: Label }
  | { readonly about: 'comment'; readonly visibility: 'public' | 'internal'; readonly text: string }
  | { readonly about: 'sla_warned' | 'sla_breached'; readonly target: Target }
  | { readonly about: 'sla_escalated'; readonly target: Target; readonly level: number; readonly to: string };

/** One person to be told one thing. */
export interface Notice {
  /** `requester`, an agent or user, or the address of a watcher outside. */
  readonly to: string;
  readonly kind: LetterKind;
  /** Undefined: nobody knows how to reach them. */
  readonly mail: Mail | undefined;
}
/** What it takes to write to somebody. */
export type Post = Pick<TicketDeps, 'setup' | 'customers' | 'notifier'> & { readonly links: Pick<PageLinks, 'page'> };

/** Addresses are outside the house: they are told only what is public. */
const outside = (who: string): boolean => who.includes('@');
const REQUESTER = 'requester';

/** One notice a recipient and piece of news. Whoever did it is not told, and nobody twice at one address. */
export function noticesOf({ setup: now, customers, notifier, links }: Post, rows: Pick<Rows, 'watchers'>, ticket: Ticket, actor: Actor, news: readonly News[], at: number): Notice[] {
  const setup = now();
  const lead = setup.teams.find((t) => t.name === ticket.team)?.lead;
  const asker = ticket.requester.email ?? (ticket.customer === null ? undefined : customers.emailOf(ticket.customer));
  const worker = workerOf(setup, ticket.assignee);
  const isWorker = (who: string): boolean => worker !== undefined && who === ticket.assignee;
  const addressOf = (who: string): string | undefined => (who === REQUESTER ? asker : outside(who) ? who : isWorker(who) ? worker?.email : notifier.addressOf(who));
  const below = (to: string): string | undefined => {
    if (to === REQUESTER) return footed(setup.mail.footer[ticket.language], links.page(readerOf(ticket), at));
    return worker && isWorker(to) ? footed(setup.mail.workerFooter[worker.language], links.page({ of: 'worker', id: worker.name }, at)) : undefined;
  };
  return news.flatMap((one) => {
    const letter = setup.mail.letters[one.about];
    if (letter === false) return [];
    const watchers = rows.watchers(ticket.id);
    // A worker is outside of the house: nobody tells him what is said inside.
    const inside = insideOf(one, ticket, lead, watchers).filter((who) => !actor.names.includes(who) && !(isWorker(who) && one.about === 'comment' && one.visibility === 'internal'));
    const byAsker = actor.roles.includes('customer') && one.about !== 'created';
    const strangers = isPublic(one) ? [...(asker === undefined || byAsker ? [] : [REQUESTER]), ...watchers.filter(outside)] : [];
    const reached = new Set<string>();
    return [...new Set([...strangers, ...inside])].flatMap((to): Notice[] => {
      const address = addressOf(to);
      if (address === undefined) return [{ to, kind: one.about, mail: undefined }];
      if (reached.has(address)) return [];
      reached.add(address);
      return [{ to, kind: one.about, mail: letterTo(address, below(to), letter, one, ticket, worker && isWorker(to) ? worker.language : ticket.language) }];
    });
  });
}

/** Who reads the mails of the address that was given with tickets has asked for those; an address out of the customer's record opens this one alone. */
const readerOf = ({ id, requester: { email } }: Ticket): Reader => (email === null ? { of: 'ticket', id } : { of: 'email', id: email });

function isPublic(one: News): boolean {
  if (one.about === 'comment') return one.visibility === 'public';
  return one.about === 'created' || one.about === 'state' || one.about === 'merged';
}

function insideOf(one: News, ticket: Ticket, lead: string | undefined, watchers: readonly string[]): string[] {
  const staff = watchers.filter((who) => !outside(who));
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

const TARGET: Readonly<Record<Target, Label>> = {
  response: { 'zh-CN': '首次响应', en: 'first response' }, update: { 'zh-CN': '更新', en: 'update' }, resolution: { 'zh-CN': '解决', en: 'resolution' },
};

/** Undefined: there is no page. */
const footed = (footer: string, link: string | undefined): string | undefined => (link === undefined ? undefined : footer.replaceAll('{link}', () => link));

function letterTo(to: string, below: string | undefined, letter: Letter, one: News, { number, subject, requester }: Ticket, language: Lang): Mail {
  const values: Readonly<Record<string, string>> = {
    number: String(number), subject, name: requester.name ?? '', ...('label' in one ? { state: one.label[language] } : {}), ...('text' in one ? { text: one.text } : {}),
    ...('target' in one ? { target: TARGET[one.target][language] } : {}), ...('level' in one ? { level: String(one.level) } : {}),
  };
  const filled = (label: Label): string => label[language].replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
  return {
    to, subject: filled(letter.subject).replaceAll(/[\r\n]+/g, ' '),
    text: `${filled(letter.text)}\n${below === undefined ? '' : `\n${below}\n`}`,
  };
}
