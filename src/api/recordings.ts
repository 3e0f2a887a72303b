import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { z } from '@hono/zod-openapi';
import { BadRange, NotFound, RecordingInProgress } from './errors.js';
import { joinWavs, type JoinedWav } from './joined-wav.js';
import type { CallReader, RecordingPart, RecordingReader } from './ports.js';
import { refusals } from './problem.js';
import { byteRange } from './range.js';
import { callInReach, type AgentsNear } from './reach.js';
import { route, routes } from './routes.js';

const wav = { 'audio/wav': { schema: z.string().openapi({ format: 'binary' }) } };
const getRecording = route('recordings.read', {
  method: 'get', path: '/{id}/recording', tags: ['calls'], summary: 'The recording: WAV, left the customer, right everyone else',
  'x-summary-zh-CN': '录音：WAV 双声道，左为客户，右为其他各方',
  request: {
    params: z.object({ id: z.string().max(100) }),
    query: z.object({ part: z.coerce.number().int().min(1).optional().openapi({ description: 'one part alone; without it all, joined in order' }) }),
  },
  responses: {
    200: { description: 'The whole recording', content: wav },
    206: { description: 'The bytes asked for by Range', content: wav },
    ...refusals({ 404: 'No such call, or nothing was recorded', 409: 'Still being recorded', 416: 'The range lies outside' }),
  },
});

/** /v1/calls/{id}/recording */
export const recordingRoutes = (recordings: RecordingReader, calls: Pick<CallReader, 'get'>, near: AgentsNear) =>
  routes().openapi(getRecording, async (c) => {
    const { id } = c.req.valid('param');
    callInReach(c, id, calls.get(id), near);
    const paths = choose(id, recordings.parts(id), c.req.valid('query').part);
    const whole = await joined(id, paths);
    const wanted = c.req.header('if-range') ?? whole.etag;
    const range = wanted === whole.etag ? byteRange(c.req.header('range'), whole.size) : undefined;
    if (range === 'outside') throw new BadRange(whole.size);
    const { first, last } = range ?? { first: 0, last: whole.size - 1 };
    const headers = {
      'content-type': 'audio/wav', 'content-length': String(last - first + 1), 'accept-ranges': 'bytes', etag: whole.etag,
      'cache-control': 'private', 'content-disposition': `inline; filename="${id.replace(/[^\w.-]/g, '_')}.wav"`,
      ...(range ? { 'content-range': `bytes ${first}-${last}/${whole.size}` } : {}),
    };
    const stream = Readable.toWeb(Readable.from(whole.read({ first, last }), { objectMode: false })) as ReadableStream<Uint8Array>;
    return c.body(stream as unknown as globalThis.ReadableStream, range ? 206 : 200, headers);
  });

/** @throws NotFound, RecordingInProgress */
function choose(id: string, parts: readonly RecordingPart[] | undefined, part: number | undefined): readonly string[] {
  if (!parts) throw new NotFound('no_such_call', `there is no call "${id}"`, 'GET /v1/calls lists them');
  const wanted = part === undefined ? parts : parts.filter((p) => p.part === part);
  if (part !== undefined && wanted.length === 0 && parts.length > 0) {
    throw new NotFound('no_such_part', `the recording has no part ${part}`, `its parts: ${parts.map((p) => p.part).join(', ')}`);
  }
  if (wanted.some((p) => p.state === 'recording')) throw new RecordingInProgress();
  const kept = wanted.filter((p) => p.state === 'done' || p.state === 'repaired');
  if (kept.length === 0 && wanted.some((p) => p.state === 'deleted')) throw nothing(id, 'it was deleted: GET /v1/recordings?deleted=true says when and by whom');
  if (kept.length === 0) throw nothing(id, wanted.length > 0 ? 'recording failed: the timeline of the call says why' : 'the call ended before a conversation began');
  return kept.map((p) => p.path);
}

const nothing = (id: string, why: string) => new NotFound('no_recording', `call "${id}" has no recording`, why);

async function joined(id: string, paths: readonly string[]): Promise<JoinedWav> {
  try {
    return await joinWavs(paths);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw nothing(id, 'its file was removed');
    throw error;
  }
}
