import { z } from 'zod';
import type { Ms } from '../base/index.js';
import { name, seconds } from './fields.js';

export interface QueueConfig {
  readonly name: string;
  readonly strategy: 'longest_idle';
  /** How long an agent's phone rings before the next one's does. */
  readonly offerMs: Ms;
  readonly wrapUpMs: Ms;
  /** Offers in a row an agent may let ring out before being put away. */
  readonly maxUnanswered: number;
  /** A sound file for those who wait; undefined: the built-in music. */
  readonly music: string | undefined;
  /** Between two announcements of the position; 0: never. */
  readonly announcePositionMs: Ms;
}

const queue = z
  .strictObject({
    name,
    strategy: z.enum(['longest_idle']).prefault('longest_idle'),
    offer_seconds: seconds(1, 300).prefault(15),
    wrap_up_seconds: seconds(0, 3600).prefault(0),
    max_unanswered: z.int().min(1).max(100).prefault(2),
    music: z.string().min(1).optional(),
    announce_position_seconds: seconds(0, 3600).prefault(20),
  })
  .transform((q): QueueConfig => ({
    name: q.name,
    strategy: q.strategy,
    offerMs: q.offer_seconds,
    wrapUpMs: q.wrap_up_seconds,
    maxUnanswered: q.max_unanswered,
    music: q.music,
    announcePositionMs: q.announce_position_seconds,
  }));

export const queuesFile = z.strictObject({ queues: z.array(queue).max(1000).prefault([]) });

/** The queue of the demo dialplan, which needs no file. */
export const supportQueue: QueueConfig = queue.parse({ name: 'support' });
