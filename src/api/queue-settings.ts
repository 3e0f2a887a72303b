import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ChangeBy, QueueId, QueueSettings } from '../acd/index.js';
import { queueForm } from '../config/index.js';
import { IfMatchMissing } from './errors.js';
import type { SettingsDesk } from './ports.js';
import { previewSentence, Preview, shownPreview } from './preview.js';
import { refusals } from './problem.js';
import { route, routes } from './routes.js';

const mode = z.enum(['open', 'closed', 'emergency']);
export const owner = z.enum(['file', 'api']);
export const QueueForm = z.object(queueForm.shape).openapi('QueueForm', { description: 'A queue as config/queues.yaml has it, every default filled in. Durations in seconds.' });
const Settings = z
  .object({
    queue: z.string(), owner: owner.openapi({ description: 'api: a change by API lies over the file and wins, or the files do not have it' }), version: z.int().openapi({ description: 'the newest change of any settings' }),
    mode: mode.openapi({ description: 'now, with opening hours' }),
    settings: QueueForm.openapi({ description: 'as files and changes have it' }), effective: QueueForm.openapi({ description: 'with the set-ups that are in force' }),
  })
  .openapi('QueueSettings');
export const Patch = z.record(z.string(), z.unknown()).openapi('SettingsPatch', { description: 'RFC 7396: keys as in the configuration file, null for the default; lists are replaced as a whole', example: { offer_seconds: 20, skills: { chinese: 5 } } });
const NewQueue = z.looseObject({ name: z.string() }).openapi('NewQueue', { description: 'name and any other key of a queue' });
const id = z.object({ id: z.string().max(100) });
export const ifMatch = z.object({ 'if-match': z.string().max(1_000).optional().openapi({ description: 'the ETag this change was made for; * for any' }) });
export const comment = z.object({ comment: z.string().max(500).optional().openapi({ description: 'why; kept with the version' }) });
const json = { 'application/json': { schema: Settings } };
const patchBody = { required: true, content: { 'application/json': { schema: Patch } } };
const headers = { ETag: { description: 'for If-Match', schema: { type: 'string' as const } } };
export const stale = { 412: 'Changed meanwhile: If-Match does not fit', 428: 'If-Match is missing' };
const wrong = { 422: 'The settings would be wrong: `errors` has a pointer to each fault' };

const getSettings = route('queues.read', {
  method: 'get', path: '/{id}/settings', tags: ['queues'], summary: 'Settings of a queue', 'x-summary-zh-CN': '队列设置', request: { params: id },
  responses: { 200: { description: 'The settings', headers, content: json }, ...refusals({ 404: 'There is no such queue' }) },
});
const patchSettings = route('queues.write', {
  method: 'patch', path: '/{id}/settings', tags: ['queues'], summary: 'Change settings of a queue, for those who wait as well, at once', 'x-summary-zh-CN': '修改队列设置，对等待中的联系立即生效',
  request: { params: id, query: comment, headers: ifMatch, body: patchBody },
  responses: { 200: { description: 'The new settings', headers, content: json }, ...refusals({ 404: 'There is no such queue', ...stale, ...wrong }) },
});
const preview = route('queues.read', {
  method: 'post', path: '/{id}/settings/preview', tags: ['queues'], summary: 'What a change would do to those who wait', 'x-summary-zh-CN': '预览设置变更对等待者的影响',
  request: { params: id, body: patchBody },
  responses: { 200: { description: 'Nothing was changed', content: { 'application/json': { schema: Preview } } }, ...refusals({ 404: 'There is no such queue', ...wrong }) },
});
const addQueue = route('queues.write', {
  method: 'post', path: '/', tags: ['queues'], summary: 'A new queue', 'x-summary-zh-CN': '新建队列',
  request: { query: comment, body: { required: true, content: { 'application/json': { schema: NewQueue } } } },
  responses: { 201: { description: 'The queue', headers, content: json }, ...refusals({ 409: 'There is one of that name', ...wrong }) },
});
const removeQueue = route('queues.write', {
  method: 'delete', path: '/{id}', tags: ['queues'], summary: 'Remove a queue; those who wait there are let go', 'x-summary-zh-CN': '删除队列；等待者将被释放', request: { params: id, query: comment, headers: ifMatch },
  responses: { 204: { description: 'It is gone' }, ...refusals({ 404: 'There is no such queue', ...stale, 422: 'Something still refers to it' }) },
});

/** Who changes what, and for which state of it. @throws IfMatchMissing */
export function changeBy(c: Context, need: 'if-match' | 'nothing'): ChangeBy {
  const ifMatch = c.req.header('if-match');
  if (need === 'if-match' && ifMatch === undefined) throw new IfMatchMissing();
  return { by: principalOf(c), comment: c.req.query('comment'), ifMatch };
}
export const principalOf = (c: Context): string => `api:${c.get('principal').name}`;

/** /v1/queues: settings */
export const queueSettingsRoutes = (desk: SettingsDesk) => {
  const shown = ({ queue, owner: whose, mode: now, settings, effective }: QueueSettings): z.output<typeof Settings> => ({ queue, owner: whose, version: desk.version(), mode: now, settings, effective });
  return routes()
    .openapi(getSettings, (c) => {
      const found = desk.queue(c.req.valid('param').id as QueueId);
      return c.json(shown(found), 200, { etag: found.etag });
    })
    .openapi(patchSettings, (c) => {
      const changed = desk.patchQueue(c.req.valid('param').id as QueueId, c.req.valid('json'), changeBy(c, 'if-match'));
      return c.json(shown(changed), 200, { etag: changed.etag });
    })
    .openapi(preview, (c) => {
      const found = desk.previewQueue(c.req.valid('param').id as QueueId, c.req.valid('json'));
      return c.json({ ...shownPreview(found), sentence: previewSentence(found) }, 200);
    })
    .openapi(addQueue, (c) => {
      const made = desk.addQueue(c.req.valid('json'), changeBy(c, 'nothing'));
      return c.json(shown(made), 201, { etag: made.etag, location: `/v1/queues/${made.queue}` });
    })
    .openapi(removeQueue, (c) => {
      desk.removeQueue(c.req.valid('param').id as QueueId, changeBy(c, 'if-match'));
      return c.body(null, 204);
    });
};
