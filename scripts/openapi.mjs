// What the API says of itself, as GET /openapi.json serves it, without a server: nobody behind it is asked. Needs dist/.
import { readFileSync, writeFileSync } from 'node:fs';
import { createApi, describe, makeDocuments } from '../dist/api/index.js';

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

/** What /openapi.json and /docs answer, where the built program looks for it. */
export const writeDocuments = async () => writeFileSync(new URL('dist/api/docs/documents.json', root), JSON.stringify(await makeDocuments(apiDocument())));
