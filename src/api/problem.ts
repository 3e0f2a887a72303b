import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { SettingsRefused } from '../acd/index.js';
import { StrowgerError } from '../base/index.js';
import { ChatFault } from '../channels/chat/index.js';
import { ConfigFaults } from '../config/index.js';
import { ObjectsRefused } from '../objects/index.js';
import { TicketRefused } from '../desk/tickets/index.js';
import { HttpFault, Invalid, Malformed, NotReady, UnknownSort } from './errors.js';
import type { ApiLog } from './ports.js';

type Status = HttpFault['status'] | 500;

/** The only place that knows both the rooms' codes and HTTP's. What it does not know is our fault. */
const statusOf: Readonly<Record<string, Status>> = {
  'acd.no_such_queue': 404,
  'acd.no_such_agent': 404,
  'acd.no_such_contact': 404,
  'acd.contact_known': 409,
  'acd.not_wrapping_up': 409,
  'settings.refused': 422,
  'settings.stale': 412,
  'settings.queue_exists': 409,
  'settings.agent_exists': 409,
  'settings.no_such_setup': 404,
  'settings.no_such_version': 404,
  'config.faults': 422,
  'objects.no_such_object': 404,
  'objects.exists': 409,
  'objects.owned_by_file': 409,
  'objects.stands_in_file': 409,
  'objects.not_in_file': 409,
  'objects.part_of_trunk': 409,
  'objects.stale': 412,
  'objects.refused': 422,
  'dialplan.no_such_dialplan': 404,
  'dialplan.no_such_version': 404,
  'dialplan.bad_name': 422,
  'dialplan.changed': 412,
  'dialplan.workbench_busy': 503,
  'acd.state_not_settable': 422,
  not_registered: 409,
  'access.no_such_user': 404, 'access.no_such_team': 404, 'access.no_such_key': 404, 'access.no_such_session': 404, 'access.no_such_role': 404,
  'access.login_taken': 409, 'access.name_taken': 409, 'access.agent_taken': 409, 'access.extension_taken': 409, 'access.role_in_use': 409, 'access.team_in_use': 409, 'access.built_in': 409,
  'access.totp_on': 409, 'access.totp_off': 409, 'access.totp_not_begun': 409,
  'access.stale': 412, 'access.beyond_own_rights': 403, 'access.out_of_reach': 403, 'access.not_a_person': 403,
  'access.busy': 503, 'access.no_such_provider': 404, 'access.provider_unreachable': 503, 'access.provider_refused': 401, 'access.not_let_in': 403,
  'access.weak_password': 422, 'access.bad_expiry': 422, 'access.wrong_code': 422, 'access.wrong_password': 422,
  'offers.no_such_offer': 404,
  'offers.over': 409,
  'files.too_large': 413,
  'files.empty': 422,
  'files.bad_name': 400,
  'files.type_refused': 415,
  'files.damaged': 422,
  'files.bomb': 422,
  'files.too_many': 429,
  'files.busy': 503,
  'files.no_such_file': 404,
  'files.link_invalid': 401,
  'chat.no_session': 401, 'chat.bad_customer_token': 401, 'chat.foreign_page': 403, 'chat.not_allowed': 403, 'chat.no_conversation': 404, 'chat.closed': 409, 'chat.refused': 409, 'chat.form': 422, 'chat.too_many': 429,
  'conversations.no_such_conversation': 404,
  'conversations.over': 409,
  'conversations.wrong_state': 409,
  'conversations.not_joined': 409,
  'conversations.refused': 422,
  'conversations.not_kept': 503,
  'recordings.no_such_recording': 404,
  'recordings.deleted': 404,
  'recordings.on_hold': 409,
  'recordings.in_progress': 409,
  'recordings.bad_words': 400,
  'recordings.not_kept': 503,
  'reports.no_such_report': 404,
  'reports.refused': 422,
  'webhooks.no_such_webhook': 404,
  'webhooks.no_such_dead_letter': 404,
  'webhooks.stale': 412,
  'webhooks.refused': 422,
  'webhooks.too_many': 409,
  'ticket.no_such_ticket': 404,
  'ticket.no_such_thing': 404,
  'ticket.stale': 412,
  'ticket.no_such_transition': 409,
  'ticket.merged': 409,
  'ticket.erased': 409,
  'ticket.not_allowed': 403,
  'ticket.refused': 422,
  'ticket.not_kept': 503,
  'store.bad_cursor': 400,
  'store.busy': 503,
  'store.full': 503,
  'store.locked': 503,
  'customers.no_such_customer': 404,
  'customers.no_such_identity': 404,
  'customers.no_such_note': 404,
  'customers.no_such_suggestion': 404,
  'customers.identity_taken': 409,
  'customers.same_customer': 409,
  'customers.not_merged': 409,
  'customers.changed': 412,
  'customers.bad_identity': 422,
  'customers.attribute_refused': 422,
  'customers.bad_search': 400,
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
    errors: z
      .array(z.object({
        code: z.string(), message: z.string(), hint: z.string().nullable(),
        pointer: z.string().optional().openapi({ description: 'where in the settings (RFC 6901)', example: '/queues/support/offer_seconds' }),
        file: z.string().optional(), line: z.int().optional(), column: z.int().optional(),
      }))
      .optional()
      .openapi({ description: 'everything that is wrong, each with its place' }),
  })
  .openapi('Problem');

