import { z } from '@hono/zod-openapi';
import type { MarkView } from '../desk/erasing/index.js';
import { refusals } from './problem.js';
import { iso, route, Time } from './routes.js';

/** Legal hold, as conversations and tickets show it. */
export const Hold = z.object({ by: z.string(), at: Time, reason: z.string() }).openapi('LegalHold');
export const Erased = z.object({ by: z.string(), at: Time, why: z.enum(['customer_deleted', 'retention']) }).openapi('Erased', { description: 'what was said is gone, and who said it' });
export const shownMarks = ({ hold, erased }: MarkView): { hold: z.output<typeof Hold> | null; erased: z.output<typeof Erased> | null } => ({
  hold: hold && { by: hold.by, at: iso(hold.at), reason: hold.why }, erased: erased && { by: erased.by, at: iso(erased.at), why: erased.why },
});

const params = z.object({ id: z.string().max(100) });
/** PUT and DELETE …/{id}/hold of one kind of thing. */
export function holdRoutes<P extends 'conversations.hold' | 'tickets.hold', V extends z.ZodType>(permission: P, tag: 'conversations' | 'tickets', View: V) {
  const [noun, zh] = permission === 'conversations.hold' ? ['conversation', '会话'] : ['ticket', '工单'];
  const none = { 404: `There is no such ${noun} for you` };
  return {
    hold: route(permission, {
      method: 'put', path: '/{id}/hold', tags: [tag], summary: `Legal hold: what was said in the ${noun} stays, whoever removes the customer and however old it is`, 'x-summary-zh-CN': `${zh}法律保全：删除客户或保留期满都不清除其内容`,
      request: { params, body: { required: true, content: { 'application/json': { schema: z.strictObject({ reason: z.string().trim().min(1).max(500) }).openapi('NewLegalHold') } } } },
      responses: { 200: { description: 'On hold', content: { 'application/json': { schema: View } } }, ...refusals({ ...none, 422: 'No reason', 503: 'The disk takes nothing' }) },
    }),
    release: route(permission, {
      method: 'delete', path: '/{id}/hold', tags: [tag], summary: `Ends the legal hold of a ${noun}; what had to go goes then`, 'x-summary-zh-CN': `解除${zh}的法律保全，应清除的内容随即清除`,
      request: { params }, responses: { 204: { description: 'No longer on hold' }, ...refusals({ ...none, 503: 'The disk takes nothing' }) },
    }),
  };
}
