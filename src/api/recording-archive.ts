import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { NoSuchRecording, type Archive, type RecordingRow, type SpokenRow } from '../archive/index.js';
import { Forbidden } from './errors.js';
import { masked } from './fields.js';
import { refusals } from './problem.js';
import { agentsIn, type AgentsNear } from './reach.js';
import { iso, listOf, moment, pageQuery, route, routes, sortOf, Time } from './routes.js';

const Hold = z.object({ by: z.string(), at: Time, reason: z.string() });
const Recording = z
  .object({
    id: z.string(), call: z.string(), part: z.int(), state: z.enum(['recording', 'done', 'failed', 'repaired', 'deleted']), began_at: Time, duration_ms: z.int().nullable(), bytes: z.int().nullable(),
    from: z.string(), to: z.string(), direction: z.enum(['inbound', 'outbound', 'internal']), queue: z.string().nullable(), agent: z.string().nullable(), customer: z.string().nullable(),
    transcript: z.enum(['done', 'failed']).nullable(), language: z.string().nullable(), audio: z.string().nullable().openapi({ description: 'where its WAV is; null once it is deleted' }),
    hold: Hold.nullable(), deleted: z.object({ at: Time, by: z.string(), why: z.enum(['asked', 'retention']) }).nullable(),
  })
  .openapi('Recording');
const Place = z.object({ speaker: z.enum(['customer', 'other']), start_ms: z.int(), end_ms: z.int(), text: z.string() });
const Spoken = Recording.extend({ places: z.array(Place).openapi({ description: 'where any of the words was said, in ms from the first sample of the part' }) }).openapi('SpokenRecording');

const word = z.string().min(1).max(100);
const filters = {
  customer: word.optional(), agent: word.optional(), queue: word.optional(), call: word.optional(),
  number: z.string().regex(/^\+?\d{3,20}$/).optional().openapi({ description: 'who called or was called: the whole number, or its last digits' }),
  since: moment.optional().openapi({ description: 'began at or after' }), until: moment.optional().openapi({ description: 'began before' }),
};
const yesNo = z.enum(['true', 'false']).transform((text) => text === 'true').optional().openapi({ type: 'string', enum: ['true', 'false'] });
const id = z.object({ id: z.string().max(100) });
const json = <T extends z.ZodType>(schema: T) => ({ 'application/json': { schema } });

const listRecordings = route('recordings.read', {
  method: 'get', path: '/recordings', tags: ['recordings'], summary: 'Recordings, newest first: by customer, agent, queue, number, time, and words that were said', 'x-summary-zh-CN': '录音检索：按客户、坐席、队列、号码、时间与所说的词，最新在前',
  request: { query: z.object({ ...filters, words: z.string().min(1).max(200).optional().openapi({ description: 'all of them were said; needs transcripts.read too', example: '取消订单' }), held: yesNo, deleted: yesNo, ...pageQuery, sort: sortOf('-began_at', 'began_at') }) },
  responses: { 200: { description: 'A page of recordings', content: json(listOf(Recording)) }, ...refusals({ 400: 'A parameter or the cursor is wrong', 503: 'Too many searches at once' }) },
});
const getRecording = route('recordings.read', {
  method: 'get', path: '/recordings/{id}', tags: ['recordings'], summary: 'One recording; once it is deleted, when and by whom', 'x-summary-zh-CN': '单个录音的信息；已删除的显示何时由谁删除',
  request: { params: id }, responses: { 200: { description: 'The recording', content: json(Recording) }, ...refusals({ 404: 'There is no such recording' }) },
});
const removeRecording = route('recordings.delete', {
  method: 'delete', path: '/recordings/{id}', tags: ['recordings'], summary: 'Deletes file and transcript for good', 'x-summary-zh-CN': '永久删除录音文件及其转写',
  request: { params: id }, responses: { 204: { description: 'Gone' }, ...refusals({ 404: 'There is no such recording, or no longer', 409: 'It is on legal hold, or still being recorded' }) },
});
const holdRecording = route('recordings.hold', {
  method: 'put', path: '/recordings/{id}/hold', tags: ['recordings'], summary: 'Legal hold: nobody deletes it, nor does retention', 'x-summary-zh-CN': '法律保全：任何人及保留期限都不得删除',
  request: { params: id, body: { required: true, content: json(z.strictObject({ reason: z.string().trim().min(1).max(500) })) } },
  responses: { 200: { description: 'The recording', content: json(Recording) }, ...refusals({ 404: 'There is no such recording, or no longer', 422: 'No reason' }) },
});
const releaseRecording = route('recordings.hold', {
  method: 'delete', path: '/recordings/{id}/hold', tags: ['recordings'], summary: 'Ends a legal hold', 'x-summary-zh-CN': '解除法律保全',
  request: { params: id }, responses: { 204: { description: 'It may be deleted again' }, ...refusals({ 404: 'There is no such recording' }) },
});
const searchTranscripts = route('transcripts.read', {
  method: 'get', path: '/transcripts', tags: ['recordings'], summary: 'Where words were said, newest first', 'x-summary-zh-CN': '转写检索：哪里说过这些词，最新在前',
  request: { query: z.object({ q: z.string().min(1).max(200).openapi({ description: 'all of these words', example: '退款' }), ...filters, ...pageQuery, sort: sortOf('-began_at', 'began_at'), limit: z.coerce.number().int().min(1).max(100).default(20).openapi({ description: '1–100' }) }) },
  responses: { 200: { description: 'A page of them', content: json(listOf(Spoken)) }, ...refusals({ 400: 'A parameter or the cursor is wrong', 503: 'Too many searches at once' }) },
});

