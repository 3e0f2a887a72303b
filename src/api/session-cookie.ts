import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { Forged } from './errors.js';

/** How cookies are marked: `__Host-` binds a Secure one to this host and path (RFC 6265bis §4.1.3). */
export interface Cookies {
  readonly behindTls: () => boolean;
}
const DEVICE_S = 180 * 86_400;
const nameOf = (base: string, { behindTls }: Cookies): string => (behindTls() ? `__Host-${base}` : base);

export const sessionIn = (c: Context, cookies: Cookies): string | undefined => getCookie(c, nameOf('strowger_session', cookies));
export const deviceIn = (c: Context, cookies: Cookies): string | undefined => getCookie(c, nameOf('strowger_device', cookies));
/** Lax, not Strict: who follows a link into the desk is logged in. What changes anything asks for the CSRF token besides. */
export function keepSession(c: Context, cookies: Cookies, token: string, device?: string): void {
  const common = { path: '/', httpOnly: true, secure: cookies.behindTls() } as const;
  setCookie(c, nameOf('strowger_session', cookies), token, { ...common, sameSite: 'Lax' });
  if (device !== undefined) setCookie(c, nameOf('strowger_device', cookies), device, { ...common, sameSite: 'Strict', maxAge: DEVICE_S });
}
const UNDER_WAY_S = 600;
/** What a log-in by a provider began with, in the browser that began it: sealed, for ten minutes, for its way back alone. Lax: it comes back from another site. */
export const keepUnderWay = (c: Context, cookies: Cookies, sealed: string): void => setCookie(c, nameOf('strowger_oidc', cookies), sealed, { path: '/', httpOnly: true, secure: cookies.behindTls(), sameSite: 'Lax', maxAge: UNDER_WAY_S });
/** Good once. */
export function takeUnderWay(c: Context, cookies: Cookies): string | undefined {
  const found = getCookie(c, nameOf('strowger_oidc', cookies));
  if (found !== undefined) deleteCookie(c, nameOf('strowger_oidc', cookies), { path: '/', secure: cookies.behindTls() });
  return found;
}
export const dropSession = (c: Context, cookies: Cookies): void => void deleteCookie(c, nameOf('strowger_session', cookies), { path: '/', secure: cookies.behindTls() });

/** Only a page of ours can read it: it comes in answers, the session's own token never does. */
export const csrfOf = (token: string): string => createHash('sha256').update(`csrf ${token}`).digest('base64url');

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);
/** A cookie goes along with requests of other sites too; those may change nothing. @throws Forged */
export function checkOrigin(c: Context, token: string): void {
  if (READING.has(c.req.method)) return;
  sameSite(c);
  if (c.req.header('x-csrf-token') !== csrfOf(token)) throw new Forged('the header X-CSRF-Token is missing or wrong');
}
/** What the browser itself says of where a request comes from; other programs say nothing. @throws Forged */
export function sameSite(c: Context): void {
  const [site, origin] = [c.req.header('sec-fetch-site'), c.req.header('origin')];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new Forged('a page of another site sent this');
  if (site === undefined && origin !== undefined && hostOf(origin) !== c.req.header('host')) throw new Forged('a page of another site sent this');
}
const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined);
