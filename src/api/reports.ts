import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { chartOf, FIGURE_NAMES, FIGURES, GROUPS, REPORT_NAMES, REPORTS, type CountedContact, type Figure, type Filters, type Group, type Report, type ReportQuestion, type Reports, type WrittenReport } from '../insight/index.js';
import { masked } from './fields.js';
import { refusals } from './problem.js';
import { agentsIn, type AgentsNear } from './reach.js';
import { iso, listOf, moment, pageQuery, route, routes, Time } from './routes.js';

const group = z.enum(GROUPS);
const Names = z.object({ en: z.string(), 'zh-CN': z.string() });
const ReportView = z
  .object({
    name: z.string(), names: Names, by: z.array(group).openapi({ description: 'how it is grouped unless asked otherwise' }), groups: z.array(group),
    figures: z.array(z.object({ name: z.string(), names: Names, unit: z.enum(['count', 'share', 's', 'score']), contacts: z.boolean().openapi({ description: 'whether /calls can show the contacts behind it' }) })),
  })
  .openapi('Report');
const value = z.union([z.string(), z.number(), z.null()]);
const Figures = z.record(z.string(), z.number().nullable());
const Answer = z
  .object({
    report: z.string(), since: Time, until: Time, time_zone: z.string(), by: z.array(group),
    rows: z.array(z.record(z.string(), value)).openapi({ description: 'the groups asked for, and the figures', example: [{ queue: 'support', offered: 120, answered: 114, service_level: 0.91 }] }),
    total: Figures.openapi({ description: 'of all rows; empty where contacts have several of what they are grouped by (tag)' }),
    spread: z.number().nullable().openapi({ description: 'by agent: standard deviation of `handled` ÷ its mean' }),
  })
  .openapi('ReportAnswer') satisfies z.ZodType<WrittenReport>; // it is written beside the event loop
const Contact = z
  .object({
    id: z.string().openapi({ description: 'what to ask for next: `call:…`, `ticket:…`' }), call: z.string().nullable(), came_at: Time, channel: z.string(), queue: z.string().nullable(), agent: z.string().nullable(), number: z.string().nullable(), region: z.string().nullable(),
    product: z.string().nullable(), tags: z.array(z.string()), outcome: z.enum(['answered', 'abandoned', 'diverted', 'handled', 'self_served', 'left', 'not_reached']), waited_ms: z.int(), talk_ms: z.int(), hold_ms: z.int(), wrap_ms: z.int(), transfers: z.int(), repeat: z.boolean(),
  })
  .openapi('ReportContact');

/** `a,b` or the name several times. */
const several = z.union([z.string().min(1).max(1_000), z.array(z.string().min(1).max(200)).max(50)]).transform((given) => (typeof given === 'string' ? given.split(',') : given)).optional()
  .openapi({ type: 'string', description: 'one, or several with commas between' });
const asked = {
  since: moment.optional().openapi({ description: 'came at or after, to the quarter of an hour; default: 24 hours before until' }), until: moment.optional().openapi({ description: 'came before; default: now' }),
  queue: several, channel: several, agent: several, number: several, region: several, tag: several, product: several, type: several,
  time_zone: z.string().max(60).optional().openapi({ description: 'IANA name of the zone whose hours and days are meant; default: the house\'s', example: 'Asia/Shanghai' }),
};
const by = z.string().max(200).transform((text, ctx): Group[] => {
  const names = text === 'none' ? [] : text.split(',').map((name) => name.trim());
  for (const name of names) if (!(GROUPS as readonly string[]).includes(name)) ctx.addIssue({ code: 'custom', message: `there is no group "${name}"; there are ${GROUPS.join(', ')} and none` });
  return names as Group[];
}).optional().openapi({ type: 'string', description: `how to group, with commas between: ${GROUPS.join(', ')}; none: the total alone`, example: 'day,queue' });
const name = z.object({ name: z.string().max(50).openapi({ example: 'queues', description: REPORT_NAMES.join(', ') }) });

