import { z } from 'zod';
import { name, number } from './fields.js';

export interface AgentConfig {
  readonly id: string;
  readonly name: string;
  readonly extension: string;
  readonly queues: readonly string[];
  /** The state an agent gets when the extension registers after having been offline. */
  readonly onRegister: 'available' | 'away';
}

const agent = z
  .strictObject({
    id: name,
    name: z.string().min(1).max(100).optional(),
    extension: number,
    queues: z.array(name).max(100).prefault([]),
    on_register: z.enum(['available', 'away']).prefault('available'),
  })
  .transform((a): AgentConfig => ({ id: a.id, name: a.name ?? a.id, extension: a.extension, queues: a.queues, onRegister: a.on_register }));

export const agentsFile = z.strictObject({ agents: z.array(agent).max(10_000).prefault([]) });
