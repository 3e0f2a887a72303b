import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { describe, expect, it } from 'vitest';
import { NoSuchAgent, NoSuchQueue, NotRegistered, StateNotSettable } from '../acd/index.js';
import { StrowgerError } from '../base/index.js';
import { BadCursor, StoreError } from '../store/index.js';
import { BadRange, Malformed, NotFound, NotReady, RecordingInProgress, TooManyWrongTokens, WrongMethod } from './errors.js';
import { Problem, problem } from './problem.js';

class Unheard extends StrowgerError {
  readonly code = 'room.unheard_of';
}
const logged: object[] = [];
async function answerTo(error: Error) {
  const app = new Hono().get('/', () => { throw error; });
  app.onError(problem({ info: () => undefined, error: (fields) => void logged.push(fields) }));
  const response = await app.request('/');
  return { status: response.status, headers: response.headers, body: (await response.json()) as { code: string; title: string; hint: string | null } };
}

it.each<[error: Error, status: number, code: string]>([
  [new NoSuchQueue('x'), 404, 'acd.no_such_queue'],
  [new NoSuchAgent('x'), 404, 'acd.no_such_agent'],
  [new NotRegistered('x'), 409, 'not_registered'],
  [new StateNotSettable('x'), 422, 'acd.state_not_settable'],
  [new BadCursor(), 400, 'store.bad_cursor'],
  [new StoreError('store.full', 'the disk is full', {}), 503, 'store.full'],
  [new StoreError('store.locked', 'locked', {}), 503, 'store.locked'],
  [new NotFound('no_recording', 'x', 'y'), 404, 'no_recording'],
  [new RecordingInProgress(), 409, 'recording_in_progress'],
  [new HTTPException(400, { message: 'Malformed JSON in request body' }), 400, 'malformed'],
  [new StoreError('store.corrupt', 'x', {}), 500, 'internal'],
  [new Unheard('x'), 500, 'internal'],
  [new TypeError('undefined is not a function'), 500, 'internal'],
  [new HTTPException(418), 500, 'internal'],
])('%s is answered %i %s', async (error, status, code) => {
  const answer = await answerTo(error);
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(Problem.safeParse(answer.body).success).toBe(true);
});

describe('what goes along', () => {
  it('a 503 says when to come back', async () => {
    expect((await answerTo(new StoreError('store.full', 'x', {}))).headers.get('retry-after')).toBe('1');
    expect((await answerTo(new NotReady([]))).headers.get('retry-after')).toBe('1');
  });
  it('a throttled guesser hears for how long', async () => expect((await answerTo(new TooManyWrongTokens(42))).headers.get('retry-after')).toBe('42'));
  it('a wrong method hears the right ones', async () => expect((await answerTo(new WrongMethod('PUT', '/x', ['GET', 'HEAD']))).headers.get('allow')).toBe('GET, HEAD'));
  it('a wrong range hears the size', async () => expect((await answerTo(new BadRange(44))).headers.get('content-range')).toBe('bytes */44'));
  it('an error of ours has its message and hint', async () => {
    expect((await answerTo(new Malformed('limit: too big', { hint: 'at most 1000' }))).body).toMatchObject({ title: 'limit: too big', hint: 'at most 1000' });
  });
  it('a fault of ours has neither, but is logged', async () => {
    logged.length = 0;
    expect((await answerTo(new Unheard('the secret is x', { hint: 'look into /etc' }))).body).toMatchObject({ title: 'Internal error' });
    expect(logged).toContainEqual(expect.objectContaining({ err: expect.any(Unheard), path: '/', method: 'GET' }));
  });
  it('an expected error is not logged as a fault', async () => {
    logged.length = 0;
    await answerTo(new NoSuchQueue('x'));
    expect(logged).toEqual([]);
  });
});
