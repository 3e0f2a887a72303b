// What the API says of itself, as GET /openapi.json serves it, without a server: nobody behind it is asked. Needs dist/.
import { readFileSync } from 'node:fs';
import { createApi, describe } from '../dist/api/index.js';

const root = new URL('../', import.meta.url);
const nobody = new Proxy(() => { throw new Error('a description asks nobody'); }, { get: (_target, name) => (typeof name === 'symbol' ? undefined : nobody) });

export function apiDocument() {
  const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
  const given = { limits: { perSecond: 1, burst: 1, corsOrigins: [] }, catalogue: [], trustedProxies: () => [], version, now: () => 0 };
  const api = createApi(new Proxy(given, { get: (target, name) => target[name] ?? nobody }));
  return JSON.parse(JSON.stringify(describe(api, version)));
}

/** Every kind of event with its schema, as /asyncapi.json has them. */
export const eventCatalogue = () => JSON.parse(readFileSync(new URL('dist/events/catalogue.json', root), 'utf8'));
