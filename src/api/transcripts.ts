import { z } from '@hono/zod-openapi';
import { NotFound } from './errors.js';
import type { CallReader, TranscriptPart, TranscriptReader } from './ports.js';
import { refusals } from './problem.js';
import { callInReach, type AgentsNear } from './reach.js';
import { route, routes } from './routes.js';

const ms = z.int().openapi({ description: 'from the first sample of the part' });
const share = z.number().min(0).max(1);
const Word = z.object({ word: z.string(), start_ms: ms, end_ms: ms, confidence: share });
const Segment = z.object({ speaker: z.enum(['customer', 'other']), start_ms: ms, end_ms: ms, text: z.string(), confidence: share, words: z.array(Word) }).openapi('TranscriptSegment');
const Part = z
  .object({
    part: z.int(), recording: z.string(), state: z.enum(['live', 'done', 'failed']), how: z.enum(['live', 'after']), language: z.enum(['zh-CN', 'en']),
    error: z.string().nullable(), segments: z.array(Segment),
  })
  .openapi('TranscriptPart');
const Transcript = z.object({ call: z.string(), parts: z.array(Part) }).openapi('Transcript');

const getTranscript = route('transcripts.read', {
  method: 'get', path: '/{id}/transcript', tags: ['calls'], summary: 'What was said, word by word; while they talk, what was said so far',
  'x-summary-zh-CN': '通话的逐词转写；通话中返回已说的内容',
  request: {
    params: z.object({ id: z.string().max(100) }),
    query: z.object({ part: z.coerce.number().int().min(1).optional().openapi({ description: 'of one part of the recording alone' }) }),
  },
  responses: { 200: { description: 'The transcript', content: { 'application/json': { schema: Transcript } } }, ...refusals({ 404: 'No such call, or nothing was written down' }) },
});

/** /v1/calls/{id}/transcript */
export const transcriptRoutes = (transcripts: TranscriptReader, calls: Pick<CallReader, 'get'>, near: AgentsNear) =>
  routes().openapi(getTranscript, (c) => {
    const { id } = c.req.valid('param');
    callInReach(c, id, calls.get(id), near);
    return c.json({ call: id, parts: choose(id, transcripts.parts(id), c.req.valid('query').part).map(shown) }, 200);
  });

/** @throws NotFound */
function choose(id: string, parts: readonly TranscriptPart[] | undefined, part: number | undefined): readonly TranscriptPart[] {
  if (!parts) throw new NotFound('no_such_call', `there is no call "${id}"`, 'GET /v1/calls lists them');
  if (parts.length === 0) throw new NotFound('no_transcript', `call "${id}" has no transcript`, 'it was not recorded, there is no speech model, or it is still to be written down: see /healthz');
  const wanted = part === undefined ? parts : parts.filter((p) => p.part === part);
  if (wanted.length === 0) throw new NotFound('no_such_part', `the transcript has no part ${String(part)}`, `its parts: ${parts.map((p) => p.part).join(', ')}`);
  return wanted;
}

const shown = ({ part, recording, state, how, language, error, segments }: TranscriptPart): z.infer<typeof Part> => ({
  part, recording, state, how, language, error,
  segments: segments.map((segment) => ({ ...segment, words: segment.words.map((word) => ({ ...word })) })),
});
