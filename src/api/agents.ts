import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { AGENT_STATES, NoSuchAgent, NotWrappingUp, type AgentId, type AgentView } from '../acd/index.js';
import { agentForm, isTimeZone } from '../config/index.js';
import type { AdherenceReader, AgentDesk, SettingsDesk } from './ports.js';
import { refusals } from './problem.js';
import { changeBy, comment, ifMatch, owner, Patch, principalOf, stale } from './queue-settings.js';
import { agentInReach, agentsIn, type AgentsNear } from './reach.js';
import { iso, isoOrNull, listOf, pageByKey, keyedQuery, route, routes, Time } from './routes.js';

const state = z.enum(AGENT_STATES);
const count = z.int().min(0);
const Agent = z
  .object({
    id: z.string(), name: z.string(), state, reason: z.string().nullable(),
    next_state: state.nullable().openapi({ description: 'chosen while ringing or talking: the state afterwards' }),
    since: Time, registered: z.boolean(), queues: z.array(z.string()), skills: z.record(z.string(), z.int()),
    load: z.record(z.string(), z.object({ now: count, capacity: count })).openapi({ description: 'contacts on hand by channel, and how many may be' }),
    call: z.string().nullable().openapi({ description: 'the contact being offered or handled, of several the latest' }),
    contacts: z.array(z.string()), wrap_up_until: Time.nullable(),
  })
  .openapi('Agent');
const AgentForm = z.object(agentForm.shape).openapi('AgentForm', { description: 'An agent as config/agents.yaml has it, every default filled in' });
const AgentWithSettings = Agent.extend({ owner: owner.openapi({ description: 'api: a change by API lies over the file and wins, or the files do not have it' }), settings: AgentForm, effective: AgentForm.openapi({ description: 'with the set-ups that are in force' }) }).openapi('AgentWithSettings');
const NewAgent = z.looseObject({ id: z.string(), extension: z.string() }).openapi('NewAgent', { description: 'id, extension and any other key of an agent' });
const StateWish = z
  .strictObject({ state: state.openapi({ description: 'offline, available, away or training; the others come from the work' }), reason: z.string().max(100).optional() })
  .openapi('AgentStateWish');
const WrapUp = z
  .strictObject({ extend_s: z.number().positive().max(14_400).optional(), end: z.literal(true).optional() })
  .refine((w) => (w.extend_s === undefined) !== (w.end === undefined), 'give either extend_s or end')
  .openapi('WrapUpWish', { description: 'more time, or no more' });
const Adherence = z
  .object({
    agent: z.string(), date: z.string(), tz: z.string(), total_ms: count.openapi({ description: 'of the day so far; a whole day has 23, 24 or 25 hours' }),
    states_ms: z.record(state, count),
    intervals: z.array(z.object({ state, reason: z.string().nullable(), from: Time, until: Time.nullable() })),
  })
  .openapi('Adherence');
const id = z.object({ id: z.string().max(100) });
const json = { 'application/json': { schema: Agent } };
const withSettings = { 'application/json': { schema: AgentWithSettings } };
const headers = { ETag: { description: 'of the settings, for If-Match', schema: { type: 'string' as const } } };

const listAgents = route('agents.read', {
  method: 'get', path: '/', tags: ['agents'], summary: 'Agents and their states', 'x-summary-zh-CN': '坐席及其状态',
  request: { query: z.object(keyedQuery('id')) },
  responses: { 200: { description: 'A page of agents', content: { 'application/json': { schema: listOf(Agent) } } }, ...refusals({ 400: 'A parameter is wrong' }) },
});
const getAgent = route('agents.read', {
  method: 'get', path: '/{id}', tags: ['agents'], summary: 'One agent with its settings', 'x-summary-zh-CN': '单个坐席及其设置', request: { params: id },
  responses: { 200: { description: 'The agent', headers, content: withSettings }, ...refusals({ 404: 'There is no such agent' }) },
});
const patchAgent = route('agents.write', {
  method: 'patch', path: '/{id}', tags: ['agents'], summary: 'Change skills, queues, capacity of an agent', 'x-summary-zh-CN': '修改坐席的技能、队列与并发能力',
  request: { params: id, query: comment, headers: ifMatch, body: { required: true, content: { 'application/json': { schema: Patch } } } },
  responses: { 200: { description: 'The agent', headers, content: withSettings }, ...refusals({ 404: 'There is no such agent', ...stale, 422: 'The settings would be wrong: `errors` has a pointer to each fault' }) },
});
const addAgent = route('agents.write', {
  method: 'post', path: '/', tags: ['agents'], summary: 'A new agent at an extension', 'x-summary-zh-CN': '新建坐席',
  request: { query: comment, body: { required: true, content: { 'application/json': { schema: NewAgent } } } },
  responses: { 201: { description: 'The agent', headers, content: withSettings }, ...refusals({ 409: 'There is one of that ID', 422: 'The settings would be wrong: `errors` has a pointer to each fault' }) },
});
const removeAgent = route('agents.write', {
  method: 'delete', path: '/{id}', tags: ['agents'], summary: 'Remove an agent; a conversation goes on to its end', 'x-summary-zh-CN': '删除坐席；进行中的通话不受影响', request: { params: id, query: comment, headers: ifMatch },
  responses: { 204: { description: 'It is gone' }, ...refusals({ 404: 'There is no such agent', ...stale, 422: 'Something still refers to it' }) },
});
const putState = route('agents.state', {
  method: 'put', path: '/{id}/state', tags: ['agents'], summary: 'Set the state of an agent', 'x-summary-zh-CN': '设置坐席状态',
  request: { params: id, body: { required: true, content: { 'application/json': { schema: StateWish } } } },
  responses: {
    200: { description: 'The agent with the new state', content: json },
    ...refusals({ 404: 'There is no such agent', 409: 'not_registered: the agent\'s phone is not registered', 422: 'No such state, or one that cannot be set' }),
  },
});
const postWrapUp = route('agents.state', {
  method: 'post', path: '/{id}/wrap-up', tags: ['agents'], summary: 'Extend or end a wrap-up', 'x-summary-zh-CN': '延长或结束话后整理',
  request: { params: id, body: { required: true, content: { 'application/json': { schema: WrapUp } } } },
  responses: { 200: { description: 'The agent', content: json }, ...refusals({ 404: 'There is no such agent', 409: 'The agent is not wrapping up', 422: 'The body is wrong' }) },
});
const tz = z.string().max(60).refine(isTimeZone, 'an IANA time zone as Asia/Shanghai').optional();
const getAdherence = route('agents.read', {
  method: 'get', path: '/{id}/adherence', tags: ['agents'], summary: 'An agent\'s states over a local day', 'x-summary-zh-CN': '坐席当地一日的状态时间',
  request: { params: id, query: z.object({ date: z.iso.date(), tz: tz.openapi({ description: 'default: the house\'s time zone' }) }) },
  responses: { 200: { description: 'The day', content: { 'application/json': { schema: Adherence } } }, ...refusals({ 400: 'No such date or time zone', 404: 'There is no such agent' }) },
});

