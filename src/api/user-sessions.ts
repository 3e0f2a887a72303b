import { z } from '@hono/zod-openapi';
import type { SecondFactor, Sessions, Users } from '../access/index.js';
import { SessionView, shownSession } from './me.js';
import { refusals } from './problem.js';
import { listOf, route, routes } from './routes.js';
import { byOf } from './trail.js';

const id = z.object({ id: z.string().max(100) });
const none = { 404: 'There is no such user within your reach' };
const listSessions = route('users.read', {
  method: 'get', path: '/{id}/sessions', tags: ['access'], summary: 'Where a user is logged in', 'x-summary-zh-CN': '用户的登录会话', request: { params: id },
  responses: { 200: { description: 'Sessions that hold, newest first', content: { 'application/json': { schema: listOf(SessionView) } } }, ...refusals(none) },
});
const endSession = route('users.write', {
  method: 'delete', path: '/{id}/sessions/{session}', tags: ['access'], summary: 'End a session of a user', 'x-summary-zh-CN': '结束用户的某个会话', request: { params: id.extend({ session: z.string().max(100) }) },
  responses: { 204: { description: 'It is over' }, ...refusals({ 403: 'He may more than you', 404: 'There is no such user or session within your reach' }) },
});
const resetFactor = route('users.write', {
  method: 'delete', path: '/{id}/second-factor', tags: ['access'], summary: 'Take the second factor from a user who lost his phone', 'x-summary-zh-CN': '为丢失手机的用户解除两步验证', request: { params: id },
  responses: { 204: { description: 'It is gone; his sessions stay' }, ...refusals({ 403: 'He may more than you', ...none, 409: 'There is none' }) },
});

/** /v1/users/{id}: sessions and second factor */
export const userSessionRoutes = ({ users, sessions, secondFactor }: { readonly users: Users; readonly sessions: Sessions; readonly secondFactor: SecondFactor }) =>
  routes()
    .openapi(listSessions, (c) => {
      const user = users.get(c.req.valid('param').id, { principal: c.get('principal'), scope: c.get('scope') });
      return c.json({ items: sessions.list(user.id).map((s) => shownSession(s)), next_cursor: null }, 200);
    })
    .openapi(endSession, (c) => {
      const { id: user, session } = c.req.valid('param');
      const by = byOf(c);
      sessions.end(users.reachable(user, by).id, session, 'revoked', by);
      return c.body(null, 204);
    })
    .openapi(resetFactor, (c) => {
      const by = byOf(c);
      secondFactor.remove(users.reachable(c.req.valid('param').id, by), by);
      return c.body(null, 204);
    });
