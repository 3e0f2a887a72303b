import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { AccessRefused, FIELDS, PERMISSIONS, type Login, type SecondFactor, type Session, type Sessions, type Users } from '../access/index.js';
import { refusals } from './problem.js';
import { Fields, Permissions } from './rights.js';
import { iso, listOf, route, routes, Time } from './routes.js';
import { csrfOf, dropSession, sessionIn, type Cookies } from './session-cookie.js';
import { byOf } from './trail.js';

const Me = z
  .object({
    id: z.string().openapi({ example: 'usr_01jd…' }), kind: z.enum(['admin', 'user', 'key']), name: z.string(), teams: z.array(z.string()), agent: z.string().nullable(), extension: z.string().nullable(),
    permissions: Permissions, fields: Fields, needs: z.array(z.enum(['second_factor'])).openapi({ description: 'what must be done before anything is allowed' }), csrf_token: z.string().nullable().openapi({ description: 'of a browser session: send it as X-CSRF-Token with whatever changes anything' }),
  })
  .openapi('Me');
export const SessionView = z
  .object({ id: z.string(), how: z.enum(['password', 'oidc']), current: z.boolean(), created_at: Time, seen_at: Time, expires_at: Time, address: z.string(), user_agent: z.string().nullable() })
  .openapi('Session');
const password = z.string().min(1).max(1_024);
const NewPassword = z.strictObject({ old: password, new: password }).openapi('NewPassword');
const Begun = z.object({ uri: z.string().openapi({ description: 'for the QR code of an authenticator app' }), secret: z.string() }).openapi('SecondFactorBegun');
const Code = z.strictObject({ code: z.string().max(10) }).openapi('SecondFactorCode');
const Codes = z.object({ recovery_codes: z.array(z.string()).openapi({ description: 'each is good once, shown this once' }) }).openapi('RecoveryCodes');
const Proof = z.strictObject({ password }).openapi('PasswordProof');
const json = <T extends z.ZodType>(schema: T) => ({ 'application/json': { schema } });
const body = <T extends z.ZodType>(schema: T) => ({ required: true, content: json(schema) });
const person = { 403: 'Only somebody who is logged in with a browser has this' };

const getMe = route('any', {
  method: 'get', path: '/me', tags: ['access'], summary: 'Who you are and what you may', 'x-summary-zh-CN': '当前身份与权限', request: {},
  responses: { 200: { description: 'You', content: json(Me) } },
});
const logOut = route('any', {
  method: 'post', path: '/logout', tags: ['access'], summary: 'End this browser session', 'x-summary-zh-CN': '退出登录', request: {}, responses: { 204: { description: 'It is over' }, ...refusals(person) },
});
const mySessions = route('any', {
  method: 'get', path: '/me/sessions', tags: ['access'], summary: 'Where you are logged in', 'x-summary-zh-CN': '我的登录会话', request: {},
  responses: { 200: { description: 'Sessions that hold, newest first', content: json(listOf(SessionView)) }, ...refusals(person) },
});
const endMine = route('any', {
  method: 'delete', path: '/me/sessions/{id}', tags: ['access'], summary: 'End one of your sessions', 'x-summary-zh-CN': '结束我的某个会话', request: { params: z.object({ id: z.string().max(100) }) },
  responses: { 204: { description: 'It is over' }, ...refusals({ ...person, 404: 'There is no such session' }) },
});
const putPassword = route('any', {
  method: 'put', path: '/me/password', tags: ['access'], summary: 'A new password; your other sessions end', 'x-summary-zh-CN': '修改密码；其他会话随之结束', request: { body: body(NewPassword) },
  responses: { 204: { description: 'It holds' }, ...refusals({ ...person, 422: 'The old one is wrong, or the new one weak' }) },
});
const beginFactor = route('any', {
  method: 'post', path: '/me/second-factor', tags: ['access'], summary: 'Begin a second factor (TOTP)', 'x-summary-zh-CN': '开始绑定两步验证（TOTP）', request: {},
  responses: { 200: { description: 'The secret, to be confirmed with a code', content: json(Begun) }, ...refusals({ ...person, 409: 'There is one already' }) },
});
const confirmFactor = route('any', {
  method: 'post', path: '/me/second-factor/confirm', tags: ['access'], summary: 'Confirm it with a code; log-ins ask for one from now on', 'x-summary-zh-CN': '用验证码确认，此后登录需验证码', request: { body: body(Code) },
  responses: { 200: { description: 'Codes for the day the phone is lost', content: json(Codes) }, ...refusals({ ...person, 409: 'None was begun, or there is one already', 422: 'The code is wrong' }) },
});
const removeFactor = route('any', {
  method: 'post', path: '/me/second-factor/remove', tags: ['access'], summary: 'Remove it', 'x-summary-zh-CN': '解除两步验证', request: { body: body(Proof) },
  responses: { 204: { description: 'It is gone' }, ...refusals({ ...person, 409: 'There is none', 422: 'The password is wrong' }) },
});

