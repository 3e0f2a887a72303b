import { z } from 'zod';
import { mapOf, name, plainSeconds, skills, WORD, word, wordHint } from './fields.js';
import { hoursForm } from './hours.js';
import { noticeForm } from './recordings.js';
import { targetForm } from './targets.js';

export const STRATEGIES = ['longest_idle', 'least_occupied', 'fewest_today', 'round_robin', 'most_skilled', 'weighted'] as const;
const DAY = 86_400;
const after = plainSeconds(0, DAY);
const count = z.int().min(0).max(100_000);
const bonus = z.int().min(-9).max(9);
const list = <T extends z.ZodType>(item: T, most = 100) => z.array(item).max(most);

const scalar = z.union([z.string().min(1).max(100), z.number()]);
const condition = z.union([
  scalar,
  list(scalar).min(1),
  z.strictObject({ min: z.number().optional(), max: z.number().optional() }).refine((c) => c.min !== undefined || c.max !== undefined, 'give min, max or both'),
]);
const rule = z.strictObject({
  when: mapOf(WORD, 'name for an attribute', wordHint, condition),
  require: skills.default({}),
  prefer: skills.default({}),
  priority: bonus.default(0),
});
const relaxation = z.strictObject({
  after_seconds: after,
  drop: z.union([z.literal('all'), list(word)]).default([]),
  lower: skills.default({}),
  ring: z.int().min(1).max(100).optional(),
});
const howMany = z.union([z.literal('all'), z.int().min(1).max(1_000)]);
const escalation = z.strictObject({ after_seconds: after, priority: bonus.default(0), also: list(name, 10).default([]), move: targetForm.optional() });
const text = z.string().trim().min(1).max(500);
const announcement = z.strictObject({
  after_seconds: after,
  every_seconds: plainSeconds(5, DAY).optional(),
  say: z.strictObject({ 'zh-CN': text.optional(), en: text.optional() }).refine((t) => t['zh-CN'] !== undefined || t.en !== undefined, 'give a text in zh-CN, in en or in both'),
});
const announce = z.union([
  z.literal(false),
  z.strictObject({
    first_seconds: after.optional(), every_seconds: plainSeconds(1, DAY).optional(), repeat_seconds: plainSeconds(1, DAY).optional(),
    position: z.boolean().optional(), expected_wait: z.boolean().optional(),
  }),
]);

/** A queue as people write it, by file and by API, with every default filled in. Durations in seconds. */
export const queueForm = z
  .strictObject({
    name,
    mode: z.enum(['open', 'closed', 'emergency']).default('open'),
    hours: hoursForm.optional(),
    strategy: z.enum([...STRATEGIES, 'ring_all']).default('longest_idle'),
    weights: z
      .strictObject({ idle_minute: z.number().min(0).max(1_000).default(1), skill_level: z.number().min(0).max(1_000).default(5), handled_today: z.number().min(0).max(1_000).default(2) })
      .prefault({}),
    at_once: z.union([howMany, list(z.strictObject({ after_seconds: after, agents: howMany }), 20).min(1)]).optional(),
    offer_seconds: plainSeconds(1, 300).default(15),
    auto_accept: z.boolean().default(false),
    connect_seconds: plainSeconds(1, 300).default(10),
    wrap_up_seconds: plainSeconds(0, 3_600).default(0),
    wrap_up_max_seconds: plainSeconds(0, 3_600 * 4).optional(),
    max_unanswered: z.int().min(0).max(100).default(2),
    pause: z
      .strictObject({
        no_answer_seconds: plainSeconds(0, 3_600).default(0), busy_seconds: plainSeconds(0.1, 3_600).default(5),
        rejected_seconds: plainSeconds(0.1, 3_600).default(5), unreachable_seconds: plainSeconds(0.1, 3_600).default(10),
      })
      .prefault({}),
    skills: skills.default({}),
    prefer: skills.default({}),
    rules: list(rule).default([]),
    relax: list(relaxation, 20).default([]),
    sticky: list(z.strictObject({ attribute: word, hold_seconds: plainSeconds(0, 3_600).default(0) }), 10).default([]),
    reserve: z.strictObject({ agents: z.int().min(1).max(1_000), priority: z.int().min(1).max(10) }).optional(),
    ageing_seconds: plainSeconds(0, DAY).default(60),
    max_waiting: count.default(0),
    max_wait_seconds: plainSeconds(0, DAY).default(0),
    on: z.strictObject({ full: targetForm.optional(), closed: targetForm.optional(), emergency: targetForm.optional(), unstaffed: targetForm.optional(), max_wait: targetForm.optional() }).default({}),
    exits: mapOf(/^[0-9*#A-D]$/, 'key of a telephone', 'one of 0 to 9, *, #, A to D', targetForm).default({}),
    escalate: list(escalation, 20).default([]),
    callback: z
      .strictObject({ first: z.enum(['agent', 'customer']).default('agent'), attempts: z.int().min(1).max(20).default(3), retry_seconds: plainSeconds(1, DAY).default(300) })
      .prefault({}),
    music: z.string().min(1).optional(),
    announce_position_seconds: plainSeconds(0, 3_600).default(20),
    announce: announce.optional(),
    announcements: list(announcement, 20).default([]),
    recording_notice: noticeForm.optional(),
    service_level: z.strictObject({ threshold_seconds: plainSeconds(1, 3_600).default(20), short_abandon_seconds: plainSeconds(0, 300).default(5) }).prefault({}),
  })
  .superRefine((q, ctx) => {
    if (q.wrap_up_max_seconds !== undefined && q.wrap_up_max_seconds < q.wrap_up_seconds)
      ctx.addIssue({ code: 'custom', path: ['wrap_up_max_seconds'], message: 'the longest wrap-up is shorter than the usual one', params: { hint: `at least wrap_up_seconds: ${q.wrap_up_seconds}` } });
    if (q.strategy === 'ring_all' && q.at_once !== undefined)
      ctx.addIssue({ code: 'custom', path: ['at_once'], message: '"ring_all" rings all at once', params: { hint: 'take another strategy, or leave out at_once', key: true } });
    q.relax.forEach((step, i) => {
      if (step.drop !== 'all' && step.drop.length === 0 && Object.keys(step.lower).length === 0 && step.ring === undefined)
        ctx.addIssue({ code: 'custom', path: ['relax', i], message: 'this step relaxes nothing', params: { hint: 'give drop, lower or ring' } });
    });
    q.escalate.forEach((step, i) => {
      if (step.priority === 0 && step.also.length === 0 && step.move === undefined)
        ctx.addIssue({ code: 'custom', path: ['escalate', i], message: 'this step changes nothing', params: { hint: 'give priority, also or move' } });
    });
  });
/** As written, defaults filled in. */
export type QueueForm = z.output<typeof queueForm>;
