import { z } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { Malformed, UnknownSort } from './errors.js';
import { pickedFrom } from './fields.js';

/** What `sort` and `fields` of a list may say; stands in the document as `x-list`, from which its parameters are made. */
export interface ListOptions {
  /** The only order of the list, where its route knows no other: `-created_at`, newest first. */
  readonly sort: string | undefined;
  readonly fields: readonly string[];
  /** What always comes along. */
  readonly key: string;
}

/** When something happened, the most telling first: lists of such things are newest first. */
const TIMES = ['started_at', 'came_at', 'began_at', 'joined_at', 'created_at', 'at', 'used_at'] as const;

/** The options of a route that answers with a list; undefined: it answers with something else, or has them itself. */
export function listOptions({ method, responses, request }: { readonly method: string; readonly responses: object; readonly request?: { readonly query?: unknown } | undefined }): ListOptions | undefined {
  const asked = request?.query instanceof z.ZodObject ? Object.keys(request.query.shape) : [];
  const fields = method === 'get' && !asked.includes('fields') ? fieldsOf(responses) : undefined;
  if (!fields) return undefined;
  const time = TIMES.find((name) => fields.includes(name));
  const key = fields.includes('id') ? 'id' : (fields[0] ?? 'id');
  return { sort: asked.includes('sort') ? undefined : time === undefined ? key : `-${time}`, fields, key };
}

function fieldsOf(responses: object): readonly string[] | undefined {
  const schema = (responses as Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: unknown }>> }>>)['200']?.content?.['application/json']?.schema;
  const items: unknown = schema instanceof z.ZodObject ? schema.shape['items'] : undefined;
  const item: unknown = items instanceof z.ZodArray ? items.element : undefined;
  return item instanceof z.ZodObject ? Object.keys(item.shape) : undefined;
}

/** Takes `sort` and `fields` of such a list. What was masked stays masked: it is picked from the answer as it would be sent. @throws UnknownSort, Malformed */
export const listed = ({ sort, fields, key }: ListOptions): MiddlewareHandler => async (c, next) => {
  const [order, names] = [sort === undefined ? undefined : c.req.query('sort'), c.req.query('fields')?.split(',').map((name) => name.trim())];
  if (order !== undefined && order !== sort) throw new UnknownSort([sort ?? '']);
  const unknown = names?.find((name) => !fields.includes(name));
  if (unknown !== undefined) throw new Malformed(`there is no field "${unknown}"`, { hint: `there are ${fields.join(', ')}` });
  await next();
  if (!names || c.res.status !== 200 || !/^application\/json/.test(c.res.headers.get('content-type') ?? '')) return;
  const body = (await c.res.json()) as { readonly items: readonly object[] };
  c.res = new Response(JSON.stringify({ ...body, items: body.items.map((item) => pickedFrom(item, new Set([key, ...names]))) }), c.res);
};
