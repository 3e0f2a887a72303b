import { StrowgerError } from '../../base/index.js';

export class NoSuchTicket extends StrowgerError {
  readonly code = 'ticket.no_such_ticket';
  constructor(id: string) {
    super(`there is no ticket "${id}" for you`, { hint: 'GET /v1/tickets lists those you may see' });
  }
}
/** Somebody else was faster. */
export class TicketStale extends StrowgerError {
  readonly code = 'ticket.stale';
  constructor(version: number) {
    super('the ticket was changed meanwhile', { hint: `read it again (it is at version ${version}) and repeat the change` });
  }
}
export class NoSuchTransition extends StrowgerError {
  readonly code = 'ticket.no_such_transition';
  constructor(from: string, to: string, possible: readonly string[]) {
    super(`a ticket that is "${from}" cannot become "${to}"`, { hint: possible.length > 0 ? `you can make it ${possible.join(', ')}` : 'you can make it nothing else' });
  }
}
export class TicketMerged extends StrowgerError {
  readonly code = 'ticket.merged';
  constructor(into: string) {
    super('the ticket was merged into another', { hint: `change that one: ${into}` });
  }
}
/** What was written in it had to go: it takes no more words. */
export class TicketErased extends StrowgerError {
  readonly code = 'ticket.erased';
  constructor() {
    super('what was written in this ticket is erased, and nothing more is written in it', { hint: 'its state, priority, tags, team and assignee can be changed; for anything else open another ticket' });
  }
}
/** It is on legal hold, so it stays. */
export class TicketHeld extends StrowgerError {
  readonly code = 'ticket.on_hold';
  constructor(by: string, why: string) {
    super(`the ticket is on legal hold: ${why}`, { hint: `${by} put it there; DELETE /v1/tickets/{id}/hold ends it` });
  }
}
export class NotAllowed extends StrowgerError {
  readonly code = 'ticket.not_allowed';
}
export interface TicketFault {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  /** RFC 6901. */
  readonly pointer: string;
}
/** Well-formed, but not as the ticket's type wants it. */
export class TicketRefused extends StrowgerError {
  readonly code = 'ticket.refused';
  constructor(readonly faults: readonly TicketFault[]) {
    super(faults.map((f) => `${f.pointer}: ${f.message}`).join('; '), { hint: 'GET /v1/ticket-types says what each type takes' });
  }
}
export class NoSuchThing extends StrowgerError {
  readonly code = 'ticket.no_such_thing';
}
/** Nothing was kept: the disk refuses. */
export class NotKept extends StrowgerError {
  readonly code = 'ticket.not_kept';
  constructor() {
    super('the ticket could not be written', { hint: 'try again; GET /healthz says whether the disk is full' });
  }
}
