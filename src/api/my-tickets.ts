import { z } from '@hono/zod-openapi';
import type { Files } from '../desk/files/index.js';
import type { Comment, Reader, Ticket, TicketDesk, TicketFile, TicketSetup } from '../desk/tickets/index.js';
import { bodyOf } from './files.js';
import { linkHolders } from './linked-page.js';
import { refusals } from './problem.js';
import { iso, route, routes, Time } from './routes.js';

const label = z.object({ 'zh-CN': z.string(), en: z.string() });
const id = z.object({ id: z.string().max(100) });
const headers = z.object({ 'x-ticket-link': z.string().max(800).optional().openapi({ description: 'what stands behind the # of the link' }) });
const MyFile = z.object({ id: z.string(), name: z.string(), type: z.string(), bytes: z.int(), url: z.string().openapi({ description: 'opens it for an hour' }) }).openapi('MyFile');
const MyComment = z.object({ id: z.string(), at: Time, mine: z.boolean(), text: z.string(), files: z.array(MyFile) }).openapi('MyComment');
const brief = { id: z.string(), number: z.string(), subject: z.string(), kind: z.enum(['open', 'waiting', 'resolved', 'closed']), state_label: label, type_label: label, created_at: Time, updated_at: Time };
const MyTicketBrief = z.object(brief).openapi('MyTicketBrief');
const MyTicket = z.object({ ...brief, text: z.string(), fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])), merged: z.boolean(), files: z.array(MyFile), comments: z.array(MyComment) }).openapi('MyTicket');

const json = <T extends z.ZodType>(schema: T) => ({ 'application/json': { schema } });
const linked = { security: [], tags: ['my-tickets'] };
const wrong = { 401: 'The link is wrong or has expired', 429: 'Too many requests' };
const none = { ...wrong, 404: 'There is no such ticket of yours' };
const list = route('open', {
  method: 'get', path: '/tickets', ...linked, summary: 'A customer\'s own tickets, by the signed link of a mail', 'x-summary-zh-CN': '凭邮件签名链接查看本人的工单', request: { headers },
  responses: { 200: { description: 'Newest first, at most 100', content: json(z.object({ items: z.array(MyTicketBrief) })) }, ...refusals(wrong) },
});
const get = route('open', {
  method: 'get', path: '/tickets/{id}', ...linked, summary: 'One of them, with what was said publicly', 'x-summary-zh-CN': '查看其中一张工单及公开回复', request: { params: id, headers },
  responses: { 200: { description: 'The ticket', content: json(MyTicket) }, ...refusals(none) },
});
const say = route('open', {
  method: 'post', path: '/tickets/{id}/comments', ...linked, summary: 'The customer answers', 'x-summary-zh-CN': '客户回复', request: {
    params: id, headers, body: { required: true, content: json(z.strictObject({ text: z.string().trim().min(1).max(20_000), files: z.array(z.string().max(100)).max(20).default([]) }).openapi('MyAnswer')) },
  },
  responses: { 201: { description: 'The comment', content: json(MyComment) }, ...refusals({ ...none, 409: 'It was merged into another, or is erased', 422: 'Something of it is wrong', 503: 'The disk takes nothing' }) },
});
const upload = route('open', {
  method: 'post', path: '/files', ...linked, summary: 'A file for an answer', 'x-summary-zh-CN': '上传回复所附文件',
  request: { headers, query: z.object({ name: z.string().min(1).max(255) }), body: { required: true, content: { 'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) } } } },
  responses: { 201: { description: 'The file', content: json(MyFile) }, ...refusals({ ...wrong, 413: 'Too large', 415: 'A kind that is not taken', 422: 'Damaged, or a bomb', 503: 'Too many pictures at once' }) },
});

const OPENS_MS = 3_600_000;

/** /v1/my-tickets: nobody logs in; who has a link sees what it was signed for, and no more. */
export const myTicketRoutes = (desk: Pick<TicketDesk, 'mine' | 'pageLinks'>, setup: () => TicketSetup, files: Files, now: () => number) => {
  const readerOf = linkHolders(desk.pageLinks, now, (holder): Reader | undefined => (holder.of === 'worker' ? undefined : holder));
  const labels = ({ type, state }: Ticket) => {
    const known = setup().types.find((t) => t.name === type);
    const both = (text: string) => ({ 'zh-CN': text, en: text });
    return { type_label: known?.label ?? both(type), state_label: known?.states.find((s) => s.name === state)?.label ?? both(state) };
  };
  const short = (t: Ticket): z.output<typeof MyTicketBrief> => ({ id: t.id, number: String(t.number), subject: t.subject, kind: t.kind, ...labels(t), created_at: iso(t.createdAt), updated_at: iso(t.updatedAt) });
  const file = ({ id: of, name, type, bytes }: Pick<TicketFile, 'id' | 'name' | 'type' | 'bytes'>): z.output<typeof MyFile> => ({ id: of, name, type, bytes, url: `/files/${of}?token=${files.links.sign(of, Date.now() + OPENS_MS)}` });
  const comment = ({ id: of, at, by, text }: Comment, sent: readonly TicketFile[] = []): z.output<typeof MyComment> => ({ id: of, at: iso(at), mine: by === 'customer', text, files: sent.map(file) });
  return routes()
    .openapi(list, (c) => c.json({ items: desk.mine.list(readerOf(c)).map(short) }, 200))
    .openapi(get, (c) => {
      const ticket = desk.mine.get(readerOf(c), c.req.valid('param').id);
      const sent = desk.mine.files(ticket);
      return c.json({
        ...short(ticket), text: ticket.text, fields: { ...ticket.fields }, merged: ticket.mergedInto !== null, files: (sent.get(null) ?? []).map(file), comments: desk.mine.comments(ticket).map((one) => comment(one, sent.get(one.id))),
      }, 200);
    })
    .openapi(say, (c) => {
      const { text, files: ids } = c.req.valid('json');
      const { ticket, comment: made } = desk.mine.say(readerOf(c), c.req.valid('param').id, text, ids);
      return c.json(comment(made, desk.mine.files(ticket).get(made.id)), 201);
    })
    .openapi(upload, async (c) => c.json(file(await files.add({ content: bodyOf(c), name: c.req.valid('query').name, by: desk.mine.sender(readerOf(c)) })), 201));
};
