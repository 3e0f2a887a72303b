import { z } from 'zod';
import type { Ms } from '../base/index.js';
import { name, plainSeconds, toMs } from './fields.js';
import { hoursForm, toHours, type Hours } from './hours.js';
import { ticketMailForm, toTicketMail, type TicketMailConfig } from './ticket-mail.js';

/** Keys of fields, states, priorities: small letters, for they are part of the API. */
const key = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'small letters, digits and underscore; at most 40');
const label = z.strictObject({ 'zh-CN': z.string().min(1).max(200), en: z.string().min(1).max(200) });
const named = { name: key, label };
const roles = z.array(z.string().min(1).max(63)).max(20);
const STAFF = ['agent', 'manager'];
/** Outside of the house: outlets, technicians. */
const WORKER = 'worker';
const names = z.array(z.string().min(1).max(100)).min(1).max(100).optional();
const when = z.strictObject({ types: names, priorities: names, tags: names, teams: names, places: names, channels: names }).prefault({});

const field = z.strictObject({
  ...named, kind: z.enum(['text', 'number', 'date', 'choice', 'boolean', 'order', 'place']).default('text'), required: z.enum(['never', 'created', 'resolved']).default('never'),
  choices: z.array(z.strictObject(named)).max(500).default([]), min: z.number().optional(), max: z.number().optional(), see: roles.default([...STAFF, WORKER, 'customer']), edit: roles.default([...STAFF, 'customer']),
}).refine((f) => f.kind !== 'choice' || f.choices.length > 0, { error: 'a choice needs "choices"', path: ['choices'] });
const state = z.strictObject({ ...named, kind: z.enum(['open', 'waiting', 'resolved', 'closed']) });
const oneOrMore = z.union([z.string(), z.array(z.string()).min(1).max(50)]).transform((one) => [one].flat());
const transition = z.strictObject({ from: oneOrMore.prefault('*'), to: z.string(), roles: roles.default([...STAFF, WORKER]) });
const ticketType = z.strictObject({
  ...named, fields: z.array(field).max(100).default([]), states: z.array(state).min(1).max(50), transitions: z.array(transition).max(500),
  on_customer_reply: z.string().optional(), on_staff_reply: z.string().optional(),
});

const goal = z.strictObject({
  seconds: plainSeconds(1, 366 * 86_400), warn_seconds: plainSeconds(1, 366 * 86_400).optional(),
  escalate: z.array(z.strictObject({ after_seconds: plainSeconds(0, 366 * 86_400).default(0), to: z.string().min(1).max(200) })).max(10).default([]),
}).refine((g) => g.warn_seconds === undefined || g.warn_seconds < g.seconds, { error: 'the warning must come before the target and after its beginning', path: ['warn_seconds'] })
  .refine((g) => g.escalate.every((e, i) => i === 0 || e.after_seconds > (g.escalate[i - 1]?.after_seconds ?? 0)), { error: 'each level later than the one before', path: ['escalate'] });
const sla = z.strictObject({ name: key, active: z.boolean().default(true), when, calendar: name.optional(), response: goal.optional(), update: goal.optional(), resolution: goal.optional() });
const assignment = z.strictObject({ when, team: z.string().optional(), queue: name.optional(), to: z.union([z.enum(['team', 'load', 'worker']), z.strictObject({ agent: z.string() }), z.strictObject({ worker: z.string() })]).default('team') });
const worker = z.strictObject({ ...named, email: z.email().max(200).optional(), language: z.enum(['zh-CN', 'en']).default('zh-CN'), places: z.array(z.string().min(1).max(100)).max(1_000).default([]) });
const macro = z.strictObject({
  ...named, roles: roles.default(STAFF), types: names, state: z.string().optional(), priority: z.string().optional(), team: z.string().optional(), assignee: z.string().optional(),
  add_tags: z.array(z.string().max(100)).max(50).default([]), remove_tags: z.array(z.string().max(100)).max(50).default([]),
  comment: z.strictObject({ visibility: z.enum(['public', 'internal']).default('public'), text: label }).optional(),
});

