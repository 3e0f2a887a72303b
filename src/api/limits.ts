import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import type { Ms } from '../base/index.js';
import { Malformed, TokenInUrl, TooManyRequests } from './errors.js';

export interface Limits {
  /** Requests a second of one principal, and how many at once. */
  readonly perSecond: number;
  readonly burst: number;
  readonly corsOrigins: readonly string[];
}

/** How many requests each principal has left: a bucket that fills again. Bounded; who asked least lately is forgotten first. */
export function createBudget({ perSecond, burst }: Pick<Limits, 'perSecond' | 'burst'>, most = 10_000) {
  const buckets = new Map<string, { left: number; at: Ms }>();
  return {
    /** @returns what is left, and in how many seconds one more is there if none is; `refused` when it is over */
    take(who: string, now: Ms): { left: number; resetS: number; refused: boolean } {
      const before = buckets.get(who) ?? { left: burst, at: now };
      const filled = Math.min(burst, before.left + (Math.max(0, now - before.at) / 1_000) * perSecond);
      const refused = filled < 1;
      const left = refused ? filled : filled - 1;
      buckets.delete(who);
      buckets.set(who, { left, at: now });
      const [oldest] = buckets.keys();
      if (buckets.size > most && oldest !== undefined) buckets.delete(oldest);
      return { left: Math.floor(left), resetS: Math.max(1, Math.ceil((refused ? 1 - left : burst - left) / perSecond)), refused };
    },
  };
}

/** RateLimit and RateLimit-Policy as draft-ietf-httpapi-ratelimit-headers-09 has them. @throws TooManyRequests */
export function rateLimited(limits: Limits, now: () => Ms): MiddlewareHandler {
  const budget = createBudget(limits);
  const policy = `"default";q=${limits.burst};w=${Math.max(1, Math.round(limits.burst / limits.perSecond))}`;
  return async (c, next) => {
    // Whoever is let in without being known (a log-in, a visitor) has limits of its own.
    const who = (c.get('principal') as { readonly id: string } | undefined)?.id;
    if (who === undefined) return next();
    const { left, resetS, refused } = budget.take(who, now());
    const said = `"default";r=${left};t=${resetS}`;
    if (refused) throw new TooManyRequests(resetS, { 'ratelimit-policy': policy, ratelimit: said });
    await next();
    c.header('ratelimit-policy', policy);
    c.header('ratelimit', said);
    return undefined;
  };
}

const ASKED = ['authorization', 'content-type', 'if-match', 'if-none-match', 'idempotency-key', 'last-event-id', 'x-request-id'];
const SHOWN = ['etag', 'location', 'link', 'ratelimit', 'ratelimit-policy', 'retry-after', 'x-request-id', 'idempotency-replayed', 'deprecation', 'sunset'];
/** Pages of these origins may ask; without cookies, so a page can use no more than the token it has. */
export const crossOrigin = ({ corsOrigins }: Pick<Limits, 'corsOrigins'>): MiddlewareHandler =>
  cors({ origin: (origin) => (corsOrigins.includes(origin) ? origin : null), allowHeaders: ASKED, exposeHeaders: SHOWN, allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'], maxAge: 600 });

const TOKENS = ['access_token', 'bearer_token', 'api_key', 'apikey', 'authorization'];
/** @throws TokenInUrl */
export const noTokenInUrl: MiddlewareHandler = async (c, next) => {
  const asked = new URL(c.req.url).searchParams;
  for (const name of TOKENS) if (asked.has(name)) throw new TokenInUrl(name);
  await next();
};

/** Levels of a JSON body. */
export const DEEPEST = 64;
/** Looks before anything is parsed. @throws Malformed */
export const notTooDeep: MiddlewareHandler = async (c, next) => {
  if (/json/i.test(c.req.header('content-type') ?? '') && c.req.method !== 'GET' && c.req.method !== 'HEAD' && depthOf(await c.req.text()) > DEEPEST)
    throw new Malformed('the body is nested too deeply', { hint: `at most ${DEEPEST} levels` });
  await next();
};

export function depthOf(json: string): number {
  let [depth, deepest, inText] = [0, 0, false];
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (inText) {
      if (code === 0x5c) at += 1; // a backslash and what it covers
      else if (code === 0x22) inText = false;
    } else if (code === 0x22) inText = true;
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, (depth += 1));
    else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return deepest;
}
