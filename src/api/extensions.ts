import { createRoute, z } from '@hono/zod-openapi';
import type { ExtensionReader, ExtensionView } from './ports.js';
import { refusals } from './problem.js';
import { iso, listOf, pageByKey, pageQuery, routes, Time } from './routes.js';

const Registration = z
  .object({ contact: z.string(), source: z.string().openapi({ example: 'udp:192.0.2.7:5060' }), user_agent: z.string().nullable(), expires_at: Time })
  .openapi('Registration');
const Extension = z.object({ number: z.string(), name: z.string(), registered: z.boolean(), registrations: z.array(Registration) }).openapi('Extension');

const listExtensions = createRoute({
  method: 'get', path: '/', tags: ['extensions'], summary: 'Extensions and where they are registered', 'x-summary-zh-CN': '分机及其注册位置',
  request: { query: z.object(pageQuery) },
  responses: { 200: { description: 'A page of extensions', content: { 'application/json': { schema: listOf(Extension) } } }, ...refusals({ 400: 'A parameter is wrong' }) },
});

/** /v1/extensions */
export const extensionRoutes = (reader: ExtensionReader) =>
  routes().openapi(listExtensions, (c) => {
    const { items, nextCursor } = pageByKey(reader.extensions(), (e) => e.number, { cursor: undefined, ...c.req.valid('query') });
    return c.json({ items: items.map(shown), next_cursor: nextCursor ?? null }, 200);
  });

const shown = ({ number, name, registrations }: ExtensionView): z.infer<typeof Extension> => ({
  number, name, registered: registrations.length > 0,
  registrations: registrations.map((r) => ({ contact: r.contact, source: r.source, user_agent: r.userAgent, expires_at: iso(r.expiresAt) })),
});
