import { z } from '@hono/zod-openapi';
import { trunkForm } from '../config/index.js';
import type { ObjectsDesk, ObjectView } from '../objects/index.js';
import { objectRoutes, owned, ownership } from './objects.js';
import type { TrunkReader, TrunkView } from './ports.js';
import { refusals } from './problem.js';
import { owner } from './queue-settings.js';
import { isoOrNull, listOf, pageByKey, keyedQuery, route, routes, Time } from './routes.js';

const state = z.enum(['up', 'down', 'unknown']);
const Host = z.object({ uri: z.string(), state, checked_at: Time.nullable(), why: z.string().nullable() }).openapi('TrunkHost');
const Trunk = z
  .object({
    name: z.string(), owner, health: state, registered: z.boolean().nullable().openapi({ description: 'null where the trunk does not register' }),
    hosts: z.array(Host), calls: z.int().min(0), max_calls: z.int().nullable(), max_cps: z.number().nullable(),
  })
  .openapi('Trunk');
const Form = z.object(trunkForm(() => 'any').shape).openapi('TrunkForm', { description: 'A trunk as config/trunks.yaml has it, every default filled in. Passwords are shown as references; send a new one as text.' });
const TrunkWithSettings = Trunk.extend({ ...owned, settings: Form }).openapi('TrunkWithSettings');
const New = z.looseObject({ name: z.string() }).openapi('NewTrunk', {
  description: 'name and any other key of a trunk', example: { name: 'carrier-a', register: { username: 'me', password: 'the password itself, or ${NAME}' }, hosts: [{ uri: 'sip:sip1.carrier.example' }] },
});

const listTrunks = route('trunks.read', {
  method: 'get', path: '/', tags: ['trunks'], summary: 'Trunks with the health of each host', 'x-summary-zh-CN': '中继及各主机健康状况',
  request: { query: z.object(keyedQuery('name')) },
  responses: { 200: { description: 'A page of trunks', content: { 'application/json': { schema: listOf(Trunk) } } }, ...refusals({ 400: 'A parameter is wrong' }) },
});

/** /v1/trunks */
export const trunkRoutes = (reader: TrunkReader, desk: ObjectsDesk) => {
  const ownerOf = (name: string): 'file' | 'api' => desk.owner('trunk', name);
  const withHealth = (view: ObjectView) => {
    const health = reader.trunks().find((t) => t.name === view.id);
    return { ...(health ? shown(health, view.owner) : { name: view.id, health: 'unknown', registered: null, hosts: [], calls: 0, max_calls: null, max_cps: null }), ...ownership(view), settings: view.form };
  };
  return routes()
    .openapi(listTrunks, (c) => {
      const { items, nextCursor } = pageByKey(reader.trunks(), (t) => t.name, { cursor: undefined, ...c.req.valid('query') });
      return c.json({ items: items.map((t) => shown(t, ownerOf(t.name))), next_cursor: nextCursor ?? null }, 200);
    })
    .route('/', objectRoutes(desk, { kind: 'trunk', tag: 'trunks', read: 'trunks.read', write: 'trunks.write', noun: { en: 'trunk', 'zh-CN': '中继' }, View: TrunkWithSettings, shown: withHealth, New, listed: false }));
};

const shown = (t: TrunkView, whose: 'file' | 'api'): z.infer<typeof Trunk> => ({
  name: t.name, owner: whose, health: t.health, registered: t.registered,
  hosts: t.hosts.map(({ uri, state: now, checkedAt, why }) => ({ uri, state: now, checked_at: isoOrNull(checkedAt), why })),
  calls: t.calls, max_calls: t.maxCalls, max_cps: t.maxCps,
});