/** Every error leaves as application/problem+json; a fault of ours says nothing about our insides, but is logged. */
export const problem = (log: ApiLog) => (thrown: Error, c: Context): Response => {
  const requestId = c.get('requestId') as string | undefined;
  const { status, headers, body } = refusalOf(thrown);
  if (status === 500) log.error({ err: thrown, request_id: requestId, method: c.req.method, path: c.req.path }, 'a request failed by our fault');
  return c.body(JSON.stringify({ ...body, request_id: requestId }), status, { ...headers, 'content-type': 'application/problem+json' });
};

/** What is answered to whoever caused this. */
export function refusalOf(thrown: Error): { status: Status; headers: Readonly<Record<string, string>>; body: object } {
  const error = known(thrown);
  const status: Status = error instanceof HttpFault ? error.status : error ? (statusOf[error.code] ?? 500) : 500;
  const shown = error && status !== 500
    ? { code: error.code, title: error.message, hint: error.hint ?? null }
    : { code: 'internal', title: 'Internal error', hint: 'the log has the cause under this request_id' };
  const body = {
    type: `urn:strowger:${shown.code}`, ...shown, status,
    ...(error instanceof NotReady ? { degraded: error.degraded } : {}),
    ...placesOf(error),
  };
  return { status, headers: { ...(error instanceof HttpFault ? error.headers : {}), ...(status === 503 ? { 'retry-after': '1' } : {}) }, body };
}

/** Each single fault, where the error knows of several. */
function placesOf(error: StrowgerError | undefined): { errors?: object[] } {
  if (error instanceof ChatFault && error.fields.length > 0) return { errors: error.fields.map((field) => ({ code: error.code, message: error.message, hint: null, pointer: `/form/${field}` })) };
  if (!(error instanceof SettingsRefused) && !(error instanceof ObjectsRefused) && !(error instanceof ConfigFaults) && !(error instanceof TicketRefused)) return {};
  return { errors: error.faults.map((fault) => ({ ...fault, hint: fault.hint ?? null })) };
}

/** Hono's own refusals (a body that is no JSON) become ours. */
function known(error: Error): StrowgerError | undefined {
  if (error instanceof StrowgerError) return error;
  // Node's own, for a body whose sender has gone or was too slow: nobody hears the answer.
  if (error.message === 'aborted' && 'code' in error && error.code === 'ECONNRESET') return new Malformed('the body broke off', { hint: 'send all of it', cause: error });
  if (!(error instanceof HTTPException)) return undefined;
  return error.status === 400 ? new Malformed('the body is not valid JSON', { hint: 'check commas, quotes and brackets', cause: error }) : undefined;
}

type Checked = { readonly target: string; readonly success: boolean; readonly error?: z.ZodError };

/** Called by the router when a schema refuses: a wrong body is 422, everything else of the request 400. */
export function refuseInvalid(result: Checked): void {
  if (result.success || !result.error) return;
  const sorts = result.error.issues.find((issue) => issue.code === 'invalid_value' && issue.path[0] === 'sort');
  if (sorts?.code === 'invalid_value') throw new UnknownSort(sorts.values.map(String));
  const words = result.error.issues.map((issue) => [issue.path.join('.'), issue.message].filter(Boolean).join(': ')).join('; ');
  throw result.target === 'json' ? new Invalid(words, { hint: 'see /docs for what this takes' }) : new Malformed(words, { hint: 'see /docs for what this takes' });
}

const content = { 'application/problem+json': { schema: Problem } };
/** For the route descriptions: which refusals a handler may answer besides the general ones. */
export const refusals = <const S extends HttpFault['status']>(texts: Readonly<Record<S, string>>) =>
  Object.fromEntries(Object.entries<string>(texts).map(([status, description]) => [status, { description, content }])) as unknown as Readonly<Record<S, { description: string; content: typeof content }>>;
