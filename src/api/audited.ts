import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { redacted, type Audit, type AuditEntry, type Permission, type Principal } from '../access/index.js';

declare module 'hono' {
  interface ContextVariableMap {
    /** What a handler says of its change, where the request and the answer do not tell it well. */
    change: { readonly object?: string; readonly before?: unknown; readonly after?: unknown };
  }
}
/** Reads that are written down. */
const PRIVATE: ReadonlySet<Permission> = new Set<Permission>(['recordings.read', 'transcripts.read', 'customers.read', 'conversations.read', 'audit.read']);
const WRITING = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
/** A player asks for a recording piece by piece: one opening within this time is one line. */
const openingMs = 60_000;
const longestBefore = 65_536;

export interface Auditing {
  readonly audit: Pick<Audit, 'append'>;
  /** Asks ourselves for a path, on behalf of somebody. */
  readonly ask: (path: string, principal: Principal) => Promise<Response>;
  readonly inside: WeakMap<Request, Principal>;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/**
 * Every write is in the audit log before it is answered, with what was there before and after; so is every look at recordings,
 * transcripts and customers, and whatever was forbidden. A room that writes its own line (`byOf`) is left to it.
 */
export function auditTrail({ audit, ask, inside, now }: Auditing): MiddlewareHandler {
  const opened = createOpened(now);
  return async (c, next) => {
    const principal = c.get('principal') as Principal | undefined;
    if (principal === undefined || inside.has(c.req.raw)) return next();
    const writes = WRITING.has(c.req.method);
    const before = ['PUT', 'PATCH', 'DELETE'].includes(c.req.method) ? await jsonOf(await ask(c.req.path, principal)) : undefined;
    await next();
    const refused = c.res.status === 401 || c.res.status === 403;
    // A room wrote its own line, or an earlier answer was given again.
    if ((c.get('audited') && !refused) || c.res.headers.get('idempotency-replayed') !== null) return undefined;
    const seen = !writes && c.res.ok && PRIVATE.has(c.get('needs')) && opened.first(principal.credential, c);
    if (!writes && !refused && !seen) return undefined;
    audit.append(await entryOf(c, principal, { before, writes, refused }));
    return undefined;
  };
}

async function entryOf(c: Context, principal: Principal, { before, writes, refused }: { readonly before: unknown; readonly writes: boolean; readonly refused: boolean }): Promise<AuditEntry> {
  const said = c.get('change') as { object?: string; before?: unknown; after?: unknown } | undefined;
  const answer = writes && !refused ? ((await jsonOf(c.res.clone())) ?? (await asked(c))) : undefined;
  const action = writes || refused ? `${c.req.method} ${routePath(c, -1)}` : c.get('needs');
  const values = refused ? {} : { before: redacted(said?.before ?? before), after: redacted(said?.after ?? (c.res.ok ? answer : undefined)) };
  return {
    actor: principal.id, actorName: principal.name, action, object: said?.object ?? objectOf(c, answer), outcome: refused ? 'refused' : c.res.ok ? 'done' : 'failed', ...(writes ? values : {}),
    source: c.get('source'), request: c.get('requestId'),
  };
}

/** The path; of something new, where it is now. Queries of reads say what was looked for. */
function objectOf(c: Context, answer: unknown): string {
  const made = c.res.headers.get('location') ?? (c.req.method === 'POST' && typeof answer === 'object' && answer !== null && 'id' in answer && typeof answer.id === 'string' ? `${c.req.path}/${answer.id}` : undefined);
  const query = new URL(c.req.url).search;
  return (made ?? `${c.req.path}${c.req.method === 'GET' ? query : ''}`).slice(0, 500);
}

async function jsonOf(response: Response): Promise<unknown> {
  if (!response.ok || !/^application\/json/i.test(response.headers.get('content-type') ?? '') || response.body === null) return undefined;
  const text = await response.text();
  return text.length > longestBefore ? { too_long: text.length } : (JSON.parse(text) as unknown);
}

async function asked(c: Context): Promise<unknown> {
  if (!/json/i.test(c.req.header('content-type') ?? '')) return undefined;
  try {
    return await c.req.json();
  } catch {
    return undefined; // the handler has refused it
  }
}

function createOpened(now: () => number) {
  const at = new Map<string, number>();
  return {
    first(credential: string, c: Context): boolean {
      if (c.res.status !== 206) return true;
      const key = `${credential} ${c.req.path}`;
      const known = now() - (at.get(key) ?? -Infinity) < openingMs;
      if (!known) at.set(key, now());
      const [oldest] = at.keys();
      if (at.size > 10_000 && oldest !== undefined) at.delete(oldest);
      return !known;
    },
  };
}

/** For a handler whose change the request and the answer do not tell well, or that must not be told as it is. */
export const changed = (c: Context, change: { readonly object?: string; readonly before?: unknown; readonly after?: unknown }): void => c.set('change', change);
