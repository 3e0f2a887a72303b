import type { AgentSetup, Attributes, Condition, MatchRule, Need, QueueSetup } from './types.js';

/** What a queue asks of the agent for one contact, before waiting has relaxed it. */
export interface Demand {
  readonly required: readonly Need[];
  readonly preferred: readonly Need[];
  /** 1 to 10. */
  readonly priority: number;
  /** Indexes of the queue's rules that hold. */
  readonly rules: readonly number[];
}

export function demandOf(setup: QueueSetup, contact: { readonly basePriority: number; readonly attributes: Attributes; readonly needs: readonly Need[] }): Demand {
  const { rules } = setup;
  if (rules.length === 0 && contact.needs.length === 0)
    return { required: setup.required, preferred: setup.preferred, priority: contact.basePriority, rules: NONE };
  const holding: number[] = [];
  let priority = contact.basePriority;
  let required = merge(setup.required, contact.needs);
  let { preferred } = setup;
  for (let i = 0; i < rules.length; i += 1) {
    const rule = rules[i] as MatchRule;
    if (!holds(rule, contact.attributes)) continue;
    holding.push(i);
    priority += rule.priority;
    required = merge(required, rule.require);
    preferred = merge(preferred, rule.prefer);
  }
  return { required, preferred, priority: clampPriority(priority), rules: holding };
}
const NONE: readonly number[] = [];

/** Rules that fit in the bits of a small integer. */
export const MOST_BITS = 20;

/** The rules that hold, as the bits of a number; of queues with at most `MOST_BITS` rules. */
export function rulesAsBits({ rules }: QueueSetup, attributes: Attributes): number {
  let bits = 0;
  for (let i = 0; i < rules.length; i += 1) if (holds(rules[i] as MatchRule, attributes)) bits |= 1 << i;
  return bits;
}

/** What these rules make of a priority. */
export function priorityBy({ rules }: QueueSetup, bits: number, base: number): number {
  let priority = base;
  for (let i = 0; i < rules.length; i += 1) if ((bits & (1 << i)) !== 0) priority += (rules[i] as MatchRule).priority;
  return clampPriority(priority);
}

export const clampPriority = (priority: number): number => Math.min(10, Math.max(1, priority));

/** Of one skill asked for twice the higher level counts. In the order of the skills' names, so that equal demands look alike. */
function merge(a: readonly Need[], b: readonly Need[]): readonly Need[] {
  if (b.length === 0) return a;
  const levels = new Map<string, number>();
  for (const { skill, level } of [...a, ...b]) levels.set(skill, Math.max(level, levels.get(skill) ?? 0));
  return [...levels].map(([skill, level]) => ({ skill, level })).sort((x, y) => (x.skill < y.skill ? -1 : 1));
}

function holds(rule: MatchRule, attributes: Attributes): boolean {
  for (const condition of rule.when) if (!met(condition, attributes)) return false;
  return true;
}

function met({ attribute, is, min, max }: Condition, attributes: Attributes): boolean {
  const value = attributes[attribute];
  if (value === undefined) return false;
  if (is && !(typeof value === 'object' ? value.some((v) => is.includes(v)) : is.includes(value))) return false;
  if (min === undefined && max === undefined) return true;
  return typeof value === 'number' && value >= (min ?? -Infinity) && value <= (max ?? Infinity);
}

/** What is still required after the first `steps` relaxations, and up to which ring agents are asked. */
export function relaxed(setup: QueueSetup, required: readonly Need[], steps: number): { readonly required: readonly Need[]; readonly ring: number } {
  let left = required;
  let ring = setup.relax.some((r) => r.ring !== undefined) ? 1 : Infinity;
  for (const { drop, lower, ring: wider } of setup.relax.slice(0, steps)) {
    left = drop === 'all' ? [] : left.filter(({ skill }) => !drop.includes(skill));
    left = left.map((need) => lower.find((l) => l.skill === need.skill && l.level < need.level) ?? need);
    ring = wider ?? ring;
  }
  return { required: left, ring };
}

/** The first need that the agent does not meet. */
export const unmet = (agent: AgentSetup, required: readonly Need[]): Need | undefined =>
  required.find(({ skill, level }) => (agent.skills[skill] ?? 0) < level);

/** Levels of the skills that matter here, added up. */
export function fitOf(agent: AgentSetup, required: readonly Need[], preferred: readonly Need[]): number {
  let fit = 0;
  for (const { skill } of required) fit += agent.skills[skill] ?? 0;
  for (const { skill, level } of preferred) {
    const had = agent.skills[skill] ?? 0;
    if (had >= level) fit += had;
  }
  return fit;
}

/** As if waiting this long were one level of priority: strict priority, for everybody who lives less than 30 years. */
const STRICT_MS = 1e12;

/** Earlier than it came for each level above 5, later for each level below: everybody ages alike, so this order never changes. */
export const dueAt = (setup: QueueSetup, joinedAt: number, priority: number): number => joinedAt - (priority - 5) * (setup.ageingMs || STRICT_MS);
