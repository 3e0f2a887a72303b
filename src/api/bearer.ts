import type { MiddlewareHandler } from 'hono';
import { TooManyWrongTokens, Unauthorized } from './errors.js';
import type { Authenticate, Principal } from './ports.js';
import { wrongAttempts } from './throttle.js';

/** Who the request comes from, set by `bearer`. */
declare module 'hono' {
  interface ContextVariableMap {
    principal: Principal;
  }
}

/** What @hono/node-server puts beside a request. */
type NodeBindings = { readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } } } | undefined;

/**
 * Lets through who shows a right token, always; counts wrong ones by address.
 * @throws Unauthorized, TooManyWrongTokens
 */
export function bearer(authenticate: Authenticate, now: () => number): MiddlewareHandler {
  const wrong = wrongAttempts();
  return async (c, next) => {
    const token = /^Bearer ([\w.~+/=-]+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    if (token === undefined) throw new Unauthorized('this path needs a bearer token');
    const principal = await authenticate(token);
    if (!principal) {
      const waitS = wrong.count((c.env as NodeBindings)?.incoming?.socket?.remoteAddress ?? 'unknown', now());
      throw waitS > 0 ? new TooManyWrongTokens(waitS) : new Unauthorized('this token is nobody\'s');
    }
    c.set('principal', principal);
    await next();
  };
}
