import { z } from '@hono/zod-openapi';
import { StrowgerError } from '../base/index.js';
import { NoSuchThing, pageOf, type TicketSetup, type View, type Worker } from '../desk/tickets/index.js';
import { refusals } from './problem.js';
import { ifMatch } from './queue-settings.js';
import { iso, route, routes, Time } from './routes.js';
import { actorOf, etagOf, FilterForm, TicketPatchForm, versionIn, type Desk } from './tickets-schema.js';

const jsonOf = <T extends z.ZodType>(schema: T) => ({ 'application/json': { schema } });
const listed = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item) });
const label = z.object({ 'zh-CN': z.string(), en: z.string() });
const named = { name: z.string(), label };
const FieldView = z.object({
  ...named, kind: z.enum(['text', 'number', 'date', 'choice', 'boolean', 'order', 'place']), required: z.enum(['never', 'created', 'resolved']), choices: z.array(z.object(named)),
  min: z.number().nullable(), max: z.number().nullable(), see: z.array(z.string()), edit: z.array(z.string()),
});
const TypeView = z.object({
  ...named, fields: z.array(FieldView), states: z.array(z.object({ ...named, kind: z.enum(['open', 'waiting', 'resolved', 'closed']) })),
  transitions: z.array(z.object({ from: z.array(z.string()), to: z.string(), roles: z.array(z.string()) })),
}).openapi('TicketType');
const types = route('tickets.read', {
  method: 'get', path: '/ticket-types', tags: ['tickets'], summary: 'Types of tickets with their fields, states and ways', 'x-summary-zh-CN': '工单类型及其字段、状态与流转',
  responses: { 200: { description: 'Types', content: jsonOf(listed(TypeView)) } },
});
const macros = route('tickets.read', {
  method: 'get', path: '/ticket-macros', tags: ['tickets'], summary: 'Macros that you may use', 'x-summary-zh-CN': '可使用的宏',
  responses: { 200: { description: 'Macros', content: jsonOf(listed(z.object({ ...named, types: z.array(z.string()).nullable() }).openapi('TicketMacro'))) } },
});
const WorkerView = z.object({ ...named, email: z.string().nullable(), language: z.enum(['zh-CN', 'en']), places: z.array(z.string()), assignee: z.string().openapi({ description: 'as whom tickets are assigned to it', example: 'worker:outlet_sz' }) }).openapi('TicketWorker');
const workers = route('tickets.read', {
  method: 'get', path: '/ticket-workers', tags: ['tickets'], summary: 'Workers outside of the house: outlets, technicians', 'x-summary-zh-CN': '外部人员：网点、技师', responses: { 200: { description: 'Workers', content: jsonOf(listed(WorkerView)) } },
});
const workerLink = route('tickets.admin', {
  method: 'post', path: '/ticket-workers/{name}/link', tags: ['tickets'], summary: 'A link to the page on which such a worker sees what is assigned to him, for a while', 'x-summary-zh-CN': '生成外部人员工作页面的限时链接',
  request: { params: z.object({ name: z.string().max(40) }), body: { required: false, content: jsonOf(z.strictObject({ seconds: z.number().min(60).max(31_622_400).default(2_592_000) }).openapi('TicketWorkerLink')) } },
  responses: { 201: { description: 'The link', content: jsonOf(z.object({ url: z.string().openapi({ example: '/field-work#w1798…' }), expires_at: Time }).openapi('TicketWorkerUrl')) }, ...refusals({ 404: 'There is no such worker' }) },
});
const ViewShown = z.object({ id: z.string(), name: z.string(), owner: z.string(), team: z.string().nullable(), filter: FilterForm, version: z.int() }).openapi('TicketView');
const ViewForm = z.strictObject({ name: z.string().trim().min(1).max(100), team: z.string().max(63).nullable().default(null).openapi({ description: 'null: yours alone; "*": everybody\'s' }), filter: FilterForm }).openapi('NewTicketView');
const oneView = z.object({ id: z.string().max(100) });
const none = { 404: 'There is no such view for you' };
const views = route('tickets.read', {
  method: 'get', path: '/ticket-views', tags: ['tickets'], summary: 'Saved views: yours and those shared with you', 'x-summary-zh-CN': '已保存的视图', responses: { 200: { description: 'Views', content: jsonOf(listed(ViewShown)) } },
});
const addView = route('tickets.read', {
  method: 'post', path: '/ticket-views', tags: ['tickets'], summary: 'Save a view', 'x-summary-zh-CN': '保存视图', request: { body: { required: true, content: jsonOf(ViewForm) } },
  responses: { 201: { description: 'The view', content: jsonOf(ViewShown) }, ...refusals({ 403: 'You may not share it with that team' }) },
});
const setView = route('tickets.read', {
  method: 'put', path: '/ticket-views/{id}', tags: ['tickets'], summary: 'Change a view', 'x-summary-zh-CN': '修改视图', request: { params: oneView, headers: ifMatch, body: { required: true, content: jsonOf(ViewForm) } },
  responses: { 200: { description: 'The view', content: jsonOf(ViewShown) }, ...refusals({ ...none, 403: 'It is somebody else\'s', 412: 'Changed meanwhile', 428: 'If-Match is missing' }) },
});
const dropView = route('tickets.read', {
  method: 'delete', path: '/ticket-views/{id}', tags: ['tickets'], summary: 'Remove a view', 'x-summary-zh-CN': '删除视图', request: { params: oneView },
  responses: { 204: { description: 'It is gone' }, ...refusals({ ...none, 403: 'It is somebody else\'s' }) },
});
const BulkForm = z.strictObject({
  ids: z.array(z.string().max(100)).min(1).max(100),
  do: z.union([z.strictObject({ patch: TicketPatchForm }), z.strictObject({ to: z.string().max(40) }), z.strictObject({ macro: z.string().max(63) })]),
}).openapi('TicketBulk');
const BulkDone = z.object({ items: z.array(z.object({ id: z.string(), ok: z.boolean(), version: z.int().nullable(), code: z.string().nullable(), message: z.string().nullable() })) }).openapi('TicketBulkResult');
const bulk = route('tickets.bulk', {
  method: 'post', path: '/tickets/bulk', tags: ['tickets'], summary: 'The same change to up to 100 tickets; each one succeeds or fails by itself', 'x-summary-zh-CN': '批量修改（至多 100 张），逐张返回结果',
  request: { body: { required: true, content: jsonOf(BulkForm) } }, responses: { 200: { description: 'What became of each', content: jsonOf(BulkDone) } },
});

