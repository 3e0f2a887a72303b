import type { Told } from '../../desk/customers/index.js';
import type { Fact } from '../../events/index.js';

/** Of a call, what somebody wants to read later; keys, legs, offers and the rest stand in the call's own timeline. */
const OF_CALLS = new Set([
  'call.started', 'call.customer_identified', 'call.queued', 'call.left_queue', 'call.bridged', 'call.transferred', 'call.callback_scheduled', 'call.message_recorded', 'call.survey_answered', 'call.ended',
]);
/** Of conversations and tickets, what nobody wants to read later. */
const NOISE = /\.(read|offered|offer_ended|position_told|relaxed|connect_timed_out|message|page_visited|invited|watched|notified|notice_failed)$/;
const SUBJECT = /^(call|conversation|ticket):/;
/** These name the agent whose contact the customer is. */
const MEETS = new Set(['call.offered', 'call.bridged', 'conversation.offered', 'conversation.assigned', 'ticket.offered']);
const TALKS = new Set(['call.bridged', 'conversation.assigned']);

const textIn = (data: object, key: string): string | undefined => {
  const value = (data as Record<string, unknown>)[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

/** What a fact means for the timelines of customers; undefined: nothing. */
export function toldOf(fact: Fact): Told | undefined {
  const { subject, data } = fact;
  const type: string = fact.type;
  const customer = textIn(data, 'customer');
  if (type.startsWith('customer.')) return type === 'customer.deleted' || customer === undefined ? undefined : { fact, customer, contact: false, shown: true };
  if (type === 'conversation.page_visited') return customer === undefined ? undefined : { fact, customer, contact: false, shown: false, counts: 'browsing' };
  if (!SUBJECT.test(subject)) return undefined;
  const agent = MEETS.has(type) ? textIn(data, 'agent') : undefined;
  const shown = subject.startsWith('call:') ? OF_CALLS.has(type) : !NOISE.test(type);
  if (!shown && agent === undefined && customer === undefined) return undefined;
  return { fact, customer, agent, contact: TALKS.has(type) && agent !== undefined, shown };
}
