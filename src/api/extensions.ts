import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { AgentId } from '../acd/index.js';
import { extensionForm } from '../config/index.js';
import type { ObjectsDesk, ObjectView } from '../objects/index.js';
import { objectRoutes, owned, ownership } from './objects.js';
import type { ExtensionReader, ExtensionView, SettingsDesk } from './ports.js';
import { refusals } from './problem.js';
import { owner } from './queue-settings.js';
import { iso, listOf, pageByKey, keyedQuery, route, routes, Time } from './routes.js';

const Registration = z
  .object({ contact: z.string(), source: z.string().openapi({ example: 'udp:192.0.2.7:5060' }), user_agent: z.string().nullable(), expires_at: Time })
  .openapi('Registration');
const Extension = z.object({ number: z.string(), owner, name: z.string(), registered: z.boolean(), registrations: z.array(Registration) }).openapi('Extension');
const { ha1: _ha1, password: _password, ...shape } = extensionForm(() => 'any').shape;
const Form = z
  .object({ ...shape, password: z.string().optional().openapi({ description: 'only where it is a reference to the environment or secrets.env' }) })
  .openapi('ExtensionForm', { description: 'An extension as config/extensions.yaml has it. Passwords and their digests are never shown.' });
const ExtensionWithSettings = Extension.extend({ ...owned, settings: Form }).openapi('ExtensionWithSettings');
const New = z.looseObject({ number: z.string() }).openapi('NewExtension', {
  description: 'number, password (or ha1) and any other key of an extension. Only HA1 for MD5 and SHA-256 is kept; to leave both out keeps what there is.', example: { number: '2001', name: 'Lin Wei', password: 'the password itself, or ${NAME}' },
});

const listExtensions = route('extensions.read', {
  method: 'get', path: '/', tags: ['extensions'], summary: 'Extensions and where they are registered', 'x-summary-zh-CN': '分机及其注册位置',
  request: { query: z.object(keyedQuery('number')) },
  responses: { 200: { description: 'A page of extensions', content: { 'application/json': { schema: listOf(Extension) } } }, ...refusals({ 400: 'A parameter is wrong' }) },
});

/** Who may not see all of them sees the one of the agent he is. */
const mineOf = (settings: SettingsDesk) => (c: Context): ((number: string) => boolean) => {
  if (c.get('scope') === 'all') return () => true;
  const { agent } = c.get('principal');
  const own = agent === null ? undefined : settings.agent(agent as AgentId).settings.extension;
  return (number) => number === own;
};

/** /v1/extensions */
export const extensionRoutes = (reader: ExtensionReader, desk: ObjectsDesk, settings: SettingsDesk) => {
  const mine = mineOf(settings);
  const withPhones = (view: ObjectView) => ({ ...shown(reader.extension(view.id) ?? { number: view.id, name: view.id, registrations: [] }, view.owner), ...ownership(view), settings: view.form });
  return routes()
    .openapi(listExtensions, (c) => {
      const { items, nextCursor } = pageByKey(reader.extensions().filter((e) => mine(c)(e.number)), (e) => e.number, { cursor: undefined, ...c.req.valid('query') });
      return c.json({ items: items.map((e) => shown(e, desk.owner('extension', e.number))), next_cursor: nextCursor ?? null }, 200);
    })
    .route('/', objectRoutes(desk, {
      kind: 'extension', tag: 'extensions', read: 'extensions.read', write: 'extensions.write', noun: { en: 'extension', 'zh-CN': '分机' }, View: ExtensionWithSettings, shown: withPhones, New, listed: false, mine,
    }));
};

const shown = ({ number, name, registrations }: ExtensionView, whose: 'file' | 'api'): z.infer<typeof Extension> => ({
  number, owner: whose, name, registered: registrations.length > 0,
  registrations: registrations.map((r) => ({ contact: r.contact, source: r.source, user_agent: r.userAgent, expires_at: iso(r.expiresAt) })),
});