const listReports = route('reports.read', {
  method: 'get', path: '/', tags: ['reports'], summary: 'What reports there are, with their figures', 'x-summary-zh-CN': '报表目录及其指标',
  responses: { 200: { description: 'All of them', content: { 'application/json': { schema: listOf(ReportView) } } } },
});
const getReport = route('reports.read', {
  method: 'get', path: '/{name}', tags: ['reports'], summary: 'Figures over a time, grouped and filtered; as JSON, CSV or a picture', 'x-summary-zh-CN': '按时间、分组与条件统计的报表；JSON、CSV 或图表',
  request: { params: name, query: z.object({
    ...asked, by, format: z.enum(['json', 'csv', 'svg']).prefault('json'),
    figure: several.openapi({ type: 'string', description: 'of a picture (svg): one to six, each in a panel of its own; left out: the first of the report', example: 'offered,service_level' }),
    language: z.enum(['en', 'zh-CN']).prefault('en').openapi({ description: 'of the words in a picture' }),
  }) },
  responses: {
    200: { description: 'The report; definitions in docs/reports.md', content: { 'application/json': { schema: Answer }, 'text/csv': { schema: z.string() }, 'image/svg+xml': { schema: z.string() } } },
    ...refusals({ 400: 'A parameter is wrong', 404: 'There is no such report', 422: 'Asked for what cannot be told apart, or for too much', 503: 'Too many questions at once' }),
  },
});
const getContacts = route('reports.read', {
  method: 'get', path: '/{name}/calls', tags: ['reports'], summary: 'The calls and other contacts behind a figure, newest first', 'x-summary-zh-CN': '指标背后的通话与其他联络，最新在前',
  request: { params: name, query: z.object({ ...asked, figure: z.string().max(50).optional().openapi({ description: 'those that count in it; left out: all', example: 'abandoned' }), ...pageQuery }) },
  responses: {
    200: { description: 'A page of them', content: { 'application/json': { schema: listOf(Contact) } } },
    ...refusals({ 400: 'A parameter or the cursor is wrong', 404: 'There is no such report', 422: 'There are no contacts behind that figure', 503: 'Too many questions at once' }),
  },
});

const DAY_MS = 86_400_000;
/** Opened by itself a picture runs nothing. */
const PICTURE = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
export interface ReportDesk {
  readonly reports: Omit<Reports, 'close'>;
  readonly timeZone: () => string;
  readonly near: AgentsNear;
}

/** /v1/reports */
export const reportRoutes = ({ reports, timeZone, near }: ReportDesk) => {
  type Query = z.output<z.ZodObject<typeof asked>>;
  const questionOf = (c: Context, report: string, query: Query, groups?: readonly Group[]): ReportQuestion => {
    const { since, until = Date.now(), time_zone, queue, channel, agent, number, region, tag, product, type } = query;
    const filters: Filters = Object.fromEntries(Object.entries({ queue, channel, agent, number, region, tag, product, type }).filter(([, wanted]) => wanted !== undefined));
    return { report, since: since ?? until - DAY_MS, until, by: groups, filters, within: agentsIn(c, near), zone: time_zone ?? timeZone() };
  };
  return routes()
    .openapi(listReports, (c) => c.json({ items: REPORT_NAMES.map(described), next_cursor: null }, 200))
    .openapi(getReport, async (c) => {
      const { by: groups, format, figure, language, ...query } = c.req.valid('query');
      const { name: report } = c.req.valid('param');
      const question = questionOf(c, report, query, groups);
      if (format === 'svg') return c.body(chartOf(await reports.ask(question), { figures: figure ?? [], language }), 200, { 'content-type': 'image/svg+xml; charset=utf-8', 'content-security-policy': PICTURE });
      const text = await reports.write(question, format);
      if (format === 'json') return c.body(text, 200, { 'content-type': 'application/json' });
      return c.body(text, 200, { 'content-type': 'text/csv; charset=utf-8; header=present', 'content-disposition': `attachment; filename="${report}.csv"` });
    })
    .openapi(getContacts, async (c) => {
      const { figure, limit, cursor, ...query } = c.req.valid('query');
      const { items, nextCursor } = await reports.contacts(questionOf(c, c.req.valid('param').name, query, []), figure, { limit, cursor });
      return c.json({ items: masked(c, items.map(contactShown), { number: 'calls.numbers' }), next_cursor: nextCursor ?? null }, 200);
    });
};

function described(report: (typeof REPORT_NAMES)[number]): z.output<typeof ReportView> {
  const { names, by: usual, figures }: Report = REPORTS[report];
  return {
    name: report, names, by: [...usual], groups: [...GROUPS],
    figures: figures.map((name) => {
      const { unit, drill }: Figure = FIGURES[name];
      return { name, names: FIGURE_NAMES[name], unit, contacts: drill !== undefined && drill.length > 0 };
    }),
  };
}
const orNull = (text: string): string | null => (text === '' ? null : text);
function contactShown(one: CountedContact): z.output<typeof Contact> {
  return {
    id: one.subject, call: one.subject.startsWith('call:') ? one.subject.slice('call:'.length) : null, came_at: iso(one.at), channel: one.channel, queue: orNull(one.queue), agent: orNull(one.agent), number: orNull(one.number), region: orNull(one.region),
    product: orNull(one.product), tags: one.tags === '' ? [] : one.tags.split(','), outcome: one.outcome, waited_ms: one.wait_ms, talk_ms: one.talk_ms, hold_ms: one.hold_ms, wrap_ms: one.wrap_ms, transfers: one.transfers, repeat: one.repeats > 0,
  };
}
