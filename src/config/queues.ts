import { z } from 'zod';
import type { Ms } from '../base/index.js';
import { name, plainSeconds, toMs, word } from './fields.js';
import { toHours, type Hours } from './hours.js';
import { queueForm, type QueueForm, type STRATEGIES } from './queue-form.js';
import { toNotice, type Notice } from './recordings.js';
import { toTarget, type Target } from './targets.js';

/** A skill and the least level of it, 1 to 10. */
export interface SkillLevel {
  readonly skill: string;
  readonly level: number;
}
/** One of `is`, or between `min` and `max`, both included. */
export interface ConditionConfig {
  readonly attribute: string;
  readonly is?: readonly (string | number)[];
  readonly min?: number;
  readonly max?: number;
}
export interface RuleConfig {
  readonly when: readonly ConditionConfig[];
  readonly require: readonly SkillLevel[];
  readonly prefer: readonly SkillLevel[];
  readonly priority: number;
}
export interface RelaxConfig {
  readonly afterMs: Ms;
  readonly drop: 'all' | readonly string[];
  readonly lower: readonly SkillLevel[];
  readonly ring: number | undefined;
}
export interface EscalateConfig {
  readonly afterMs: Ms;
  readonly priority: number;
  readonly also: readonly string[];
  readonly move: Target | undefined;
}
/** A sentence for those who wait, once or again and again. */
export interface AnnouncementConfig {
  readonly afterMs: Ms;
  /** Undefined: once. */
  readonly everyMs: Ms | undefined;
  readonly say: { readonly 'zh-CN'?: string | undefined; readonly en?: string | undefined };
}
export type DivertOn = 'full' | 'closed' | 'emergency' | 'unstaffed' | 'max_wait';

export interface QueueConfig {
  readonly name: string;
  /** As it was set; `hours` may close the queue all the same. */
  readonly mode: 'open' | 'closed' | 'emergency';
  readonly hours: Hours | undefined;
  readonly strategy: (typeof STRATEGIES)[number];
  readonly weights: { readonly idleMinute: number; readonly skillLevel: number; readonly handledToday: number };
  /** How many phones ring at once, from so much waiting on; the first at 0. */
  readonly atOnce: readonly { readonly afterMs: Ms; readonly agents: number | 'all' }[];
  /** How long an agent's phone rings before the next one's does. */
  readonly offerMs: Ms;
  readonly autoAccept: boolean;
  readonly connectMs: Ms;
  readonly wrapUpMs: Ms;
  readonly wrapUpMaxMs: Ms;
  /** Offers in a row an agent may let ring out before being put away; 0: any number. */
  readonly maxUnanswered: number;
  readonly pauseMs: { readonly noAnswer: Ms; readonly busy: Ms; readonly rejected: Ms; readonly unreachable: Ms };
  readonly required: readonly SkillLevel[];
  readonly preferred: readonly SkillLevel[];
  readonly rules: readonly RuleConfig[];
  readonly relax: readonly RelaxConfig[];
  readonly sticky: readonly { readonly attribute: string; readonly holdMs: Ms }[];
  readonly reserve: { readonly agents: number; readonly priority: number } | undefined;
  readonly ageingMs: Ms;
  readonly maxWaiting: number;
  readonly maxWaitMs: Ms;
  readonly on: Readonly<Partial<Record<DivertOn, Target>>>;
  readonly exits: Readonly<Record<string, Target>>;
  readonly escalate: readonly EscalateConfig[];
  readonly callback: { readonly first: 'agent' | 'customer'; readonly attempts: number; readonly retryMs: Ms };
  /** A sound file for those who wait; undefined: the built-in music. */
  readonly music: string | undefined;
  /** Place and expected wait; undefined: not told. */
  readonly announce: { readonly firstMs: Ms; readonly everyMs: Ms; readonly repeatMs: Ms; readonly position: boolean; readonly expectedWait: boolean } | undefined;
  readonly announcements: readonly AnnouncementConfig[];
  /** What callers are told about recording; `house`: what recordings.yaml says, undefined: nothing. */
  readonly recordingNotice: Notice | 'house' | undefined;
  readonly serviceLevel: { readonly thresholdMs: Ms; readonly shortAbandonMs: Ms };
}

/** An unchanged place is told again after so many looks at it. */
const REPEAT = 3;
const levels = (skills: Readonly<Record<string, number>>): SkillLevel[] => Object.entries(skills).map(([skill, level]) => ({ skill, level }));
const byTime = (a: { readonly afterMs: Ms }, b: { readonly afterMs: Ms }): number => a.afterMs - b.afterMs;

