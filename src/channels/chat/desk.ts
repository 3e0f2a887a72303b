import type { Conversation } from '../../desk/conversations/index.js';
import { BadIdentity } from '../../desk/customers/index.js';
import { ChatFault } from './errors.js';
import { vouched, type VouchedFor } from './customer-token.js';
import { readForm, type Answers } from './form.js';
import type { ChatDeps } from './ports.js';
import { transcriptOf } from './transcript.js';
import { createVisitors, type Visitor, type Visitors } from './visitors.js';

export type Lang = 'zh-CN' | 'en';
/** What visitors may do, whatever door they come through. */
export interface ChatDesk {
  readonly visitors: Visitors;
  /** A new visitor, or the one whose token this is. @throws ChatFault chat.bad_customer_token */
  session(how: { readonly token?: string | undefined; readonly language: Lang | undefined; readonly customerToken?: string | undefined }): Promise<{ readonly visitor: Visitor; readonly token: string }>;
  /** His newest conversation, on whatever device he began it; undefined when there is none that matters any more. */
  current(visitor: Visitor): Conversation | undefined;
  /** The one that is his, or the one he begins. @throws ChatFault chat.form, chat.closed */
  start(visitor: Visitor, how: { readonly form: Readonly<Record<string, string>>; readonly page?: string | undefined; readonly invitation?: string | undefined }): Conversation;
  /** Out of hours. Answers the ticket's number. @throws ChatFault */
  offline(visitor: Visitor, how: { readonly form: Readonly<Record<string, string>>; readonly text: string }): string;
  /** @throws ChatFault */
  transcript(visitor: Visitor, email: string): void;
}
/** An ended one is shown for so long. */
const SHOWN_MS = 24 * 3_600_000;
const MOST_PAGES = 50;
/** Channels on which people answer each other at once. */
const HERE: ReadonlySet<string> = new Set(['chat', 'app']);

