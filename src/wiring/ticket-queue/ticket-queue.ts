import { NoSuchContact, type Acd, type ContactId, type ContactView, type QueueId } from '../../acd/index.js';
import type { Events } from '../../events/index.js';
import { system, type TicketDesk, type Wait } from '../../desk/tickets/index.js';
import type { TextChannel } from '../desk-queue/index.js';

export interface TicketQueue {
  /** What tickets do when the queue has decided. */
  readonly channel: TextChannel;
  /** Tickets that wait are put into their queues, also those whose commit the last run did not outlive; from now on each as it comes. */
  start(): void;
  close(): void;
}
export interface TicketQueueOptions {
  readonly desk: Pick<TicketDesk, 'get' | 'patch' | 'waits' | 'priorities'>;
  readonly acd: () => Pick<Acd, 'enqueue' | 'leave' | 'released' | 'contact'>;
  readonly events: Pick<Events, 'subscribe'>;
  readonly log: { error(fields: object, message: string): void; info(fields: object, message: string): void };
}

const queue = system('system', 'queue');

/** Tickets in the lines of agents: one that a rule gave to a queue waits there like a call, and takes of an agent's capacity until it waits for the customer or is done. */
export function createTicketQueue({ desk, acd, events, log }: TicketQueueOptions): TicketQueue {
  const { waits } = desk;
  /** Given to an agent this very moment: what that changes is no reason to take it back. */
  const giving = new Set<string>();
  const viewOf = (contact: string): ContactView | undefined => {
    try {
      return acd().contact(contact as ContactId);
    } catch (error) {
      if (error instanceof NoSuchContact) return undefined;
      throw error;
    }
  };
  const leave = ({ ticket, contact }: Wait): void => {
    waits.over(ticket);
    const state = viewOf(contact)?.state;
    if (state === 'connected' || state === 'connecting') acd().released(contact as ContactId);
    else if (state !== undefined) acd().leave(contact as ContactId, 'exit');
  };
  const join = ({ ticket, contact, queue: line }: Wait): void => {
    const { customer, priority, type, language } = desk.get(ticket, queue);
    const levels = desk.priorities();
    const rank = Math.round(1 + (Math.max(0, levels.indexOf(priority)) / Math.max(1, levels.length - 1)) * 9);
    try {
      acd().enqueue({
        id: contact as ContactId, queues: [line as QueueId], channel: 'ticket', subject: `ticket:${ticket}`, priority: rank, attributes: { type, language, ...(customer === null ? {} : { customer }) },
      });
    } catch (error) {
      // The line is gone, or will not have it: the ticket is its team's.
      waits.over(ticket);
      log.error({ err: error, ticket, queue: line }, 'a ticket could not be put into its queue');
    }
  };
  /** Something of a ticket has changed that may concern its place. */
  const look = (ticket: string): void => {
    const wait = waits.of(ticket);
    if (!wait || giving.has(ticket)) return;
    const { kind, assignee, mergedInto } = desk.get(ticket, queue);
    const view = viewOf(wait.contact);
    const theirs = view?.state === 'connected' ? view.agent === assignee : assignee === null;
    if (kind !== 'open' || mergedInto !== null || !theirs) leave(wait);
    else if (!view) join(wait);
  };
  const gone = (contact: string, why: string): void => {
    const wait = waits.by(contact);
    if (!wait) return;
    waits.over(wait.ticket);
    log.info({ ticket: wait.ticket, queue: wait.queue, why }, 'a ticket waits in no queue any more: it is its team\'s');
  };
  let stop = (): void => undefined;
  return {
    channel: {
      connected({ contact, agent }) {
        const wait = waits.by(contact);
        if (!wait) throw new Error(`contact ${contact} is no ticket that waits`);
        giving.add(wait.ticket);
        try {
          desk.patch(wait.ticket, { assignee: agent }, queue, undefined);
        } finally {
          giving.delete(wait.ticket);
        }
      },
      announce: () => undefined,
      divert(contact, target, why) {
        gone(contact, `${why}: ${target.to}`);
        acd().leave(contact, 'exit');
      },
      dismissed: (contact) => gone(contact, 'the queue was removed'),
      alive: (contact) => waits.by(contact) !== undefined,
      about(contact) {
        const wait = waits.by(contact);
        if (!wait) return {};
        const { id, number, subject, type, priority } = desk.get(wait.ticket, queue);
        return { ticket: id, number: String(number), subject, type, priority };
      },
    },
    start() {
      stop = events.subscribe(['ticket.created', 'ticket.assigned', 'ticket.state_changed', 'ticket.merged'], ({ data }) => look(data.ticket));
      for (const { ticket } of waits.all()) look(ticket);
    },
    close: () => stop(),
  };
}
