import fc from 'fast-check';
import type { AcdEffect, AcdEvent } from './events.js';
import { emptyState, type State } from './state.js';
import { STRATEGIES } from './types.js';
import type { AcdSetup, AgentId, AgentSetup, ContactId, Need, OfferId, QueueId, QueueSetup, Relaxation, Target } from './types.js';

/** Stories: a call centre's settings, and what happens there, in any order. Small numbers, so that things meet. */

const QUEUES = ['q0', 'q1', 'q2', 'q3'] as QueueId[];
const AGENTS = ['a0', 'a1', 'a2', 'a3', 'a4', 'a5'] as AgentId[];
const SKILLS = ['zh', 'en', 'vip'];
const CUSTOMERS = ['li', 'wu'];
const CHANNELS = ['voice', 'chat'];

const oftenNot = <T>(arb: fc.Arbitrary<T>, otherwise: T, weight = 3): fc.Arbitrary<T> =>
  fc.oneof({ weight, arbitrary: fc.constant(otherwise) }, { weight: 1, arbitrary: arb });
const need: fc.Arbitrary<Need> = fc.record({ skill: fc.constantFrom(...SKILLS), level: fc.constantFrom(1, 3, 6) });
const needs = fc.uniqueArray(need, { maxLength: 2, selector: (n) => n.skill });
const target: fc.Arbitrary<Target> = fc.constantFrom<Target>(
  ...QUEUES.map((queue): Target => ({ to: 'queue', queue })), { to: 'hang_up' }, { to: 'callback' }, { to: 'extension', extension: '9' });
/** Steps that come later and later. */
const steps = <T>(at: readonly number[], what: fc.Arbitrary<T>): fc.Arbitrary<(T & { afterMs: number })[]> =>
  fc.tuple(fc.subarray([...at]), fc.array(what, { minLength: at.length, maxLength: at.length }))
    .map(([times, all]) => times.map((afterMs, i) => ({ ...(all[i] as T), afterMs })));

const relax: fc.Arbitrary<readonly Relaxation[]> = steps([4_000, 20_000], fc.record({
  drop: fc.constantFrom<Relaxation['drop'][]>([], ['zh'], 'all'), lower: fc.constantFrom<Need[][]>([], [{ skill: 'en', level: 1 }]), ring: fc.constantFrom(undefined, 2, 3),
}));
const rule = fc.record({
  when: fc.constantFrom([], [{ attribute: 'tier', is: ['gold'] }], [{ attribute: 'value', min: 10 }], [{ attribute: 'tags', is: ['angry'] }]),
  require: oftenNot(needs, []), prefer: oftenNot(needs, []), priority: fc.constantFrom(0, 3, -2),
});
const atOnce = oftenNot(fc.constantFrom<QueueSetup['atOnce'][]>(
  [{ afterMs: 0, agents: 'all' }], [{ afterMs: 0, agents: 2 }], [{ afterMs: 0, agents: 1 }, { afterMs: 4_000, agents: 3 }], [{ afterMs: 0, agents: 1 }, { afterMs: 500, agents: 'all' }]), [{ afterMs: 0, agents: 1 }]);

