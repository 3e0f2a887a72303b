import type { Sums } from './sums.js';
import { amount, text, type Told } from './told.js';

const DONE = new Set(['resolved', 'closed']);

interface Now {
  readonly type: string;
  readonly channel: string;
  readonly createdAt: number;
  assignee: string;
  done: { readonly at: number; readonly assignee: string } | undefined;
}

/** Counts one fact about a ticket; `facts`: all about it up to and with this one. A resolution that does not last is taken back. */
export function countTicket(facts: readonly Told[], sums: Sums): void {
  const told = facts.at(-1);
  const now = standing(facts.slice(0, -1));
  if (told?.type === 'ticket.created') return add(sums, told.at, { ...now, type: text(told, 'type'), channel: text(told, 'channel') }, text(told, 'assignee'), { tickets_created: 1 });
  if (!told || now.createdAt === 0) return;
  if (told.type === 'ticket.sla_met') {
    const inTime = told.data['within'];
    const [met, late] = [inTime === true ? 1 : 0, inTime === false ? 1 : 0];
    const counts = text(told, 'target') === 'resolution'
      ? { tickets_work_n: 1, tickets_work_ms: amount(told, 'business_ms'), tickets_in_time: met, tickets_late: late }
      : { tickets_response_n: 1, tickets_response_ms: amount(told, 'business_ms'), tickets_response_in_time: met, tickets_response_late: late };
    return add(sums, told.at, now, now.assignee, counts);
  }
  const done = DONE.has(text(told, 'kind'));
  if (done === (now.done !== undefined)) return;
  if (!now.done) return add(sums, told.at, now, now.assignee, { tickets_resolved: 1, tickets_cycle_ms: told.at - now.createdAt });
  add(sums, now.done.at, now, now.done.assignee, { tickets_resolved: -1, tickets_cycle_ms: now.createdAt - now.done.at });
  add(sums, told.at, now, now.assignee, { tickets_reopened: 1 });
}

function standing(facts: readonly Told[]): Now {
  const [created] = facts.filter((told) => told.type === 'ticket.created');
  const now: Now = { type: created ? text(created, 'type') : '', channel: created ? text(created, 'channel') : '', createdAt: created?.at ?? 0, assignee: created ? text(created, 'assignee') : '', done: undefined };
  for (const told of facts) {
    if (told.type === 'ticket.assigned') now.assignee = text(told, 'assignee');
    if (told.type !== 'ticket.state_changed') continue;
    if (!DONE.has(text(told, 'kind'))) now.done = undefined;
    else now.done ??= { at: told.at, assignee: now.assignee };
  }
  return now;
}

function add(sums: Sums, at: number, { type, channel }: Pick<Now, 'type' | 'channel'>, assignee: string, counts: Parameters<Sums['add']>[1]): void {
  sums.add({ at, channel, queue: '', sides: [['type', type], ['agent', assignee]] }, counts);
}
