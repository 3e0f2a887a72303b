import type { Acd } from '../acd/index.js';
import { ticketActor, type ConversationDesk, type Owner } from '../api/index.js';
import type { Ledger } from '../calls/index.js';
import { openSpans } from '../config/index.js';
import type { Customers } from '../desk/customers/index.js';
import { businessTime, createTickets, type BusinessTime, type TicketCustomers, type TicketDeps, type TicketDesk, type TicketSetup } from '../desk/tickets/index.js';
import { finderBeside } from '../store/index.js';
import { createFlowDesk, createTicketQueue, type FlowDesk } from '../wiring/index.js';
import type { TextGround } from './chat.js';
import type { Ground } from './rooms.js';

export interface Tickets {
  readonly api: { readonly tickets: TicketDesk; readonly ticketSetup: () => TicketSetup };
  /** What flows want of it. */
  readonly flows: FlowDesk;
  /** Whose it is, for those who hear of their own or their teams' alone. */
  owner(id: string): Owner | undefined;
  /** The queues stand: tickets that wait join them. */
  start(): void;
  /** The files were read again: open tickets get the promises that now hold. */
  reload(): void;
  close(): Promise<void>;
}
export interface TicketsAround {
  readonly text: TextGround;
  readonly customers: Customers;
  readonly ledger: Ledger;
  readonly conversations: ConversationDesk['conversations'];
  readonly acd: () => Acd;
}

/** The room of tickets: its calendars out of tickets.yaml, its mails, files, customers and queues. */
export function openTickets(ground: Ground, { text, customers, ledger, conversations, acd }: TicketsAround): Tickets {
  const { store, events, live, log, access } = ground;
  const setup = (): TicketSetup => live.now().tickets;
  const calendar = (name: string): BusinessTime => {
    const { tickets, system } = live.now();
    const hours = tickets.hours.get(name) ?? tickets.hours.get(tickets.calendar);
    return businessTime((from, until) => (hours ? openSpans(hours, from, until, system.timeZone) : [[from, until]]));
  };
  const desk = createTickets({
    store, events, setup, calendars: calendar, finder: finderBeside(store.path), log, now: Date.now, customers: customersOf(customers), linkable: linkableIn(ground, ledger, conversations),
    notifier: { ready: () => text.mailer.ready(), send: ({ to, subject, text: said }, about, id) => void text.mailer.send({ to, subject, text: said }, about, id), addressOf: addressIn(ground) },
    files: text.files,
  });
  const queue = createTicketQueue({ desk, acd, events, log });
  const flows = createFlowDesk({ tickets: desk, setup, customers, ledger, mailer: text.mailer, conversations, events, log });
  const forgetWorkers = (): void => {
    try {
      for (const name of desk.forgetWorkers()) access.audit.append({ actor: 'retention', actorName: 'retention', action: 'ticket_worker.erase', object: `/v1/ticket-workers/${name}`, outcome: 'done', source: 'system' });
    } catch (error) {
      log.error({ err: error }, 'what is left of workers whom tickets.yaml names no more could not be erased; tried again at the next reload or start');
    }
  };
  text.carry('ticket', queue.channel);
  text.guard('ticket', ({ principal }, file) => {
    const scope = principal.may('tickets.read');
    return scope !== undefined && desk.mayOpen(file.id, ticketActor(principal, scope));
  });
  return {
    api: { tickets: desk, ticketSetup: setup }, flows,
    owner(id) {
      const ticket = desk.find(id);
      return ticket && { agent: ticket.assignee, people: [...(ticket.assignee === null ? [] : [ticket.assignee]), ticket.createdBy.slice(ticket.createdBy.indexOf(':') + 1)], teams: ticket.team === null ? [] : [ticket.team] };
    },
    start() {
      forgetWorkers();
      desk.start();
      queue.start();
    },
    reload() {
      forgetWorkers();
      void desk.review().catch((error: unknown) => log.error({ err: error }, 'the deadlines of tickets could not be reviewed'));
    },
    async close() {
      queue.close();
      flows.close();
      await desk.close();
    },
  };
}

function customersOf(customers: Customers): TicketCustomers {
  return {
    find: ({ phone, email }) => (phone === null ? undefined : customers.byNumber(phone)) ?? (email === null ? undefined : customers.byIdentity('email', email)),
    canonical: (id) => customers.canonical(id),
    emailOf: (id) => customers.get(id)?.identities.find(({ kind }) => kind === 'email')?.value,
  };
}

/** An agent's address is that of the user who is this agent. */
function addressIn({ store }: Ground) {
  const { db } = store;
  return (who: string): string | undefined => store.run(db.selectFrom('users').select('email').where('disabled_at', 'is', null).where((e) => e.or([e('agent', '=', who), e('id', '=', who), e('login', '=', who)])).limit(1))[0]?.email ?? undefined;
}

function linkableIn({ store }: Ground, ledger: Ledger, conversations: TicketsAround['conversations']): TicketDeps['linkable'] {
  return (kind, target) => {
    switch (kind) {
      case 'call': return ledger.get(target) !== undefined;
      case 'recording': return store.run(store.db.selectFrom('recordings').select('id').where('id', '=', target)).length > 0;
      case 'conversation': return conversations.find(target) !== undefined;
    }
  };
}
