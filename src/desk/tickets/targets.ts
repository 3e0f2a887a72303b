import { reaches, type Actor } from './actor.js';
import type { TicketFault } from './errors.js';
import { isOrderNumber } from './fields.js';
import { fault } from './gate.js';
import type { TicketDeps } from './ports.js';
import type { Rows } from './rows.js';
import type { NewTicket } from './types.js';

type Target = NonNullable<NewTicket['links']>[number];

/** A link names something that is there: calls, conversations, recordings and tickets of the house, orders and pages by their form. */
export function targetFaults({ linkable }: Pick<TicketDeps, 'linkable'>, rows: Pick<Rows, 'get'>, actor: Actor, { kind, target }: Target, pointer = ''): TicketFault[] {
  const unless = (right: boolean, message: string, hint?: string): TicketFault[] => (right ? [] : [fault(`${pointer}/target`, message, hint)]);
  switch (kind) {
    case 'call': case 'conversation': case 'recording': return unless(linkable(kind, target), `there is no ${kind} "${target}"`);
    case 'ticket': {
      const found = rows.get(target);
      return unless(found !== undefined && reaches(actor, found), `there is no ticket "${target}"`);
    }
    case 'order': return unless(isOrderNumber(target), 'this is no number of an order', 'letters, digits and _ . / # -');
    case 'url': return unless(isPage(target), 'this is no address of a page', 'as https://shop.example/orders/1');
  }
}

function isPage(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
