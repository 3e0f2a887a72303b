import { z } from '@hono/zod-openapi';
import type { Login, LoggedIn } from '../access/index.js';
import { LoginThrottled, LoginRefused } from './errors.js';
import { refusals } from './problem.js';
import { route, routes } from './routes.js';
import { csrfOf, deviceIn, keepSession, sameSite, type Cookies } from './session-cookie.js';
import { shownUser, UserView } from './users.js';
import type { User } from '../access/index.js';

const Given = z
  .strictObject({ login: z.string().min(1).max(100), password: z.string().min(1).max(1_024), code: z.string().max(40).optional().openapi({ description: 'of the authenticator app, or a recovery code' }) })
  .openapi('Credentials', { example: { login: 'lin', password: 'four words easy to keep' } });
const In = z.object({ user: UserView, csrf_token: z.string().openapi({ description: 'send it as X-CSRF-Token with whatever changes anything' }), needs: z.array(z.enum(['second_factor'])).openapi({ description: 'what must be done before anything else is allowed' }) }).openapi('LoggedIn');
const logIn = route('open', {
  method: 'post', path: '/login', tags: ['access'], security: [], summary: 'Log a browser in; the session is a cookie', 'x-summary-zh-CN': '浏览器登录，会话保存在 Cookie 中',
  request: { body: { required: true, content: { 'application/json': { schema: Given } } } },
  responses: {
    200: { description: 'Logged in', content: { 'application/json': { schema: In } } },
    ...refusals({ 401: 'wrong_credentials, or code_needed: the password is right and a code is asked for', 403: 'A page of another site sent this', 422: 'The body is wrong', 429: 'Too many wrong tries' }),
  },
});

export interface LoginRooms {
  readonly login: Login;
  readonly cookies: Cookies;
  readonly userOf: (logged: Extract<LoggedIn, { is: 'in' }>) => { readonly user: User; readonly needs: readonly 'second_factor'[] };
}
/** /v1/login */
export const loginRoutes = ({ login, cookies, userOf }: LoginRooms) =>
  routes().openapi(logIn, async (c) => {
    sameSite(c);
    const { login: name, password, code } = c.req.valid('json');
    const from = { source: c.get('source'), userAgent: c.req.header('user-agent'), request: c.get('requestId') };
    const answer = await login.attempt({ login: name, password, code, device: deviceIn(c, cookies) }, from);
    if (answer.is === 'refused') throw answer.why === 'throttled' ? new LoginThrottled(Math.ceil(answer.retryAfterMs / 1_000)) : new LoginRefused(answer.why);
    keepSession(c, cookies, answer.token, answer.device);
    const { user, needs } = userOf(answer);
    return c.json({ user: shownUser(user), csrf_token: csrfOf(answer.token), needs: [...needs] }, 200, { 'cache-control': 'no-store' });
  });