const both = (zh: string, en: string): { 'zh-CN': string; en: string } => ({ 'zh-CN': zh, en });
const PRIORITIES = [
  { name: 'low', label: both('低', 'low') }, { name: 'normal', label: both('普通', 'normal') }, { name: 'high', label: both('高', 'high') }, { name: 'urgent', label: both('紧急', 'urgent') },
];
const QUESTION: z.input<typeof ticketType> = {
  name: 'question', label: both('咨询', 'question'),
  states: [
    { name: 'new', label: both('新建', 'new'), kind: 'open' }, { name: 'open', label: both('处理中', 'open'), kind: 'open' }, { name: 'waiting', label: both('等待客户', 'waiting for you'), kind: 'waiting' },
    { name: 'resolved', label: both('已解决', 'resolved'), kind: 'resolved' }, { name: 'closed', label: both('已关闭', 'closed'), kind: 'closed' },
  ],
  transitions: [
    { from: 'new', to: 'open' }, { from: ['new', 'open'], to: 'waiting' }, { from: 'waiting', to: 'open' }, { from: ['new', 'open', 'waiting'], to: 'resolved' },
    { from: 'resolved', to: 'closed' }, { from: ['resolved', 'closed'], to: 'open', roles: ['manager', 'agent'] },
  ],
  on_customer_reply: 'open',
};

/** config/tickets.yaml. A name that means nothing is a fault where it stands. */
export const ticketsFile = z.strictObject({
  calendars: z.record(z.string(), hoursForm).default({}),
  calendar: name.optional(),
  priorities: z.array(z.strictObject(named)).min(1).max(20).default(PRIORITIES),
  teams: z.array(z.strictObject({ name: key, label, members: z.array(z.string().max(63)).max(1_000).default([]), lead: z.string().max(200).optional() })).max(500).default([]),
  workers: z.array(worker).max(5_000).default([]),
  types: z.array(ticketType).min(1).max(100).prefault([QUESTION]),
  slas: z.array(sla).max(200).default([]),
  assignment: z.array(assignment).max(500).default([]),
  mail: ticketMailForm,
  macros: z.array(macro).max(500).default([]),
}).superRefine((file, ctx) => {
  const names_ = (list: readonly { readonly name: string }[]): string[] => list.map((one) => one.name);
  const known = (path: (string | number)[], value: string | undefined, list: readonly string[], what: string): void => {
    if (value !== undefined && !list.includes(value)) ctx.addIssue({ code: 'custom', path, message: `there is no ${what} "${value}"`, params: { hint: list.length === 0 ? `no ${what} is defined` : `there are ${list.join(', ')}` } });
  };
  const calendars = Object.keys(file.calendars);
  known(['calendar'], file.calendar, calendars, 'calendar');
  file.types.forEach((type, t) => {
    const states = names_(type.states);
    type.transitions.forEach(({ from, to }, i) => {
      known(['types', t, 'transitions', i, 'to'], to, states, 'state');
      from.forEach((one) => known(['types', t, 'transitions', i, 'from'], one, [...states, '*'], 'state'));
    });
    known(['types', t, 'on_customer_reply'], type.on_customer_reply, states, 'state');
    known(['types', t, 'on_staff_reply'], type.on_staff_reply, states, 'state');
  });
  const [types, priorities, teams, workers] = [names_(file.types), names_(file.priorities), names_(file.teams), names_(file.workers)];
  const inWhen = (path: (string | number)[], w: z.output<typeof when>): void => {
    w.types?.forEach((one) => known([...path, 'types'], one, types, 'type'));
    w.priorities?.forEach((one) => known([...path, 'priorities'], one, priorities, 'priority'));
    w.teams?.forEach((one) => known([...path, 'teams'], one, teams, 'team'));
  };
  file.slas.forEach((s, i) => {
    known(['slas', i, 'calendar'], s.calendar, calendars, 'calendar');
    inWhen(['slas', i, 'when'], s.when);
  });
  file.assignment.forEach((a, i) => {
    known(['assignment', i, 'team'], a.team, teams, 'team');
    if (typeof a.to === 'object' && 'worker' in a.to) known(['assignment', i, 'to', 'worker'], a.to.worker, workers, 'worker');
    inWhen(['assignment', i, 'when'], a.when);
  });
  file.macros.forEach((m, i) => {
    known(['macros', i, 'team'], m.team, teams, 'team');
    known(['macros', i, 'priority'], m.priority, priorities, 'priority');
    m.types?.forEach((one) => known(['macros', i, 'types'], one, types, 'type'));
  });
  for (const list of ['types', 'priorities', 'teams', 'workers', 'slas', 'macros'] as const)
    names_(file[list]).forEach((one, i, all) => {
      if (all.indexOf(one) < i) ctx.addIssue({ code: 'custom', path: [list, i, 'name'], message: `"${one}" is there already`, params: { hint: 'names are given once' } });
    });
});
type File = z.output<typeof ticketsFile>;

