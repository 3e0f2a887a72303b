import { clampPriority, demandOf, dueAt, fitOf, MOST_BITS, priorityBy, relaxed, rulesAsBits, unmet } from './demand.js';
import { heap } from './heap.js';
import { bestAgent, nextInLine, type Agent, type Contact, type Entry, type Lane, type Link, type Queue, type State } from './state.js';
import { loadOf, rankOf } from './strategies.js';
import type { Channel, Membership, Need, QueueSetup } from './types.js';

/** Lanes that nobody waits in are kept for the next who asks the same, up to so many a queue. */
const SPARE_LANES = 64;
/** Later by this for each rank, where ranks are strict. */
const STRICT_RANK_MS = 1e13;

type Standing = Pick<Entry, 'lane' | 'due' | 'priority'>;
type Progress = Pick<Entry, 'relaxed' | 'escalated'>;

/** Where the contact stands in this queue by what is known now: its lane, priority and place. */
export function assess(s: State, queue: Queue, contact: Contact, progress: Progress): Standing {
  const { setup } = queue;
  if (contact.needs.length > 0 || setup.rules.length > MOST_BITS || setup.relax.length >= 32) return spelledOut(s, queue, contact, progress);
  const bits = rulesAsBits(setup, contact.attributes);
  const priority = escalated(setup, priorityBy(setup, bits, contact.basePriority), progress);
  const modest = isModest(setup, priority);
  const code = ((channelNumber(s, contact.channel) * 2 ** MOST_BITS + bits) * 32 + progress.relaxed) * 2 + (modest ? 1 : 0);
  const lane = queue.shortcuts.get(code);
  if (lane) return { lane, due: dueAt(setup, contact.joinedAt, priority), priority };
  const standing = spelledOut(s, queue, contact, progress);
  queue.shortcuts.set(code, standing.lane);
  return standing;
}

function channelNumber({ channels }: State, channel: Channel): number {
  const known = channels.indexOf(channel);
  return known >= 0 ? known : channels.push(channel) - 1;
}

function spelledOut(s: State, queue: Queue, contact: Contact, progress: Progress): Standing {
  const { setup } = queue;
  const demand = demandOf(setup, contact);
  const asked = setup.relax.length === 0 ? { required: demand.required, ring: Infinity } : relaxed(setup, demand.required, progress.relaxed);
  const priority = escalated(setup, demand.priority, progress);
  const lane = laneOf(s, queue, { channel: contact.channel, ...asked, preferred: demand.preferred, modest: isModest(setup, priority) });
  return { lane, due: dueAt(setup, contact.joinedAt, priority), priority };
}

function escalated(setup: QueueSetup, from: number, { escalated: steps }: Progress): number {
  let priority = from;
  for (let i = 0; i < steps; i += 1) priority = clampPriority(priority + (setup.escalate[i]?.priority ?? 0));
  return priority;
}

const isModest = ({ reserve }: QueueSetup, priority: number): boolean => reserve !== undefined && priority < reserve.priority;

type Asked = Pick<Lane, 'channel' | 'required' | 'preferred' | 'ring' | 'modest'>;

function laneOf(s: State, queue: Queue, asked: Asked): Lane {
  const key = `${asked.channel} ${asked.ring} ${asked.modest ? 'm' : ''}${written(asked.required)}/${written(asked.preferred)}`;
  const known = queue.lanes.get(key);
  if (known) return known;
  if (queue.lanes.size >= SPARE_LANES) for (const spare of [...queue.lanes.values()]) if (spare.members === 0) forgetLane(s, spare);
  const index = s.freeIndexes.pop() ?? s.heads.length;
  s.heads[index] = Infinity;
  const lane: Lane = { key, index, queue, ...asked, links: new Map(), waiting: heap(nextInLine), idle: heap(bestAgent), members: 0, forgotten: false };
  queue.lanes.set(key, lane);
  for (const [agent, membership] of queue.members) link(s, agent, membership, lane);
  return lane;
}

function written(needs: readonly Need[]): string {
  let text = '';
  for (const { skill, level } of needs) text += ` ${skill}:${level}`;
  return text;
}

/** Its entries must be assessed anew before anybody chooses. */
export function forgetLane(s: State, lane: Lane): void {
  for (const one of lane.links.values()) unlink(one);
  lane.forgotten = true;
  lane.queue.lanes.delete(lane.key);
  lane.queue.shortcuts.clear();
  s.heads[lane.index] = Infinity;
  s.freeIndexes.push(lane.index);
}

/** Looks for an agent from now on. */
export function listen(s: State, entry: Entry): void {
  const { lane } = entry;
  lane.waiting.push(entry);
  s.heads[lane.index] = lane.waiting.topKey();
}

