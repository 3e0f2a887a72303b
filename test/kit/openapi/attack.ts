import fc from 'fast-check';
import type { Strowger } from '../strowger.js';
import { operationsOf, type OpenApi, type Op } from './document.js';
import { createJudge } from './judge.js';
import { choices, collectionOf, requestOf, type Request } from './request.js';
import { send } from './send.js';

/** Rounds of so many requests an operation, until `ms` are over. */
export type AttackOptions = { readonly seed: number; readonly each: number; readonly ms: number };
export type Attacked = { readonly requests: number; readonly operations: number; readonly answered: ReadonlyMap<string, number>; readonly faults: readonly string[]; readonly succeeded: ReadonlySet<string> };

/** IDs, names and numbers of whatever an answer shows. */
function harvest(op: Op, body: string, seen: Map<string, string[]>): void {
  const value: unknown = body.startsWith('{') ? JSON.parse(body) : undefined;
  if (typeof value !== 'object' || value === null) return;
  const items: unknown[] = 'items' in value && Array.isArray(value.items) ? value.items.slice(0, 20) : [value];
  const pool = seen.get(collectionOf(op.path)) ?? [];
  for (const item of items) {
    if (typeof item !== 'object' || item === null) continue;
    const { id, name, number, seq, version } = item as Record<string, unknown>;
    const key = id ?? number ?? name ?? seq ?? version;
    if ((typeof key === 'string' || typeof key === 'number') && !pool.includes(String(key))) pool.push(String(key));
  }
  seen.set(collectionOf(op.path), pool.slice(-50));
}

const told = ({ method, path, headers: { authorization: _token, ...headers }, body }: Request): string => `${method} ${path.slice(0, 200)} ${JSON.stringify(headers)} ${body?.slice(0, 500) ?? ''}`;

/** Sends requests made from the document to every operation, right and wrong ones, and tells each reply that the document does not promise. */
export async function attack(house: Pick<Strowger, 'ports' | 'token' | 'api'>, { seed, each, ms }: AttackOptions): Promise<Attacked> {
  const document = (await house.api<OpenApi>('/openapi.json')).body;
  const judge = createJudge(document);
  const all = operationsOf(document);
  const [seen, answered, succeeded, faults] = [new Map<string, string[]>(), new Map<string, number>(), new Set<string>(), [] as string[]];
  const until = performance.now() + ms;
  const state = { requests: 0 };
  const one = async (op: Op, round: number): Promise<void> => {
    const property = fc.asyncProperty(choices(document, op), async (choice) => {
      const request = requestOf(op, choice, seen, house.token);
      state.requests += 1;
      const reply = await send(house.ports.http, request).catch((error: unknown) => String(error));
      const fault = typeof reply === 'string' ? reply : judge(op, request, reply);
      if (fault !== undefined) throw new Error(`${told(request)} → ${fault}`);
      if (typeof reply === 'string') return;
      answered.set(String(reply.status), (answered.get(String(reply.status)) ?? 0) + 1);
      if (reply.status >= 300) return;
      succeeded.add(op.name);
      if (reply.type === 'application/json') harvest(op, reply.body, seen);
    });
    const result = await fc.check(property, { seed: seed + round, numRuns: each, endOnFailure: false, interruptAfterTimeLimit: 20_000 });
    if (result.failed && !result.interrupted) faults.push(`${op.name}: ${result.errorInstance instanceof Error ? result.errorInstance.message : JSON.stringify(result.errorInstance)}`);
  };
  // What exists first: then IDs lead somewhere.
  for (const op of all.filter(({ method, path, needs }) => method === 'get' && !path.includes('{') && needs !== 'open')) {
    const reply = await send(house.ports.http, { method: 'GET', path: op.path, headers: { authorization: `Bearer ${house.token}` }, body: undefined });
    if (reply.status === 200 && reply.type === 'application/json') harvest(op, reply.body, seen);
  }
  for (let round = 1; round === 1 || performance.now() < until; round += 1) {
    const waiting = all.filter(({ name }) => !faults.some((fault) => fault.startsWith(`${name}: `)));
    const worker = async (): Promise<void> => {
      // The first round asks everything, however long it takes.
      for (let op = waiting.shift(); op !== undefined && (round === 1 || performance.now() < until); op = waiting.shift()) await one(op, round);
    };
    await Promise.all([worker(), worker(), worker()]);
  }
  return { requests: state.requests, operations: all.length, answered, faults, succeeded };
}
