import { OpenAPIHono, z } from '@hono/zod-openapi';
import { describe, expect, it } from 'vitest';
import { Malformed } from './errors.js';
import { problem } from './problem.js';
import { route, routes } from './routes.js';

const going = { since: '2026-12-01', sunset: '2027-06-01', instead: 'GET /v1/new' };
const config = { method: 'get', path: '/old', request: { query: z.object({ wrong: z.string().optional() }) }, responses: { 200: { description: 'x', content: { 'application/json': { schema: z.object({}) } } } } } as const;
const app = new OpenAPIHono();
app.onError(problem({ info: () => undefined, error: () => undefined }));
app.route('/', routes().openapi(route('open', config, going), (c) => {
  if (c.req.valid('query').wrong !== undefined) throw new Malformed('wrong', { hint: '' });
  return c.json({}, 200, { link: '</v1/other>; rel="next"' });
}));

describe('an operation that will go', () => {
  it.each([['/old', 200], ['/old?wrong=1', 400]])('says so with every answer: %s', async (path, expected) => {
    const { status, headers } = await app.request(path);
    expect([status, headers.get('deprecation'), headers.get('sunset')]).toEqual([expected, '@1796083200', 'Tue, 01 Jun 2027 00:00:00 GMT']);
    expect(headers.get('link')).toContain('</docs>; rel="deprecation"; type="text/html"');
  });

  it('keeps the links it has', async () => expect((await app.request('/old')).headers.get('link')).toContain('</v1/other>; rel="next"'));

  it('is marked in the document', () => {
    const document = app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: 'x', version: '1' } });
    expect(document.paths?.['/old']?.get).toMatchObject({ deprecated: true, 'x-sunset': '2027-06-01', 'x-instead': 'GET /v1/new' });
  });

  it('cannot be built with shorter notice than the policy promises', () => {
    expect(() => route('open', config, { ...going, sunset: '2027-05-29' })).toThrow('the policy promises 180 days');
    expect(() => route('open', config, { ...going, sunset: 'soon' })).toThrow('the policy promises 180 days');
    expect(() => route('open', config, { ...going, sunset: '2027-05-30' })).not.toThrow();
  });
});
