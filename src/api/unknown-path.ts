import type { Context, Hono } from 'hono';
import { NotFound, WrongMethod } from './errors.js';

type Table = readonly { readonly methods: Set<string>; readonly matches: RegExp }[];

/** `/v1/calls/:id{[0-9]+}` as a regular expression. */
const pattern = (path: string): RegExp => new RegExp(`^${path.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))).join('/')}$`);

/** Answers what no route took: 405 where the path exists with another method, else 404. Built once all routes stand. */
export function unknownPath(app: Pick<Hono, 'routes'>): (c: Context) => never {
  const byPath = new Map<string, Set<string>>();
  for (const { path, method } of app.routes) {
    if (method === 'ALL') continue; // middleware
    byPath.set(path, (byPath.get(path) ?? new Set()).add(method));
  }
  const table: Table = [...byPath].map(([path, methods]) => ({ methods: methods.has('GET') ? new Set([...methods, 'HEAD']) : methods, matches: pattern(path) }));
  return (c) => {
    const methods = table.filter(({ matches }) => matches.test(c.req.path)).flatMap((row) => [...row.methods]);
    if (methods.length > 0 && !methods.includes(c.req.method)) throw new WrongMethod(c.req.method, c.req.path, methods);
    throw new NotFound('no_such_path', `there is nothing at ${c.req.path}`, 'see /docs for the paths');
  };
}
