import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readYamlData } from '../config/index.js';
import { createArchive, createDialplanDesk, loadDialplans } from '../ivr/index.js';
import { openStore, type Store } from '../store/index.js';
import { rooms } from './api.fixture.js';

const text = (said: string): string => `version: 1\nentries: [ { number: "4000", flow: main } ]\nflows:\n  main:\n    - say: { zh-CN: 好, en: ${said} }\n`;

let dir = '';
let store: Store;
let api: ReturnType<typeof rooms>;
const json = async (answer: Response | Promise<Response>): Promise<Record<string, unknown>> => (await (await answer).json()) as Record<string, unknown>;
const publish = (version: number, more: object = {}, tag = '*') => api.send('POST', '/v1/dialplans/main.yaml/publish?comment=why', { version, ...more }, { 'if-match': tag });

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'dialplan-api-'));
  writeFileSync(join(dir, 'main.yaml'), text('one'));
  store = await openStore({ path: ':memory:' });
  const archive = createArchive(store);
  const dialplans = loadDialplans({ dir, known: {}, archive, read: async (text) => structuredClone(readYamlData('', text)) });
  api = rooms({}, { dialplans: createDialplanDesk({ dir, archive, dialplans }) });
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

it('lists what is in service', async () => {
  expect(await json(api.get('/v1/dialplans'))).toMatchObject({ items: [{ name: 'main.yaml', live: { version: 1, by: 'file' }, rollout: null, numbers: ['4000'], flows: ['main'], faults: [] }], next_cursor: null });
});

it('shows one with its text and the tag for a change', async () => {
  const answer = await api.get('/v1/dialplans/main.yaml');
  expect([answer.status, answer.headers.get('etag'), (await json(answer))['text']]).toEqual([200, '"1"', text('one')]);
});

it('hands out the schema for editors', async () => expect(await json(api.get('/v1/dialplans/schema'))).toMatchObject({ title: 'Strowger dialplan', required: ['version', 'flows'] }));

describe('a text', () => {
  it('is checked without being kept', async () => {
    expect(await json(api.send('POST', '/v1/dialplans/check', { text: text('x').replace('say', 'sya') }))).toMatchObject({ faults: [{ file: 'new.yaml', line: 5, column: 7, code: 'dialplan.unknown_step', hint: 'did you mean "say"?', severity: 'error' }] });
    expect(await json(api.get('/v1/dialplans/main.yaml/versions'))).toMatchObject({ items: [{ version: 1 }] });
  });

  it('becomes a version, is published, compared and taken back', async () => {
    const added = await api.send('POST', '/v1/dialplans/main.yaml/versions?comment=nicer', { text: text('two') });
    expect([added.status, added.headers.get('location'), await json(added)]).toEqual([201, '/v1/dialplans/main.yaml/versions/2', expect.objectContaining({ version: 2, by: 'api:admin', comment: 'nicer', published_at: null })]);
    const done = await publish(2, {}, '"1"');
    expect([done.status, done.headers.get('etag'), await json(done)]).toEqual([200, '"2"', expect.objectContaining({ live: expect.objectContaining({ version: 2, published_by: 'api:admin' }) as object })]);
    expect((await json(api.get('/v1/dialplans/main.yaml/diff?from=1&to=2')))['diff']).toContain('+    - say: { zh-CN: 好, en: two }');
    expect(await json(api.send('POST', '/v1/dialplans/main.yaml/rollback', undefined, { 'if-match': '"2"' }))).toMatchObject({ live: { version: 3, restores: 1 } });
    expect(await json(api.get('/v1/dialplans/main.yaml/versions/3'))).toMatchObject({ version: 3, text: text('one') });
  });

  it('as long as a dialplan may be, is taken; a longer one is not', async () => {
    expect((await api.send('POST', '/v1/dialplans/check', { text: `${text('x')}# ${'x'.repeat(900_000)}` })).status).toBe(200);
    expect((await api.send('POST', '/v1/dialplans/check', { text: 'x'.repeat(1_300_000) })).status).toBe(413);
  });
});

it('is tried with a share of the callers', async () => {
  await api.send('POST', '/v1/dialplans/main.yaml/versions', { text: text('two') });
  expect(await json(publish(2, { percent: 10 }))).toMatchObject({ live: { version: 1 }, rollout: { version: 2, percent: 10, by: 'api:admin' } });
  expect(await json(publish(2, { percent: 0 }))).toMatchObject({ rollout: null });
});

it('has its versions in pages', async () => {
  for (const word of ['two', 'three']) await api.send('POST', '/v1/dialplans/main.yaml/versions', { text: text(word) });
  const first = await json(api.get('/v1/dialplans/main.yaml/versions?limit=2'));
  expect(first['items']).toMatchObject([{ version: 3 }, { version: 2 }]);
  expect(await json(api.get(`/v1/dialplans/main.yaml/versions?limit=2&cursor=${String(first['next_cursor'])}`))).toMatchObject({ items: [{ version: 1 }], next_cursor: null });
});

describe('refuses', () => {
  it.each<[string, () => Response | Promise<Response>, number, string]>([
    ['a dialplan that is not there', () => api.get('/v1/dialplans/gone.yaml'), 404, 'dialplan.no_such_dialplan'],
    ['a version that is not there', () => api.get('/v1/dialplans/main.yaml/versions/9'), 404, 'dialplan.no_such_version'],
    ['a text with faults', () => api.send('POST', '/v1/dialplans/main.yaml/versions', { text: 'flows: [' }), 422, 'config.faults'],
    ['a name outside the folder', () => api.send('POST', '/v1/dialplans/..%2Fevil.yaml/versions', { text: text('x') }), 422, 'dialplan.bad_name'],
    ['a change without If-Match', () => api.send('POST', '/v1/dialplans/main.yaml/publish', { version: 1 }), 428, 'if_match_missing'],
    ['a change of what has changed', () => publish(1, {}, '"7"'), 412, 'dialplan.changed'],
    ['more than all callers', () => publish(1, { percent: 101 }), 422, 'invalid'],
    ['going back from the first', () => api.send('POST', '/v1/dialplans/main.yaml/rollback', undefined, { 'if-match': '*' }), 404, 'dialplan.no_such_version'],
    ['a foreign cursor', () => api.get('/v1/dialplans/main.yaml/versions?cursor=eA'), 400, 'malformed'],
  ])('%s', async (_what, ask, status, code) => {
    const answer = await ask();
    expect([answer.status, (await json(answer))['code']]).toEqual([status, code]);
  });
});
