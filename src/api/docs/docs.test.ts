import { describe, expect, it } from 'vitest';
import { rooms } from '../api.fixture.js';
import { typeOf } from './describe.js';

describe('/openapi.json', () => {
  it('is OpenAPI 3.1 and describes every path that is served', async () => {
    const { app } = rooms();
    const document = (await (await app.request('/openapi.json')).json()) as { openapi: string; paths: Record<string, Record<string, { security?: unknown[] }>> };
    expect(document.openapi).toBe('3.1.0');
    const served = app.routes.filter(({ method, path }) => method !== 'ALL' && !path.includes('*')).map(({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`);
    const described = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
    // Pages for people, and the documents themselves.
    const elsewhere = /^get \/(?:docs|openapi\.json|asyncapi\.json|my-tickets|field-work|linked|chat)(?:\/|$)/;
    expect([...new Set(served)].filter((one) => !elsewhere.test(one)).sort()).toEqual(described.sort());
    expect(described).toEqual(expect.arrayContaining(['get /healthz', 'get /v1/calls', 'get /v1/calls/{id}/recording', 'put /v1/agents/{id}/state']));
  });

  it('has patterns that other languages can read too', async () => {
    const text = await (await rooms().app.request('/openapi.json')).text();
    const { components } = JSON.parse(text) as { components: object };
    const patterns = [...JSON.stringify(components).matchAll(/"pattern":"((?:[^"\\\\]|\\\\.)*)"/g)].map(([, pattern]) => JSON.parse(`"${pattern ?? ''}"`) as string);
    expect(patterns.length).toBeGreaterThan(5);
    for (const pattern of patterns) expect(pattern).toMatch(/^\^.*\$$/);
  });

  it('resolves every reference it makes', async () => {
    const text = await (await rooms().app.request('/openapi.json')).text();
    const { components } = JSON.parse(text) as { components: { schemas: object } };
    for (const [, name] of text.matchAll(/#\/components\/schemas\/(\w+)/g)) expect(Object.keys(components.schemas)).toContain(name);
  });
});

describe('/docs', () => {
  const page = async (path: string, language = 'en') => (await rooms().app.request(path, { headers: { 'accept-language': language } })).text();

  it('shows every operation', async () => {
    const text = await page('/docs');
    for (const word of ['/v1/calls/{id}/recording', '/v1/calls/{id}/transcript', 'PUT', '/v1/agents/{id}/state', 'not_registered', 'longest_wait_ms']) expect(text).toContain(word);
  });

  it('speaks Chinese to a Chinese browser, and to whoever asks', async () => {
    expect(await page('/docs', 'zh-CN,zh;q=0.9')).toContain('通话列表，最新在前');
    expect(await page('/docs?lang=zh-CN')).toContain('设置坐席状态');
    expect(await page('/docs?lang=en', 'zh-CN')).toContain('Calls, newest first');
  });

  it('loads nothing from elsewhere and runs no script', async () => {
    const response = await rooms().app.request('/docs');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await response.text()).not.toMatch(/<script|src=|https?:\/\//i);
  });
});

it.each([
  [{ $ref: '#/components/schemas/Call' }, 'Call'], [{ enum: ['a', 'b'] }, '"a" | "b"'], [{ items: { type: 'string' } }, '[ string ]'],
  [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string | null'], [{ type: 'integer', minimum: 1, maximum: 1000, default: 100 }, 'integer 1–1000 = 100'],
  [{ properties: { a: { type: ['string', 'null'] } } }, '{ a: string | null }'], [undefined, ''],
])('describes %j as %s', (schema, text) => expect(typeOf(schema)).toBe(text));
