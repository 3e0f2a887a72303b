import { z } from '@hono/zod-openapi';
import type { Oidc } from '../access/index.js';
import { refusals } from './problem.js';
import { listOf, route, routes } from './routes.js';
import { keepSession, keepUnderWay, takeUnderWay, type Cookies } from './session-cookie.js';

const provider = z.object({ provider: z.string().max(40).openapi({ example: 'company' }) });
/** A path of ours and nothing else: neither `//evil.example` nor `/\evil.example` nor what a browser would make of a tab in between. */
const localPath = z.string().max(1_000).refine((to) => /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(to), 'a path of this house, as /console');
const away = (description: string) => ({ description, headers: { Location: { description: 'where to', schema: { type: 'string' as const } } } });

const listProviders = route('open', {
  method: 'get', path: '/login/providers', tags: ['access'], security: [], summary: 'Providers that people may log in by', 'x-summary-zh-CN': '可用的登录提供方', request: {},
  responses: { 200: { description: 'All of them', content: { 'application/json': { schema: listOf(z.object({ name: z.string(), label: z.string() })) } } } },
});
const begin = route('open', {
  method: 'get', path: '/login/oidc/{provider}', tags: ['access'], security: [], summary: 'Log a browser in by OpenID Connect', 'x-summary-zh-CN': '通过 OpenID Connect 登录', request: { params: provider, query: z.object({ to: localPath.default('/').openapi({ type: 'string', description: 'where to go afterwards: a path of ours' }) }) },
  responses: { 302: away('To the provider'), ...refusals({ 404: 'There is no such provider', 503: 'It cannot be asked now' }) },
});
const finish = route('open', {
  method: 'get', path: '/login/oidc/{provider}/callback', tags: ['access'], security: [], summary: 'Where the provider sends the browser back', 'x-summary-zh-CN': '提供方的回调地址', request: { params: provider },
  responses: {
    302: away('Logged in: the session is a cookie'),
    ...refusals({ 401: 'Not confirmed, not begun in this browser, or too late', 403: 'Disabled, or without a role here', 404: 'There is no such provider, or no such role', 409: 'Somebody else here has this login', 503: 'It cannot be asked now' }),
  },
});

/** /v1/login/providers, /v1/login/oidc/{provider} */
export const oidcRoutes = (oidc: Oidc, cookies: Cookies) =>
  routes()
    .openapi(listProviders, (c) => c.json({ items: oidc.list().map((one) => ({ ...one })), next_cursor: null }, 200))
    .openapi(begin, async (c) => {
      const { location, kept } = await oidc.begin(c.req.valid('param').provider, c.req.valid('query').to);
      keepUnderWay(c, cookies, kept);
      c.header('cache-control', 'no-store');
      return c.redirect(location, 302);
    })
    .openapi(finish, async (c) => {
      const from = { source: c.get('source'), userAgent: c.req.header('user-agent'), request: c.get('requestId') };
      const { token, to } = await oidc.finish(c.req.valid('param').provider, new URL(c.req.url).search, takeUnderWay(c, cookies), from);
      keepSession(c, cookies, token);
      c.header('cache-control', 'no-store');
      return c.redirect(to, 302);
    });
