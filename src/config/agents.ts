import { z } from 'zod';
import { name, number, skills, word } from './fields.js';

/** An agent's place in a queue. Rank 1 is served first; ring 1 is asked first, outer rings as the queue's relaxation comes to them. */
export interface MembershipConfig {
  readonly queue: string;
  readonly rank: number;
  readonly ring: number;
}
export interface AgentConfig {
  readonly id: string;
  readonly name: string;
  readonly extension: string;
  readonly queues: readonly MembershipConfig[];
  /** Levels 1 to 10. */
  readonly skills: Readonly<Record<string, number>>;
  /** Contacts of each channel at once. */
  readonly capacity: Readonly<Record<string, number>>;
  /** The state an agent gets when the extension registers after having been offline. */
  readonly onRegister: 'available' | 'away';
}

const order = z.int().min(1).max(100);
const membership = z.union([name, z.strictObject({ name, rank: order.default(1), ring: order.default(1) })]);

/** An agent as people write it, by file and by API, defaults filled in. */
export const agentForm = z.strictObject({
  id: name,
  name: z.string().min(1).max(100).optional(),
  extension: number,
  queues: z.array(membership).max(100).default([]),
  skills: skills.default({}),
  capacity: z.record(word, z.int().min(0).max(100)).default({ voice: 1, ticket: 5 }),
  on_register: z.enum(['available', 'away']).default('available'),
});
export type AgentForm = z.output<typeof agentForm>;

export const toAgent = (a: AgentForm): AgentConfig => ({
  id: a.id, name: a.name ?? a.id, extension: a.extension, skills: a.skills, capacity: a.capacity, onRegister: a.on_register,
  queues: a.queues.map((q) => (typeof q === 'string' ? { queue: q, rank: 1, ring: 1 } : { queue: q.name, rank: q.rank, ring: q.ring })),
});

export const agentsFile = z.strictObject({ agents: z.array(agentForm).max(10_000).default([]) });
