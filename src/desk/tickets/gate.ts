import { NoSuchTicket, TicketErased, TicketMerged, TicketRefused, TicketStale, type TicketFault } from './errors.js';
import { reaches, type Actor } from './actor.js';
import type { Rows } from './rows.js';
import type { State, TicketSetup, TicketType } from './setup.js';
import type { Ticket } from './types.js';

/** @throws TicketRefused */
export function refuseIf(faults: readonly TicketFault[]): void {
  if (faults.length > 0) throw new TicketRefused(faults);
}
export const fault = (pointer: string, message: string, hint?: string, code = 'ticket.bad_value'): TicketFault => ({ code, message, hint, pointer });

/** @throws TicketRefused */
export function typeOf(setup: TicketSetup, name: string): TicketType {
  const type = setup.types.find((t) => t.name === name);
  if (!type) throw new TicketRefused([fault('/type', `there is no type "${name}"`, `there are ${setup.types.map((t) => t.name).join(', ')}`)]);
  return type;
}
/** @throws TicketRefused */
export function stateOf(type: TicketType, name: string): State {
  const state = type.states.find((s) => s.name === name);
  if (!state) throw new TicketRefused([fault('/to', `the type "${type.name}" has no state "${name}"`, `it has ${type.states.map((s) => s.name).join(', ')}`)]);
  return state;
}

/** The ticket, if it is there and theirs. @throws NoSuchTicket */
export function seen(rows: Pick<Rows, 'get'>, id: string, actor: Actor): Ticket {
  const ticket = rows.get(id);
  if (!ticket || !reaches(actor, ticket)) throw new NoSuchTicket(id);
  return ticket;
}
/** The same for a change. `version`: what it was made for; undefined: whatever it is now. @throws NoSuchTicket, TicketStale, TicketMerged */
export function changeable(rows: Pick<Rows, 'get'>, id: string, actor: Actor, version: number | undefined): Ticket {
  const ticket = seen(rows, id, actor);
  if (version !== undefined && version !== ticket.version) throw new TicketStale(ticket.version);
  if (ticket.mergedInto !== null) throw new TicketMerged(ticket.mergedInto);
  return ticket;
}
/** Words in an erased ticket would lead to somebody again, and nobody would find them once more. @throws TicketErased */
export function takesWords({ erased }: Ticket): void {
  if (erased !== null) throw new TicketErased();
}
