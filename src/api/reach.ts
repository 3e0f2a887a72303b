import type { Context } from 'hono';
import { AccessRefused, type Principal, type Scope } from '../access/index.js';
import { Invalid, NotFound } from './errors.js';
import type { CallReader } from './ports.js';

/** Agents of everybody who shares a team with somebody, himself among them: `users.agentsNear`. */
export type AgentsNear = (principal: Principal) => readonly string[];

/** Agents whose things lie within reach of whoever asks; undefined: everybody's. */
export function agentsIn(c: Context, near: AgentsNear): readonly string[] | undefined {
  return agentsFor(c.get('principal'), c.get('scope'), near);
}

function agentsFor(principal: Principal, scope: Scope, near: AgentsNear): readonly string[] | undefined {
  if (scope === 'all') return undefined;
  return scope === 'team' ? near(principal) : principal.agent === null ? [] : [principal.agent];
}

const within = (agents: readonly string[] | undefined, agent: string | null): boolean => agents === undefined || (agent !== null && agents.includes(agent));

/** A call of somebody else is, for who may not see it, no call at all. @throws NotFound */
export function callInReach<T extends { readonly agent: string | null }>(c: Context, id: string, call: T | undefined, near: AgentsNear): T {
  if (!call || !within(agentsIn(c, near), call.agent)) throw new NotFound('no_such_call', `there is no call "${id}"`, 'GET /v1/calls lists them');
  return call;
}

/** @throws AccessRefused access.out_of_reach */
export function agentInReach(c: Context, agent: string, near: AgentsNear): void {
  if (!within(agentsIn(c, near), agent)) throw new AccessRefused('access.out_of_reach', `agent "${agent}" is not within your reach`, 'GET /v1/me shows how far your permissions reach');
}

/** What it takes to judge whose calls somebody may name. */
export interface CallReach {
  readonly calls: Pick<CallReader, 'get'>;
  readonly near: AgentsNear;
  readonly queues: () => readonly string[];
}
/** A call that somebody may not see is none, and is linked to nothing. @throws Invalid */
export function linksInReach(c: Context, { calls, near }: Pick<CallReach, 'calls' | 'near'>, links: readonly { readonly kind: string; readonly target: string }[]): void {
  for (const { kind, target } of links) if (kind === 'call' && !mayOpenCall(c, calls.get(target), near)) throw new Invalid(`there is no call "${target}"`, { hint: 'GET /v1/calls lists them' });
}
/** Whether it is there and within reach of whoever asks, whatever his route is about. */
export function mayOpenCall(c: Context, call: { readonly agent: string | null } | undefined, near: AgentsNear): boolean {
  const principal = c.get('principal');
  const scope = principal.may('calls.read');
  return call !== undefined && scope !== undefined && within(agentsFor(principal, scope, near), call.agent);
}