interface AgentRooms {
  readonly desk: AgentDesk;
  readonly settings: SettingsDesk;
  readonly adherence: AdherenceReader;
  /** IANA name of the house's zone. */
  readonly timeZone: string;
  readonly near: AgentsNear;
}

/** /v1/agents */
export const agentRoutes = ({ desk, settings, adherence, timeZone, near }: AgentRooms) => {
  const within = (c: Context, id: string): boolean => agentsIn(c, near)?.includes(id) !== false;
  /** @throws NoSuchAgent */
  const seen = (c: Context, id: string): AgentView => {
    if (!within(c, id)) throw new NoSuchAgent(`there is no agent "${id}"`, { hint: 'GET /v1/agents lists them' });
    return desk.agent(id as AgentId);
  };
  return routes()
    .openapi(listAgents, (c) => {
      const { items, nextCursor } = pageByKey(desk.agents().filter((a) => within(c, a.id)), (a) => a.id, { cursor: undefined, ...c.req.valid('query') });
      return c.json({ items: items.map(shown), next_cursor: nextCursor ?? null }, 200);
    })
    .openapi(getAgent, (c) => {
      const agent = seen(c, c.req.valid('param').id);
      const { owner: whose, settings: written, effective, etag } = settings.agent(agent.id);
      return c.json({ ...shown(agent), owner: whose, settings: written, effective }, 200, { etag });
    })
    .openapi(patchAgent, (c) => {
      agentInReach(c, c.req.valid('param').id, near);
      const { agent, owner: whose, settings: written, effective, etag } = settings.patchAgent(c.req.valid('param').id as AgentId, c.req.valid('json'), changeBy(c, 'if-match'));
      return c.json({ ...shown(desk.agent(agent)), owner: whose, settings: written, effective }, 200, { etag });
    })
    .openapi(addAgent, (c) => {
      agentInReach(c, c.req.valid('json').id, near);
      const { agent, owner: whose, settings: written, effective, etag } = settings.addAgent(c.req.valid('json'), changeBy(c, 'nothing'));
      return c.json({ ...shown(desk.agent(agent)), owner: whose, settings: written, effective }, 201, { etag, location: `/v1/agents/${agent}` });
    })
    .openapi(removeAgent, (c) => {
      agentInReach(c, c.req.valid('param').id, near);
      settings.removeAgent(c.req.valid('param').id as AgentId, changeBy(c, 'if-match'));
      return c.body(null, 204);
    })
    .openapi(putState, (c) => {
      const { state: wanted, reason } = c.req.valid('json');
      agentInReach(c, c.req.valid('param').id, near);
      return c.json(shown(desk.setState(c.req.valid('param').id as AgentId, wanted, { reason, by: principalOf(c) })), 200);
    })
    .openapi(postWrapUp, (c) => {
      const agent = c.req.valid('param').id as AgentId;
      const { extend_s } = c.req.valid('json');
      agentInReach(c, agent, near);
      if (extend_s !== undefined) return c.json(shown(desk.extendWrapUp(agent, extend_s * 1_000)), 200);
      const { wrapUpUntil, state: now, next } = desk.agent(agent);
      if (wrapUpUntil === null) throw new NotWrappingUp(agent, now);
      return c.json(shown(desk.setState(agent, next ?? 'available', { by: principalOf(c) })), 200);
    })
    .openapi(getAdherence, (c) => {
      const { date, tz: zone = timeZone } = c.req.valid('query');
      const { id: agent } = seen(c, c.req.valid('param').id);
      const { states, intervals } = adherence.day(agent, date, zone);
      const total = Object.values(states).reduce((sum, ms) => sum + ms, 0);
      return c.json({ agent, date, tz: zone, total_ms: Math.round(total), states_ms: { ...states }, intervals: intervals.map((i) => ({ state: i.state, reason: i.reason, from: iso(i.from), until: isoOrNull(i.until) })) }, 200);
    });
};

function shown({ id, name, state, reason, next, since, reachable, queues, skills, load, contact, contacts, wrapUpUntil }: AgentView): z.infer<typeof Agent> {
  return {
    id, name, state, reason, next_state: next, since, registered: reachable, queues: [...queues], skills: { ...skills }, load: { ...load },
    call: contact, contacts: [...contacts], wrap_up_until: wrapUpUntil,
  };
}
