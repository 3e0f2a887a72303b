import type { Principal, Scope } from '../access/index.js';
import type { Actor } from '../desk/tickets/index.js';

/** The roles that tickets.yaml names: those of the access room, and what everybody who works here is. */
export function ticketActor(principal: Principal, scope: Scope): Actor {
  const { id, kind, name, teams, agent, roles: held } = principal;
  const roles = [...new Set([...(principal.may('tickets.admin') === undefined ? [] : ['manager']), 'agent', ...(kind === 'key' ? ['app'] : []), ...held.filter((role) => role !== 'customer' && role !== 'system')])];
  return { by: kind === 'admin' ? 'admin' : `${kind}:${id}`, name, roles, teams, names: [...(agent === null ? [] : [agent]), id], scope, veiled: !(['customers.phone', 'customers.email', 'customers.personal'] as const).every((field) => principal.sees(field)) };
}
