import { z } from '@hono/zod-openapi';
import type { Principal } from '../../access/index.js';
import type { Fact, FactType, Subject } from '../../events/index.js';
import { permissionOf } from './permissions.js';

/** Whose a thing is, for those who may only see what is theirs or their teams'. */
export interface Owner {
  readonly agent: string | null;
  /** All who take part, where it is several. */
  readonly agents?: readonly string[];
  /** Users and keys by their IDs. */
  readonly people?: readonly string[];
  readonly teams: readonly string[];
}
/** Undefined: nobody's, which only those may see who see everything. */
export type OwnerOf = (subject: Subject) => Owner | undefined;

export interface EventFilter {
  /** `call.*`, `*.queued`, `call.ended`; none: all. */
  readonly types: readonly string[];
  /** Whole subjects; none: all. */
  readonly subjects: readonly string[];
}

const GLOB = /^[a-z_*]{1,40}(\.[a-z_*]{1,40})?$/;
const many = <T extends z.ZodType<string>>(one: T) => z.union([one.transform((text) => [text]), z.array(one).max(50)]).optional();
const glob = z.string().max(81).regex(GLOB, 'a type of event as call.ended, or with * as call.*').refine((text) => text.split('*').length <= 4, 'at most three *');
const subject = z.string().min(1).max(200);
/** Query parameters; each may be given several times. */
export const filterQuery = {
  type: many(glob).openapi({ type: 'array', items: { type: 'string' }, description: 'only these types: call.ended, call.*, *.queued; may be given several times', example: ['call.*'] }),
  subject: many(subject).openapi({ type: 'array', items: { type: 'string' }, description: 'only what happened to these: call:ID, agent:1001, …; may be given several times', example: ['agent:1001'] }),
};
export const filterOf = ({ type, subject: subjects }: { type?: string[] | undefined; subject?: string[] | undefined }): EventFilter => ({ types: type ?? [], subjects: subjects ?? [] });

/** Parts between stars must follow each other; without regular expressions nobody can make this slow. */
export function matches(pattern: string, type: string): boolean {
  const parts = pattern.split('*');
  const [first = '', ...rest] = parts;
  if (rest.length === 0) return pattern === type;
  const last = rest.pop() ?? '';
  if (!type.startsWith(first) || !type.endsWith(last) || type.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of rest) {
    const found = type.indexOf(part, at);
    if (found < 0 || found + part.length > type.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}

/** Whether somebody gets a fact: whether he asked for it, and may hear it. Each type is judged once. */
export function wanted({ types, subjects }: EventFilter, principal: Principal, ownerOf: OwnerOf): (fact: Fact) => boolean {
  const asked = new Set(subjects);
  const judged = new Map<FactType, 'no' | 'own' | 'team' | 'all'>();
  const judge = (type: FactType): 'no' | 'own' | 'team' | 'all' => {
    const verdict = types.length > 0 && !types.some((pattern) => matches(pattern, type)) ? 'no' : (principal.may(permissionOf(type)) ?? 'no');
    judged.set(type, verdict);
    return verdict;
  };
  return (fact) => {
    if (asked.size > 0 && !asked.has(fact.subject)) return false;
    const reach = judged.get(fact.type) ?? judge(fact.type);
    return reach === 'all' || (reach !== 'no' && isTheirs(fact, principal, reach, ownerOf));
  };
}

function isTheirs(fact: Fact, principal: Principal, reach: 'own' | 'team', ownerOf: OwnerOf): boolean {
  const agent = 'agent' in fact.data ? fact.data.agent : undefined;
  if (principal.agent !== null && (agent === principal.agent || fact.subject === `agent:${principal.agent}`)) return true;
  if (fact.subject === `user:${principal.id}`) return true;
  const owner = ownerOf(fact.subject);
  if (!owner) return false;
  if (principal.agent !== null && (owner.agent === principal.agent || owner.agents?.includes(principal.agent) === true)) return true;
  if (owner.people?.includes(principal.id) === true) return true;
  return reach === 'team' && owner.teams.some((team) => principal.teams.includes(team));
}
