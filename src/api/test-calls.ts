import { z } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import type { Arrival, Chosen, DialplanDesk, Line, TestsResult, Workbench } from '../ivr/index.js';
import { NotFound, TooManyRequests } from './errors.js';
import { createBudget } from './limits.js';
import { refusals } from './problem.js';
import { route, routes } from './routes.js';

const text = z.string().min(1).max(2_000);
const anything = z.record(z.string(), z.unknown());
const seconds = z.number().min(0).max(86_400);
const keys = z.string().regex(/^[0-9*#A-D]{1,64}$/);
const place = z.enum(['queue', 'dial', 'transfer', 'callback', 'record', 'hang_up', 'caller', 'failed']);
const language = z.enum(['zh-CN', 'en']);

/** As in the steps of dialplans/tests; what is left of their form is checked where they are played. */
const Step = z
  .strictObject({
    says: z.union([text, z.strictObject({ text, confidence: z.number().min(0).max(1).optional(), barge_in: z.boolean().optional() })]).optional(),
    mumbles: z.literal(true).optional(),
    presses: z.union([keys, z.strictObject({ keys, barge_in: z.boolean().optional() })]).optional(),
    waits: seconds.optional().openapi({ description: 'seconds of silence' }),
    outcome: z.union([z.enum(['completed', 'failed', 'busy', 'no_answer', 'rejected', 'unreachable', 'booked', 'recorded']), z.strictObject({ flow: z.string() })]).optional().openapi({ description: 'how the stay in a queue, at a phone, … ends' }),
    hangs_up: z.literal(true).optional(),
    hears: z.union([text, z.array(text).min(1).max(20)]).optional(), not_hears: z.union([text, z.array(text).min(1).max(20)]).optional(),
    enters: z.string().optional().openapi({ description: 'a flow' }), knows: anything.optional().openapi({ description: 'variables' }),
    requests: z.union([text, z.strictObject({ request: text, body: z.unknown().optional(), times: z.int().min(0).max(100).optional() })]).optional(),
    ends: z.union([place, z.looseObject({ by: place })]).optional(),
  })
  .refine((step) => Object.keys(step).length === 1, 'a step is one key')
  .openapi('TestCallStep', { description: 'What the caller does, or is expected to hear; one key a step, as in dialplans/tests', example: { presses: '1' } });
const httpDouble = z.looseObject({
  status: z.int().min(100).max(599).optional(), json: z.unknown().optional(), text: z.string().max(100_000).optional(),
  fails: z.enum(['timeout', 'refused', 'too_large', 'not_json', 'private_address']).optional(), takes: seconds.optional(),
});
const Order = z
  .strictObject({
    to: z.string().min(1).max(64).openapi({ description: 'the number that is dialled', example: '4000' }), from: z.string().min(1).max(64).default('anonymous').openapi({ example: '+8613800138000' }),
    at: z.iso.datetime({ offset: true }).optional().openapi({ description: 'when; left out: now' }),
    language: language.optional(), trunk: z.string().max(63).optional(), did: z.string().max(64).optional(), customer: anything.optional().openapi({ description: 'what is known of the caller, as `customer` in flows' }),
    http: z.record(z.string(), z.union([httpDouble, z.array(httpDouble).min(1).max(50)])).optional().openapi({ description: 'what services answer: nothing is sent to them', example: { 'GET https://orders.example/v1/orders?phone=*': { status: 200, json: { id: 'A1' } } } }),
    scripts: z.record(z.string(), anything).optional().openapi({ description: 'what scripts of the dialplan return: { returns }, { flow } or { fails }' }),
    speech: z.boolean().default(true).openapi({ description: 'false: there is no recogniser' }),
    steps: z.array(Step).max(200).default([]),
  })
  .openapi('TestCallOrder');

const Fault = z.object({ step: z.int().nullable().openapi({ description: 'from 1; null: not of a step' }), code: z.string(), message: z.string(), hint: z.string().nullable() });
const Happened = z
  .looseObject({ at_ms: z.number().openapi({ description: 'since the first ring, on the clock of the simulation' }), kind: z.string().openapi({ example: 'said', description: 'flow, said, hushed, pressed, spoke, understood, http, script, knows, language, waits, person, silent, failed, left, over' }) })
  .openapi('TestCallLine');
const Went = z.object({ flow: z.string(), step: z.int().openapi({ description: 'from 1' }), do: z.string() });
const TestCall = z
  .object({
    dialplan: z.string().openapi({ example: 'main.yaml' }), version: z.int().nullable(), entry: z.object({ number: z.string(), flow: z.string() }).openapi({ description: 'who answered' }),
    passed: z.boolean().openapi({ description: 'all that was expected came true' }), faults: z.array(Fault),
    ended: z.looseObject({ by: place }).nullable().openapi({ description: 'where the caller is at the end; null: still in the flow', example: { by: 'queue', queues: ['support'] } }), duration_ms: z.number(),
    transcript: z.array(Happened), path: z.array(Went).openapi({ description: 'every step that was done, in order' }),
  })
  .openapi('TestCall');

const post = route('test_calls.write', {
  method: 'post', path: '/calls', tags: ['test calls'], summary: 'Simulate a caller through the flow that answers a number; no phone rings, no service is asked', 'x-summary-zh-CN': '模拟来电走完某号码的流程；不响任何电话，不请求任何外部服务',
  description: 'The flow is the one that callers of that number get now, with the version that this caller would get. Time is simulated: nobody waits.',
  request: { body: { required: true, content: { 'application/json': { schema: Order } } } },
  responses: {
    200: { description: 'What happened', content: { 'application/json': { schema: TestCall } } },
    ...refusals({ 404: '`no_such_number`: nothing answers it', 422: 'The body is wrong: `errors` says where', 429: 'Too many test calls, or requests', 503: 'Too many simulations at once' }),
  },
});

/** So many test calls of one principal: each may cost a second of processor time. */
const BUDGET = { perSecond: 2, burst: 20 };

export interface TestCallDeps {
  readonly desk: Pick<DialplanDesk, 'get' | 'version'>;
  readonly workbench: Pick<Workbench, 'simulate'>;
  /** The flow for a call. */
  readonly answering: (arrival: Arrival) => Pick<Chosen, 'file' | 'version'> | undefined;
  /** Monotonic ms, and ms since 1970. */
  readonly now: () => number;
  readonly clock?: () => number;
}

/** /v1/test/calls */
export function testCallRoutes({ desk, workbench, answering, now, clock = Date.now }: TestCallDeps) {
  const app = routes();
  app.post('/calls', limited(now));
  return app.openapi(post, async (c) => {
    const { to, from, at = new Date(clock()).toISOString(), language: spoken, trunk, did, customer, http, scripts, speech, steps } = c.req.valid('json');
    const found = answering({ number: to, from, trunk, language: spoken, tags: tagsOf(customer), atMs: Date.parse(at) });
    if (!found) throw new NotFound('no_such_number', `nothing answers ${to}`, 'GET /v1/dialplans lists the numbers');
    const { file: name, version } = found;
    const written = version === undefined ? desk.get(name).text : desk.version(name, version).text;
    const call = { to, from, at, language: spoken, trunk, did, customer };
    const tests = fileOf(name, { call, http, scripts, speech }, steps.length > 0 ? steps : [{ waits: 0 }]); // who only listens hears it out
    return c.json(shown(name, version, steps.length, await workbench.simulate({ name, text: written, tests })), 200);
  });
}

/** @throws TooManyRequests */
function limited(now: () => number): MiddlewareHandler {
  const budget = createBudget(BUDGET);
  return async (c, next) => {
    const { resetS, refused } = budget.take(c.get('principal').id, now());
    if (refused) throw new TooManyRequests(resetS, {});
    await next();
  };
}

/** A test file of one case, for YAML takes JSON; each step on a line of its own, from the second on, so that a fault's line says which it is. */
const fileOf = (dialplan: string, about: object, steps: readonly object[]): string =>
  `${JSON.stringify({ dialplan, cases: [{ name: 'call', ...about }] }).slice(0, -3)},"steps":[\n${steps.map((step) => JSON.stringify(step)).join(',\n')}\n]}]}`;
const stepAt = (line: number, steps: number): number | null => (line > 1 && line <= steps + 1 ? line - 1 : null);

const tagsOf = (customer: Readonly<Record<string, unknown>> | undefined): readonly string[] => (Array.isArray(customer?.['tags']) ? customer['tags'].map(String) : []);

function shown(dialplan: string, version: number | undefined, steps: number, { cases: [one] }: TestsResult): z.output<typeof TestCall> {
  if (!one?.entry) throw new NotFound('no_such_number', 'nothing answers this number any more', 'GET /v1/dialplans lists the numbers');
  return {
    dialplan, version: version ?? null, entry: { ...one.entry }, passed: one.faults.length === 0,
    faults: one.faults.map(({ code, message, hint, line }) => ({ step: stepAt(line, steps), code, message, hint: hint ?? null })),
    ended: one.place ? { ...one.place } : null, duration_ms: one.lines.at(-1)?.atMs ?? 0, transcript: one.lines.map(lineShown), path: one.path.map((step) => ({ ...step })),
  };
}

const lineShown = (line: Line): z.output<typeof Happened> => {
  const { atMs, kind, ...rest } = line;
  return { at_ms: atMs, kind, ...Object.fromEntries(Object.entries(rest).map(([key, value]) => [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value as unknown])) };
};
