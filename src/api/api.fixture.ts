import type { AgentId, AgentState, AgentView, QueueId, QueueView } from '../acd/index.js';
import { NoSuchAgent, NoSuchQueue, NotRegistered, StateNotSettable } from '../acd/index.js';
import { createApi } from './app.js';
import type { ApiDeps, CallView, RecordingPart } from './ports.js';

export const TOKEN = 'a-token-of-tests';
const T0 = Date.UTC(2026, 10, 20, 10, 0, 0);

export const call = (over: Partial<CallView> = {}): CallView => ({
  id: 'call_1', direction: 'internal', from: '1201', to: '4000', queue: 'support', agent: '1001', state: 'ended',
  startedAt: T0, answeredAt: T0 + 12, endedAt: T0 + 61_000, cause: 'completed',
  timeline: [{ seq: 1, at: T0, type: 'call.started', data: { from: '1201' } }], ...over,
});

export const agent = (id: string, state: AgentState = 'available', over: Partial<AgentView> = {}): AgentView => ({
  id: id as AgentId, name: `Agent ${id}`, state, reason: null, next: null, since: '2026-11-20T10:00:00.000Z', reachable: state !== 'offline',
  queues: ['support' as QueueId], contact: null, ...over,
});

export const queue = (id: string, over: Partial<QueueView> = {}): QueueView => ({
  id: id as QueueId, name: id, waiting: 0, longestWaitMs: 0,
  agents: { offline: 0, available: 0, ringing: 0, talking: 0, wrap_up: 0, away: 0, training: 0 }, ...over,
});

export type Rooms = {
  calls: CallView[]; agents: AgentView[]; queues: QueueView[]; parts: Map<string, RecordingPart[]>; ready: boolean; degraded: string[]; logged: object[]; now: number;
};

/** The rooms behind the API as plain lists, and a way to ask the API. */
export function rooms(over: Partial<Rooms> = {}, deps: Partial<ApiDeps> = {}) {
  const r: Rooms = { calls: [], agents: [], queues: [], parts: new Map(), ready: true, degraded: [], logged: [], now: 0, ...over };
  const agentOf = (id: string): AgentView => {
    const found = r.agents.find((a) => a.id === id);
    if (!found) throw new NoSuchAgent(`there is no agent "${id}"`, { hint: 'GET /v1/agents lists them' });
    return found;
  };
  const app = createApi({
    calls: {
      list: (filter, { limit }) => ({
        items: r.calls.filter((c) => filter.state === undefined || c.state === filter.state).slice(0, limit),
        nextCursor: r.calls.length > limit ? 'there-is-more' : undefined,
      }),
      get: (id) => r.calls.find((c) => c.id === id),
    },
    recordings: { parts: (id) => (r.calls.some((c) => c.id === id) ? (r.parts.get(id) ?? []) : undefined) },
    agents: {
      agents: () => r.agents,
      agent: agentOf,
      setState: (id, state, reason) => {
        const before = agentOf(id);
        if (!before.reachable) throw new NotRegistered('the phone of 1001 is not registered', { hint: 'register it first' });
        if (state === 'talking') throw new StateNotSettable('"talking" cannot be set');
        const after = { ...before, state, reason: reason ?? null };
        r.agents = r.agents.map((a) => (a.id === id ? after : a));
        return after;
      },
    },
    queues: {
      queues: () => r.queues,
      queue: (id) => {
        const found = r.queues.find((q) => q.id === id);
        if (!found) throw new NoSuchQueue(`there is no queue "${id}"`, { hint: 'GET /v1/queues lists them' });
        return found;
      },
    },
    extensions: { extensions: () => [] },
    trunks: { trunks: () => [] },
    health: { ready: () => r.ready, degraded: () => r.degraded },
    metrics: { contentType: 'text/plain; version=0.0.4; charset=utf-8', metrics: () => Promise.resolve('strowger_calls_active 0\n') },
    authenticate: (token) => (token === TOKEN ? { name: 'admin' } : undefined),
    log: { info: (fields) => void r.logged.push(fields), error: (fields) => void r.logged.push(fields) },
    version: '0.0.0', now: () => r.now, ...deps,
  });
  const get = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers: { authorization: `Bearer ${TOKEN}`, ...headers } });
  const put = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    app.request(path, {
      method: 'PUT', body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
    });
  return { r, app, get, put };
}
