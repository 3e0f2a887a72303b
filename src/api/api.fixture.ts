import { admin } from '../access/index.js';
import type { AgentId, AgentState, AgentView, ContactId, ContactView, QueueId, QueueView } from '../acd/index.js';
import { NoSuchAgent, NoSuchContact, NoSuchQueue, NotRegistered, NotWrappingUp, StateNotSettable } from '../acd/index.js';
import { agentForm } from '../config/index.js';
import { createApi } from './app.js';
import { createEventStreams, createTickets } from './events/index.js';
import type { AccessDesk, ApiDeps, CallView, RecordingPart, TranscriptPart } from './ports.js';

export const TOKEN = 'a-token-of-tests';
const T0 = Date.UTC(2026, 10, 20, 10, 0, 0);

export const call = (over: Partial<CallView> = {}): CallView => ({
  id: 'call_1', direction: 'internal', from: '1201', to: '4000', customer: null, queue: 'support', agent: '1001', state: 'ended',
  startedAt: T0, answeredAt: T0 + 12, endedAt: T0 + 61_000, cause: 'completed',
  timeline: [{ seq: 1, at: T0, type: 'call.started', data: { from: '1201' } }], ...over,
});

export const agent = (id: string, state: AgentState = 'available', over: Partial<AgentView> = {}): AgentView => ({
  id: id as AgentId, name: `Agent ${id}`, state, reason: null, next: null, since: '2026-11-20T10:00:00.000Z', reachable: state !== 'offline',
  queues: ['support' as QueueId], skills: {}, load: { voice: { now: 0, capacity: 1 } }, contact: null, contacts: [], wrapUpUntil: null, ...over,
});

export const queue = (id: string, over: Partial<QueueView> = {}): QueueView => ({
  id: id as QueueId, name: id, mode: 'open', waiting: 0, callbacks: 0, longestWaitMs: 0, expectedWait: null,
  agents: { offline: 0, available: 0, ringing: 0, talking: 0, wrap_up: 0, away: 0, training: 0 }, ...over,
});

export const contact = (id: string, over: Partial<ContactView> = {}): ContactView => ({
  id: id as ContactId, subject: `call:${id}`, channel: 'voice', queues: ['support' as QueueId], state: 'waiting', callback: false, position: 1, priority: 5, attributes: {},
  joinedAt: '2026-11-20T10:00:00.000Z', waitedMs: 1_000, agent: null, ...over,
});

const NO_TIME = { offline: 0, available: 0, ringing: 0, talking: 0, wrap_up: 0, away: 0, training: 0 } as const;
const HOUR = 3_600_000;
const unused = (): never => {
  throw new Error('this test has none of these');
};

/** Tests of users and keys give a real one: see access.fixture.ts. */
const noAccess = (): AccessDesk => ({
  users: { list: unused, get: unused, add: unused, change: unused, setPassword: unused, reachable: unused, row: unused, byLogin: unused, byOidc: unused, barred: unused, agentsNear: unused },
  teams: { all: unused, get: unused, add: unused, rename: unused, remove: unused },
  roles: { all: unused, get: unused, rights: unused, add: unused, change: unused, remove: unused },
  keys: { list: unused, get: unused, add: unused, revoke: unused, find: unused, over: unused },
  audit: { append: () => undefined, list: unused, cut: unused },
  sessions: { open: unused, find: unused, list: unused, end: unused, endOthers: unused, knows: unused, over: unused },
  login: { attempt: unused, proves: unused }, oidc: { list: () => [], begin: unused, finish: unused }, secondFactor: { begin: unused, confirm: unused, remove: unused, use: unused }, session: unused, needs: unused,
});

export type Rooms = {
  calls: CallView[]; agents: AgentView[]; queues: QueueView[]; contacts: ContactView[]; did: string[]; parts: Map<string, RecordingPart[]>; transcripts: Map<string, TranscriptPart[]>; ready: boolean; degraded: string[]; logged: object[]; now: number;
};

