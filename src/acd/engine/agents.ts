import type { Ms } from '../../base/index.js';
import { openChannels, works } from './duty.js';
import { heap } from './heap.js';
import { clearAway, relink, standBy } from './lanes.js';
import { letGo } from './line.js';
import { agentReason, agentState, nextInLine, type Agent, type LiveOffer, type Queue, type State, type Work } from './state.js';
import { busyAt } from './strategies.js';
import { arm, armAt, disarm, nextSerial, type Turn } from './turn.js';
import type { AgentSetup, Channel, ChosenState } from './types.js';

export const newAgent = (t: Turn, setup: AgentSetup, remembered: { readonly state: ChosenState; readonly reason: string | null } | undefined): Agent => ({
  setup, removed: false, work: [], chosen: remembered?.state ?? setup.initial, reason: remembered?.reason ?? null,
  reachable: false, hears: undefined, engaged: 0, unanswered: 0, pause: undefined, idleSince: t.now, turn: nextSerial(t.s), offered: 0, today: 0, loaded: 0,
  busy: { ms: 0, at: t.now }, busySince: undefined, links: [], laneIndexes: [], laneChannels: [], offsets: [], absent: [], channels: Object.keys(setup.capacity), kept: heap(nextInLine), open: NO_CHANNELS, reserves: [], choosing: false, standing: false, staffs: false, shown: 'offline',
});
const NO_CHANNELS: readonly Channel[] = [];

/**
 * Brings everything that is derived from the agent in line with what it now is: the indexes, the counts of its queues, the
 * state it is seen in. `fresh`: it has been idle only from now on.
 */
export function refresh(t: Turn, agent: Agent, { fresh, by }: { readonly fresh: boolean; readonly by?: string }): void {
  countBusy(t, agent);
  if (fresh) {
    agent.idleSince = t.now;
    agent.turn = nextSerial(t.s);
  }
  const open = openChannels(t.s, agent);
  if (fresh || !sameChannels(open, agent.open)) reopen(t, agent, open);
  if (agent.work.length < agent.loaded) rankAnew(agent);
  const staffs = works(agent) || agent.work.length > 0;
  if (staffs !== agent.staffs) {
    agent.staffs = staffs;
    for (const { queue } of agent.setup.queues) {
      const one = t.s.queues.get(queue);
      if (one) one.staffed += staffs ? 1 : -1;
    }
  }
  if (agent.kept.size > 0 && !works(agent)) for (const entry of agent.kept.inOrder()) letGo(t, entry);
  show(t, agent, by);
}

function reopen(t: Turn, agent: Agent, open: readonly Channel[]): void {
  agent.standing = false;
  for (const channel of agent.open) count(agent, channel, -1);
  for (const channel of open) count(agent, channel, 1);
  agent.open = open;
  agent.choosing = open.length > 0;
  if (agent.choosing) t.choosing.push(agent);
}

/** What the agent is ranked by has become less. */
export function rankAnew(agent: Agent): void {
  agent.loaded = 0;
  clearAway(agent);
  if (agent.standing) standBy(agent);
}

/** Those who have chosen nothing stand by. */
export function settle(agent: Agent): void {
  agent.choosing = false;
  standBy(agent);
}

function count(agent: Agent, channel: Channel, by: 1 | -1): void {
  for (const queue of agent.reserves) queue.open.set(channel, (queue.open.get(channel) ?? 0) + by);
}

const sameChannels = (a: readonly Channel[], b: readonly Channel[]): boolean => a.length === b.length && a.every((channel, i) => channel === b[i]);

function countBusy(t: Turn, agent: Agent): void {
  const isBusy = agent.work.length > 0;
  if (isBusy && agent.busySince === undefined) agent.busySince = t.now;
  if (!isBusy && agent.busySince !== undefined) {
    if (t.now > agent.busySince) agent.busy = { ms: busyAt(agent.busy, t.now) + t.now - agent.busySince, at: t.now };
    agent.busySince = undefined;
  }
}