interface GoalConfig {
  readonly targetMs: Ms;
  readonly warnMs: Ms | null;
  readonly escalateMs: readonly Ms[];
}
type Targets<T> = Readonly<Partial<Record<'response' | 'update' | 'resolution', T>>>;
/** Tickets as tickets.yaml has them. */
export interface TicketsConfig {
  readonly types: readonly (Omit<File['types'][number], 'on_customer_reply' | 'on_staff_reply' | 'fields'> & {
    readonly fields: readonly (Omit<File['types'][number]['fields'][number], 'min' | 'max'> & { readonly min: number | undefined; readonly max: number | undefined })[];
    readonly onCustomerReply: string | undefined; readonly onStaffReply: string | undefined;
  })[];
  readonly priorities: File['priorities'];
  readonly teams: readonly (Omit<File['teams'][number], 'lead'> & { readonly lead: string | undefined })[];
  readonly workers: readonly (Omit<File['workers'][number], 'email'> & { readonly email: string | undefined })[];
  readonly slas: readonly { readonly name: string; readonly active: boolean; readonly when: File['slas'][number]['when']; readonly calendar: string; readonly goals: Targets<GoalConfig>; readonly escalateTo: Targets<readonly string[]> }[];
  readonly assignment: readonly (Omit<File['assignment'][number], 'team' | 'queue'> & { readonly team: string | undefined; readonly queue: string | undefined })[];
  readonly macros: readonly {
    readonly name: string; readonly label: File['macros'][number]['label']; readonly roles: readonly string[]; readonly types: readonly string[] | undefined; readonly state: string | undefined;
    readonly priority: string | undefined; readonly team: string | undefined; readonly assignee: string | undefined; readonly addTags: readonly string[]; readonly removeTags: readonly string[];
    readonly comment: File['macros'][number]['comment'] | undefined;
  }[];
  readonly calendar: string;
  readonly calendars: readonly string[];
  readonly hours: ReadonlyMap<string, Hours>;
  readonly mail: TicketMailConfig;
}

/** Open day and night: where no calendar is named. */
const ALWAYS = 'always';

export function toTickets(file: File): TicketsConfig {
  const calendar = file.calendar ?? ALWAYS;
  const hours = new Map([[ALWAYS, toHours(hoursForm.parse({ weekly: { daily: '00:00-24:00' } }))], ...Object.entries(file.calendars).map(([one, form]) => [one, toHours(form)] as const)]);
  return {
    types: file.types.map(({ on_customer_reply, on_staff_reply, fields, ...type }) => ({ ...type, fields: fields.map((f) => ({ ...f, min: f.min, max: f.max })), onCustomerReply: on_customer_reply, onStaffReply: on_staff_reply })),
    priorities: file.priorities, teams: file.teams.map((t) => ({ ...t, lead: t.lead })), workers: file.workers.map((w) => ({ ...w, email: w.email })),
    slas: file.slas.map((s) => ({ name: s.name, active: s.active, when: s.when, calendar: s.calendar ?? calendar, goals: eachTarget(s, goalOf), escalateTo: eachTarget(s, (g) => g.escalate.map((e) => e.to)) })),
    assignment: file.assignment.map((a) => ({ ...a, team: a.team, queue: a.queue })),
    macros: file.macros.map(({ add_tags, remove_tags, ...m }) => ({
      name: m.name, label: m.label, roles: m.roles, types: m.types, state: m.state, priority: m.priority, team: m.team, assignee: m.assignee, addTags: add_tags, removeTags: remove_tags, comment: m.comment,
    })),
    calendar, calendars: [...hours.keys()], hours, mail: toTicketMail(file.mail),
  };
}

const goalOf = (g: z.output<typeof goal>): GoalConfig => ({ targetMs: toMs(g.seconds), warnMs: g.warn_seconds === undefined ? null : toMs(g.warn_seconds), escalateMs: g.escalate.map((e) => toMs(e.after_seconds)) });
function eachTarget<T>(s: File['slas'][number], of: (g: z.output<typeof goal>) => T): Targets<T> {
  return { ...(s.response ? { response: of(s.response) } : {}), ...(s.update ? { update: of(s.update) } : {}), ...(s.resolution ? { resolution: of(s.resolution) } : {}) };
}
