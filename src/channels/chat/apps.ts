import type { Ms } from '../../base/index.js';
import { NotJoined, type Conversation, type Message, type Party } from '../../desk/conversations/index.js';
import { NoSuchCustomer } from '../../desk/customers/index.js';
import { appParty, appPartyIn, appVisitor } from './app-party.js';
import type { Lang } from './desk.js';
import { ChatFault } from './errors.js';
import { invitationFor } from './invitations.js';
import type { ChatDeps } from './ports.js';
import type { Visitors } from './visitors.js';

/** By the house's ID, or by any identity. */
export type CustomerName = string | { readonly kind: string; readonly value: string };
export interface AppOrder {
  readonly customer: CustomerName;
  /** Who made the customer, where it is new. */
  readonly by: string;
  readonly name?: string | undefined;
  readonly language?: Lang | undefined;
  /** Left out: where chats wait. */
  readonly queue?: string | undefined;
  readonly form?: Readonly<Record<string, string>> | undefined;
  readonly page?: string | undefined;
  readonly invitation?: string | undefined;
  readonly text?: string | undefined;
  readonly clientId?: string | undefined;
}
export interface AppMessage {
  readonly text: string;
  readonly file?: string | undefined;
  /** Who has sent the file. */
  readonly sentBy: Party;
  readonly clientId?: string | undefined;
}
export interface Looked {
  readonly customer: CustomerName;
  /** Pages and screens, oldest first. */
  readonly at: readonly { readonly url: string; readonly title: string | null }[];
  readonly language?: Lang | undefined;
}
export interface Invited {
  readonly name: string;
  readonly text: string;
  readonly afterMs: Ms;
}
/** What apps do for their customers: they carry their words and say where they have been. */
export interface AppDesk {
  /**
   * The one that the customer has open, on whatever channel, or a new one, which waits. A queue that is closed or full ends it at once.
   * @throws NoSuchCustomer, BadIdentity, NoSuchQueue, MessageRefused, NotKept
   */
  open(order: AppOrder): { readonly conversation: Conversation; readonly opened: boolean };
  /** @throws NoSuchConversation, NotJoined, ConversationOver, MessageRefused, FileFault, NotKept */
  say(id: string, what: AppMessage): { readonly message: Message; readonly repeated: boolean };
  /** @throws NotJoined */
  typing(id: string, on: boolean): void;
  read(id: string, seq: number): void;
  end(id: string): Conversation;
  /** Answers the invitation that it calls for. @throws NoSuchCustomer, ChatFault chat.not_allowed without consent */
  looked(what: Looked): Invited | undefined;
}
/** As customers' consents name it. */
const CONSENT = ['app', 'browsing'] as const;
const [MOST_TOLD, MOST_COUNTED] = [50, 100];

export function createApps({ config, conversations, customers, queue, events, now }: ChatDeps, visitors: Pick<Visitors, 'visited' | 'pages'>): AppDesk {
  const partyIn = (id: string): Party => {
    const party = appPartyIn(conversations.get(id));
    if (party === undefined) throw new NotJoined(id, 'POST /v1/conversations opens or continues it for its customer first');
    return party;
  };
  const nameOf = (id: string, party: Party): string | undefined => conversations.get(id).parties.find((p) => p.party === party)?.name ?? undefined;
  const known = (who: CustomerName): string => {
    const id = typeof who === 'string' ? customers.canonical(who) : customers.byIdentity(who.kind, who.value);
    if (id === undefined) throw new NoSuchCustomer(typeof who === 'string' ? who : who.value);
    return id;
  };
  const customerOf = ({ customer: who, name, language, by }: AppOrder): string =>
    typeof who === 'string' ? known(who) : customers.resolve(who.kind, who.value, { ...(name === undefined ? {} : { name }), ...(language === undefined ? {} : { language }) }, { by }).customer;
  const consents = (customer: string): boolean => config().trail !== undefined && customers.mayContact(customer, ...CONSENT) === true;
  const told = (pages: readonly { readonly at: number; readonly url: string; readonly title: string | null }[]) => pages.map(({ at, url, title }) => ({ at: new Date(at).toISOString(), url, title: title ?? '' }));
  /** With what was said first in it, so that agents read that in the offer. */
  const begin = (customer: string, { queue: named, form = {}, language, page, invitation, text, clientId }: AppOrder, name: string | undefined): Conversation => {
    const line = named ?? config().queue;
    queue.check(line);
    const source = invitation !== undefined && config().invitations.some((i) => i.name === invitation) ? `invitation:${invitation}` : page;
    const { id } = conversations.open({ channel: 'app', visitor: appVisitor(customer), customer, name, language: language ?? languageOf(customers.known(customer)?.language), form, source });
    try {
      const pages = consents(customer) ? visitors.pages(appVisitor(customer), MOST_TOLD) : [];
      if (pages.length > 0) conversations.browsed(id, customer, told(pages));
      if (text !== undefined) conversations.say(id, { by: appParty(customer), name, text, clientId });
      queue.enter(id, { queue: line, by: appParty(customer) });
    } catch (error) {
      queue.end(id, 'system', 'failed');
      throw error;
    }
    return conversations.get(id);
  };
  return {
    open(order) {
      const customer = customerOf(order);
      const name = order.name ?? customers.known(customer)?.name ?? undefined;
      const before = conversations.openOf(customer);
      if (!before) return { conversation: begin(customer, order, name), opened: true };
      const party = appPartyIn(before) ?? appParty(customer);
      conversations.join(before.id, party, name ?? before.name);
      if (order.text !== undefined) conversations.say(before.id, { by: party, name, text: order.text, clientId: order.clientId });
      return { conversation: conversations.get(before.id), opened: false };
    },
    say(id, what) {
      const by = partyIn(id);
      return conversations.say(id, { ...what, by, name: nameOf(id, by) });
    },
    typing: (id, on) => conversations.typing(id, partyIn(id), on),
    read: (id, seq) => conversations.read(id, partyIn(id), seq),
    end: (id) => queue.end(id, partyIn(id), 'visitor'),
    looked({ customer: who, at, language }) {
      const customer = known(who);
      if (!config().trail) throw new ChatFault('chat.not_allowed', 'this house follows nobody over pages', 'chat.trail in config/chat.yaml');
      if (!consents(customer)) throw new ChatFault('chat.not_allowed', 'without consent nobody is followed', `POST /v1/customers/{id}/consents with channel "${CONSENT[0]}" and purpose "${CONSENT[1]}" records it`);
      for (const one of at) {
        visitors.visited(appVisitor(customer), one);
        events.publish('conversation.page_visited', `customer:${customer}`, { customer, url: one.url });
      }
      const open = conversations.openOf(customer);
      if (open) conversations.browsed(open.id, customer, told(at.map((one) => ({ at: now(), ...one }))));
      const last = at.at(-1);
      // Which were shown already the app knows.
      const one = open || !last ? undefined : invitationFor(config().invitations, { url: last.url, pages: visitors.pages(appVisitor(customer), MOST_COUNTED).length, made: new Set() });
      return one && { name: one.name, text: one.text[language ?? languageOf(customers.known(customer)?.language) ?? 'zh-CN'], afterMs: one.afterMs };
    },
  };
}

const languageOf = (known: string | null | undefined): Lang | undefined => (known === null || known === undefined ? undefined : known.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en');
