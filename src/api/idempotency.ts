import { createHash } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import type { Principal } from '../access/index.js';
import { AnswerWithheld, CutShort, KeyReused, Malformed, SameKeyRunning } from './errors.js';

/** What was answered to requests that may come again. */
export interface IdempotencyStore {
  /** Claims the key. `request` is a digest of what is asked. */
  begin(principal: string, key: string, request: string): { readonly is: 'new' | 'running' | 'other' | 'cut_short' | 'withheld' } | { readonly is: 'known'; readonly status: number; readonly body: string };
  /** `body` undefined: the answer held a secret, which is kept nowhere. */
  finish(principal: string, key: string, status: number, body: string | undefined): void;
  /** It failed by our fault: whether it took effect nobody knows. */
  cutShort(principal: string, key: string): void;
  /** It came to nothing: the key may be tried again. */
  forget(principal: string, key: string): void;
}

const KEY = /^[\x21-\x7e]{1,200}$/;
/** Files are read as they come: by their bytes nobody can tell beforehand whether it is the same one, by their name and size well enough. */
async function digestOf({ req }: Context, streamed: boolean): Promise<string> {
  const asked = new URL(req.url);
  const what = streamed ? new TextEncoder().encode(req.header('content-length') ?? '') : new Uint8Array(await req.arrayBuffer());
  return createHash('sha256').update(`${req.method}\n${asked.pathname}${asked.search}\n`).update(what).digest('base64url');
}

const CHANGES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/**
 * A change with an Idempotency-Key is done once; the same again gets the same answer. Refusals of ours are not kept: what was wrong
 * may be mended and sent again. Answers that nobody may store (`no-store`: secrets, tokens) are not stored here either. Of an upload the size stands for the
 * bytes, which pass through unread. @throws KeyReused, SameKeyRunning, CutShort, AnswerWithheld
 */
export function idempotent(store: IdempotencyStore, streams: (c: Context) => boolean = () => false): MiddlewareHandler {
  return async (c, next) => {
    const key = c.req.header('idempotency-key');
    const who = c.get('principal') as Principal | undefined;
    // Who is nobody in particular has no keys of his own.
    if (!CHANGES.has(c.req.method) || key === undefined || who === undefined) return next();
    if (!KEY.test(key)) throw new Malformed('this Idempotency-Key is none', { hint: '1 to 200 visible ASCII characters' });
    const { id } = who;
    const request = await digestOf(c, streams(c));
    const found = store.begin(id, key, request);
    if (found.is === 'running') throw new SameKeyRunning();
    if (found.is === 'other') throw new KeyReused();
    if (found.is === 'cut_short') throw new CutShort();
    if (found.is === 'withheld') throw new AnswerWithheld();
    if (found.is === 'known') {
      if (found.body === '') return c.body(null, found.status as 204, { 'idempotency-replayed': 'true' });
      return c.body(found.body, found.status as 200, { 'content-type': 'application/json', 'idempotency-replayed': 'true' });
    }
    await next();
    const { status } = c.res;
    if (status < 300) store.finish(id, key, status, /\bno-store\b/.test(c.res.headers.get('cache-control') ?? '') ? undefined : await c.res.clone().text());
    else if (status === 500) store.cutShort(id, key);
    else store.forget(id, key);
    return undefined;
  };
}