export function stopListening(s: State, entry: Entry): void {
  const { lane } = entry;
  if (lane.waiting.remove(entry) && !lane.forgotten) s.heads[lane.index] = lane.waiting.topKey();
}

/** Whether settings let the agent serve contacts of this lane, whatever the agent does just now. */
export function mayServe(agent: Agent, membership: Membership, lane: Asked): boolean {
  return !agent.removed && membership.ring <= lane.ring && (agent.setup.capacity[lane.channel] ?? 0) > 0 && unmet(agent.setup, lane.required) === undefined;
}

/** Lets the agent serve the lane, if it may, and puts it among the idle there, if it is. */
function link(s: State, agent: Agent, membership: Membership, lane: Lane): void {
  if (!mayServe(agent, membership, lane)) return;
  const one: Link = {
    agent, lane, offsetMs: (membership.rank - 1) * (s.setup.rankMs || STRICT_RANK_MS), fit: fitOf(agent.setup, lane.required, lane.preferred),
    load: 0, key: 0, turn: 0, pos: -1, slot: agent.links.length,
  };
  agent.links.push(one);
  agent.laneIndexes.push(lane.index);
  agent.laneChannels.push(lane.channel);
  agent.offsets.push(one.offsetMs);
  lane.links.set(agent, one);
  if (agent.standing && agent.open.includes(lane.channel)) idle(one);
  else agent.absent.push(one);
}

function unlink(one: Link): void {
  const { links, laneIndexes, laneChannels, offsets, absent } = one.agent;
  if (!one.lane.idle.remove(one)) absent.splice(absent.indexOf(one), 1);
  one.lane.links.delete(one.agent);
  const last = links.pop() as Link;
  const index = laneIndexes.pop() as number;
  const channel = laneChannels.pop() as Channel;
  const offset = offsets.pop() as number;
  if (last === one) return;
  links[one.slot] = last;
  laneIndexes[one.slot] = index;
  laneChannels[one.slot] = channel;
  offsets[one.slot] = offset;
  last.slot = one.slot;
}

/** The agent's links anew, after its settings or those of its queues changed. */
export function relink(s: State, agent: Agent): void {
  for (const one of [...agent.links]) unlink(one);
  for (const membership of agent.setup.queues) for (const lane of s.queues.get(membership.queue)?.lanes.values() ?? []) link(s, agent, membership, lane);
}

function idle(one: Link): void {
  one.key = rankOf(one.agent, one.fit, one.lane.queue.setup.strategy);
  one.load = loadOf(one.agent, one.lane.queue.setup.strategy);
  one.agent.loaded = Math.max(one.agent.loaded, one.load);
  one.turn = one.agent.turn;
  one.lane.idle.push(one);
}

/** May be chosen from now on, for contacts of the channels that are open. */
export function standBy(agent: Agent): void {
  agent.standing = true;
  const { absent } = agent;
  let left = 0;
  for (const one of absent) {
    if (agent.open.includes(one.lane.channel)) idle(one);
    else absent[left++] = one;
  }
  absent.length = left;
}

/** Out of all idle heaps, to be ranked by what is known now if it comes back. */
export function clearAway(agent: Agent): void {
  for (const one of agent.links) if (one.lane.idle.remove(one)) agent.absent.push(one);
}

/**
 * The best of the agents who could take a contact of this lane now and will do. Agents who leave stay in the heap until they turn up
 * at its top, so that whoever takes a call is not looked up in all its lanes. As ranks only grow, the first one whose rank is up to
 * date is the best of all.
 */
export function firstFree({ idle: heap }: Lane, wanted: (agent: Agent) => boolean): Agent | undefined {
  let refused: Link[] | undefined;
  let found: Agent | undefined;
  for (let one = heap.top(); one && !found; one = heap.top()) {
    if (!isUpToDate(one)) continue;
    if (wanted(one.agent)) found = one.agent;
    else {
      heap.remove(one);
      refused = [...(refused ?? []), one];
    }
  }
  for (const one of refused ?? []) heap.push(one);
  return found;
}

/** If not, it is put right. */
function isUpToDate(one: Link): boolean {
  const { agent, lane } = one;
  if (!agent.standing || !agent.open.includes(lane.channel)) {
    lane.idle.remove(one);
    agent.absent.push(one);
    return false;
  }
  const { strategy } = lane.queue.setup;
  if (one.turn === agent.turn && one.load === loadOf(agent, strategy) && one.key === rankOf(agent, one.fit, strategy)) return true;
  lane.idle.remove(one);
  idle(one);
  return false;
}