/** The rooms behind the API as plain lists, and a way to ask the API. */
export function rooms(over: Partial<Rooms> = {}, deps: Partial<ApiDeps> = {}) {
  const r: Rooms = { calls: [], agents: [], queues: [], contacts: [], did: [], parts: new Map(), transcripts: new Map(), ready: true, degraded: [], logged: [], now: 0, ...over };
  const agentOf = (id: string): AgentView => {
    const found = r.agents.find((a) => a.id === id);
    if (!found) throw new NoSuchAgent(`there is no agent "${id}"`, { hint: 'GET /v1/agents lists them' });
    return found;
  };
  const contactOf = (id: string): ContactView => {
    const found = r.contacts.find((c) => c.id === id);
    if (!found) throw new NoSuchContact(`there is no contact "${id}"`, { hint: 'GET /v1/contacts lists them' });
    return found;
  };
  const keys = new Map<string, { request: string; status?: number; body?: string }>();
  const app = createApi({
    calls: {
      list: (filter, { limit }) => ({
        items: r.calls.filter((c) => filter.state === undefined || c.state === filter.state).slice(0, limit),
        nextCursor: r.calls.length > limit ? 'there-is-more' : undefined,
      }),
      get: (id) => r.calls.find((c) => c.id === id),
    },
    callCommands: { handOn: () => 409 },
    transcripts: { parts: (id) => (r.calls.some((c) => c.id === id) ? (r.transcripts.get(id) ?? []) : undefined) },
    recordings: { parts: (id) => (r.calls.some((c) => c.id === id) ? (r.parts.get(id) ?? []) : undefined) },
    agents: {
      agents: () => r.agents,
      agent: agentOf,
      setState: (id, state, { reason, by }) => {
        r.did.push(`${id} ${state} by ${by}`);
        const before = agentOf(id);
        if (!before.reachable) throw new NotRegistered('the phone of 1001 is not registered', { hint: 'register it first' });
        if (state === 'talking') throw new StateNotSettable('"talking" cannot be set');
        const after = { ...before, state, reason: reason ?? null };
        r.agents = r.agents.map((a) => (a.id === id ? after : a));
        return after;
      },
      extendWrapUp: (id, ms) => {
        const before = agentOf(id);
        if (before.wrapUpUntil === null) throw new NotWrappingUp(id, before.state);
        r.did.push(`${id} +${ms}`);
        return before;
      },
    },
    contacts: {
      contacts: (of) => r.contacts.filter((c) => of === undefined || c.queues.includes(of)),
      contact: contactOf,
      why: (id) => ({ contact: id, subject: contactOf(id).subject, state: 'waiting', waitedMs: 1_000, attributes: {}, waitsFor: 'free_agent', offers: [], agent: null, queues: [] }),
      change: (id, what) => {
        r.contacts = r.contacts.map((c) => (c.id === id ? { ...c, ...what, attributes: { ...c.attributes, ...what.attributes } } : c));
      },
    },
    contactCommands: {
      remove: (id, by) => void r.did.push(`remove ${contactOf(id).id} by ${by}`),
      callBack: (id, at, by) => (r.did.push(`call back ${id} ${at ?? 'in turn'} by ${by}`), { ...contactOf(id), callback: true }),
    },
    callbacks: { book: (order) => (r.did.push(`book ${JSON.stringify(order)}`), contact(`cb${r.did.length}`, { callback: true, queues: [order.queue] })) },
    settings: {
      setup: unused, config: unused, queueConfig: unused, queue: unused, patchQueue: unused, previewQueue: unused, addQueue: unused, removeQueue: unused, patchAgent: unused, addAgent: unused, removeAgent: unused,
      routing: unused, patchRouting: unused, setups: unused, switchSetup: unused, version: unused, versions: unused, restore: unused, onChange: unused,
      agent: (id) => {
        const form = agentForm.parse({ id, extension: id });
        return { agent: id, owner: 'file', etag: '"a"', settings: form, effective: form };
      },
    },
    dialplans: { list: unused, get: unused, check: unused, versions: unused, version: unused, diff: unused, add: unused, publish: unused, rollback: unused, ready: unused, readyVersion: unused },
    customers: new Proxy({} as ApiDeps['customers'], { get: () => unused }),
    conversations: {
      conversations: new Proxy({} as ApiDeps['conversations']['conversations'], { get: () => unused }), transfer: unused, end: unused, callBack: unused, place: unused, reaches: unused, within: unused, nameOf: unused, customer: unused,
    },
    chat: { chat: new Proxy({} as ApiDeps['chat']['chat'], { get: () => unused }), files: { get: unused, links: { sign: unused, valid: unused } }, origins: () => [], frameBytes: () => 16_384, settings: unused },
    workbench: { draw: unused, simulate: unused }, answering: unused,
    reload: (by) => void r.did.push(`reload by ${by}`),
    queueMetrics: {
      metrics: () => ({ offered: 4, answered: 2, abandoned: 1, shortAbandoned: 1, diverted: 1, divertedBy: { closed: 1 }, answeredInTime: 1, asaMs: 1_000.4, longestWaitMs: 9_000, serviceLevel: { byAnswered: 0.5, byOffered: 0.5 } }),
    },
    adherence: { day: (_agent, date) => ({ states: { ...NO_TIME, available: date === '2026-10-25' ? 25 * HOUR : 24 * HOUR }, intervals: [{ state: 'available', reason: null, from: T0, until: null }] }) },
    idempotency: {
      begin(principal, key, request) {
        const found = keys.get(`${principal} ${key}`);
        if (!found) return keys.set(`${principal} ${key}`, { request }), { is: 'new' };
        if (found.request !== request) return { is: 'other' };
        if (found.status === 0) return { is: 'cut_short' };
        return found.status === undefined || found.body === undefined ? { is: 'running' } : { is: 'known', status: found.status, body: found.body };
      },
      finish: (principal, key, status, body) => void Object.assign(keys.get(`${principal} ${key}`) ?? {}, { status, body }),
      cutShort: (principal, key) => void Object.assign(keys.get(`${principal} ${key}`) ?? {}, { status: 0 }),
      forget: (principal, key) => void keys.delete(`${principal} ${key}`),
    },
    text: {
      files: { add: unused, get: unused, find: unused, of: unused, attach: unused, path: unused, remove: unused, close: unused, links: { sign: unused, valid: unused } }, mayOpen: unused,
      offers: { list: unused, get: unused, accept: unused, decline: unused },
      desktops: { renew: unused, hold: unused, leave: unused },
    },
    timeZone: 'Asia/Shanghai', limits: { perSecond: 1_000, burst: 10_000, corsOrigins: ['https://shop.example'] },
    queues: {
      queues: () => r.queues,
      queue: (id) => {
        const found = r.queues.find((q) => q.id === id);
        if (!found) throw new NoSuchQueue(`there is no queue "${id}"`, { hint: 'GET /v1/queues lists them' });
        return found;
      },
    },
    eventDoors: { streams: createEventStreams({ feed: { after: () => [], last: () => 0, onMore: () => () => undefined, close: () => undefined } }), tickets: createTickets() },
    webhooks: { get: unused, list: unused, deadLetters: unused, add: unused, change: unused, remove: unused, rotate: unused, replay: unused, test: unused, last: () => 0, close: unused },
    tickets: {} as ApiDeps['tickets'], ticketSetup: unused, // test/e2e/tickets.test.ts asks a whole server
    catalogue: [], reports: { ask: unused, write: unused, contacts: unused }, live: { figures: () => ({ at: T0, day: '2026-11-20', zone: 'Asia/Shanghai', queues: [] }), alerts: () => [], watch: () => () => undefined }, archive: { list: unused, spoken: unused, get: unused, remove: unused, hold: unused, release: unused },
    extensions: { extensions: () => [], extension: () => undefined },
    objects: { owner: () => 'file', list: () => [], get: unused, create: unused, replace: unused, patch: unused, remove: unused, adopt: unused, release: unused, versions: () => [] },
    trunks: { trunks: () => [] },
    health: { ready: () => r.ready, degraded: () => r.degraded },
    metrics: { contentType: 'text/plain; version=0.0.4; charset=utf-8', metrics: () => Promise.resolve('strowger_calls_active 0\n') },
    authenticate: (token) => (token === TOKEN ? admin : undefined),
    access: noAccess(), trustedProxies: () => [], behindTls: () => false,
    log: { info: (fields) => void r.logged.push(fields), error: (fields) => void r.logged.push(fields) },
    version: '0.0.0', now: () => r.now, ...deps,
  });
  const get = (path: string, headers: Record<string, string> = {}) => app.request(path, { headers: { authorization: `Bearer ${TOKEN}`, ...headers } });
  const put = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    app.request(path, {
      method: 'PUT', body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
    });
  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    app.request(path, {
      method, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { authorization: `Bearer ${TOKEN}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    });
  return { r, app, get, put, send };
}
