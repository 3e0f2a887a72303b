import type { Ms } from '../../base/index.js';
import { demandOf, fitOf, relaxed, unmet } from './demand.js';
import { hasRoom, hears } from './duty.js';
import { nextChange } from './line.js';
import { reservedFor } from './offers.js';
import type { Agent, Contact, Entry, Lane, State } from './state.js';
import { rankOf } from './strategies.js';
import type { ContactId } from './types.js';
import type { Candidate, CandidateReason, Explanation, QueueExplanation, WaitsFor } from './views.js';

/** Why a contact has the agent it has, or has none. Looks at every agent of its queues: not for every step. Undefined for one that is not known. */
export function explain(s: State, id: ContactId, now: Ms): Explanation | undefined {
  const contact = s.contacts.get(id);
  if (!contact) return undefined;
  const { stage } = contact;
  const queues = contact.entries.map((entry) => explainEntry(s, entry, now));
  const agent = stage.is === 'connecting' || stage.is === 'connected' ? stage.offer.agent.setup.id : null;
  return {
    contact: id, subject: contact.subject, state: stage.is === 'waiting' && contact.offers.length > 0 ? 'offered' : stage.is,
    waitedMs: Math.max(0, Math.round(now - contact.joinedAt)), attributes: contact.attributes, waitsFor: waitsFor(contact, queues),
    offers: contact.offers.map((live) => ({ agent: live.agent.setup.id, queue: live.offer.queue, ringingMs: Math.round(now - live.madeAt) })),
    agent, queues,
  };
}

function waitsFor(contact: Contact, queues: readonly QueueExplanation[]): WaitsFor {
  if (contact.stage.is === 'connected') return 'nothing';
  if (contact.stage.is === 'connecting') return 'bridge';
  if (contact.stage.is === 'scheduled') return 'time';
  if (contact.offers.length > 0) return 'answer';
  if (queues.some((q) => q.keptFor !== null)) return 'kept_agent';
  const reasons = new Set(queues.flatMap((q) => q.candidates.map((c) => c.why)));
  if (reasons.has('reserved')) return 'reserve';
  if (!(['busy', 'no_capacity', 'paused', 'could'] as const).some((why) => reasons.has(why))) return 'able_agent';
  return queues.every((q) => q.position > 1) ? 'turn' : 'free_agent';
}

function explainEntry(s: State, entry: Entry, now: Ms): QueueExplanation {
  const { queue, contact, lane } = entry;
  const { setup } = queue;
  const demand = demandOf(setup, contact);
  const next = contact.stage.is === 'waiting' ? nextChange({ now }, entry) : undefined;
  const candidates = [...queue.members.keys()].map((agent) => judge(s, entry, agent, now));
  const rank = queue.line.rank(entry);
  return {
    queue: queue.id, strategy: setup.strategy.by, position: rank + 1, priority: entry.priority,
    agedPriority: setup.ageingMs > 0 ? Math.round((entry.priority + Math.max(0, now - contact.joinedAt) / setup.ageingMs) * 10) / 10 : null,
    required: relaxed(setup, demand.required, entry.relaxed).required, preferred: lane.preferred, ring: Number.isFinite(lane.ring) ? lane.ring : 0,
    rules: demand.rules.map((i) => i + 1), relaxed: entry.relaxed, keptFor: entry.heldFor?.setup.id ?? null,
    candidates: candidates.sort((a, b) => order(a) - order(b) || (a.score ?? 0) - (b.score ?? 0) || (a.agent < b.agent ? -1 : 1)),
    next: next ? { inMs: Math.max(0, Math.round(next.at - now)), what: next.what } : null,
  };
}

const order = ({ why, score }: Candidate): number => (why === 'chosen' ? 0 : why === 'could' ? 1 : score !== null ? 2 : 3);

function judge(s: State, entry: Entry, agent: Agent, now: Ms): Candidate {
  const { lane, contact } = entry;
  const [why, detail] = reason(s, entry, agent, now);
  const able = lane.links.has(agent);
  const fit = fitOf(agent.setup, lane.required, lane.preferred);
  const free = agent.work.length === 0 && agent.engaged === 0;
  const score = able ? rankOf(agent, fit, entry.queue.setup.strategy) : null;
  return {
    agent: agent.setup.id, why: chosenFor(contact, agent) ? 'chosen' : why, detail: chosenFor(contact, agent) ? null : detail,
    score: score !== null && Number.isFinite(score) ? Math.round(score * 1000) / 1000 : score === null ? null : 0, fit, idleMs: free ? Math.max(0, Math.round(now - agent.idleSince)) : null,
  };
}

const chosenFor = (contact: Contact, agent: Agent): boolean =>
  contact.offers.some((live) => live.agent === agent) || ((contact.stage.is === 'connecting' || contact.stage.is === 'connected') && contact.stage.offer.agent === agent);

type Reason = readonly [CandidateReason, string | null];

/** What settings forbid comes before what the agent does just now. */
function reason(s: State, entry: Entry, agent: Agent, now: Ms): Reason {
  return forbidden(entry, agent) ?? occupied(s, entry.lane, agent, now) ?? withheld(entry, agent) ?? ['could', null];
}

function forbidden({ lane, contact, queue }: Entry, agent: Agent): Reason | undefined {
  if (!((agent.setup.capacity[lane.channel] ?? 0) > 0)) return ['channel', lane.channel];
  const lacking = unmet(agent.setup, lane.required);
  if (lacking) {
    const had = agent.setup.skills[lacking.skill];
    return had === undefined ? ['skill_missing', lacking.skill] : ['level_too_low', `${lacking.skill} ${had} < ${lacking.level}`];
  }
  const ring = queue.members.get(agent)?.ring ?? 1;
  if (ring > lane.ring) return ['outer_ring', String(ring)];
  return contact.avoid?.has(agent.setup.id) ? ['blocked_pair', null] : undefined;
}

function occupied(s: State, { channel }: Lane, agent: Agent, now: Ms): Reason | undefined {
  if (!agent.reachable) return ['offline', 'not_registered'];
  if (!hears(agent, channel)) return ['offline', 'not_reachable'];
  if (agent.chosen !== 'available') return [agent.chosen, agent.reason];
  if (agent.engaged > 0) return ['busy', 'engaged'];
  if (!hasRoom(s, agent, channel)) return agent.work.some((w) => w.channel === channel) ? ['busy', agent.work[0]?.is ?? null] : ['no_capacity', agent.work[0]?.channel ?? null];
  return agent.pause ? ['paused', `${Math.max(0, Math.round((agent.pause.at - now) / 1000))} s`] : undefined;
}

function withheld({ lane, heldFor }: Entry, agent: Agent): Reason | undefined {
  if (heldFor && heldFor !== agent) return ['kept_for_other', heldFor.setup.id];
  return reservedFor(lane) ? ['reserved', null] : undefined;
}
