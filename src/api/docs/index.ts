import type { Hono } from 'hono';
import type { Description } from './describe.js';
import { documents } from './documents.js';

export { makeDocuments } from './documents.js';

export { completed } from './complete.js';

/** /openapi.json and /docs: no token, they tell nothing of the calls. */
export function addDocs(app: Pick<Hono, 'get'>, describe: () => Description): void {
  const known = documents(describe);
  app.get('/openapi.json', async (c) => c.body((await known()).openapi, 200, { 'content-type': 'application/json' }));
  app.get('/docs', async (c) => {
    const asked = c.req.query('lang') ?? c.req.header('accept-language') ?? '';
    const lang = asked.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
    c.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'");
    c.header('vary', 'accept-language');
    return c.html((await known()).pages[lang]);
  });
}
