import { StrowgerError } from '../base/index.js';
import type { Call, Ledger } from '../calls/index.js';
import type { Mailer } from '../channels/mail/index.js';
import type { Conversations } from '../desk/conversations/index.js';
import type { Customers } from '../desk/customers/index.js';
import { system, type Ticket, type TicketDesk, type TicketSetup } from '../desk/tickets/index.js';
import type { Events } from '../events/index.js';
import type { DeskEnd, DeskOrder, DeskTicket } from '../ivr/index.js';

type Caller = { readonly id: string } & Pick<Call, 'from'>;
/** What flows want of tickets, mails and chats, for the customer who calls. */
export interface FlowDesk {
  order(call: Caller, order: DeskOrder): Promise<DeskEnd>;
  close(): void;
}
export interface FlowDeskOptions {
  readonly tickets: Pick<TicketDesk, 'create' | 'list' | 'byNumber' | 'link' | 'linkedTo'>;
  readonly setup: () => TicketSetup;
  readonly customers: Pick<Customers, 'ofSubject' | 'byNumber' | 'canonical' | 'get' | 'outside'>;
  readonly ledger: Pick<Ledger, 'recordings'>;
  readonly mailer: Pick<Mailer, 'ready' | 'send'>;
  readonly conversations: Pick<Conversations, 'newestOf' | 'join' | 'say' | 'leave'>;
  readonly events: Pick<Events, 'subscribe'>;
  readonly log: { error(fields: object, message: string): void };
}

