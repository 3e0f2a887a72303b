import { z } from '@hono/zod-openapi';
import type { Explanation } from '../acd/index.js';
import { Sentence } from './preview.js';
import { candidateSays, nextSays, waitsForSays } from './sentences.js';

const count = z.int().min(0);
const Need = z.object({ skill: z.string(), level: z.int() });
const Candidate = z
  .object({
    agent: z.string(),
    why: z.enum(['chosen', 'could', 'offline', 'away', 'training', 'busy', 'no_capacity', 'paused', 'channel', 'skill_missing', 'level_too_low', 'outer_ring', 'blocked_pair', 'reserved', 'kept_for_other']),
    detail: z.string().nullable().openapi({ description: 'the skill, the level asked and had, how long the pause lasts, …' }),
    score: z.number().nullable().openapi({ description: 'the strategy\'s rank, the least first; null for one who cannot serve it at all' }),
    fit: z.number().openapi({ description: 'levels of the wanted skills, added up' }), idle_ms: count.nullable(), sentence: Sentence,
  })
  .openapi('Candidate');
const InQueue = z
  .object({
    queue: z.string(), strategy: z.string(), position: count.nullable(), priority: z.int(),
    aged_priority: z.number().nullable().openapi({ description: 'with what waiting has added; null where priority is strict' }),
    required: z.array(Need), preferred: z.array(Need), ring: z.int().nullable().openapi({ description: 'agents up to this ring are asked; null: all' }),
    rules: z.array(z.int()).openapi({ description: 'numbers, from 1, of the queue\'s rules that hold' }), relaxed: count.openapi({ description: 'steps of relaxation that have come' }),
    kept_for: z.string().nullable(), candidates: z.array(Candidate).openapi({ description: 'best first, those who cannot serve it last' }),
    next: z.object({ in_ms: count, what: z.enum(['relax', 'escalate', 'max_wait', 'hold_ends', 'widen']), sentence: Sentence }).nullable().openapi({ description: 'what changes next by time alone' }),
  })
  .openapi('WhyInQueue');
export const Why = z
  .object({
    contact: z.string(), subject: z.string(), state: z.enum(['waiting', 'offered', 'connecting', 'connected', 'scheduled', 'gone']), waited_ms: count,
    attributes: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())])),
    waits_for: z.enum(['nothing', 'answer', 'bridge', 'free_agent', 'able_agent', 'turn', 'kept_agent', 'reserve', 'time']), sentence: Sentence,
    offers: z.array(z.object({ agent: z.string(), queue: z.string(), ringing_ms: count })), agent: z.string().nullable(), queues: z.array(InQueue),
  })
  .openapi('Why');

const whole = (ms: number): number => Math.max(0, Math.round(ms));

export function shownWhy(e: Explanation): z.infer<typeof Why> {
  return {
    contact: e.contact, subject: e.subject, state: e.state, waited_ms: whole(e.waitedMs), waits_for: e.waitsFor, sentence: waitsForSays(e), agent: e.agent,
    attributes: Object.fromEntries(Object.entries(e.attributes).map(([name, value]) => [name, typeof value === 'object' ? [...value] : value])),
    offers: e.offers.map((o) => ({ agent: o.agent, queue: o.queue, ringing_ms: whole(o.ringingMs) })),
    queues: e.queues.map((q) => ({
      queue: q.queue, strategy: q.strategy, position: q.position > 0 ? q.position : null, priority: q.priority, aged_priority: q.agedPriority,
      required: [...q.required], preferred: [...q.preferred], ring: q.ring > 0 ? q.ring : null, rules: [...q.rules], relaxed: q.relaxed, kept_for: q.keptFor,
      candidates: q.candidates.map((c) => ({ agent: c.agent, why: c.why, detail: c.detail, score: c.score, fit: c.fit, idle_ms: c.idleMs === null ? null : whole(c.idleMs), sentence: candidateSays(c, q.strategy) })),
      next: q.next && { in_ms: whole(q.next.inMs), what: q.next.what, sentence: nextSays(q.next) },
    })),
  };
}
