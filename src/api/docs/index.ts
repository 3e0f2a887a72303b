import type { Hono } from 'hono';
import type { Description } from './describe.js';
import { page } from './page.js';

/** /openapi.json and /docs: no token, they tell nothing of the calls. */
export function addDocs(app: Pick<Hono, 'get'>, description: Description): void {
  app.get('/openapi.json', (c) => c.json(description));
  app.get('/docs', (c) => {
    const asked = c.req.query('lang') ?? c.req.header('accept-language') ?? '';
    const lang = asked.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
    c.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'");
    c.header('vary', 'accept-language');
    return c.html(page(description, lang));
  });
}