/** One address and nothing beside it: what a caller's variable holds is not to become a second recipient. */
const ADDRESS = /^[^\s@,;:<>"()]{1,64}@[^\s@,;:<>"()]{1,190}\.[^\s@,;:<>"().]{2,}$/;
const NUMBER = /^\+?[0-9]{3,20}$/;
const VOICE = { 'zh-CN': '语音服务', en: 'Voice service' } as const;
/** How many of a caller's tickets are looked at for the newest that fits. */
const LOOKED_AT = 20;
const recorder = system('system', 'recorder');

export function createFlowDesk(options: FlowDeskOptions): FlowDesk {
  const { tickets, customers, ledger, events, log } = options;
  const customerOf = ({ id, from }: Caller): string | undefined => customers.ofSubject(`call:${id}`) ?? customers.byNumber(from);
  const work = (call: Caller, order: DeskOrder): Promise<DeskEnd> | DeskEnd => {
    const caller = { call, customer: customerOf(call), phone: customers.outside(call.from) ?? (NUMBER.test(call.from) ? call.from : null) };
    switch (order.do) {
      case 'create_ticket': return opened(options, caller, order);
      case 'find_ticket': return found(options, caller, order);
      case 'send_message': return sent(options, caller, order);
    }
  };
  // A recording begins with the conversation, long after the flow has opened its ticket.
  const stop = events.subscribe(['call.recording_started'], ({ subject, data }) => {
    for (const id of tickets.linkedTo('call', subject.slice('call:'.length))) {
      try {
        if (ledger.recordings(subject.slice('call:'.length)).some((one) => one.id === data.recording)) tickets.link(id, 'recording', data.recording, recorder);
      } catch (error) {
        log.error({ err: error, ticket: id, recording: data.recording }, 'a recording could not be tied to the ticket of its call');
      }
    }
  });
  return {
    close: stop,
    async order(call, order) {
      try {
        return await work(call, order);
      } catch (error) {
        if (!(error instanceof StrowgerError)) throw error;
        return { how: 'failed', why: reasonOf(error) };
      }
    },
  };
}

interface Known {
  readonly call: Caller;
  readonly customer: string | undefined;
  readonly phone: string | null;
}
type Order<K extends DeskOrder['do']> = Extract<DeskOrder, { do: K }>;

function opened({ tickets, setup, customers, ledger }: FlowDeskOptions, { call, customer, phone }: Known, order: Order<'create_ticket'>): DeskEnd {
  const { type, subject, text, priority, tags, fields, language } = order;
  const name = customer === undefined ? null : (customers.get(customer)?.name ?? null);
  const recordings = ledger.recordings(call.id).filter(({ state }) => state !== 'failed').map(({ id }) => ({ kind: 'recording', target: id }) as const);
  const ticket = tickets.create({
    type, subject: subject.slice(0, 300), text, priority, tags, fields: Object.fromEntries(Object.entries(fields).filter((entry): entry is [string, string | number | boolean] => typeof entry[1] !== 'object')), channel: 'phone', customer, language,
    requester: { name, phone }, links: [{ kind: 'call', target: call.id }, ...recordings],
  }, system(`flow:${call.id}`, 'flow'));
  return { how: 'done', ticket: toldOf(ticket, setup()) };
}

async function found({ tickets, setup, customers }: FlowDeskOptions, { call, customer, phone }: Known, { which, number, type }: Order<'find_ticket'>): Promise<DeskEnd> {
  const actor = system(`flow:${call.id}`, 'flow');
  const his = (t: Ticket): boolean => t.mergedInto === null && (type === undefined || t.type === type) && ((customer !== undefined && t.customer !== null && customers.canonical(t.customer) === customer) || (phone !== null && t.requester.phone === phone));
  if (which === 'number') {
    const wanted = Number(/\d{1,15}/.exec(number ?? '')?.[0] ?? 0);
    const ticket = (await tickets.list({ number: wanted }, actor, { limit: 1, cursor: undefined })).items[0];
    return ticket && his(ticket) ? { how: 'done', ticket: toldOf(ticket, setup()) } : { how: 'none' };
  }
  const kind = which === 'open' ? ('unresolved' as const) : undefined;
  for (const of of [...(customer === undefined ? [] : [{ customer }]), ...(phone === null ? [] : [{ phone }])]) {
    const { items } = await tickets.list({ ...of, type, kind }, actor, { limit: LOOKED_AT, cursor: undefined });
    const ticket = items.find(his);
    if (ticket) return { how: 'done', ticket: toldOf(ticket, setup()) };
  }
  return { how: 'none' };
}

function sent(options: FlowDeskOptions, known: Known, order: Order<'send_message'>): DeskEnd {
  if (order.by !== 'mail' && written(options, known, order)) return { how: 'done' };
  return order.by === 'chat' ? { how: 'none' } : mailed(options, known, order);
}

/** Into the chat that the customer has open. */
function written({ conversations }: FlowDeskOptions, { call, customer }: Known, { text, language }: Order<'send_message'>): boolean {
  const open = customer === undefined ? undefined : conversations.newestOf('customer', customer);
  if (!open || open.state === 'ended') return false;
  const [party, name] = [`flow:${call.id}`, VOICE[language ?? 'zh-CN']];
  conversations.join(open.id, party, name);
  try {
    conversations.say(open.id, { by: party, name, text });
  } finally {
    conversations.leave(open.id, party);
  }
  return true;
}

function mailed({ mailer, customers }: FlowDeskOptions, { call, customer }: Known, { to, subject, text }: Order<'send_message'>): DeskEnd {
  const address = to ?? (customer === undefined ? undefined : customers.get(customer)?.identities.find(({ kind }) => kind === 'email')?.value);
  if (address === undefined || !ADDRESS.test(address)) return { how: 'none' };
  if (!mailer.ready()) return { how: 'failed', why: 'config/mail.yaml names no server' };
  mailer.send({ to: address, subject: subject ?? '', text }, `call:${call.id}`);
  return { how: 'done' };
}

/** As texts can say it: `${ticket.number}`, `${ticket.state_zh}`. */
export function toldOf({ id, number, type, state, kind, priority, subject, fields, createdAt, updatedAt }: Ticket, setup: TicketSetup): DeskTicket {
  const known = setup.types.find((t) => t.name === type);
  const label = known?.states.find((s) => s.name === state)?.label;
  return {
    id, number: String(number), type, type_zh: known?.label['zh-CN'] ?? type, type_en: known?.label.en ?? type, state, kind, state_zh: label?.['zh-CN'] ?? state, state_en: label?.en ?? state, priority, subject,
    fields: { ...fields }, created_at: new Date(createdAt).toISOString(), updated_at: new Date(updatedAt).toISOString(),
  };
}

const reasonOf = (error: StrowgerError): string => ('faults' in error && Array.isArray(error.faults) ? error.faults.map((fault: { readonly pointer?: string; readonly message?: string }) => `${fault.pointer ?? ''} ${fault.message ?? ''}`.trim()).join('; ') : error.message);