const queueSetup = (id: QueueId): fc.Arbitrary<QueueSetup> => fc.record({
  id: fc.constant(id), name: fc.constant(id), mode: oftenNot(fc.constantFrom('closed', 'emergency'), 'open', 8),
  strategy: fc.constantFrom(...STRATEGIES).map((by) => ({ by, weights: { idleMinute: 1, skillLevel: 2, handledToday: 1 } })),
  atOnce, offerMs: fc.constantFrom(4_000, 15_000), autoAccept: fc.constant(false), connectMs: fc.constantFrom(500, 10_000),
  wrapUp: fc.constantFrom({ ms: 0, maxMs: 0 }, { ms: 4_000, maxMs: 4_000 }, { ms: 4_000, maxMs: 20_000 }),
  maxUnanswered: fc.constantFrom(0, 1, 2), pauseMs: fc.constantFrom({ noAnswer: 0, busy: 0, rejected: 0, unreachable: 0 }, { noAnswer: 500, busy: 4_000, rejected: 500, unreachable: 4_000 }),
  required: oftenNot(needs, []), preferred: oftenNot(needs, []), rules: oftenNot(fc.array(rule, { maxLength: 2 }), []), relax: oftenNot(relax, []),
  sticky: oftenNot(fc.constantFrom<QueueSetup['sticky'][]>([{ attribute: 'owner', holdMs: 0 }], [{ attribute: 'owner', holdMs: 15_000 }, { attribute: 'last', holdMs: 4_000 }]), []),
  reserve: oftenNot(fc.constantFrom({ agents: 1, priority: 8 }, { agents: 2, priority: 6 }), undefined),
  ageingMs: fc.constantFrom(0, 1_000, 30_000), maxWaiting: oftenNot(fc.constantFrom(1, 3), 0), maxWaitMs: oftenNot(fc.constant(20_000), 0),
  on: oftenNot(fc.dictionary(fc.constantFrom('full', 'closed', 'emergency', 'unstaffed', 'max_wait'), target, { maxKeys: 3 }), {}),
  exits: oftenNot<QueueSetup['exits']>(fc.record({ '1': target }), {}),
  escalate: oftenNot(steps([4_000, 15_000], fc.record({ priority: fc.constantFrom(0, 2), also: fc.subarray([...QUEUES], { maxLength: 1 }), move: oftenNot(target, undefined) })), []),
  callback: fc.record({ first: fc.constantFrom('agent', 'customer'), attempts: fc.constantFrom(1, 2), retryMs: fc.constant(15_000) }),
  announce: oftenNot(fc.constantFrom({ firstMs: 0, everyMs: 4_000, repeatMs: 15_000, position: true, expectedWait: true }), undefined),
  serviceLevel: fc.constant({ thresholdMs: 20_000, shortAbandonMs: 5_000 }),
});

const agentSetup = (id: AgentId): fc.Arbitrary<AgentSetup> => fc.record({
  id: fc.constant(id), name: fc.constant(id), initial: oftenNot(fc.constantFrom('away', 'offline', 'training'), 'available', 5),
  queues: fc.uniqueArray(fc.record({ queue: fc.constantFrom(...QUEUES), rank: fc.constantFrom(1, 1, 2), ring: fc.constantFrom(1, 1, 2, 3) }), { maxLength: 4, selector: (m) => m.queue }),
  skills: fc.dictionary(fc.constantFrom(...SKILLS), fc.constantFrom(1, 4, 9)),
  capacity: fc.constantFrom({ voice: 1 }, { voice: 1 }, { voice: 1, chat: 3 }, { chat: 2 }, { voice: 2 }),
});

export const settings: fc.Arbitrary<AcdSetup> = fc.record({
  queues: fc.tuple(...QUEUES.map(queueSetup)), agents: fc.tuple(...AGENTS.map(agentSetup)),
  blending: fc.constantFrom({}, { voice: ['chat'] }, { voice: ['chat'], chat: ['voice'] }),
  blocked: oftenNot(fc.constantFrom<AcdSetup['blocked'][]>([{ customer: 'li', agent: 'a0' as AgentId }], [{ customer: 'li', agent: 'a1' as AgentId }, { customer: 'wu', agent: 'a1' as AgentId }]), []),
  rankMs: fc.constantFrom(0, 5_000),
});

