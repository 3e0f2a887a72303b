import { z } from '@hono/zod-openapi';
import { etagOf, type Team, type Teams } from '../access/index.js';
import { refusals } from './problem.js';
import { ifMatch, stale } from './queue-settings.js';
import { needed } from './roles.js';
import { listOf, pageByKey, keyedQuery, route, routes } from './routes.js';
import { byOf } from './trail.js';

const TeamView = z.object({ id: z.string(), name: z.string() }).openapi('Team');
const TeamBody = z.strictObject({ name: z.string().min(1).max(100) }).openapi('TeamBody');
const id = z.object({ id: z.string().max(100) });
const json = { 'application/json': { schema: TeamView } };
const body = { required: true, content: { 'application/json': { schema: TeamBody } } };
const headers = { ETag: { description: 'for If-Match', schema: { type: 'string' as const } } };
const none = { 404: 'There is no such team' };
const taken = { 409: 'There is one of that name', 422: 'The body is wrong' };
const reach = { 403: 'Your users.write does not reach all teams' };

const listTeams = route('users.read', {
  method: 'get', path: '/', tags: ['access'], summary: 'Teams', 'x-summary-zh-CN': '团队列表', request: { query: z.object(keyedQuery('id')) },
  responses: { 200: { description: 'A page of teams', content: { 'application/json': { schema: listOf(TeamView) } } }, ...refusals({ 400: 'A parameter is wrong' }) },
});
const getTeam = route('users.read', {
  method: 'get', path: '/{id}', tags: ['access'], summary: 'One team', 'x-summary-zh-CN': '单个团队', request: { params: id },
  responses: { 200: { description: 'The team', headers, content: json }, ...refusals(none) },
});
const addTeam = route('users.write', {
  method: 'post', path: '/', tags: ['access'], summary: 'A new team', 'x-summary-zh-CN': '新建团队', request: { body },
  responses: { 201: { description: 'The team', headers, content: json }, ...refusals({ ...reach, ...taken }) },
});
const patchTeam = route('users.write', {
  method: 'patch', path: '/{id}', tags: ['access'], summary: 'Rename a team; its ID stays', 'x-summary-zh-CN': '重命名团队，ID 不变', request: { params: id, headers: ifMatch, body },
  responses: { 200: { description: 'The team', headers, content: json }, ...refusals({ ...reach, ...none, ...taken, ...stale }) },
});
const removeTeam = route('users.write', {
  method: 'delete', path: '/{id}', tags: ['access'], summary: 'Remove a team that nobody is in', 'x-summary-zh-CN': '删除没有成员的团队', request: { params: id, headers: ifMatch },
  responses: { 204: { description: 'It is gone' }, ...refusals({ ...reach, ...none, 409: 'Somebody is in it', ...stale }) },
});

/** /v1/teams */
export const teamRoutes = (teams: Teams) =>
  routes()
    .openapi(listTeams, (c) => {
      const { items, nextCursor } = pageByKey(teams.all(), (t) => t.id, { cursor: undefined, ...c.req.valid('query') });
      return c.json({ items: items.map(shown), next_cursor: nextCursor ?? null }, 200);
    })
    .openapi(getTeam, (c) => {
      const team = teams.get(c.req.valid('param').id);
      return c.json(shown(team), 200, { etag: etagOf(team.version) });
    })
    .openapi(addTeam, (c) => {
      const team = teams.add(c.req.valid('json').name, byOf(c));
      return c.json(shown(team), 201, { etag: etagOf(team.version), location: `/v1/teams/${team.id}` });
    })
    .openapi(patchTeam, (c) => {
      const team = teams.rename(c.req.valid('param').id, c.req.valid('json').name, needed(c.req.header('if-match')), byOf(c));
      return c.json(shown(team), 200, { etag: etagOf(team.version) });
    })
    .openapi(removeTeam, (c) => {
      teams.remove(c.req.valid('param').id, needed(c.req.header('if-match')), byOf(c));
      return c.body(null, 204);
    });

const shown = ({ id: team, name }: Team): z.output<typeof TeamView> => ({ id: team, name });