export function createDesk({ store, config, conversations, customers, queue, ticket, mail, files, events, now }: ChatDeps): ChatDesk {
  const visitors = createVisitors({ store, sessionMs: () => config().times.sessionMs, now });
  const party = (visitor: Visitor): string => `visitor:${visitor.id}`;
  const langOf = (visitor: Visitor): Lang => (visitor.language === 'en' ? 'en' : 'zh-CN');
  const current = (visitor: Visitor): Conversation | undefined => {
    const own = conversations.newestOf('visitor', visitor.id);
    const customer = visitor.customer === null ? undefined : customers.canonical(visitor.customer);
    const other = visitor.verified && customer !== undefined ? (conversations.openOf(customer) ?? conversations.newestOf('customer', customer)) : undefined;
    // One that is open goes on here, also where an app began it; of those that have ended only chats are shown again.
    const chats = [own, other].filter((c) => c && (c.endedAt === null ? HERE.has(c.channel) : c.channel === 'chat' && c.endedAt > now() - SHOWN_MS));
    const [found] = chats.sort((a, b) => Number(b?.endedAt === null) - Number(a?.endedAt === null) || (b?.startedAt ?? 0) - (a?.startedAt ?? 0));
    // On a second device he takes part there as well.
    return found && found.state !== 'ended' ? conversations.join(found.id, party(visitor), visitor.name ?? found.name) : found;
  };
  /** Whose conversation it will be. What a stranger writes into a form is a hint, never proof. */
  const customerOf = (visitor: Visitor, { name, email, phone }: Answers): string => {
    const known = visitor.customer === null ? undefined : customers.canonical(visitor.customer);
    if (visitor.verified && known !== undefined) return known;
    const hints = { ...(name === undefined ? {} : { name }), language: langOf(visitor) };
    const said = [...(email === undefined ? [] : [{ kind: 'email', value: email }]), ...(phone === undefined ? [] : [{ kind: 'phone', value: phone }])];
    const who = { by: 'chat', source: party(visitor) };
    try {
      return customers.resolve('visitor', visitor.id, { ...hints, identities: said }, who).customer;
    } catch (error) {
      if (!(error instanceof BadIdentity)) throw error;
      return customers.resolve('visitor', visitor.id, hints, who).customer;
    }
  };
  /** By word of the house's own site. */
  const memberOf = ({ sub, name, email, phone }: VouchedFor): string => {
    const identities = [...(email === undefined ? [] : [{ kind: 'email', value: email, verified: true }]), ...(phone === undefined ? [] : [{ kind: 'phone', value: phone, verified: true }])];
    return customers.resolve('member_id', sub, { verified: true, ...(name === undefined ? {} : { name }), identities }, { by: 'chat', source: `member_id:${sub}` }).customer;
  };
  /** Who was merged into that customer stays filed under himself, for the day on which that is undone. */
  const filed = (visitor: Visitor, customer: string): { readonly customer?: string } => (visitor.customer !== null && customers.canonical(visitor.customer) === customer ? {} : { customer });
  return {
    visitors, current,
    async session({ token, language, customerToken }) {
      const claims = customerToken === undefined ? undefined : await vouched(customerToken, config().customerSecret);
      const customer = claims && memberOf(claims);
      const before = token === undefined ? undefined : visitors.byToken(token);
      // Somebody else at the same browser is another visitor, or he would read what the first one wrote.
      const known = before?.verified === true && customer !== undefined && before.customer !== null && customers.canonical(before.customer) !== customer ? undefined : before;
      const { visitor, token: shown } = known && token !== undefined ? { visitor: known, token } : visitors.create(language ?? null);
      if (language !== undefined && language !== visitor.language) visitors.change(visitor.id, { language });
      if (claims && customer !== undefined) visitors.change(visitor.id, { ...filed(visitor, customer), verified: true, ...(claims.name === undefined ? {} : { name: claims.name }) });
      return { visitor: visitors.known(visitor.id) ?? visitor, token: shown };
    },
    start(visitor, { form, page, invitation }) {
      const before = current(visitor);
      if (before && before.state !== 'ended') return before;
      const answers = readForm(config(), form);
      if (!queue.open(answers.queue)) throw new ChatFault('chat.closed', 'nobody is here just now', 'leave a message');
      const customer = customerOf(visitor, answers);
      const name = answers.name ?? visitor.name ?? undefined;
      visitors.change(visitor.id, { ...filed(visitor, customer), ...(name === undefined ? {} : { name }) });
      const source = invitation !== undefined && config().invitations.some((i) => i.name === invitation) ? `invitation:${invitation}` : page;
      const { id } = conversations.open({ channel: 'chat', visitor: visitor.id, customer, name, language: langOf(visitor), form: answers.form, source });
      const pages = visitor.consent && config().trail ? visitors.pages(visitor.id, MOST_PAGES) : [];
      if (pages.length > 0) conversations.browsed(id, customer, pages.map((p) => ({ at: new Date(p.at).toISOString(), url: p.url, title: p.title ?? '' })));
      try {
        queue.enter(id, { queue: answers.queue, by: party(visitor) });
      } catch (error) {
        queue.end(id, 'system', 'failed');
        throw error;
      }
      return conversations.get(id);
    },
    offline(visitor, { form, text }) {
      const { offline } = config();
      if (!offline) throw new ChatFault('chat.not_allowed', 'messages are not taken here');
      const answers = readForm(config(), form);
      const customer = customerOf(visitor, answers);
      const { name, email, phone } = answers;
      return ticket({ type: offline.ticketType, subject: text.trim().split('\n', 1)[0]?.slice(0, 100) ?? '', text, name: name ?? visitor.name ?? undefined, email, phone, language: langOf(visitor), customer, visitor: visitor.id });
    },
    transcript(visitor, email) {
      const conversation = current(visitor);
      if (!conversation) throw new ChatFault('chat.no_conversation', 'there is no conversation');
      if (!config().transcripts) throw new ChatFault('chat.not_allowed', 'transcripts are not sent here');
      if (conversation.state !== 'ended') throw new ChatFault('chat.refused', 'it has not ended yet', 'ask again at the end');
      // Or our server would mail any stranger's words to anybody, as often as he likes.
      if (conversation.firstReplyAt === null) throw new ChatFault('chat.refused', 'nobody has answered in it');
      if (events.of(`conversation:${conversation.id}`).some((f) => f.type === 'conversation.transcript_sent')) throw new ChatFault('chat.refused', 'it has been sent already');
      const { subject, text } = transcriptOf(conversation, conversations.messages(conversation.id, 0, 10_000, false), (file) => files.get(file).name);
      const sent = mail({ to: email, subject, text }, `conversation:${conversation.id}`);
      if (sent === undefined) throw new ChatFault('chat.not_allowed', 'this house sends no mail');
      conversations.transcriptSent(conversation.id, sent);
    },
  };
}
