import { createHmac } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it, onTestFailed, onTestFinished } from 'vitest';
import { recognise } from '../kit/recognise.js';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { folder, straightTo } from './house.js';

type Report = { rows: Record<string, string | number | null>[]; total: Record<string, number | null> };

const config = folder({
  'recordings.yaml': 'recording: { notice: { zh-CN: 您好, en: Hello. } }\n',
  'queues.yaml': 'queues: [{ name: support, recording_notice: false }, { name: sales, recording_notice: { zh-CN: 请等一下。, en: Please wait a moment. }, announce_position_seconds: 0 }]\n',
  'alerts.yaml': 'alerts: [{ name: somebody-waits, figure: waiting, queue: support, above: 0, for_s: 0 }]\n',
});
type Live = { queues: { id: string; waiting: number; today: { offered: number; answered: number; abandoned: number } }[] };
type Alerts = { items: { alert: string; queue: string; value: number }[] };
const dialplans = folder({ 'main.yaml': straightTo({ '5000': 'support', '6000': 'sales' }) });
let strowger: Strowger;
beforeAll(async () => {
  strowger = await startStrowger({ agents: 1, config, dialplans, env: { STROWGER_ALLOW_HOSTS: '127.0.0.1' } });
});
afterAll(async () => {
  await strowger.stop();
  [config, dialplans].forEach((dir) => rmSync(dir, { recursive: true, force: true }));
});

