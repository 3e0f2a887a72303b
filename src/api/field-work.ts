import { z } from '@hono/zod-openapi';
import type { Files } from '../desk/files/index.js';
import type { Comment, Ticket, TicketDesk, TicketFile, TicketSetup, Worker } from '../desk/tickets/index.js';
import { bodyOf } from './files.js';
import { linkHolders } from './linked-page.js';
import { refusals } from './problem.js';
import { iso, route, routes, Time } from './routes.js';

const label = z.object({ 'zh-CN': z.string(), en: z.string() });
const id = z.object({ id: z.string().max(100) });
const headers = z.object({ 'x-ticket-link': z.string().max(800).optional().openapi({ description: 'what stands behind the # of the link' }) });
const FieldFile = z.object({ id: z.string(), name: z.string(), type: z.string(), bytes: z.int(), url: z.string().openapi({ description: 'opens it for an hour' }) }).openapi('FieldFile');
const FieldComment = z.object({ id: z.string(), at: Time, mine: z.boolean(), by: z.enum(['worker', 'customer', 'house']), visibility: z.enum(['public', 'internal']), text: z.string(), files: z.array(FieldFile) }).openapi('FieldComment');
const named = z.object({ name: z.string(), label });
const brief = {
  id: z.string(), number: z.string(), subject: z.string(), kind: z.enum(['open', 'waiting', 'resolved', 'closed']), state_label: label, type_label: label, place: z.string().nullable(), due_at: Time.nullable(), breached: z.boolean(), created_at: Time, updated_at: Time,
};
const FieldTicketBrief = z.object(brief).openapi('FieldTicketBrief');
const FieldTicket = z
  .object({
    ...brief, text: z.string(), fields: z.array(z.object({ name: z.string(), label, value: label })), requester: z.object({ name: z.string().nullable(), phone: z.string().nullable() }),
    moves: z.array(named).openapi({ description: 'where you may bring it' }), files: z.array(FieldFile), comments: z.array(FieldComment),
  })
  .openapi('FieldTicket');

