import { readFileSync } from 'node:fs';
import type { Hono } from 'hono';

export { myTicketRoutes } from './routes.js';

const PARTS = { '/my-tickets': ['index.html', 'text/html; charset=utf-8'], '/my-tickets/page.js': ['page.js', 'text/javascript; charset=utf-8'], '/my-tickets/page.css': ['page.css', 'text/css; charset=utf-8'] } as const;
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The page "my tickets", of `web/my-tickets`: it runs nothing but its own script, and talks to nobody but us. */
export function addMyTicketsPage(app: Pick<Hono, 'get'>): void {
  for (const [path, [file, type]] of Object.entries(PARTS)) {
    const content = readFileSync(new URL(`../../../web/my-tickets/${file}`, import.meta.url), 'utf8');
    app.get(path, (c) => c.body(content, 200, { 'content-type': type, 'content-security-policy': POLICY, 'cache-control': 'no-cache', 'cross-origin-opener-policy': 'same-origin' }));
  }
}
