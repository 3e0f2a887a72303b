import { sql, type Compilable, type Kysely } from 'kysely';
import { countsAs, decodeCursor, type Database } from '../../../store/index.js';
import type { Actor } from '../actor.js';
import { ticketsOf, type TicketRow } from '../rows.js';
import type { TicketFilter } from '../types.js';
import { searchWords } from '../../../base/index.js';

/** Tickets that fit all that is given and that the actor may see, newest first; one more than `limit`. @throws BadCursor */
export function ticketQuery(db: Kysely<Database>, filter: TicketFilter, actor: Actor, { limit, cursor }: { readonly limit: number; readonly cursor: string | undefined }): Compilable<TicketRow> {
  const equal = {
    number: filter.number, state: filter.state, type: filter.type, priority: filter.priority, team: filter.team, requester_phone: filter.phone,
    requester_email: filter.email?.toLowerCase(), place: filter.place, channel: filter.channel, parent: filter.parent,
  } as const;
  let query = ticketsOf(db);
  for (const [column, value] of Object.entries(equal)) if (value !== undefined) query = query.where(column as keyof typeof equal, '=', value);
  if (filter.customer !== undefined) query = query.where('customer', 'in', countsAs(filter.customer));
  if (filter.kind === 'unresolved') query = query.where('kind', 'in', ['open', 'waiting']).where('merged_into', 'is', null);
  else if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind);
  if (filter.assignee === 'none') query = query.where('assignee', 'is', null);
  else if (filter.assignee === 'me') query = query.where('assignee', 'in', [...actor.names, '']);
  else if (filter.assignee !== undefined) query = query.where('assignee', '=', filter.assignee);
  if (filter.breached !== undefined) query = query.where('breached', '=', filter.breached ? 1 : 0);
  if (filter.due_before !== undefined) query = query.where('due_at', '<', filter.due_before);
  if (filter.since !== undefined) query = query.where('created_at', '>=', filter.since);
  if (filter.until !== undefined) query = query.where('created_at', '<', filter.until);
  const { tag, q } = filter;
  if (tag !== undefined) query = query.where('id', 'in', db.selectFrom('ticket_tags').select('ticket').where('tag', '=', tag));
  if (q !== undefined) {
    const words = searchWords(q);
    query = words === undefined
      ? query.where(sql<boolean>`false`)
      : query.where('id', 'in', db.selectFrom('ticket_texts').select('ticket').where('part', '!=', actor.veiled === true ? 'ticket' : 'thing').where('id', 'in', sql<number>`(select rowid from ticket_words where words match ${words})`));
  }
  if (actor.scope !== 'all') {
    query = query.where((e) => e.or([
      e('created_by', '=', actor.by), e('assignee', 'in', [...actor.names, '']), ...(actor.scope === 'team' ? [e('team', 'in', [...actor.teams, ''])] : []),
    ]));
  }
  if (cursor !== undefined) {
    const { at, id } = decodeCursor(cursor);
    query = query.where((e) => e.or([e('created_at', '<', at), e.and([e('created_at', '=', at), e('id', '<', id)])]));
  }
  return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit + 1);
}
