import { Hono, type Context } from 'hono';
import { expect, it } from 'vitest';
import { NotFound, WrongMethod } from './errors.js';
import { unknownPath } from './unknown-path.js';

const app = new Hono().use(async (_, next) => next()).get('/v1/calls/:id', (c) => c.text('')).put('/v1/agents/:id/state', (c) => c.text('')).get('/a.b', (c) => c.text(''));
const ask = (method: string, path: string) => {
  try {
    unknownPath(app)({ req: { method, path } } as Context);
  } catch (error) {
    return error;
  }
};

it.each([['POST', '/v1/calls/1', 'GET, HEAD'], ['GET', '/v1/agents/1/state', 'PUT'], ['DELETE', '/a.b', 'GET, HEAD']])('%s %s exists, with %s', (method, path, allow) => {
  const error = ask(method, path);
  expect(error).toBeInstanceOf(WrongMethod);
  expect((error as WrongMethod).headers).toEqual({ allow });
});

it.each(['/v1/calls', '/v1/calls/1/2', '/v1/agents/state', '/axb', '/', '/v1/calls/'])('there is nothing at %s', (path) => expect(ask('GET', path)).toBeInstanceOf(NotFound));