const json = <T extends z.ZodType>(schema: T) => ({ 'application/json': { schema } });
const linked = { security: [], tags: ['field-work'] };
const wrong = { 401: 'The link is wrong or has expired', 429: 'Too many requests' };
const none = { ...wrong, 404: 'There is no such ticket assigned to you' };
const refused = { ...none, 409: 'It was merged into another, is erased, or cannot go there', 422: 'Something of it is wrong', 503: 'The disk takes nothing' };
const list = route('open', {
  method: 'get', path: '/tickets', ...linked, summary: 'Tickets assigned to a worker outside of the house, by his signed link', 'x-summary-zh-CN': '凭签名链接查看分派给外部人员的工单', request: { headers },
  responses: { 200: { description: 'Those to be done, the oldest first; then what was resolved in the last 30 days', content: json(z.object({ worker: named, items: z.array(FieldTicketBrief) })) }, ...refusals(wrong) },
});
const get = route('open', {
  method: 'get', path: '/tickets/{id}', ...linked, summary: 'One of them: what is to be done, where and for whom', 'x-summary-zh-CN': '查看其中一张：内容、地点与联系人', request: { params: id, headers },
  responses: { 200: { description: 'The ticket', content: json(FieldTicket) }, ...refusals(none) },
});
const move = route('open', {
  method: 'post', path: '/tickets/{id}/transitions', ...linked, summary: 'Bring it to another state', 'x-summary-zh-CN': '变更工单状态',
  request: { params: id, headers, body: { required: true, content: json(z.strictObject({ to: z.string().max(40) }).openapi('FieldMove')) } },
  responses: { 200: { description: 'The ticket', content: json(FieldTicket) }, ...refusals(refused) },
});
const say = route('open', {
  method: 'post', path: '/tickets/{id}/comments', ...linked, summary: 'Report, with pictures', 'x-summary-zh-CN': '提交进展及图片', request: {
    params: id, headers,
    body: { required: true, content: json(z.strictObject({ text: z.string().trim().min(1).max(20_000), visibility: z.enum(['public', 'internal']).default('internal').openapi({ description: 'public: the customer reads it too' }), files: z.array(z.string().max(100)).max(20).default([]) }).openapi('FieldReport')) },
  },
  responses: { 201: { description: 'The comment', content: json(FieldComment) }, ...refusals(refused) },
});
const upload = route('open', {
  method: 'post', path: '/files', ...linked, summary: 'A picture, video or document for a report', 'x-summary-zh-CN': '上传图片、视频或文件',
  request: { headers, query: z.object({ name: z.string().min(1).max(255) }), body: { required: true, content: { 'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) } } } },
  responses: { 201: { description: 'The file', content: json(FieldFile) }, ...refusals({ ...wrong, 413: 'Too large', 415: 'A kind that is not taken', 422: 'Damaged, or a bomb', 503: 'Too many pictures at once' }) },
});

const OPENS_MS = 3_600_000;
const both = (text: string) => ({ 'zh-CN': text, en: text });

/** /v1/field-work: outlets and technicians see what is assigned to them, by a link, and no more. */
export const fieldWorkRoutes = ({ fieldWork, pageLinks }: Pick<TicketDesk, 'fieldWork' | 'pageLinks'>, setup: () => TicketSetup, files: Files, now: () => number) => {
  const workerOf = linkHolders(pageLinks, now, ({ of, id: name }) => (of === 'worker' ? fieldWork.worker(name) : undefined));
  const typeOf = (name: string) => setup().types.find((t) => t.name === name);
  const stateLabel = (type: string, state: string) => typeOf(type)?.states.find((s) => s.name === state)?.label ?? both(state);
  const short = (t: Ticket): z.output<typeof FieldTicketBrief> => ({
    id: t.id, number: String(t.number), subject: t.subject, kind: t.kind, state_label: stateLabel(t.type, t.state), type_label: typeOf(t.type)?.label ?? both(t.type), place: t.place,
    due_at: t.dueAt === null ? null : iso(t.dueAt), breached: t.breached, created_at: iso(t.createdAt), updated_at: iso(t.updatedAt),
  });
  const file = ({ id: of, name, type, bytes }: Pick<TicketFile, 'id' | 'name' | 'type' | 'bytes'>): z.output<typeof FieldFile> => ({ id: of, name, type, bytes, url: `/files/${of}?token=${files.links.sign(of, Date.now() + OPENS_MS)}` });
  const comment = (worker: Worker, { id: of, at, by, visibility, text }: Comment, sent: readonly TicketFile[] = []): z.output<typeof FieldComment> =>
    ({ id: of, at: iso(at), mine: by === fieldWork.sender(worker), by: by === 'customer' ? 'customer' : by.startsWith('worker:') ? 'worker' : 'house', visibility, text, files: sent.map(file) });
  const fieldsOf = ({ type, fields }: Ticket) => (typeOf(type)?.fields ?? []).flatMap(({ name, label: said, choices }) => {
    const value = fields[name];
    return value === undefined ? [] : [{ name, label: said, value: choices.find((one) => one.name === value)?.label ?? both(String(value)) }];
  });
  const whole = (worker: Worker, ticket: Ticket): z.output<typeof FieldTicket> => {
    const sent = fieldWork.files(worker, ticket);
    return {
      ...short(ticket), text: ticket.text, fields: fieldsOf(ticket), requester: { name: ticket.requester.name, phone: ticket.requester.phone }, moves: fieldWork.moves(worker, ticket).map((name) => ({ name, label: stateLabel(ticket.type, name) })),
      files: (sent.get(null) ?? []).map(file), comments: fieldWork.comments(worker, ticket).map((one) => comment(worker, one, sent.get(one.id))),
    };
  };
  return routes()
    .openapi(list, (c) => {
      const worker = workerOf(c);
      return c.json({ worker: { name: worker.name, label: worker.label }, items: fieldWork.list(worker).map(short) }, 200);
    })
    .openapi(get, (c) => {
      const worker = workerOf(c);
      return c.json(whole(worker, fieldWork.get(worker, c.req.valid('param').id)), 200);
    })
    .openapi(move, (c) => {
      const worker = workerOf(c);
      const { id: of } = fieldWork.move(worker, c.req.valid('param').id, c.req.valid('json').to);
      return c.json(whole(worker, fieldWork.get(worker, of)), 200);
    })
    .openapi(say, (c) => {
      const worker = workerOf(c);
      const { ticket, comment: made } = fieldWork.say(worker, c.req.valid('param').id, c.req.valid('json'));
      return c.json(comment(worker, made, fieldWork.files(worker, ticket).get(made.id)), 201);
    })
    .openapi(upload, async (c) => c.json(file(await files.add({ content: bodyOf(c), name: c.req.valid('query').name, by: fieldWork.sender(workerOf(c)) })), 201));
};