export function toQueue(q: QueueForm): QueueConfig {
  return {
    name: q.name, mode: q.mode, hours: q.hours && toHours(q.hours),
    strategy: q.strategy === 'ring_all' ? 'longest_idle' : q.strategy,
    weights: { idleMinute: q.weights.idle_minute, skillLevel: q.weights.skill_level, handledToday: q.weights.handled_today },
    atOnce: breadth(q), offerMs: toMs(q.offer_seconds), autoAccept: q.auto_accept, connectMs: toMs(q.connect_seconds),
    wrapUpMs: toMs(q.wrap_up_seconds), wrapUpMaxMs: toMs(q.wrap_up_max_seconds ?? q.wrap_up_seconds), maxUnanswered: q.max_unanswered,
    pauseMs: { noAnswer: toMs(q.pause.no_answer_seconds), busy: toMs(q.pause.busy_seconds), rejected: toMs(q.pause.rejected_seconds), unreachable: toMs(q.pause.unreachable_seconds) },
    required: levels(q.skills), preferred: levels(q.prefer),
    rules: q.rules.map((r) => ({ when: Object.entries(r.when).map(([attribute, wanted]) => condition(attribute, wanted)), require: levels(r.require), prefer: levels(r.prefer), priority: r.priority })),
    relax: q.relax.map((r) => ({ afterMs: toMs(r.after_seconds), drop: r.drop, lower: levels(r.lower), ring: r.ring })).sort(byTime),
    sticky: q.sticky.map((s) => ({ attribute: s.attribute, holdMs: toMs(s.hold_seconds) })),
    reserve: q.reserve, ageingMs: toMs(q.ageing_seconds), maxWaiting: q.max_waiting, maxWaitMs: toMs(q.max_wait_seconds),
    on: Object.fromEntries(Object.entries(q.on).flatMap(([why, to]) => (to === undefined ? [] : [[why, toTarget(to)]]))),
    exits: Object.fromEntries(Object.entries(q.exits).map(([key, to]) => [key, toTarget(to)])),
    escalate: q.escalate.map((e) => ({ afterMs: toMs(e.after_seconds), priority: e.priority, also: e.also, move: e.move === undefined ? undefined : toTarget(e.move) })).sort(byTime),
    callback: { first: q.callback.first, attempts: q.callback.attempts, retryMs: toMs(q.callback.retry_seconds) },
    music: q.music, announce: announce(q),
    announcements: q.announcements.map((a) => ({ afterMs: toMs(a.after_seconds), everyMs: a.every_seconds === undefined ? undefined : toMs(a.every_seconds), say: a.say })).sort(byTime),
    recordingNotice: q.recording_notice === undefined ? 'house' : toNotice(q.recording_notice),
    serviceLevel: { thresholdMs: toMs(q.service_level.threshold_seconds), shortAbandonMs: toMs(q.service_level.short_abandon_seconds) },
  };
}

function breadth({ strategy, at_once: written = strategy === 'ring_all' ? 'all' : 1 }: QueueForm): QueueConfig['atOnce'] {
  if (!Array.isArray(written)) return [{ afterMs: 0, agents: written }];
  const steps = written.map((s) => ({ afterMs: toMs(s.after_seconds), agents: s.agents })).sort(byTime);
  return steps[0]?.afterMs === 0 ? steps : [{ afterMs: 0, agents: 1 }, ...steps];
}

function condition(attribute: string, wanted: QueueForm['rules'][number]['when'][string]): ConditionConfig {
  if (typeof wanted !== 'object') return { attribute, is: [wanted] };
  if (Array.isArray(wanted)) return { attribute, is: wanted };
  const { min, max } = wanted;
  return { attribute, ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

function announce(q: QueueForm): QueueConfig['announce'] {
  const usual = q.announce_position_seconds;
  const written = q.announce ?? (usual > 0 ? {} : false);
  if (written === false) return undefined;
  const every = written.every_seconds ?? (usual > 0 ? usual : 20);
  const { position = usual > 0, expected_wait: expectedWait = true } = written;
  if (!position && !expectedWait) return undefined;
  return { firstMs: toMs(written.first_seconds ?? 0), everyMs: toMs(every), repeatMs: toMs(written.repeat_seconds ?? every * REPEAT), position, expectedWait };
}

/** What holds for all queues. */
const routingKeys = {
  // Tickets take days: who has some is there for calls and chats all the same. Apps' conversations are chats, also where they have a capacity of their own.
  blending: z.record(z.string(), z.array(word)).default({ voice: ['ticket'], chat: ['ticket', 'app'], app: ['ticket', 'chat'] }),
  blocked: z.array(z.strictObject({ customer: z.string().min(1).max(200), agent: name })).max(10_000).default([]),
  rank_seconds: plainSeconds(0, 86_400).default(120),
};
export interface RoutingConfig {
  /** For a channel: the others whose contacts an agent may have on hand and still be given this one. */
  readonly blending: Readonly<Record<string, readonly string[]>>;
  /** Customers and agents who are never brought together. */
  readonly blocked: readonly { readonly customer: string; readonly agent: string }[];
  /** What one rank of an agent's queues is worth in waiting; 0: ranks are strict. */
  readonly rankMs: Ms;
}
export const routingForm = z.strictObject(routingKeys);
export type RoutingForm = z.output<typeof routingForm>;
export const toRouting = (r: RoutingForm): RoutingConfig => ({ blending: r.blending, blocked: r.blocked, rankMs: toMs(r.rank_seconds) });

export const queuesFile = z.strictObject({ queues: z.array(queueForm).max(1000).default([]), ...routingKeys });

/** The queue of the demo dialplan, which needs no file. */
export const supportForm: QueueForm = queueForm.parse({ name: 'support' });
