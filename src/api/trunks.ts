import { createRoute, z } from '@hono/zod-openapi';
import type { TrunkReader, TrunkView } from './ports.js';
import { refusals } from './problem.js';
import { isoOrNull, listOf, pageByKey, pageQuery, routes, Time } from './routes.js';

const state = z.enum(['up', 'down', 'unknown']);
const Host = z.object({ uri: z.string(), state, checked_at: Time.nullable(), why: z.string().nullable() }).openapi('TrunkHost');
const Trunk = z
  .object({
    name: z.string(), health: state, registered: z.boolean().nullable().openapi({ description: 'null where the trunk does not register' }),
    hosts: z.array(Host), calls: z.int().min(0), max_calls: z.int().nullable(), max_cps: z.number().nullable(),
  })
  .openapi('Trunk');

const listTrunks = createRoute({
  method: 'get', path: '/', tags: ['trunks'], summary: 'Trunks with the health of each host', 'x-summary-zh-CN': '中继及各主机健康状况',
  request: { query: z.object(pageQuery) },
  responses: { 200: { description: 'A page of trunks', content: { 'application/json': { schema: listOf(Trunk) } } }, ...refusals({ 400: 'A parameter is wrong' }) },
});

/** /v1/trunks */
export const trunkRoutes = (reader: TrunkReader) =>
  routes().openapi(listTrunks, (c) => {
    const { items, nextCursor } = pageByKey(reader.trunks(), (t) => t.name, { cursor: undefined, ...c.req.valid('query') });
    return c.json({ items: items.map(shown), next_cursor: nextCursor ?? null }, 200);
  });

const shown = (t: TrunkView): z.infer<typeof Trunk> => ({
  name: t.name, health: t.health, registered: t.registered,
  hosts: t.hosts.map(({ uri, state, checkedAt, why }) => ({ uri, state, checked_at: isoOrNull(checkedAt), why })),
  calls: t.calls, max_calls: t.maxCalls, max_cps: t.maxCps,
});