export interface MeRooms {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly login: Login;
  readonly secondFactor: SecondFactor;
  readonly needs: (user: string, credential: string) => readonly 'second_factor'[];
  readonly cookies: Cookies;
}
/** /v1/me, /v1/logout */
export const meRoutes = ({ users, sessions, login, secondFactor, needs, cookies }: MeRooms) => {
  /** @throws AccessRefused unless it is a person with a session */
  const self = (c: Context) => {
    const { kind, id, credential } = c.get('principal');
    const user = kind === 'user' ? users.row(id) : undefined;
    if (!user) throw new AccessRefused('access.not_a_person', 'only somebody who is logged in with a browser has this', 'POST /v1/login first');
    return { user, session: credential, by: { ...byOf(c), scope: 'own' as const }, from: { source: c.get('source'), userAgent: c.req.header('user-agent'), request: c.get('requestId') } };
  };
  const proved = async (c: Context, given: string) => {
    const me = self(c);
    if (!(await login.proves(me.user, given, me.from))) throw new AccessRefused('access.wrong_password', 'this is not your password');
    return me;
  };
  return routes()
    .openapi(getMe, (c) => {
      const me = c.get('principal');
      const permissions = Object.fromEntries(PERMISSIONS.flatMap((p) => {
        const scope = me.may(p);
        return scope === undefined ? [] : [[p, scope]];
      }));
      const cookie = me.kind === 'user' ? sessionIn(c, cookies) : undefined;
      return c.json({
        id: me.id, kind: me.kind, name: me.name, teams: [...me.teams], agent: me.agent, extension: me.extension, permissions, fields: FIELDS.filter((f) => me.sees(f)),
        needs: me.kind === 'user' ? [...needs(me.id, me.credential)] : [], csrf_token: cookie === undefined ? null : csrfOf(cookie),
      }, 200, { 'cache-control': 'no-store' });
    })
    .openapi(logOut, (c) => {
      const { user, session, by } = self(c);
      sessions.end(user.id, session, 'logged_out', by);
      dropSession(c, cookies);
      return c.body(null, 204);
    })
    .openapi(mySessions, (c) => {
      const { user, session } = self(c);
      return c.json({ items: sessions.list(user.id).map((s) => shownSession(s, session)), next_cursor: null }, 200);
    })
    .openapi(endMine, (c) => {
      const { user, by } = self(c);
      sessions.end(user.id, c.req.valid('param').id, 'revoked', by);
      return c.body(null, 204);
    })
    .openapi(putPassword, async (c) => {
      const { old, new: fresh } = c.req.valid('json');
      const { user, session, by } = await proved(c, old);
      await users.setPassword(user.id, fresh, session, by);
      return c.body(null, 204);
    })
    .openapi(beginFactor, (c) => {
      const { user, by } = self(c);
      return c.json(secondFactor.begin(user, by), 200, { 'cache-control': 'no-store' });
    })
    .openapi(confirmFactor, (c) => {
      const { user, by } = self(c);
      return c.json({ recovery_codes: [...secondFactor.confirm(user, c.req.valid('json').code, by)] }, 200, { 'cache-control': 'no-store' });
    })
    .openapi(removeFactor, async (c) => {
      const { user, by } = await proved(c, c.req.valid('json').password);
      secondFactor.remove(user, by);
      return c.body(null, 204);
    });
};

export const shownSession = (s: Session, current?: string): z.output<typeof SessionView> =>
  ({ id: s.id, how: s.how, current: s.id === current, created_at: iso(s.created_at), seen_at: iso(s.seen_at), expires_at: iso(s.expires_at), address: s.address, user_agent: s.user_agent });