/** One thing that happens. The numbers choose of what there is at that moment: whose phone, which contact, how long. */
export type Move = readonly [kind: Kind, a: number, b: number, c: number];
const WEIGHTS = {
  join: 9, wait: 7, accept: 6, bridge: 6, release: 5, decline: 3, leave: 3, returned: 2, choose: 2, reachable: 1, engaged: 1, change: 1, press: 1, call_back: 1,
  unreached: 1, extend: 1, late: 1, setup: 1, queue: 1, agent: 1, day: 1,
} as const;
type Kind = keyof typeof WEIGHTS;
const nat = fc.nat({ max: 999 });
const move: fc.Arbitrary<Move> = fc.tuple(
  fc.oneof(...Object.entries(WEIGHTS).map(([kind, weight]) => ({ weight, arbitrary: fc.constant(kind as Kind) }))), nat, nat, nat);

export interface Story {
  /** The first is in force at the beginning. */
  readonly setups: readonly [AcdSetup, AcdSetup];
  readonly moves: readonly Move[];
}
export const stories = (maxLength: number): fc.Arbitrary<Story> =>
  fc.record({ setups: fc.tuple(settings, settings), moves: fc.array(move, { minLength: 5, maxLength, size: 'max' }) });

export interface Logged {
  readonly event: AcdEvent;
  readonly at: number;
}
type Step = (s: State, event: AcdEvent, now: number) => readonly AcdEffect[];
export interface Happening extends Logged {
  readonly effects: readonly AcdEffect[];
}

const pick = <T>(all: readonly T[], n: number): T | undefined => all[n % Math.max(1, all.length)];
const DELAYS = [1, 500, 500, 4_000, 4_000, 15_000, 61_000, 300_000];
/** A moment in 2026, as the service's clock tells it. */
const START = 1_790_000_000_000;

/** Tells the story to an engine. `see` looks on after each event. */
export function play(step: Step, story: Story, see: (s: State, what: Happening) => void = () => undefined): { readonly state: State; readonly log: readonly Logged[]; readonly effects: readonly AcdEffect[] } {
  const s = emptyState();
  const log: Logged[] = [];
  const all: AcdEffect[] = [];
  let now = START;
  const post = (event: AcdEvent): void => {
    log.push({ event, at: now });
    const effects = step(s, event, now);
    all.push(...effects);
    see(s, { event, at: now, effects });
  };
  post({ type: 'setup.changed', setup: story.setups[0], remembered: {} });
  for (const agent of AGENTS) post({ type: 'agent.reachable', agent, yes: true });
  let names = 0;
  for (const [kind, a, b, c] of story.moves) {
    if (kind === 'wait') {
      const until = now + (pick(DELAYS, a) as number);
      // As the service does: at every moment the engine wants to be woken, and not before.
      for (let at = s.timers.top()?.at; at !== undefined && at <= until; at = s.timers.top()?.at) {
        now = at;
        post({ type: 'time.passed' });
      }
      now = until;
      post({ type: 'time.passed' });
    } else if (kind === 'late') now += pick(DELAYS, a) as number;
    else if (kind === 'join') post(newcomer(`c${(names += 1)}` as ContactId, now, a, b, c));
    else {
      const event = eventOf(kind, s, story, now, a, b, c);
      if (event) post(event);
    }
  }
  return { state: s, log, effects: all };
}

function newcomer(id: ContactId, now: number, a: number, b: number, c: number): AcdEvent {
  const home = QUEUES[a % 4] as QueueId;
  const attributes = {
    ...(b % 3 === 0 ? { tier: 'gold' } : {}), ...(b % 5 === 0 ? { value: b % 20 } : {}), ...(b % 7 === 0 ? { tags: ['new', 'angry'] } : {}),
    ...(b % 4 === 0 ? { customer: CUSTOMERS[c % 2] as string } : {}), ...(c % 4 === 0 ? { owner: AGENTS[b % 6] as string } : {}), ...(c % 5 === 0 ? { last: AGENTS[a % 6] as string } : {}),
  };
  return {
    type: 'contact.joined',
    contact: {
      id, queues: a % 5 === 0 ? [home, QUEUES[b % 4] as QueueId, QUEUES[c % 4] as QueueId] : [home], channel: CHANNELS[c % 3 === 0 ? 1 : 0] as string, subject: `call:${id}`,
      priority: (a % 10) + 1, attributes, ...(a % 9 === 0 ? { needs: [{ skill: SKILLS[b % 3] as string, level: 3 }] } : {}), ...(b % 11 === 0 ? { avoid: [AGENTS[c % 6] as AgentId] } : {}),
      ...(c % 13 === 0 ? { callback: true } : {}), ...(c % 17 === 0 ? { notBefore: now + 15_000, callback: true } : {}),
    },
  };
}

