import { OpenAPIHono, z } from '@hono/zod-openapi';
import { Malformed } from './errors.js';
import type { Page, PageRequest } from './ports.js';
import { refuseInvalid } from './problem.js';

/** A router whose refusals are ours. Handlers stay inline and chained, so that types reach the client. */
export const routes = () => new OpenAPIHono({ defaultHook: (result) => refuseInvalid(result) });

export const iso = (ms: number): string => new Date(ms).toISOString();
export const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

export const Time = z.iso.datetime({ precision: 3 }).openapi({ example: '2026-11-20T10:00:00.000Z' });

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(1000).default(100).openapi({ description: '1–1000' }),
  cursor: z.string().min(1).max(300).optional().openapi({ description: 'next_cursor of the page before, unchanged' }),
};

export const listOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next_cursor: z.string().nullable() });

/** Cuts a short list that lies in memory to a page, in the order of its keys. @throws Malformed for a foreign cursor */
export function pageByKey<T>(all: readonly T[], keyOf: (item: T) => string, { limit, cursor }: PageRequest): Page<T> {
  const after = cursor === undefined ? undefined : keyIn(cursor);
  const sorted = [...all].sort((a, b) => compare(keyOf(a), keyOf(b))).filter((item) => after === undefined || compare(keyOf(item), after) > 0);
  const items = sorted.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: last !== undefined && sorted.length > limit ? Buffer.from(`key:${keyOf(last)}`).toString('base64url') : undefined };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function keyIn(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (!text.startsWith('key:')) throw new Malformed('this cursor is not one of ours', { hint: 'use next_cursor of the page before, unchanged' });
  return text.slice(4);
}
