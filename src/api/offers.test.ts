import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentId } from '../acd/index.js';
import { admin, type Principal } from '../access/index.js';
import { createFiles, type Files } from '../desk/files/index.js';
import { openStore, type Store } from '../store/index.js';
import { agent, rooms } from './api.fixture.js';
import type { OfferView, TextDesk } from './ports.js';

let store: Store;
let files: Files;
let folder: string;
const did: string[] = [];
beforeEach(async () => {
  did.length = 0;
  store = await openStore({ path: ':memory:' });
  folder = mkdtempSync(join(tmpdir(), 'strowger-files-'));
  files = createFiles({ store, folder, log: { error: () => undefined } });
});
afterEach(async () => {
  files.close();
  rmSync(folder, { recursive: true, force: true });
  await store.close();
});
const offer: OfferView = { id: 'c1.1', contact: 'c1', agent: 'lin' as AgentId, queue: 'support', channel: 'ticket', subject: 'ticket:t1', attempt: 1, state: 'pending', offeredAt: 0, expiresAt: 15_000, about: {} };
const lin: Principal = { ...admin, id: 'usr_lin', kind: 'user', name: 'lin', agent: 'lin', may: () => 'own' };
const omar: Principal = { ...lin, id: 'usr_omar', name: 'omar', agent: 'omar' };
const at = (principal: Principal) => {
  const text: TextDesk = {
    files, mayOpen: ({ scope, sender }, file) => scope === 'all' || file.by === sender,
    offers: { list: (of) => [offer].filter((o) => of === undefined || o.agent === of), get: () => offer, accept: () => (did.push('accept'), { ...offer, state: 'accepted' }), decline: (_id, why) => (did.push(why), { ...offer, state: why }) },
    desktops: { renew: (id, ms) => (did.push(`${id} ${ms}`), { agent: id, present: true, until: ms }), hold: () => () => undefined, leave: (id) => ({ agent: id, present: false, until: null }) },
  };
  return rooms({ agents: [agent('lin')] }, { text, authenticate: () => principal });
};
const status = async (answer: Response | Promise<Response>): Promise<number> => (await answer).status;

describe('an offer', () => {
  it('is seen and answered by its agent, and by nobody else', async () => {
    expect(await (await at(lin).get('/v1/offers')).json()).toMatchObject({ items: [{ id: 'c1.1', state: 'pending', expires_at: '1970-01-01T00:00:15.000Z' }] });
    expect(await (await at(omar).get('/v1/offers')).json()).toMatchObject({ items: [] });
    expect(await status(at(omar).get('/v1/offers?agent=lin'))).toBe(403);
    expect(await status(at(omar).send('POST', '/v1/offers/c1.1/accept'))).toBe(403);
    expect(did).toEqual([]);
    expect(await (await at(lin).send('POST', '/v1/offers/c1.1/accept')).json()).toMatchObject({ state: 'accepted' });
    expect(await status(at(lin).send('POST', '/v1/offers/c1.1/decline', { why: 'busy' }))).toBe(200);
    expect(did).toEqual(['accept', 'busy']);
  });

  it('comes while the agent\'s desktop is there', async () => {
    expect(await (await at(lin).put('/v1/agents/lin/presence', { ttl_seconds: 30 })).json()).toMatchObject({ agent: 'lin', present: true });
    expect(did).toEqual(['lin 30000']);
    expect(await status(at(omar).put('/v1/agents/lin/presence', {}))).toBe(403);
    expect(await status(at(lin).put('/v1/agents/nobody/presence', {}))).toBe(404);
    expect(await status(at(lin).put('/v1/agents/lin/presence', { ttl_seconds: 9_999 }))).toBe(422);
  });
});

describe('a file', () => {
  const upload = (who: Principal, name: string, body: string) =>
    at(who).app.request(`/v1/files?name=${encodeURIComponent(name)}`, { method: 'POST', body, headers: { authorization: 'Bearer x', 'content-type': 'application/octet-stream' } });

  it('is sent as it is and served as an attachment, to those who may', async () => {
    const sent = await upload(lin, '../../报告.pdf', '%PDF-1.7');
    expect(sent.status).toBe(201);
    const file = (await sent.json()) as { id: string; name: string };
    expect(file).toMatchObject({ name: '报告.pdf', type: 'application/pdf', by: 'agent:lin' });
    const got = await at(lin).get(`/v1/files/${file.id}/content`);
    expect([await got.text(), got.headers.get('x-content-type-options'), got.headers.get('content-disposition')]).toEqual(['%PDF-1.7', 'nosniff', "attachment; filename*=UTF-8''%E6%8A%A5%E5%91%8A.pdf"]);
    expect(await status(at(omar).get(`/v1/files/${file.id}/content`))).toBe(404);
    expect(await status(at(omar).send('POST', `/v1/files/${file.id}/link`, {}))).toBe(404);
    expect(await status(upload(lin, 'x.html', '<html>'))).toBe(415);
  });

  it('is opened by a signed link without a log-in', async () => {
    const { id } = (await (await upload(lin, 'a.txt', 'hello')).json()) as { id: string };
    const link = (await (await at(lin).send('POST', `/v1/files/${id}/link`, { seconds: 60 })).json()) as { url: string };
    expect(await (await at(omar).app.request(link.url)).text()).toBe('hello');
    expect(await status(at(lin).app.request(`/files/${id}`))).toBe(401);
    expect(await status(at(lin).app.request(`${link.url}x`))).toBe(401);
  });
});
