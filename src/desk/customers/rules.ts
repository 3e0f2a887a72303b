import { createHash } from 'node:crypto';
import type { ActivityView, CustomerView } from './types.js';
import type { CustomersForm } from './settings.js';

/** Conditions of the house as this room needs them; the flows' expressions are such. */
export interface Expressions {
  compile(text: string): { readonly ok: true; readonly paths: readonly string[]; readonly holds: (scope: object) => boolean } | { readonly ok: false; readonly message: string; readonly column: number };
}
/** Days of the house: numbers count from 1970. */
export interface Days {
  dayOf(ms: number): number;
  /** Its first moment, ms since 1970. */
  startOf(day: number): number;
}
interface Rule {
  readonly tag: string;
  readonly holds: (scope: object) => boolean;
}
export interface Rules {
  /** Changes when a rule does. */
  readonly hash: string;
  readonly rules: readonly Rule[];
  /** They change with the date by themselves. */
  readonly daily: boolean;
  /** They look at sums of the last days. */
  readonly windows: boolean;
}
export interface RuleFault {
  readonly index: number;
  readonly message: string;
}
export const RULE_NAMES = ['name', 'language', 'attributes', 'years', 'tags', 'identities', 'adviser', 'team', 'verified', 'contacts', 'orders', 'spending', 'browsing', 'activity', 'now'] as const;
export const WINDOWS = [1, 7, 30, 90, 365] as const;

export function compileRules(form: Pick<CustomersForm, 'tags'>, expressions: Expressions): { readonly rules: Rules; readonly faults: readonly RuleFault[] } {
  const faults: RuleFault[] = [];
  const paths: string[] = [];
  const rules = form.tags.flatMap(({ tag, when }, index): Rule[] => {
    const compiled = expressions.compile(when);
    if (!compiled.ok) return faults.push({ index, message: `${compiled.message} (column ${compiled.column})` }), [];
    const strange = compiled.paths.map((path) => path.split('.')[0] ?? '').find((name) => !(RULE_NAMES as readonly string[]).includes(name));
    if (strange !== undefined) return faults.push({ index, message: `there is no "${strange}" here; there are ${RULE_NAMES.join(', ')}` }), [];
    paths.push(...compiled.paths);
    return [{ tag, holds: compiled.holds }];
  });
  const hash = createHash('sha256').update(JSON.stringify(form.tags)).digest('base64url').slice(0, 16);
  return { faults, rules: { hash, rules, daily: paths.some((path) => /^(now|years|verified)\b/.test(path)), windows: paths.some((path) => /\bd\d+$/.test(path) || /^(contacts|orders|spending|browsing|activity)(\.\w+)?$/.test(path)) } };
}

const NOTHING: ActivityView = { total: 0, d1: 0, d7: 0, d30: 0, d90: 0, d365: 0 };

/** Which tags the rules give now, in their order. */
export function tagsByRule({ rules }: Rules, view: CustomerView, now: number, days: Days): string[] {
  const scope = scopeOf(view, now, days);
  return [...new Set(rules.filter(({ holds }) => holds(scope)).map(({ tag }) => tag))];
}

function scopeOf(view: CustomerView, now: number, days: Days): object {
  const date = new Date(days.dayOf(now) * 86_400_000);
  const attributes = Object.fromEntries(Object.entries(view.attributes).map(([name, { value }]) => [name, value]));
  const years = Object.fromEntries(Object.entries(attributes).flatMap(([name, value]) => (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? [[name, yearsSince(value, date)]] : [])));
  return {
    name: view.name, language: view.language, adviser: view.adviser, team: view.team, attributes, years, tags: view.tags.filter((t) => t.how === 'hand').map((t) => t.tag),
    identities: [...new Set(view.identities.map((i) => i.kind))], verified: view.verified !== null && view.verified.until > now,
    contacts: NOTHING, orders: NOTHING, spending: NOTHING, browsing: NOTHING, ...view.activity, activity: view.activity,
    now: { date: date.toISOString().slice(0, 10), year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), weekday: date.getUTCDay() || 7 },
  };
}

function yearsSince(text: string, date: Date): number {
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number);
  const before = date.getUTCMonth() + 1 < month || (date.getUTCMonth() + 1 === month && date.getUTCDate() < day);
  return date.getUTCFullYear() - year - (before ? 1 : 0);
}

/** When the tags may change though nothing happens; null: never. `days`: those with any activity. */
export function dueAt({ daily, windows }: Rules, days: Days, active: readonly number[], now: number, verifiedUntil: number | null): number | null {
  const today = days.dayOf(now);
  let next = daily ? today + 1 : Number.POSITIVE_INFINITY;
  if (windows) for (const day of active) for (const length of WINDOWS) if (day + length > today) next = Math.min(next, day + length);
  const at = next === Number.POSITIVE_INFINITY ? null : days.startOf(next);
  return daily && at !== null && verifiedUntil !== null && verifiedUntil > now ? Math.min(at, verifiedUntil) : at;
}
