import { sql, type Compilable, type Kysely } from 'kysely';
import { countsAs, decodeCursor, orderOf, type Cursor, type Database } from '../../../store/index.js';
import type { Actor } from '../actor.js';
import { ticketsOf, type TicketRow } from '../rows.js';
import { TICKET_SORTS, type Ticket, type TicketFilter, type TicketPage } from '../types.js';
import { searchWords } from '../../../base/index.js';

/** When a ticket is due that never is: the index says the same. */
const NEVER = Number.MAX_SAFE_INTEGER;
const OWN = TICKET_SORTS[0];
/** Whose cursors say what order they belong to. */
export const ofOwn = (sort: TicketPage['sort'] = OWN): string | undefined => (sort === OWN ? undefined : sort);
export function placeOf({ id, createdAt, updatedAt, dueAt, number }: Ticket, sort: TicketPage['sort'] = OWN): Cursor {
  const at = { created_at: createdAt, updated_at: updatedAt, due_at: dueAt ?? NEVER, number }[orderOf(sort).by as 'created_at' | 'updated_at' | 'due_at' | 'number'];
  return { at, id };
}

/** Tickets that fit all that is given and that the actor may see, in the order asked for; one more than `limit`. @throws BadCursor */
export function ticketQuery(db: Kysely<Database>, filter: TicketFilter, actor: Actor, { limit, cursor, sort = OWN }: TicketPage): Compilable<TicketRow> {
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
  const { by, way, beyond } = orderOf(sort);
  const key = by === 'due_at' ? sql<number>`coalesce(due_at, ${sql.lit(NEVER)})` : sql<number>`${sql.ref(`tickets.${by}`)}`;
  if (cursor !== undefined) {
    const { at, id } = decodeCursor(cursor, ofOwn(sort));
    query = query.where(sql<boolean>`(${key}, tickets.id) ${sql.raw(beyond)} (${at}, ${id})`);
  }
  return query.orderBy(key, way).orderBy('tickets.id', way).limit(limit + 1);
}