function show(t: Turn, agent: Agent, by: string | undefined): void {
  const state = agentState(agent);
  if (state === agent.shown) return;
  const reason = agentReason(agent);
  const data = { agent: agent.setup.id, from: agent.shown, to: state, ...(reason === null ? {} : { reason }), ...(by === undefined ? {} : { by }) };
  agent.shown = state;
  t.effects.push({ do: 'publish', type: 'agent.state_changed', subject: `agent:${agent.setup.id}`, data });
}

/** One thing less on hand. `fresh` as in `refresh`. */
export function drop(t: Turn, agent: Agent, work: Work | undefined, how: { readonly fresh: boolean }): void {
  if (work) agent.work.splice(agent.work.indexOf(work), 1);
  refresh(t, agent, { fresh: how.fresh && agent.work.length === 0 });
  if (agent.removed && agent.work.length === 0) forget(t, agent);
}

export const workOn = (agent: Agent, offer: LiveOffer): Work | undefined => agent.work.find((w) => w.is !== 'wrap_up' && w.offer === offer);

export function forget(t: Turn, agent: Agent): void {
  disarm(t, agent.pause);
  agent.pause = undefined;
  refresh(t, agent, { fresh: false });
  leaveQueues(t.s, agent);
  t.s.agents.delete(agent.setup.id);
}

/** Out of the books of its queues, before its membership changes. `joinQueues` is the other half. */
export function leaveQueues(s: State, agent: Agent): void {
  agent.standing = false;
  clearAway(agent);
  for (const channel of agent.open) count(agent, channel, -1);
  for (const { queue: id } of agent.setup.queues) {
    const queue = s.queues.get(id);
    if (!queue?.members.delete(agent)) continue;
    if (agent.staffs) queue.staffed -= 1;
    for (const lane of queue.lanes.values()) lane.links.delete(agent);
  }
  agent.links.length = 0;
  agent.laneIndexes.length = 0;
  agent.laneChannels.length = 0;
  agent.offsets.length = 0;
  agent.absent.length = 0;
  agent.staffs = false;
  agent.open = NO_CHANNELS;
  agent.reserves = [];
}

export const reservesOf = (s: State, agent: Agent): readonly Queue[] =>
  agent.setup.queues.flatMap(({ queue }) => s.queues.get(queue) ?? []).filter((queue) => queue.setup.reserve !== undefined);

export function joinQueues(t: Turn, agent: Agent): void {
  for (const membership of agent.setup.queues) t.s.queues.get(membership.queue)?.members.set(agent, membership);
  agent.reserves = reservesOf(t.s, agent);
  agent.channels = Object.keys(agent.setup.capacity);
  relink(t.s, agent);
  refresh(t, agent, { fresh: false });
}

/** Left alone for a while, or the same phone would ring in a loop. */
export function pause(t: Turn, agent: Agent, ms: Ms): void {
  agent.pause = disarm(t, agent.pause);
  if (ms > 0) agent.pause = arm(t, ms, { is: 'pause', of: agent });
}

export function startWrapUp(t: Turn, agent: Agent, channel: Channel, wrapUp: { readonly ms: Ms; readonly maxMs: Ms }): void {
  agent.work.push({ is: 'wrap_up', channel, timer: arm(t, wrapUp.ms, { is: 'wrap_up', of: agent }), since: t.now, latest: t.now + Math.max(wrapUp.ms, wrapUp.maxMs) });
  refresh(t, agent, { fresh: false });
}

export function endWrapUp(t: Turn, agent: Agent, timer: { readonly serial: number }): void {
  drop(t, agent, agent.work.find((w) => w.is === 'wrap_up' && w.timer.serial === timer.serial), { fresh: true });
}

/** The wrap-up that runs longest is made longer still, as far as its queue allowed when it began. */
export function extendWrapUp(t: Turn, agent: Agent, ms: Ms): void {
  const running = agent.work.filter((w) => w.is === 'wrap_up').sort((a, b) => b.timer.at - a.timer.at)[0];
  if (!running) return;
  const until = Math.min(running.latest, running.timer.at + ms);
  if (until <= running.timer.at) return;
  disarm(t, running.timer);
  running.timer = armAt(t, until, { is: 'wrap_up', of: agent });
  t.effects.push({ do: 'publish', type: 'agent.wrap_up_extended', subject: `agent:${agent.setup.id}`, data: { agent: agent.setup.id, until_ms: Math.round(until - t.now) } });
}
