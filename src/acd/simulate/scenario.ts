import { z } from 'zod';
import {
  agentForm, attributesField, checkAcd, clockField, nameField, parseYaml, checkYaml, queueForm, routingForm, skillsField, timeZoneField, toAgent, toQueue, toRouting,
  type ConfigFault, type Parsed, type Source,
} from '../../config/index.js';
import type { AcdConfig } from '../setup.js';
import type { SimpleScenario } from './simple.js';

const seed = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
/** The form of which theory knows the answer. */
const simpleForm = z.strictObject({
  arrivals_per_hour: z.number().positive().max(1_000_000), mean_handling_s: z.number().positive().max(1_000_000), mean_patience_s: z.number().positive().max(10_000_000).nullable(),
  agents: z.int().min(1).max(10_000), hours: z.number().positive().max(100_000), seed: seed.default(1), threshold_s: z.number().min(0).max(100_000).default(20),
});

const spread = z.strictObject({
  mean: z.number().min(0).max(1_000_000), like: z.enum(['exponential', 'lognormal', 'fixed']).default('exponential'), cv: z.number().positive().max(10).default(1),
});
/** A number alone is the mean. */
const duration = z.union([z.number().min(0).max(1_000_000).transform((mean) => ({ mean, like: 'exponential' as const, cv: 1 })), spread]);
/** `09:00`, or `24:00` for the end of the day. */
const until = z.union([z.literal('24:00'), clockField]);
const period = { from: clockField.default('00:00'), to: until.default('24:00') };

const shift = z.strictObject({ ...period, state: z.enum(['available', 'away', 'training']).default('available'), reason: z.string().max(100).optional(), days: z.array(z.int().min(1).max(366)).optional() });
const answering = z.strictObject({ ring_seconds: duration.prefault({ mean: 3, like: 'lognormal', cv: 0.5 }), no_answer: z.number().min(0).max(1).default(0) });
const player = agentForm.omit({ extension: true, on_register: true }).extend({
  /** So many alike: `lin-1`, `lin-2`, … */
  count: z.int().min(1).max(10_000).default(1),
  shifts: z.array(shift).max(50).default([{ from: '00:00', to: '24:00', state: 'available' }]),
  answers: answering.prefault({}),
});
const handling = z.union([z.number().min(0).max(1_000_000).transform((mean) => ({ mean, like: 'exponential' as const, cv: 1, by_skill: {} })), spread.extend({ by_skill: z.record(z.string(), duration).default({}) })]);
const arrivals = z.strictObject({ ...period, per_hour: z.number().min(0).max(1_000_000), days: z.array(z.int().min(1).max(366)).optional() });
const contacts = z.strictObject({
  kind: nameField, queues: z.union([nameField.transform((one) => [one]), z.array(nameField).min(1).max(10)]), channel: nameField.default('voice'), priority: z.int().min(1).max(10).default(5),
  attributes: attributesField.default({}), needs: skillsField.default({}), callback: z.boolean().default(false),
  arrivals: z.array(arrivals).min(1).max(1000), handling_seconds: handling, patience_seconds: duration.nullable().default(null),
});

/** Queues in the words of config/queues.yaml, and what happens to them. */
const richForm = z.strictObject({
  start: z.iso.date('a date as 2026-11-20').default('2026-01-05'), days: z.int().min(1).max(366).default(1), time_zone: timeZoneField.default('UTC'), seed: seed.default(1),
  queues: z.array(queueForm).min(1).max(1000), agents: z.array(player).min(1).max(10_000), contacts: z.array(contacts).min(1).max(1000), ...routingForm.shape,
});
export type RichForm = z.output<typeof richForm>;
export type PlayerForm = RichForm['agents'][number];
export type ContactForm = RichForm['contacts'][number];
export type SpreadForm = z.output<typeof duration>;

export type Scenario = { readonly form: 'simple'; readonly simple: SimpleScenario } | { readonly form: 'rich'; readonly rich: RichForm; readonly config: AcdConfig };

/** Reads a scenario; every fault has file, line and column. */
export function readScenario(file: string, text: string): Parsed<Scenario> {
  const parsed = parseYaml(file, text);
  if (!parsed.ok) return parsed;
  const source = parsed.value;
  if (typeof source.value === 'object' && source.value !== null && !('queues' in source.value)) {
    const simple = checkYaml(source, simpleForm);
    return simple.ok ? { ok: true, value: { form: 'simple', simple: simple.value } } : simple;
  }
  const rich = checkYaml(source, richForm);
  if (!rich.ok) return rich;
  const faults = crossCheck(source, rich.value);
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value: { form: 'rich', rich: rich.value, config: configOf(rich.value) } };
}

const configOf = (form: RichForm): AcdConfig => ({
  queues: form.queues.map(toQueue), routing: toRouting(form),
  agents: form.agents.flatMap((a) => idsOf(a).map((id) => toAgent({ ...a, id, extension: '0', on_register: 'away' }))),
});

export const idsOf = ({ id, count }: Pick<PlayerForm, 'id' | 'count'>): string[] => (count === 1 ? [id] : Array.from({ length: count }, (_, i) => `${id}-${i + 1}`));

function crossCheck(source: Source, form: RichForm): ConfigFault[] {
  const names = form.queues.map((q) => q.name);
  const routing = checkAcd(
    { queues: form.queues, agents: form.agents.map((a) => ({ ...a, extension: '0', on_register: 'away' as const })), setups: [], routing: form }, {},
  ).filter((i) => i.severity === 'error').map(({ path, code, message, hint, key }) => source.fault(path, code, message, hint, key));
  const twice = (list: string, key: string, values: readonly string[]): ConfigFault[] =>
    values.flatMap((value, i) => (values.indexOf(value) < i ? [source.fault([list, i, key], 'config.duplicate', `${key} "${value}" is used twice`)] : []));
  return [
    ...routing,
    ...twice('queues', 'name', names), ...twice('agents', 'id', form.agents.map((a) => a.id)), ...twice('contacts', 'kind', form.contacts.map((c) => c.kind)),
    ...form.contacts.flatMap((c, i) => c.queues.flatMap((queue) => (names.includes(queue) ? [] : [source.fault(['contacts', i, 'queues'], 'config.unknown_reference', `there is no queue "${queue}"`)]))),
    ...form.contacts.flatMap((c, i) => emptyPeriods(source, ['contacts', i, 'arrivals'], c.arrivals)),
    ...form.agents.flatMap((a, i) => emptyPeriods(source, ['agents', i, 'shifts'], a.shifts)),
  ];
}

const emptyPeriods = (source: Source, path: readonly PropertyKey[], periods: readonly { readonly from: string; readonly to: string }[]): ConfigFault[] =>
  periods.flatMap(({ from, to }, i) => (from < to ? [] : [source.fault([...path, i, 'to'], 'config.wrong_value', `"to" must be later than "from" (${from})`, 'over midnight: two periods')]));
