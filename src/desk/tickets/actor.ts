import type { Comment, Ticket } from './types.js';

export type Scope = 'own' | 'team' | 'all';
/** Whoever does something to a ticket. */
export interface Actor {
  /** As `by` in facts: `user:ID`, `key:ID`, `agent:ID`, `customer`, `flow:CALL`, `system`. */
  readonly by: string;
  /** For people's eyes. */
  readonly name: string;
  readonly roles: readonly string[];
  readonly teams: readonly string[];
  /** Under which names tickets are assigned to them. */
  readonly names: readonly string[];
  readonly scope: Scope;
  /** May not see who asks or how they are reached, and so finds nothing by it. */
  readonly veiled?: boolean | undefined;
}

/** The machinery itself: rules, deadlines, flows. It may everything. */
export const system = (by: string, name = by): Actor => ({ by, name, roles: ['system'], teams: [], names: [], scope: 'all' });
export const customerActor = (name: string): Actor => ({ by: 'customer', name, roles: ['customer'], teams: [], names: [], scope: 'own' });

export const isStaff = ({ roles }: Actor): boolean => !roles.includes('customer');
/** The house's staff reads everything; customers, and workers outside, what is public and what they said themselves. */
export const mayRead = ({ by, roles }: Actor, comment: Pick<Comment, 'visibility' | 'by'>): boolean => comment.visibility === 'public' || comment.by === by || !roles.some((role) => role === 'customer' || role === 'worker');
/** Machinery may what any role may. */
export const mayAs = (actor: Actor, roles: readonly string[]): boolean => actor.roles.includes('system') || roles.some((role) => actor.roles.includes(role));

/** `own`: made by them, assigned to them; `team`: that, and what is with one of their teams. */
export function reaches({ scope, by, names, teams }: Actor, ticket: Pick<Ticket, 'assignee' | 'team' | 'createdBy'>): boolean {
  if (scope === 'all') return true;
  if (ticket.createdBy === by || (ticket.assignee !== null && names.includes(ticket.assignee))) return true;
  return scope === 'team' && ticket.team !== null && teams.includes(ticket.team);
}