const NUMBERS = { from: 'calls.numbers', to: 'calls.numbers' } as const;

/** /v1/recordings, /v1/transcripts */
export const archiveRoutes = (archive: Omit<Archive, 'sweep' | 'close'>, near: AgentsNear) => {
  const reached = (c: Context, wanted: string): RecordingRow => {
    const row = archive.get(wanted);
    const agents = agentsIn(c, near);
    if (agents !== undefined && (row.agent === null || !agents.includes(row.agent))) throw new NoSuchRecording(wanted);
    return row;
  };
  return routes()
    .openapi(listRecordings, async (c) => {
      const { limit, cursor, sort, ...filter } = c.req.valid('query');
      if (filter.words !== undefined && c.get('principal').may('transcripts.read') === undefined) throw new Forbidden('transcripts.read');
      const { items, nextCursor } = await archive.list({ ...filter, agents: agentsIn(c, near) }, { limit, cursor, oldestFirst: sort === 'began_at' });
      return c.json({ items: masked(c, items.map(shown), NUMBERS), next_cursor: nextCursor ?? null }, 200);
    })
    .openapi(getRecording, (c) => c.json(masked(c, shown(reached(c, c.req.valid('param').id)), NUMBERS), 200))
    .openapi(removeRecording, async (c) => {
      await archive.remove(reached(c, c.req.valid('param').id).id, c.get('principal').id);
      return c.body(null, 204);
    })
    .openapi(holdRecording, (c) => {
      const { id: wanted } = reached(c, c.req.valid('param').id);
      return c.json(masked(c, shown(archive.hold(wanted, c.req.valid('json').reason, c.get('principal').id)), NUMBERS), 200);
    })
    .openapi(releaseRecording, (c) => {
      archive.release(reached(c, c.req.valid('param').id).id, c.get('principal').id);
      return c.body(null, 204);
    })
    .openapi(searchTranscripts, async (c) => {
      const { limit, cursor, sort, q, ...filter } = c.req.valid('query');
      const { items, nextCursor } = await archive.spoken({ ...filter, words: q, agents: agentsIn(c, near) }, { limit, cursor, oldestFirst: sort === 'began_at' });
      return c.json({ items: masked(c, items.map(spoken), NUMBERS), next_cursor: nextCursor ?? null }, 200);
    });
};

function shown(row: RecordingRow): z.output<typeof Recording> {
  const { id: recording, call, part, state, at, ms, bytes, from, to, direction, queue, agent, customer, transcript, language } = row;
  return {
    id: recording, call, part, state, began_at: iso(at), duration_ms: ms === null ? null : Math.round(ms), bytes, from, to, direction, queue, agent, customer, transcript, language,
    audio: state === 'deleted' ? null : `/v1/calls/${call}/recording?part=${part}`,
    hold: row.held_at === null ? null : { by: row.held_by ?? '', at: iso(row.held_at), reason: row.held_why ?? '' },
    deleted: row.deleted_at === null ? null : { at: iso(row.deleted_at), by: row.deleted_by ?? '', why: row.deleted_why ?? 'asked' },
  };
}
const spoken = ({ places, ...row }: SpokenRow): z.output<typeof Spoken> => ({ ...shown(row), places: places.map(({ speaker, start_ms, end_ms, text }) => ({ speaker, start_ms, end_ms, text })) });
