import type { Context, MiddlewareHandler } from 'hono';
import type { By } from '../access/index.js';
import { inBlocks } from '../config/index.js';

declare module 'hono' {
  interface ContextVariableMap {
    /** The address the request came from. */
    source: string;
    /** Whoever did it has written it to the audit log himself. */
    audited: boolean;
  }
}
/** What @hono/node-server puts beside a request. */
type NodeBindings = { readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } } } | undefined;

/** Says where a request came from: the socket, or what a proxy of ours says, read from the right up to the first that is none. */
export function sourced(trusted: () => readonly string[]): MiddlewareHandler {
  const sourceOf = sourceBy(trusted);
  return async (c, next) => {
    c.set('source', sourceOf((c.env as NodeBindings)?.incoming?.socket?.remoteAddress, c.req.header('x-forwarded-for')));
    await next();
  };
}
export function sourceBy(trusted: () => readonly string[]): (remote: string | undefined, forwarded: string | undefined) => string {
  let [blocks, ours] = [trusted(), inBlocks(trusted())];
  return (remote = 'unknown', forwarded = '') => {
    if (blocks !== trusted()) [blocks, ours] = [trusted(), inBlocks(trusted())];
    let source = remote;
    const hops = forwarded.split(',').map((hop) => hop.trim()).filter((hop) => hop !== '');
    while (ours(source) && hops.length > 0) source = hops.pop() ?? source;
    return source;
  };
}

/** Who asks for this change and how far he may; the room writes the line of the audit log. */
export function byOf(c: Context): By {
  c.set('audited', true);
  return { principal: c.get('principal'), scope: c.get('scope'), source: c.get('source'), request: c.get('requestId') };
}
