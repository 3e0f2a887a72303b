import { z } from '@hono/zod-openapi';
import { DRAW_FORMATS, type DialplanDesk, type TestsResult, type Workbench } from '../ivr/index.js';
import { NotFound } from './errors.js';
import type { CallReader } from './ports.js';
import { refusals } from './problem.js';
import { route, routes } from './routes.js';

const text = z.string().min(1).max(1_000_000);
const name = z.object({ name: z.string().max(120).openapi({ example: 'main.yaml' }) });
const Fault = z.object({ file: z.string(), line: z.int(), column: z.int(), code: z.string(), message: z.string(), hint: z.string().nullable() });
const Simulated = z
  .object({
    passed: z.int(), failed: z.int(),
    cases: z.array(z.object({ name: z.string(), passed: z.boolean(), call_ms: z.int().openapi({ description: 'how long the call took, on its own clock' }), faults: z.array(Fault) })),
    coverage: z.object({
      steps: z.int(), reached: z.int(),
      missed: z.array(z.object({ flow: z.string(), step: z.int().openapi({ description: 'from 1' }), do: z.string(), line: z.int(), column: z.int() })),
    }),
  })
  .openapi('SimulatedConversations');

const simulate = route('dialplans.test', {
  method: 'post', path: '/{name}/simulate', tags: ['dialplans'], summary: 'Run conversation tests against a dialplan; nobody is called', 'x-summary-zh-CN': '用对话测试检验拨号方案，不拨打任何电话',
  request: { params: name, body: { required: true, content: { 'application/json': { schema: z.strictObject({ tests: text.openapi({ description: 'YAML as in dialplans/tests; its `dialplan` is not looked at' }), text: text.optional().openapi({ description: 'instead of what is in service' }) }) } } } },
  responses: {
    200: { description: 'How they went', content: { 'application/json': { schema: Simulated } } },
    ...refusals({ 404: 'There is no such dialplan', 422: 'Dialplan or tests have faults: `errors` has the place of each', 503: 'Too many at once' }),
  },
});
const draw = route('dialplans.read', {
  method: 'get', path: '/{name}/drawing', tags: ['dialplans'], summary: 'The flows as a picture, perhaps with the way a call took', 'x-summary-zh-CN': '流程图，可标出某次通话走过的路',
  request: {
    params: name,
    query: z.object({
      format: z.enum(DRAW_FORMATS).default('svg'), flow: z.string().max(100).optional().openapi({ description: 'only this flow and what it leads to' }), language: z.enum(['zh-CN', 'en']).default('en'),
      call: z.string().max(100).optional().openapi({ description: 'ID of a call, in progress or over, whose steps are marked' }),
    }),
  },
  responses: {
    200: { description: 'SVG, or text for Mermaid', content: { 'image/svg+xml': { schema: z.string() }, 'text/plain': { schema: z.string() } } },
    ...refusals({ 400: 'A parameter is wrong', 404: 'There is no such dialplan, flow or call', 503: 'Too many at once' }),
  },
});

export interface WorkbenchDeps {
  readonly desk: Pick<DialplanDesk, 'get'>;
  readonly workbench: Workbench;
  readonly calls: Pick<CallReader, 'get'>;
}

/** What designers try out: /v1/dialplans/{name}/simulate and /drawing */
export const workbenchRoutes = ({ desk, workbench, calls }: WorkbenchDeps) =>
  routes()
    .openapi(simulate, async (c) => {
      const file = c.req.valid('param').name;
      const { tests, text: written } = c.req.valid('json');
      return c.json(shown(await workbench.simulate({ name: file, text: written ?? desk.get(file).text, tests })), 200);
    })
    .openapi(draw, async (c) => {
      const file = c.req.valid('param').name;
      const { format, flow, language, call } = c.req.valid('query');
      const { text: written, flows } = desk.get(file);
      if (flow !== undefined && !flows.includes(flow)) throw new NotFound('no_such_flow', `there is no flow "${flow}"`, `flows: ${flows.join(', ')}`);
      const drawn = await workbench.draw({ name: file, text: written, format, flow, language, facts: call === undefined ? undefined : factsOf(calls, call) });
      return c.body(drawn, 200, { 'content-type': format === 'svg' ? 'image/svg+xml; charset=utf-8' : 'text/plain; charset=utf-8' });
    });

function factsOf(calls: WorkbenchDeps['calls'], id: string) {
  const call = calls.get(id);
  if (!call) throw new NotFound('no_such_call', `there is no call "${id}"`, 'GET /v1/calls lists them');
  return call.timeline.map(({ type, data }) => ({ type, data: { ...data } }));
}

function shown({ cases, coverage: [covered] }: TestsResult): z.output<typeof Simulated> {
  const failed = cases.filter((one) => one.faults.length > 0).length;
  return {
    passed: cases.length - failed, failed,
    cases: cases.map(({ name: title, faults, lines }) => ({ name: title, passed: faults.length === 0, call_ms: lines.at(-1)?.atMs ?? 0, faults: faults.map((fault) => ({ ...fault, hint: fault.hint ?? null })) })),
    coverage: { steps: covered?.steps ?? 0, reached: covered?.reached ?? 0, missed: [...(covered?.missed ?? [])] },
  };
}
