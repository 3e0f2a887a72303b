import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { StrowgerError } from '../base/index.js';
import { HttpFault, Invalid, Malformed, NotReady } from './errors.js';
import type { ApiLog } from './ports.js';

type Status = HttpFault['status'] | 500;

/** The only place that knows both the rooms' codes and HTTP's. What it does not know is our fault. */
const statusOf: Readonly<Record<string, Status>> = {
  'acd.no_such_queue': 404,
  'acd.no_such_agent': 404,
  'acd.state_not_settable': 422,
  not_registered: 409,
  'store.bad_cursor': 400,
  'store.full': 503,
  'store.locked': 503,
  'media.lost': 503,
  'media.unavailable': 503,
};

/** RFC 9457 §3, with our stable `code` and a `hint` that says what to do. */
export const Problem = z
  .object({
    type: z.string().openapi({ example: 'urn:strowger:not_registered' }),
    title: z.string(),
    status: z.int(),
    code: z.string().openapi({ example: 'not_registered' }),
    hint: z.string().nullable(),
    request_id: z.string().optional(),
    degraded: z.array(z.string()).optional(),
  })
  .openapi('Problem');

/** Every error leaves as application/problem+json; a fault of ours says nothing about our insides, but is logged. */
export const problem = (log: ApiLog) => (thrown: Error, c: Context): Response => {
  const error = known(thrown);
  const status: Status = error instanceof HttpFault ? error.status : error ? (statusOf[error.code] ?? 500) : 500;
  const requestId = c.get('requestId') as string | undefined;
  if (status === 500) log.error({ err: thrown, request_id: requestId, method: c.req.method, path: c.req.path }, 'a request failed by our fault');
  const shown = error && status !== 500
    ? { code: error.code, title: error.message, hint: error.hint ?? null }
    : { code: 'internal', title: 'Internal error', hint: 'the log has the cause under this request_id' };
  const body = {
    type: `urn:strowger:${shown.code}`, ...shown, status, request_id: requestId,
    ...(error instanceof NotReady ? { degraded: error.degraded } : {}),
  };
  const headers = { ...(error instanceof HttpFault ? error.headers : {}), ...(status === 503 ? { 'retry-after': '1' } : {}) };
  return c.body(JSON.stringify(body), status, { ...headers, 'content-type': 'application/problem+json' });
};

/** Hono's own refusals (a body that is no JSON) become ours. */
function known(error: Error): StrowgerError | undefined {
  if (error instanceof StrowgerError) return error;
  if (!(error instanceof HTTPException)) return undefined;
  return error.status === 400 ? new Malformed('the body is not valid JSON', { hint: 'check commas, quotes and brackets', cause: error }) : undefined;
}

type Checked = { readonly target: string; readonly success: boolean; readonly error?: z.ZodError };

/** Called by the router when a schema refuses: a wrong body is 422, everything else of the request 400. */
export function refuseInvalid(result: Checked): void {
  if (result.success || !result.error) return;
  const words = result.error.issues.map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(': ')).join('; ');
  throw result.target === 'json' ? new Invalid(words, { hint: 'see /docs for what this takes' }) : new Malformed(words, { hint: 'see /docs for what this takes' });
}

const content = { 'application/problem+json': { schema: Problem } };
/** For the route descriptions: which refusals a handler may answer besides the general ones. */
export const refusals = <const S extends HttpFault['status']>(texts: Readonly<Record<S, string>>) =>
  Object.fromEntries(Object.entries<string>(texts).map(([status, description]) => [status, { description, content }])) as unknown as Readonly<Record<S, { description: string; content: typeof content }>>;