function eventOf(kind: Exclude<Kind, 'wait' | 'late' | 'join'>, s: State, story: Story, now: number, a: number, b: number, c: number): AcdEvent | undefined {
  const agent = AGENTS[a % 6] as AgentId;
  const contacts = [...s.contacts.values()];
  const contact = pick(contacts, a)?.id;
  const taken = pick(contacts.filter(({ stage }) => stage.is === 'connecting' || stage.is === 'connected'), a)?.id ?? contact;
  const connecting = pick(contacts.filter(({ stage }) => stage.is === 'connecting'), a)?.id ?? contact;
  // One time in ten an answer to an offer that is long over, or never was.
  const offer = b % 10 === 0 ? (`c${a % 20}.${c}` as OfferId) : pick([...s.offers.keys()], a);
  switch (kind) {
    case 'accept': return offer && { type: 'offer.accepted', offer };
    case 'decline': return offer && { type: 'offer.declined', offer, why: pick(['busy', 'rejected', 'unreachable'] as const, c) as 'busy' };
    case 'bridge': return connecting && { type: 'contact.bridged', contact: connecting };
    case 'release': return taken && { type: 'contact.released', contact: taken };
    case 'returned': return taken && { type: 'contact.returned', contact: taken };
    case 'leave': return contact && { type: 'contact.left', contact, why: pick(['abandoned', 'exit', 'failed'] as const, b) as 'exit' };
    case 'press': return contact && { type: 'contact.pressed', contact, key: b % 3 === 0 ? '9' : '1' };
    case 'call_back': return contact && { type: 'contact.wants_callback', contact, ...(b % 2 === 0 ? { at: now + 15_000 } : {}) };
    case 'unreached': return taken && { type: 'contact.unreached', contact: taken };
    case 'change': return contact && { type: 'contact.changed', contact, ...(b % 2 === 0 ? { priority: (c % 10) + 1 } : {}), attributes: { tier: c % 2 === 0 ? 'gold' : 'iron' } };
    case 'choose': return { type: 'agent.chose', agent, state: pick(['available', 'available', 'away', 'training', 'offline'] as const, b) as 'away', reason: null, by: 'test' };
    case 'reachable': return { type: 'agent.reachable', agent, yes: b % 3 > 0 };
    case 'engaged': return { type: 'agent.engaged', agent, yes: b % 2 > 0 };
    case 'extend': return { type: 'agent.wrap_up_extended', agent, ms: 10_000 };
    case 'setup': return { type: 'setup.changed', setup: mixed(story, a, b, c), remembered: {} };
    case 'queue': return { type: 'queue.changed', queue: pick(story.setups[b % 2]?.queues ?? [], a) as QueueSetup };
    case 'agent': return { type: 'agent.changed', agent: pick(story.setups[b % 2]?.agents ?? [], a) as AgentSetup };
    case 'day': return { type: 'day.began' };
  }
}

/** Of the two settings one, or the other with a queue or an agent less. */
function mixed({ setups }: Story, a: number, b: number, c: number): AcdSetup {
  const setup = setups[a % 2] as AcdSetup;
  return {
    ...setup,
    queues: b % 3 === 0 ? setup.queues.filter((_, i) => i !== c % 4) : setup.queues,
    agents: b % 3 === 1 ? setup.agents.filter((_, i) => i !== c % 6) : setup.agents,
  };
}
