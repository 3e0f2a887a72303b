import { createRoute, z } from '@hono/zod-openapi';
import { AGENT_STATES, type AgentId, type AgentView } from '../acd/index.js';
import type { AgentDesk } from './ports.js';
import { refusals } from './problem.js';
import { listOf, pageByKey, pageQuery, routes, Time } from './routes.js';

const state = z.enum(AGENT_STATES);
const Agent = z
  .object({
    id: z.string(), name: z.string(), state, reason: z.string().nullable(),
    next_state: state.nullable().openapi({ description: 'chosen while ringing or talking: the state afterwards' }),
    since: Time, registered: z.boolean(), queues: z.array(z.string()),
    call: z.string().nullable().openapi({ description: 'the contact being offered or handled' }),
  })
  .openapi('Agent');
const StateWish = z
  .strictObject({ state: state.openapi({ description: 'offline, available, away or training; the others come from the work' }), reason: z.string().max(100).optional() })
  .openapi('AgentStateWish');
const id = z.object({ id: z.string().max(100) });
const json = { 'application/json': { schema: Agent } };

const listAgents = createRoute({
  method: 'get', path: '/', tags: ['agents'], summary: 'Agents and their states', 'x-summary-zh-CN': '坐席及其状态',
  request: { query: z.object(pageQuery) },
  responses: { 200: { description: 'A page of agents', content: { 'application/json': { schema: listOf(Agent) } } }, ...refusals({ 400: 'A parameter is wrong' }) },
});
const getAgent = createRoute({
  method: 'get', path: '/{id}', tags: ['agents'], summary: 'One agent', 'x-summary-zh-CN': '单个坐席', request: { params: id },
  responses: { 200: { description: 'The agent', content: json }, ...refusals({ 404: 'There is no such agent' }) },
});
const putState = createRoute({
  method: 'put', path: '/{id}/state', tags: ['agents'], summary: 'Set the state of an agent', 'x-summary-zh-CN': '设置坐席状态',
  request: { params: id, body: { required: true, content: { 'application/json': { schema: StateWish } } } },
  responses: {
    200: { description: 'The agent with the new state', content: json },
    ...refusals({ 404: 'There is no such agent', 409: 'not_registered: the agent\'s phone is not registered', 422: 'No such state, or one that cannot be set' }),
  },
});

/** /v1/agents */
export const agentRoutes = (desk: AgentDesk) =>
  routes()
    .openapi(listAgents, (c) => {
      const { items, nextCursor } = pageByKey(desk.agents(), (a) => a.id, { cursor: undefined, ...c.req.valid('query') });
      return c.json({ items: items.map(shown), next_cursor: nextCursor ?? null }, 200);
    })
    .openapi(getAgent, (c) => c.json(shown(desk.agent(c.req.valid('param').id as AgentId)), 200))
    .openapi(putState, (c) => {
      const wish = c.req.valid('json');
      return c.json(shown(desk.setState(c.req.valid('param').id as AgentId, wish.state, wish.reason)), 200);
    });

function shown({ id, name, state, reason, next, since, reachable, queues, contact }: AgentView): z.infer<typeof Agent> {
  return { id, name, state, reason, next_state: next, since, registered: reachable, queues: [...queues], call: contact };
}
