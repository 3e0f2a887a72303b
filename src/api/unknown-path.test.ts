import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { NotFound, WrongMethod } from './errors.js';
import { unknownPath } from './unknown-path.js';

const app = new Hono().use(async (_, next) => next()).get('/v1/calls/:id', (c) => c.text('')).put('/v1/agents/:id/state', (c) => c.text('')).get('/a.b', (c) => c.text(''));
let caught: unknown;
app.notFound(unknownPath(app));
app.onError((error, c) => {
  caught = error;
  return c.text('');
});
const ask = async (method: string, path: string) => {
  caught = undefined;
  await app.request(path, { method });
  return caught;
};

it.each([['POST', '/v1/calls/1', 'GET, HEAD'], ['GET', '/v1/agents/1/state', 'PUT'], ['DELETE', '/a.b', 'GET, HEAD']])('%s %s exists, with %s', async (method, path, allow) => {
  const error = await ask(method, path);
  expect(error).toBeInstanceOf(WrongMethod);
  expect(error).toMatchObject({ headers: { allow } });
});

it.each(['/v1/calls', '/v1/calls/1/2', '/v1/agents/state', '/axb', '/', '/v1/calls/'])('there is nothing at %s', async (path) => expect(await ask('GET', path)).toBeInstanceOf(NotFound));

it('leaves what exists alone', async () => expect(await ask('GET', '/a.b')).toBeUndefined());
