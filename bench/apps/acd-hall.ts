import type { AcdSetup, AgentId, AgentSetup, Attributes, ContactId, Need, NewContact, QueueId, QueueSetup } from '../../src/acd/engine/index.js';
import { STRATEGIES } from '../../src/acd/engine/index.js';
import { randomFrom, type Random } from '../../src/acd/simulate/random.js';

/**
 * The call centre of the benchmark, at any size; 1 is 5 000 agents, 300 skills, 500 queues, 50 000 waiting. The rule mix:
 * - a queue asks for one or two skills (levels 1 to 5), prefers another, has a strategy (all six in turn), ages, relaxes after 30 s (a
 *   level lower) and 120 s (no skill), and has three rules: VIPs count 3 more, one language requires a higher level, high value prefers one;
 * - one queue in fifty rings five phones at once, one in a hundred all;
 * - an agent is in five queues, of ranks 1 to 3, has the skills of four of them and five more, takes one call, every fifth three chats too;
 * - a tenth of the contacts waits in two or three queues, a fifth are chats, priorities 1 to 10, most of them 5.
 */
export interface Hall {
  readonly setup: AcdSetup;
  readonly waiting: number;
  readonly newcomer: () => NewContact;
}

const LANGUAGES = ['zh', 'en', 'yue', 'fr'];

export function hallOf(scale: number, seed = 1): Hall {
  const random = randomFrom(seed);
  const sized = (n: number, least: number): number => Math.max(least, Math.round(n * scale));
  const skills = Array.from({ length: sized(300, 8) }, (_, i) => `skill-${i}`);
  const queues = Array.from({ length: sized(500, 5) }, (_, i) => queueOf(i, skills, random));
  const agents = Array.from({ length: sized(5_000, 50) }, (_, i) => agentOf(i, skills, queues, random));
  let names = 0;
  return {
    setup: { queues, agents, blending: {}, blocked: [], rankMs: 120_000 }, waiting: sized(50_000, 500),
    newcomer: () => contactOf(`c${(names += 1)}` as ContactId, queues, random),
  };
}

const below = (random: Random, n: number): number => Math.floor(random() * n);
const one = <T>(random: Random, of: readonly T[]): T => of[below(random, of.length)] as T;
const someNeeds = (random: Random, skills: readonly string[], n: number): Need[] =>
  [...new Set(Array.from({ length: n }, () => one(random, skills)))].map((skill) => ({ skill, level: 1 + below(random, 5) }));

function queueOf(i: number, skills: readonly string[], random: Random): QueueSetup {
  const required = someNeeds(random, skills, 1 + (i % 2));
  const agents = i % 100 === 99 ? 'all' : i % 50 === 49 ? 5 : 1;
  return {
    id: `queue-${i}` as QueueId, name: `queue-${i}`, mode: 'open', strategy: { by: STRATEGIES[i % STRATEGIES.length] ?? 'longest_idle', weights: { idleMinute: 1, skillLevel: 5, handledToday: 2 } },
    atOnce: [{ afterMs: 0, agents }], offerMs: 15_000, autoAccept: false, connectMs: 10_000, wrapUp: { ms: 0, maxMs: 0 }, maxUnanswered: 2,
    pauseMs: { noAnswer: 0, busy: 5_000, rejected: 5_000, unreachable: 10_000 }, required, preferred: someNeeds(random, skills, 1),
    rules: [
      { when: [{ attribute: 'tier', is: ['gold'] }], require: [], prefer: [], priority: 3 },
      { when: [{ attribute: 'language', is: ['fr'] }], require: required.slice(0, 1).map(({ skill, level }) => ({ skill, level: level + 1 })), prefer: [], priority: 0 },
      { when: [{ attribute: 'value', min: 900 }], require: [], prefer: [{ skill: one(random, skills), level: 3 }], priority: 1 },
    ],
    relax: [
      { afterMs: 30_000, drop: [], lower: required.map(({ skill, level }) => ({ skill, level: Math.max(1, level - 2) })), ring: undefined },
      { afterMs: 120_000, drop: 'all', lower: [], ring: undefined },
    ],
    sticky: [], reserve: undefined, ageingMs: 60_000, maxWaiting: 0, maxWaitMs: 0, on: {}, exits: {}, escalate: [],
    callback: { first: 'agent', attempts: 2, retryMs: 60_000 }, announce: undefined, serviceLevel: { thresholdMs: 20_000, shortAbandonMs: 5_000 },
  };
}

function agentOf(i: number, skills: readonly string[], queues: readonly QueueSetup[], random: Random): AgentSetup {
  const own = new Set<QueueSetup>();
  while (own.size < Math.min(5, queues.length)) own.add(one(random, queues));
  const able = [...own].slice(0, 4).flatMap((q) => q.required).map(({ skill, level }) => [skill, Math.min(10, level + below(random, 4))] as const);
  const more = Array.from({ length: 5 }, () => [one(random, skills), 1 + below(random, 10)] as const);
  return {
    id: `agent-${i}` as AgentId, name: `agent-${i}`, queues: [...own].map((q, j) => ({ queue: q.id, rank: 1 + (j >> 1), ring: 1 })), skills: Object.fromEntries([...more, ...able]),
    capacity: i % 5 === 0 ? { voice: 1, chat: 3 } : { voice: 1 }, initial: 'available',
  };
}

function contactOf(id: ContactId, queues: readonly QueueSetup[], random: Random): NewContact {
  const many = random() < 0.1 ? 2 + below(random, 2) : 1;
  const [home, ...also] = [...new Set(Array.from({ length: many }, () => one(random, queues).id))];
  const attributes: Attributes = {
    language: one(random, LANGUAGES), ...(random() < 0.1 ? { tier: 'gold' } : {}), ...(random() < 0.3 ? { value: below(random, 1000) } : {}), customer: `customer-${below(random, 1_000_000)}`,
  };
  return {
    id, queues: [home as QueueId, ...also], channel: random() < 0.2 ? 'chat' : 'voice', subject: `call:${id}`, attributes, priority: random() < 0.7 ? 5 : 1 + below(random, 10),
  };
}
