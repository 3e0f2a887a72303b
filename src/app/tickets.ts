import { openSpans } from '../config/index.js';
import { businessTime, createTickets, type BusinessTime, type TicketDesk, type TicketSetup } from '../desk/tickets/index.js';
import { finderBeside } from '../store/index.js';
import type { Ground } from './rooms.js';

export interface Tickets {
  readonly api: { readonly tickets: TicketDesk; readonly ticketSetup: () => TicketSetup };
  /** The files were read again: open tickets get the promises that now hold. */
  reload(): void;
  close(): Promise<void>;
}

/** The room of tickets, with its calendars out of tickets.yaml. */
export function openTickets({ store, events, live, log }: Ground): Tickets {
  const setup = (): TicketSetup => live.now().tickets;
  const calendar = (name: string): BusinessTime => {
    const { tickets, system } = live.now();
    const hours = tickets.hours.get(name) ?? tickets.hours.get(tickets.calendar);
    return businessTime((from, until) => (hours ? openSpans(hours, from, until, system.timeZone) : [[from, until]]));
  };
  const desk = createTickets({ store, events, setup, calendars: calendar, finder: finderBeside(store.path), findCustomer: () => undefined, log, now: Date.now });
  desk.start();
  return {
    api: { tickets: desk, ticketSetup: setup },
    reload: () => void desk.review().catch((error: unknown) => log.error({ err: error }, 'the deadlines of tickets could not be reviewed')),
    close: () => desk.close(),
  };
}
