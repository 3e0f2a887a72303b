import fc from 'fast-check';
import type { Strowger } from '../kit/strowger.js';
import { operationsOf, type OpenApi, type Op } from '../kit/openapi/document.js';
import { createJudge } from '../kit/openapi/judge.js';
import type { Request } from '../kit/openapi/request.js';
import { send } from '../kit/openapi/send.js';
import { valid } from '../kit/openapi/values.js';
import { leadsTo, type Furnished } from './furnished.js';
import { BODIES, ELSEWHERE, LAST, LATE, QUERIES } from './right-bodies.js';

export interface Once {
  readonly operations: readonly string[];
  /** Replies that the document does not promise. */
  readonly faults: readonly string[];
  /** What was not answered with success, with the last answer to it. */
  readonly refused: ReadonlyMap<string, string>;
}
const TRIES = 5;
const METHODS = ['post', 'get', 'patch', 'put', 'delete'];
/** Things are looked at and changed before they end; parts go before their wholes. */
const rank = ({ method, path, name }: Op): number => (LAST.includes(name) ? 1_000 + LAST.indexOf(name) : LATE.includes(name) ? 350 + LATE.indexOf(name) : METHODS.indexOf(method) * 100) - (method === 'delete' ? path.split('/').length : 0);

/** Asks every operation as it should be asked, of the things in a furnished house. */
export async function askEachOnce(house: Pick<Strowger, 'ports' | 'token' | 'api'>, { ids, browser }: Furnished): Promise<Once> {
  const document = (await house.api<OpenApi>('/openapi.json')).body;
  const judge = createJudge(document);
  const [faults, refused] = [[] as string[], new Map<string, string>()];
  const all = [...operationsOf(document)].sort((a, b) => rank(a) - rank(b));
  const people = [{ authorization: `Bearer ${house.token}` }, { cookie: browser.cookie, 'x-csrf-token': browser.csrf }];

  /** The answer, when it is a success; else what it was. */
  const ask = async (op: Op, request: Request): Promise<string | undefined> => {
    const reply = await send(house.ports.http, request);
    const fault = judge(op, request, reply);
    if (fault !== undefined) faults.push(`${request.method} ${request.path} ${request.body ?? ''} → ${fault}`);
    return reply.status < 400 ? undefined : `${String(reply.status)} ${reply.body.slice(0, 200)} to ${request.body?.slice(0, 200) ?? 'no body'}`;
  };
  for (const op of all) {
    const at = ELSEWHERE[op.name]?.(ids) ?? pathOf(op.path, ids);
    if (at === undefined) {
      refused.set(op.name, 'nothing is known that stands there');
      continue;
    }
    const path = at + queryOf(document, op);
    const known = BODIES[op.name];
    const tries = known === undefined && op.body !== undefined ? TRIES : 1;
    let answer: string | undefined = 'never asked';
    for (let seed = 1; seed <= tries && answer !== undefined; seed += 1) {
      for (const person of people) {
        if (answer === undefined) break;
        const { type, body } = known === undefined ? sampled(document, op, seed) : { type: Object.keys(op.body ?? {})[0], body: said(known(ids)) };
        const headers = { ...person, ...(op.method === 'get' ? {} : { 'if-match': '*' }), ...(type === undefined ? {} : { 'content-type': type }) };
        const then = await ask(op, { method: op.method.toUpperCase(), path, headers, body });
        // What the first of them heard tells more.
        answer = then === undefined ? undefined : person === people[0] ? then : answer;
      }
    }
    if (answer !== undefined) refused.set(op.name, answer);
  }
  return { operations: all.map(({ name }) => name), faults, refused };
}

/** Doors of people who have no account have their own IDs. */
const OPEN = ['/v1/field-work/'];
const pathOf = (path: string, ids: Furnished['ids']): string | undefined => (OPEN.some((prefix) => path.startsWith(prefix)) && path.includes('{') && ids['/v1/field-work'] === undefined ? undefined : leadsTo(path, ids));

const said = (body: unknown): string | undefined => (body === undefined || typeof body === 'string' ? body : JSON.stringify(body));

/** A body that the schema takes, differently with each seed. */
function sampled(document: OpenApi, { body }: Op, seed: number): { readonly type: string | undefined; readonly body: string | undefined } {
  const [type, media] = Object.entries(body ?? {})[0] ?? [];
  return { type, body: type === undefined ? undefined : type.includes('json') ? JSON.stringify(fc.sample(valid(document, media?.schema ?? {}), { seed, numRuns: 1 })[0] ?? null) : 'plain words' };
}
function queryOf(document: OpenApi, op: Op): string {
  const known = QUERIES[op.name];
  if (known !== undefined) return `?${known}`;
  const needed = op.parameters.filter((p) => p.in === 'query' && p.required === true).map((p): [string, string] => [p.name, String(p.example ?? fc.sample(valid(document, p.schema ?? {}), { seed: 1, numRuns: 1 })[0])]);
  return needed.length === 0 ? '' : `?${new URLSearchParams(needed).toString()}`;
}
