import { readFileSync } from 'node:fs';
import type { Context, Hono } from 'hono';
import type { TicketDesk } from '../desk/tickets/index.js';
import { TooManyRequests, TooManyWrongTokens, Unauthorized } from './errors.js';
import { createBudget } from './limits.js';
import { wrongAttempts } from './throttle.js';

const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const TYPES = { html: 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8', css: 'text/css; charset=utf-8' } as const;

/** A page of `web/` that is opened by a signed link: it runs nothing but our own scripts, and talks to nobody but us. */
export function addLinkedPage(app: Pick<Hono, 'get'>, name: string, files: readonly `${string}.${keyof typeof TYPES}`[]): void {
  for (const file of files) {
    const content = readFileSync(new URL(`../../web/${name}/${file}`, import.meta.url), 'utf8');
    const type = TYPES[file.slice(file.lastIndexOf('.') + 1) as keyof typeof TYPES];
    app.get(file === 'index.html' ? `/${name}` : `/${name}/${file}`, (c) => c.body(content, 200, { 'content-type': type, 'content-security-policy': POLICY, 'cache-control': 'no-cache', 'cross-origin-opener-policy': 'same-origin' }));
  }
}

type Opened = NonNullable<ReturnType<TicketDesk['pageLinks']['open']>>;
/** Of one link, and at once. */
const BUDGET = { perSecond: 5, burst: 60 };

/** Who holds the link in `X-Ticket-Link`. Wrong ones are counted and slowed down, and so is who asks too often. */
export function linkHolders<T>(links: TicketDesk['pageLinks'], now: () => number, accept: (holder: Opened) => T | undefined): (c: Context) => T {
  const attempts = wrongAttempts();
  const budget = createBudget(BUDGET);
  /** @throws Unauthorized, TooManyWrongTokens, TooManyRequests */
  return (c) => {
    const holder = links.open(c.req.header('x-ticket-link') ?? '', Date.now());
    const accepted = holder && accept(holder);
    if (!holder || accepted === undefined) {
      const waitS = attempts.count(c.get('source'), now());
      if (waitS > 0) throw new TooManyWrongTokens(waitS);
      throw new Unauthorized('this link is wrong or has expired');
    }
    const { refused, resetS } = budget.take(`${holder.of}:${holder.id}`, now());
    if (refused) throw new TooManyRequests(resetS, {});
    c.header('cache-control', 'no-store');
    return accepted;
  };
}
