import type { ListOptions } from '../lists.js';
import type { Description } from './describe.js';

type Response = { readonly description: string; readonly content: object; readonly headers?: object };
type Ref = { readonly $ref: string };
type Operation = { operationId?: string; parameters?: unknown[]; responses: Record<string, unknown>; 'x-permission'?: string; 'x-list'?: ListOptions; security?: unknown[] };

const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
const text = { type: 'string' };
const later = { 'Retry-After': { description: 'seconds', schema: text } };
/** What any request may be answered, whatever it asks. */
const GENERAL = {
  Malformed: { status: 400, description: 'The request cannot be read, or a parameter is wrong; `token_in_url`', content },
  Unauthorized: { status: 401, description: 'No token, or nobody\'s', content, headers: { 'WWW-Authenticate': { schema: text } } },
  Forbidden: { status: 403, description: '`forbidden`: not allowed this; `forged`: a browser\'s request that may be another page\'s', content },
  Conflict: { status: 409, description: '`same_key_running`, `cut_short`: see Idempotency-Key', content },
  TooLarge: { status: 413, description: 'The body is too large', content },
  NotJson: { status: 415, description: 'The body is not declared as JSON', content },
  Invalid: { status: 422, description: 'Well-formed but wrong; `idempotency_key_reused`', content },
  TooManyRequests: { status: 429, description: 'Too many requests: wait', content, headers: later },
  Unavailable: { status: 503, description: 'Not now: wait; the disk is full, or a part of the house is busy or missing', content, headers: later },
} as const satisfies Record<string, Response & { status: number }>;
type General = keyof typeof GENERAL;

const KEY = {
  name: 'Idempotency-Key', in: 'header', required: false, schema: { ...text, minLength: 1, maxLength: 200, pattern: '^[\\x21-\\x7e]+$' },
  description: 'Of your choice, new for each change: the same request again within 24 h gets the same answer and is not done twice',
};
const METHODS = ['get', 'put', 'post', 'patch', 'delete'] as const;

/**
 * The document with what holds for all operations: names for programs, refusals that no route of its own describes, Idempotency-Key. What a route says itself
 * of a status stands.
 */
export function completed(description: Description): Description {
  const paths = Object.fromEntries(Object.entries(description.paths ?? {}).map(([path, item]) => [path, Object.fromEntries(Object.entries(item as object).map(
    ([method, operation]) => [method, METHODS.some((m) => m === method) ? completedOperation(method, path, operation as Operation) : (operation as unknown)],
  ))]));
  const responses = Object.fromEntries(Object.entries(GENERAL).map(([name, { status: _status, ...response }]) => [name, response]));
  return { ...description, paths, components: { ...description.components, responses, parameters: { ...description.components?.parameters, IdempotencyKey: KEY } } } as Description;
}

function completedOperation(method: string, path: string, { 'x-list': list, ...given }: Operation): Operation {
  const operation = list ? withList(given, list) : given;
  const own = Object.keys(operation.responses);
  const added = generalOf(method, path, operation).map((name): [string, Ref] => [String(GENERAL[name].status), { $ref: `#/components/responses/${name}` }]).filter(([status]) => !own.includes(status));
  const key: readonly Ref[] = method !== 'get' && inside(path) ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : [];
  const parameters = [...(operation.parameters ?? []), ...key];
  return { ...operation, operationId: nameOf(method, path), ...(parameters.length > 0 ? { parameters } : {}), responses: { ...operation.responses, ...Object.fromEntries(added) } };
}

/** `sort` and `fields` of a list; with `fields`, its items have those only. */
function withList(operation: Operation, { sort, fields, key }: ListOptions): Operation {
  const parameters = [
    ...(operation.parameters ?? []), ...(sort === undefined ? [] : [{ name: 'sort', in: 'query', required: false, schema: { ...text, enum: [sort] }, description: 'the order this list has' }]),
    { name: 'fields', in: 'query', required: false, schema: text, description: `only these fields, with commas between: ${fields.join(', ')}; ${key} always comes along`, example: fields.slice(0, 3).join(',') },
  ];
  const found = operation.responses['200'] as { readonly content: Readonly<Record<string, { readonly schema: ListSchema }>> };
  const { schema } = found.content['application/json'] ?? {};
  const items = schema?.properties.items;
  if (!schema || !items) return { ...operation, parameters };
  const some = { type: 'object', required: [key], properties: Object.fromEntries(fields.map((name) => [name, {}])), additionalProperties: false, 'x-picked': true };
  const whole = { ...schema, properties: { ...schema.properties, items: { ...items, items: { anyOf: [items.items, some] } } } };
  return { ...operation, parameters, responses: { ...operation.responses, 200: { ...found, content: { ...found.content, 'application/json': { schema: whole } } } } };
}
type ListSchema = { readonly properties: Readonly<Record<string, { readonly items?: unknown }>> };

const inside = (path: string): boolean => path.startsWith('/v1/');

function generalOf(method: string, path: string, { 'x-permission': needs }: Operation): readonly General[] {
  if (!inside(path)) return [];
  const change = method !== 'get';
  const known = needs !== 'open';
  return [
    'Malformed', ...(known ? (['Unauthorized', 'TooManyRequests'] as const) : []), ...((known && needs !== 'any') || change ? (['Forbidden'] as const) : []),
    ...(change ? (['Conflict', 'TooLarge', 'Invalid'] as const) : []), ...(change && method !== 'delete' ? (['NotJson'] as const) : []), 'Unavailable',
  ];
}

/** `GET /v1/calls/{id}/recording` is `getCallsByIdRecording`, `GET /healthz`, which is open to all, `getOpenHealthz`: it follows from the path, and so never changes while that stands. */
export function nameOf(method: string, path: string): string {
  const words = path.split('/').filter((part) => part !== '' && part !== 'v1').map((part) => (part.startsWith('{') ? `By-${part.slice(1, -1)}` : part));
  return method + (inside(path) ? '' : 'Open') + words.flatMap((word) => word.split(/[-_.]/)).map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