it('a call that was answered and one that was given up stand in the report, and behind its numbers', async () => {
  onTestFailed(() => console.error(strowger.output().slice(-8_000)));
  const [agentPhone, callerPhone] = [await strowger.phone('1001'), await strowger.phone('1201')];
  const first = await callerPhone.call('5000');
  const offered = await agentPhone.nextCall(20_000);
  offered.answer();
  const id = offered.header('X-Strowger-Call') ?? '';
  await strowger.when<{ timeline: { type: string }[] }>(`/v1/calls/${id}`, 10_000, (call) => call.timeline.some((fact) => fact.type === 'call.recording_started'));
  offered.media.tone(660);
  await first.media.heard(660, 10_000);
  await first.media.packets(first.media.reception().packets + 50);
  await first.bye();
  await strowger.api('/v1/agents/1001/state', { method: 'PUT', body: JSON.stringify({ state: 'away' }) });
  // The queue has no notice, though the house has one: nothing but music was heard.
  expect(recognise(first.media.samples(), 'en')).not.toContain('hello');
  const second = await callerPhone.call('5000');
  await second.answered(20_000);
  await strowger.when<{ waiting: number }>('/v1/queues/support', 10_000, (queue) => queue.waiting === 1);
  expect((await strowger.when<Alerts>('/v1/alerts', 10_000, ({ items }) => items.length > 0)).items).toMatchObject([{ alert: 'somebody-waits', queue: 'support', value: 1 }]);
  expect((await strowger.api<Live>('/v1/live')).body.queues).toContainEqual(expect.objectContaining({ id: 'support', waiting: 1 }));
  await second.bye();
  await strowger.when<Alerts>('/v1/alerts', 10_000, ({ items }) => items.length === 0);
  const live = await strowger.when<Live>('/v1/live', 10_000, ({ queues }) => queues.some(({ today }) => today.abandoned === 1));
  expect(live.queues).toContainEqual(expect.objectContaining({ id: 'support', waiting: 0, today: expect.objectContaining({ offered: 2, answered: 1, abandoned: 1 }) }));
  const { rows } = await strowger.when<Report>('/v1/reports/queues', 20_000, (report) => report.total['offered'] === 2);
  expect(rows).toMatchObject([{ queue: 'support', offered: 2, answered: 1, abandoned: 1, answer_rate: 0.5, handled: 1, transfers: 0 }]);
  const behind = await strowger.api<{ items: { call: string; outcome: string; agent: string | null }[] }>('/v1/reports/queues/calls?figure=answered');
  expect(behind.body.items).toMatchObject([{ call: id, outcome: 'answered', agent: '1001', number: '5000', repeat: false }]);
  const csv = await (await strowger.raw('/v1/reports/agents?format=csv')).text();
  expect(csv.split('\r\n')[1]).toMatch(/^1001,1,/);
  const picture = await strowger.raw('/v1/reports/queues?format=svg&by=queue&figure=offered,answer_rate&language=zh-CN');
  expect(picture.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
  expect([...(await picture.text()).matchAll(/<text[^>]*>([^<]*)</g)].map(([, said]) => said)).toEqual(expect.arrayContaining(['队列', '进线量', 'support', '2', '接通率', '50 %']));
  expect((await strowger.api('/v1/reports/queues?format=svg&figure=tickets_created')).status).toBe(422);
  expect((await strowger.api('/v1/reports/nothing')).status).toBe(404);
  expect((await strowger.api('/v1/reports/queues?by=hour,day')).status).toBe(422);
  expect((await strowger.api('/v1/reports/queues?by=colour')).status).toBe(400);
  await Promise.all([agentPhone.close(), callerPhone.close()]);
});

/** Takes deliveries as they come. */
async function hookServer() {
  const taken: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk: Buffer) => (body += chunk.toString()));
    req.on('end', () => {
      taken.push({ headers: req.headers, body });
      res.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { taken, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, close: () => { server.close(); server.closeAllConnections(); } };
}
type Rule = { name: string; owner: string; code?: string; errors?: { pointer: string; hint: string | null }[] };

it('an alert made by API is raised by a caller who waits, told by a signed webhook as its end is, and removed by API', async () => {
  onTestFailed(() => console.error(strowger.output().slice(-8_000)));
  const send = <T = Rule>(method: string, path: string, body?: unknown) => strowger.api<T>(path, { method, headers: { 'if-match': '*' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const hook = await hookServer();
  onTestFinished(hook.close);
  const rule = { name: 'by-api', figure: 'waiting', queue: 'support', above: 0 };
  expect(await send('POST', '/v1/alert-rules', { ...rule, queue: 'suport' })).toMatchObject({ status: 422, body: { code: 'objects.refused', errors: [{ pointer: '/alert-rules/by-api/queue', hint: 'did you mean "support"?' }] } });
  expect((await send('POST', '/v1/queues', { name: 'returns' })).status).toBe(201);
  expect((await send('POST', '/v1/alert-rules', { ...rule, name: 'of-returns', queue: 'returns' })).status).toBe(201);
  expect((await send('POST', '/v1/alert-rules', rule)).status).toBe(201);
  expect((await send('PATCH', '/v1/alert-rules/somebody-waits', { above: 3 })).body.code).toBe('objects.owned_by_file');
  const { body: { id, secret } } = await send<{ id: string; secret: string }>('POST', '/v1/webhooks', { url: hook.url, types: ['alert.*'] });
  const told = () => hook.taken.map(({ body }) => JSON.parse(body) as { type: string; data: { alert: string; value: number; why?: string } }).filter(({ data }) => data.alert === 'by-api').map(({ type, data }) => [type, data.value, data.why]);

  const phone = await strowger.phone('1201');
  const call = await phone.call('5000');
  await call.answered(20_000);
  await expect.poll(told, { timeout: 20_000 }).toEqual([['alert.raised', 1, undefined]]);
  await call.bye();
  await expect.poll(told, { timeout: 20_000 }).toEqual([['alert.raised', 1, undefined], ['alert.cleared', 0, 'back']]);
  for (const { headers, body } of hook.taken) {
    const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64')).update(signed).digest('base64')}`);
  }
  for (const path of ['/v1/alert-rules/by-api', '/v1/alert-rules/of-returns', '/v1/queues/returns', `/v1/webhooks/${id}`]) expect([path, (await send('DELETE', path)).status]).toEqual([path, 204]);
  expect((await send<{ items: Rule[] }>('GET', '/v1/alert-rules?fields=owner')).body.items).toEqual([{ name: 'somebody-waits', owner: 'file' }]);
  await phone.close();
});

type Recording = { id: string; call: string; state: string; audio: string | null; agent: string; hold: { reason: string } | null; deleted: { by: string; why: string } | null };

it('its recording is found, held, and deleted for good: the row and the audit log say so', async () => {
  const { body } = await strowger.api<{ items: Recording[] }>('/v1/recordings?agent=1001&number=1201&queue=support');
  const [recording] = body.items;
  expect(body.items).toMatchObject([{ state: 'done', agent: '1001', hold: null, deleted: null }]);
  const { id, call, audio } = recording!;
  expect((await strowger.raw(audio!)).status).toBe(200);
  const part = await strowger.raw(audio!, { headers: { range: 'bytes=0-43' } });
  expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, 44]);
  expect((await strowger.api(`/v1/recordings/${id}/hold`, { method: 'PUT', body: JSON.stringify({ reason: 'case 12' }) })).body).toMatchObject({ hold: { reason: 'case 12' } });
  expect(await strowger.api(`/v1/recordings/${id}`, { method: 'DELETE' })).toMatchObject({ status: 409, body: { code: 'recordings.on_hold' } });
  expect((await strowger.raw(`/v1/recordings/${id}/hold`, { method: 'DELETE' })).status).toBe(204);
  expect((await strowger.raw(`/v1/recordings/${id}`, { method: 'DELETE' })).status).toBe(204);
  expect((await strowger.raw(audio!)).status).toBe(404);
  expect((await strowger.api(`/v1/recordings/${id}`)).body).toMatchObject({ state: 'deleted', audio: null, deleted: { why: 'asked' } });
  expect((await strowger.api<{ items: Recording[] }>('/v1/recordings?deleted=true')).body.items.map((one) => one.call)).toEqual([call]);
  const audit = await strowger.api<{ items: { action: string; object: string; outcome: string }[] }>(`/v1/audit?object=${encodeURIComponent(`/v1/recordings/${id}`)}`);
  expect(audit.body.items.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual(expect.arrayContaining(['DELETE /v1/recordings/:id done', 'DELETE /v1/recordings/:id failed']));
  expect((await strowger.api('/v1/transcripts?q=%3F')).status).toBe(400);
});

it('a queue says its own notice, and another none', async () => {
  const phone = await strowger.phone('1201');
  const call = await phone.call('6000');
  await call.answered(20_000);
  await strowger.when<{ waiting: number }>('/v1/queues/sales', 30_000, (queue) => queue.waiting === 1);
  const heard = call.media.samples();
  expect([recognise(heard, 'en'), recognise(heard, 'zh')]).toEqual([expect.stringContaining('please wait a moment'), expect.stringContaining('请等一下')]);
  await call.bye();
  await phone.close();
});
