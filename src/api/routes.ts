import { createRoute, OpenAPIHono, z, type RouteConfig } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { HOUSE_WIDE, type Permission, type Scope } from '../access/index.js';
import { announced, checkNotice, described, type Deprecation } from './deprecation.js';
import { Forbidden, Malformed } from './errors.js';
import { listed, listOptions } from './lists.js';
import type { Page, PageRequest } from './ports.js';
import { refuseInvalid } from './problem.js';

/** A router whose refusals are ours. Handlers stay inline and chained, so that types reach the client. */
export const routes = () => new OpenAPIHono({ defaultHook: (result) => refuseInvalid(result) });

/**
 * The description of one operation and what it takes to be allowed it: a permission; `any`: whoever is known; `open`: everybody.
 * Stands in the OpenAPI document as `x-permission`. How far the permission reaches is in `c.get('scope')`; `x-narrows`: this route looks at it, though most things of its
 * permission are the house's. One that will go says so in `going`.
 */
export function route<const P extends string, const R extends Omit<RouteConfig, 'path' | 'middleware'> & { readonly path: P; readonly 'x-narrows'?: true }>(needs: Permission | 'any' | 'open', config: R, going?: Deprecation) {
  if (going) checkNotice(going);
  const list = needs === 'open' ? undefined : listOptions(config);
  const middleware = [
    ...(going ? [announced(going)] : []), ...(needs === 'any' || needs === 'open' ? [] : [permit(needs, config['x-narrows'] !== true && HOUSE_WIDE.has(needs))]), ...(list ? [listed(list)] : []),
  ];
  return createRoute({ ...config, 'x-permission': needs, ...(list ? { 'x-list': list } : {}), ...(going ? described(going) : {}), ...(middleware.length > 0 ? { middleware } : {}) });
}

declare module 'hono' {
  interface ContextVariableMap {
    /** How far the permission of this route reaches for whoever asks; set by `route`. */
    scope: Scope;
    /** The permission of this route, where it asks for one. */
    needs: Permission;
  }
}
/** @throws Forbidden */
const permit = (permission: Permission, whole: boolean): MiddlewareHandler => async (c, next) => {
  const scope = c.get('principal').may(permission);
  c.set('needs', permission);
  if (scope === undefined || (whole && scope !== 'all')) throw new Forbidden(permission);
  c.set('scope', scope);
  await next();
};

export const iso = (ms: number): string => new Date(ms).toISOString();
export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

export const Time = z.iso.datetime({ precision: 3 }).openapi({ example: '2026-11-20T10:00:00.000Z' });

/** A time with its offset, as ms since 1970. */
export const moment = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)).openapi({ type: 'string', format: 'date-time' });

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(1000).default(100).openapi({ description: '1–1000' }),
  cursor: z.string().min(1).max(1_000).optional().openapi({ description: 'next_cursor of the page before, unchanged' }),
};

/** Of a list that lies in memory: in the order of its keys, or the other way round. */
export const keyedQuery = (key: string) => ({ ...pageQuery, sort: z.enum([key, `-${key}`]).default(key).openapi({ description: `by ${key}; -${key}: backwards` }) });

/** The orders a list has, its own first. */
export const sortOf = <const S extends string>(own: S, ...others: readonly S[]) => z.enum([own, ...others]).default(own as never).openapi({ description: 'with a minus: the newest or greatest first' });

export const listOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next_cursor: z.string().nullable() });

/** Cuts a short list that lies in memory to a page, in the order of its keys; `sort` with a minus: backwards. @throws Malformed for a foreign cursor, and for one of the other direction */
export function pageByKey<T>(all: readonly T[], keyOf: (item: T) => string, { limit, cursor, sort }: PageRequest & { readonly sort?: string }): Page<T> {
  const backwards = sort?.startsWith('-') === true;
  const label = backwards ? '-key:' : 'key:';
  const after = cursor === undefined ? undefined : keyIn(cursor, label);
  const order = backwards ? (a: string, b: string) => compare(b, a) : compare;
  const sorted = [...all].sort((a, b) => order(keyOf(a), keyOf(b))).filter((item) => after === undefined || order(keyOf(item), after) > 0);
  const items = sorted.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: last !== undefined && sorted.length > limit ? Buffer.from(label + keyOf(last)).toString('base64url') : undefined };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function keyIn(cursor: string, label: string): string {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (!text.startsWith(label)) throw new Malformed('this cursor is not one of ours', { hint: 'use next_cursor of the page before, unchanged' });
  return text.slice(label.length);
}

/** `fields=id,from`: only these fields of each item. Keys are those of its schema; `id` always comes along. */
export const fieldsQuery = <const K extends string>(keys: readonly K[]) =>
  z.string().max(500).transform((text, ctx): ReadonlySet<K> => {
    const names = text.split(',').map((name) => name.trim());
    for (const name of names) if (!(keys as readonly string[]).includes(name)) ctx.addIssue({ code: 'custom', message: `there is no field "${name}"; there are ${keys.join(', ')}` });
    return new Set(names as K[]);
  }).optional().openapi({ type: 'string', description: `only these fields, with commas between: ${keys.join(', ')}`, example: keys.slice(0, 3).join(',') });
export const picked = <T extends object>(item: T, fields: ReadonlySet<string> | undefined): T =>
  fields === undefined ? item : (Object.fromEntries(Object.entries(item).filter(([key]) => key === 'id' || fields.has(key))) as T);