/** /v1/ticket-types, /v1/ticket-macros, /v1/ticket-workers, /v1/ticket-views, /v1/tickets/bulk */
export const ticketListRoutes = (desk: Desk, setup: () => TicketSetup) =>
  routes()
    .openapi(types, (c) => c.json({ items: setup().types.map(shownType) }, 200))
    .openapi(macros, (c) => c.json({ items: desk.macros.list(actorOf(c)).map((m) => ({ name: m.name, label: m.label, types: m.types === undefined ? null : [...m.types] })) }, 200))
    .openapi(workers, (c) => c.json({ items: setup().workers.map((one) => shownWorker(desk, one)) }, 200))
    .openapi(workerLink, (c) => {
      const { name } = c.req.valid('param');
      if (!desk.fieldWork.worker(name)) throw new NoSuchThing(`there is no worker "${name}"`, { hint: 'GET /v1/ticket-workers lists them' });
      const [holder, until] = [{ of: 'worker', id: name } as const, Math.round(Date.now() + c.req.valid('json').seconds * 1_000)];
      c.set('change', { object: `ticket-worker:${name}`, after: { expires_at: iso(until) } });
      return c.json({ url: `${pageOf(holder)}#${desk.pageLinks.sign(holder, until)}`, expires_at: iso(until) }, 201, { 'cache-control': 'no-store' });
    })
    .openapi(views, (c) => c.json({ items: desk.views(actorOf(c)).map(shownView) }, 200))
    .openapi(addView, (c) => {
      const made = desk.saveView(c.req.valid('json'), actorOf(c), undefined);
      return c.json(shownView(made), 201, { etag: etagOf(made) });
    })
    .openapi(setView, (c) => {
      const set = desk.saveView({ id: c.req.valid('param').id, ...c.req.valid('json') }, actorOf(c), versionIn(c, 'required'));
      return c.json(shownView(set), 200, { etag: etagOf(set) });
    })
    .openapi(dropView, (c) => {
      desk.dropView(c.req.valid('param').id, actorOf(c));
      return c.body(null, 204);
    })
    .openapi(bulk, async (c) => {
      const { ids, do: what } = c.req.valid('json');
      const actor = actorOf(c);
      const items: z.output<typeof BulkDone>['items'] = [];
      for (const id of new Set(ids)) {
        // Each is committed by itself; between them others get their turn.
        await new Promise((resolve) => setImmediate(resolve));
        try {
          const { version } = 'patch' in what ? desk.patch(id, what.patch, actor, undefined) : 'to' in what ? desk.move(id, what.to, actor, undefined) : desk.macros.run(id, what.macro, actor, undefined);
          items.push({ id, ok: true, version, code: null, message: null });
        } catch (error) {
          if (!(error instanceof StrowgerError)) throw error;
          items.push({ id, ok: false, version: null, code: error.code, message: error.message });
        }
      }
      return c.json({ items }, 200);
    });

const shownWorker = (desk: Desk, one: Worker): z.output<typeof WorkerView> => ({ name: one.name, label: one.label, email: one.email ?? null, language: one.language, places: [...one.places], assignee: desk.fieldWork.sender(one) });
const shownView = ({ id, name, owner, team, filter, version }: View): z.output<typeof ViewShown> => ({ id, name, owner, team, filter: FilterForm.parse(filter), version });
const shownType = (t: TicketSetup['types'][number]): z.output<typeof TypeView> => ({
  name: t.name, label: t.label, states: t.states.map((s) => ({ name: s.name, label: s.label, kind: s.kind })), transitions: t.transitions.map((way) => ({ from: [...way.from], to: way.to, roles: [...way.roles] })),
  fields: t.fields.map((f) => ({ name: f.name, label: f.label, kind: f.kind, required: f.required, choices: f.choices.map((one) => ({ ...one })), min: f.min ?? null, max: f.max ?? null, see: [...f.see], edit: [...f.edit] })),
});
