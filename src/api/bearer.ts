import type { MiddlewareHandler } from 'hono';
import { looksLikeToken, type Principal } from '../access/index.js';
import { TokenInUrl, TooManyWrongTokens, Unauthorized } from './errors.js';
import type { Authenticate } from './ports.js';
import { checkOrigin, sessionIn, type Cookies } from './session-cookie.js';
import { wrongAttempts } from './throttle.js';

/** Who the request comes from, set by `identified`; absent where a path is open to everybody. */
declare module 'hono' {
  interface ContextVariableMap {
    principal: Principal;
  }
}
export interface Identifying {
  readonly authenticate: Authenticate;
  /** Whoever is logged in with this cookie. */
  readonly session: (token: string) => Principal | undefined;
  readonly cookies: Cookies;
  /** Whether anybody may ask this. */
  readonly open: (method: string, path: string) => boolean;
  /** Requests of our own, on behalf of somebody. */
  readonly inside: WeakMap<Request, Principal>;
  /** A token that was nobody's, before there were too many of them. */
  readonly onWrong: (source: string, path: string) => void;
  readonly now: () => number;
}

/**
 * Lets through who shows a right token, always; counts wrong ones by address. A browser shows the cookie of its session instead.
 * @throws Unauthorized, TooManyWrongTokens, TokenInUrl, Forged
 */
export function identified({ authenticate, session, cookies, open, inside, onWrong, now }: Identifying): MiddlewareHandler {
  const wrong = wrongAttempts();
  return async (c, next) => {
    const within = inside.get(c.req.raw);
    if (within) {
      c.set('principal', within);
      return next();
    }
    // It would stand in the logs of every proxy on the way, and in the browser's history.
    const query = new URL(c.req.url).searchParams;
    const name = ['access_token', 'bearer', 'authorization'].find((n) => query.has(n)) ?? (looksLikeToken(decoded(c.req.url)) ? 'token' : undefined);
    if (name !== undefined) throw new TokenInUrl(name);
    if (open(c.req.method, c.req.path)) return next();
    const token = /^Bearer ([\w.~+/=-]+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    const cookie = token === undefined ? sessionIn(c, cookies) : undefined;
    if (cookie !== undefined) {
      const principal = session(cookie);
      if (!principal) throw new Unauthorized('this session is over');
      checkOrigin(c, cookie);
      c.set('principal', principal);
      return next();
    }
    if (token === undefined) throw new Unauthorized('this path needs a bearer token');
    const principal = await authenticate(token);
    if (!principal) {
      const waitS = wrong.count(c.get('source'), now());
      if (waitS > 0) throw new TooManyWrongTokens(waitS);
      onWrong(c.get('source'), c.req.path);
      throw new Unauthorized('this token is nobody\'s');
    }
    c.set('principal', principal);
    await next();
  };
}

function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url; // not a fault here: whoever takes the path refuses it
  }
}
