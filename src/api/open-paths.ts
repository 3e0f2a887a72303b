import type { OpenAPIHono } from '@hono/zod-openapi';

/** Which operations under /v1 anybody may ask: those whose description says `x-permission: open`. Ready once all routes stand. */
export function openPaths(app: OpenAPIHono): (method: string, path: string) => boolean {
  let table: readonly { readonly method: string; readonly matches: RegExp }[] | undefined;
  const read = () =>
    app.openAPIRegistry.definitions.flatMap((d) => {
      if (d.type !== 'route' || (d.route as { 'x-permission'?: string })['x-permission'] !== 'open') return [];
      const pattern = d.route.path.split('/').map((part) => (part.startsWith('{') ? '[^/]+' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))).join('/');
      return [{ method: d.route.method.toUpperCase(), matches: new RegExp(`^${pattern}$`) }];
    });
  return (method, path) => {
    table ??= read();
    return table.some((row) => row.method === (method === 'HEAD' ? 'GET' : method) && row.matches.test(path));
  };
}
