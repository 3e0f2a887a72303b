import type { Catalogue, CatalogueEntry, FactType } from '../../events/index.js';
import { permissionOf } from './permissions.js';

const SEQ = 4711;
const EXAMPLE_ID = 'evt_06f3k2v1m0q7w8xz4n5p2r9ctb';

/** The subject in a sample: most facts name the thing they are about. */
function subjectOf({ type, sample }: CatalogueEntry): string {
  const kind = type.slice(0, type.indexOf('.'));
  if (kind === 'edge') return 'edge';
  const id = sample[kind] ?? sample['id'];
  if (kind === 'call') return 'call:call_06f3k2v1m0q7w8xz4n5p2r9ctb';
  return typeof id === 'string' ? `${kind}:${id}` : 'system';
}

export const sampleEvent = (entry: CatalogueEntry) => ({ id: EXAMPLE_ID, seq: SEQ, type: entry.type, at: '2026-11-20T10:00:00.000Z', subject: subjectOf(entry), data: entry.sample });

/** The catalogue of events as AsyncAPI 3.0: https://www.asyncapi.com/docs/reference/specification/v3.0.0 */
export function asyncapi(catalogue: Catalogue, version: string) {
  const ref = (place: string, name: string) => ({ $ref: `#/${place}/${name.replaceAll('/', '~1')}` });
  const inComponents = Object.fromEntries(catalogue.map(({ type }) => [type, ref('components/messages', type)]));
  const inChannel = (channel: string) => catalogue.map(({ type }) => ref(`channels/${channel}/messages`, type));
  return {
    asyncapi: '3.0.0',
    info: { title: 'Strowger events', version, description: 'Everything that happens, numbered without gaps by `seq`. You hear what your permissions let you read (`x-permission`). New types and new fields may come: skip what you do not know.' },
    defaultContentType: 'application/json',
    servers: { house: { host: '127.0.0.1:8080', protocol: 'http', description: 'wherever STROWGER_HTTP_ADDRESS listens' } },
    channels: {
      sse: { address: '/v1/events', title: 'Server-Sent Events', description: 'Bearer token; resume with Last-Event-ID; filter with `type` and `subject`.', messages: inComponents },
      ws: { address: '/v1/events/ws', title: 'WebSocket', description: 'Opened by a ticket from POST /v1/ws-tickets; resume with `after`.', messages: inComponents },
      webhook: { address: null, title: 'Webhooks', description: 'POST to your server, signed as Standard Webhooks say: see /v1/webhooks.', messages: inComponents },
    },
    operations: Object.fromEntries(['sse', 'ws', 'webhook'].map((channel) => [channel, { action: 'send', channel: ref('channels', channel), messages: inChannel(channel) }])),
    components: { messages: Object.fromEntries(catalogue.map((entry) => [entry.type, message(entry)])) },
  };
}

const message = (entry: CatalogueEntry) => ({
  name: entry.type, title: entry.type, ...(entry.description === '' ? {} : { summary: entry.description }), contentType: 'application/json', 'x-permission': permissionOf(entry.type as FactType),
  payload: {
    type: 'object', required: ['id', 'seq', 'type', 'at', 'subject', 'data'],
    properties: {
      id: { type: 'string', description: 'never the same twice: use it to drop what you have seen' }, seq: { type: 'integer', minimum: 1 }, type: { const: entry.type }, at: { type: 'string', format: 'date-time' },
      subject: { type: 'string', description: 'what it happened to' }, data: entry.schema,
    },
  },
  examples: [{ name: entry.type, payload: sampleEvent(entry) }],
});
