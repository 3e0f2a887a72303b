import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { writeTone } from '../kit/material.js';
import { mailbox, type Mailbox } from '../kit/mailbox.js';
import type { Call, Phone } from '../kit/phone.js';
import { sine } from '../kit/rtp/law.js';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { ended, newest } from './talk.js';

// The steps of the language on the wire: digits, a real HTTP service, conditions, sounds, recordings, versions.

let strowger: Strowger;
let service: Server;
let post: Mailbox;
const asked: string[] = [];
const open: Phone[] = [];
const folder = mkdtempSync(join(tmpdir(), 'strowger-dialplan-'));

const planFor = (port: number, tone: string): string => `
version: 1
entries: [ { number: "5000", flow: order }, { number: "5001", flow: message }, { number: "5002", flow: away }, { number: "5003", caller: "1202", flow: order }, { number: "5003", flow: message }, { number: "5004", flow: ask }, { number: "5005", flow: how } ]
flows:
  ask:
    - ticket: { create: { type: question, subject: "call of $from" }, on_error: sorry }
    - message: { by: mail, to: zhang@example.net, subject: { en: "Request \${ticket.number}" }, text: { en: "We will answer soon." }, otherwise: sorry }
    - play: tones/${tone}.wav
  how:
    - ticket: { status: open, otherwise: sorry }
    - branch: [ { when: ticket.state_en == "new", then: told }, { otherwise: sorry } ]
  told: [ { play: tones/${tone}.wav } ]
  order:
    - collect: { prompt: { zh-CN: 请输入订单号。, en: Your number please. }, into: order_id, length: 4, timeout: 5 }
    - http: { url: "http://127.0.0.1:${port}/orders/$order_id?phone=\${call.from}", save: { status: order.status, items: order.items }, otherwise: sorry }
    - branch: [ { when: status == "open" && size(items) == 2, then: cancel }, { otherwise: sorry } ]
  cancel:
    - http: { method: PUT, url: "http://127.0.0.1:${port}/orders/$order_id", headers: { X-Key: "\${ORDERS_KEY}" }, body: { status: cancelled, by: $from, twice: "\${size(items) * 2}" }, otherwise: sorry }
    - play: tones/${tone}.wav
    - hang_up: {}
  sorry: [ { play: tones/sorry.wav } ]
  message:
    - record: { max: 20, silence: 2 }
    - http: { method: POST, url: "http://127.0.0.1:${port}/messages", body: { seconds: "\${recording.seconds}" }, expect: text, otherwise: sorry }
    - play: tones/${tone}.wav
  away: [ { transfer: { extension: "1001" } } ]
  operator: [ { dial: { extension: "1001" } } ]
`;

beforeAll(async () => {
  service = createServer((req, res) => {
    let body = '';
    req.on('data', (chunk: Buffer) => (body += chunk.toString()));
    req.on('end', () => {
      asked.push(`${req.method ?? ''} ${req.url ?? ''} ${String(req.headers['x-key'] ?? '')} ${body}`.trim());
      if (req.url?.startsWith('/orders/9999') === true) res.writeHead(404).end('{}');
      else res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ order: { status: 'open', items: ['pen', 'ink'] } }));
    });
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
  const { port } = service.address() as AddressInfo;
  for (const dir of ['config', 'dialplans/tones']) mkdirSync(join(folder, dir), { recursive: true });
  for (const [name, hz] of [['done', 900], ['sorry', 500], ['new', 1_100]] as const) writeTone(join(folder, `dialplans/tones/${name}.wav`), hz, 2);
  writeFileSync(join(folder, 'config/recordings.yaml'), 'recording: { notice: false }\n');
  post = await mailbox();
  writeFileSync(join(folder, 'config/mail.yaml'), `smtp: { host: 127.0.0.1, port: ${post.port}, tls: never, from: shop@shop.example }\n`);
  writeFileSync(join(folder, 'config/secrets.env'), 'ORDERS_KEY=s3cret\n');
  writeFileSync(join(folder, 'dialplans/main.yaml'), planFor(port, 'done'));
  strowger = await startStrowger({ agents: 1, config: join(folder, 'config'), dialplans: join(folder, 'dialplans'), env: { STROWGER_ALLOW_HOSTS: `127.0.0.1:${port}` } });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((phone) => phone.close()));
  asked.length = 0;
});
afterAll(async () => {
  await strowger.stop();
  service.close();
  await post.close();
  rmSync(folder, { recursive: true, force: true });
});

async function phone(user: string): Promise<Phone> {
  onTestFailed(() => console.error(strowger.output()));
  const one = await strowger.phone(user);
  open.push(one);
  return one;
}
async function dial(number: string, user = '1201'): Promise<Call> {
  const call = await (await phone(user)).call(number);
  await call.answered(30_000);
  return call;
}
/** Keys while the prompt is spoken. */
async function orders(number: string, call: Call): Promise<void> {
  await call.media.packets(20, 30_000);
  await call.media.digits(number);
}

describe('a caller who types his order', () => {
  it('is asked for it, a service is asked and told, and he hears that it is done', async () => {
    const call = await dial('5000');
    await orders('1234', call);
    await call.media.heard(900, 10_000);
    await call.ended();
    expect(asked).toEqual(['GET /orders/1234?phone=1201', 'PUT /orders/1234 s3cret {"status":"cancelled","by":"1201","twice":4}']);
    const { id } = await newest(strowger, '1201');
    const { timeline } = await ended(strowger, id);
    expect(timeline.filter(({ type }) => /http|digits|dialplan/.test(type)).map(({ type, data }) => [type, data])).toEqual([
      ['call.dialplan_chosen', { file: 'main.yaml', version: 1 }], ['call.digits', { digits: '1234', flow: 'order' }],
      ['call.http_answered', { flow: 'order', step: 2, status: 200 }], ['call.http_answered', { flow: 'cancel', step: 1, status: 200 }],
    ]);
  });

  it('hears where it went wrong, and no secret or number is in the log', async () => {
    const call = await dial('5000');
    await orders('9999', call);
    await call.media.heard(500, 10_000);
    await call.ended();
    expect(strowger.output()).not.toMatch(/s3cret|orders\/9999/);
  });
});

it('a caller who leaves a message is recorded until he is silent', async () => {
  const call = await dial('5001');
  await call.media.heard(800, 10_000); // the beep
  call.media.play(sine(440, 2_000)); // and then nothing
  await call.media.heard(900, 15_000);
  await call.ended();
  expect(asked.map((line) => line.replace(/\d+\}$/, 'N}'))).toEqual(['POST /messages  {"seconds":N}']);
  expect(Number(/(\d+)\}$/.exec(asked[0] ?? '')?.[1])).toBeGreaterThanOrEqual(2);
  expect(readdirSync(join(strowger.data, 'recordings/messages'), { recursive: true }).filter((name) => String(name).endsWith('.wav'))).toHaveLength(1);
});

it('a caller has a ticket opened, gets it in writing, and hears how it stands when he calls again', async () => {
  const first = await dial('5004');
  await first.media.heard(900, 10_000);
  await first.ended();
  const { id } = await newest(strowger, '1201');
  const { body: { items: [ticket] } } = await strowger.api<{ items: { id: string; number: string; subject: string; channel: string; requester: { phone: string } }[] }>('/v1/tickets');
  expect(ticket).toMatchObject({ subject: 'call of 1201', channel: 'phone', requester: { phone: '1201' } });
  expect((await strowger.api<{ links: { kind: string; target: string }[] }>(`/v1/tickets/${ticket!.id}/ties`)).body.links).toEqual(expect.arrayContaining([expect.objectContaining({ kind: 'call', target: id })]));
  expect((await post.to('zhang@example.net', () => true)).subject).toBe(`Request ${ticket!.number}`);
  const again = await dial('5005');
  await again.media.heard(900, 10_000);
  await again.ended();
  const stranger = await dial('5005', '1202');
  await stranger.media.heard(500, 10_000);
});

it('a caller who is given away talks with whom he was given to, and the flow is over', async () => {
  const agent = await phone('1001');
  const caller = dial('5002'); // he is answered when the agent answers
  const offered = await agent.nextCall(30_000);
  offered.answer();
  offered.media.tone(660);
  const call = await caller;
  await call.media.heard(660, 10_000);
  await offered.bye();
  await call.ended();
});

it('an entry may be for some callers only', async () => {
  const [order, message] = [await dial('5003', '1202'), await dial('5003', '1203')];
  await message.media.heard(800, 10_000);
  await orders('1234', order);
  await order.media.heard(900, 10_000);
  await Promise.all([message.bye(), order.ended()]);
});

describe('a new version', () => {
  const publish = (version: number, percent = 100) => strowger.api('/v1/dialplans/main.yaml/publish', { method: 'POST', body: JSON.stringify({ version, percent }), headers: { 'if-match': '*' } });

  it('is for the next call; the one in progress finishes on its own; and it can be taken back', async () => {
    const { port } = service.address() as AddressInfo;
    const going = await dial('5000');
    const added = await strowger.api<{ version: number }>('/v1/dialplans/main.yaml/versions?comment=new%20tone', { method: 'POST', body: JSON.stringify({ text: planFor(port, 'new') }) });
    expect([added.status, added.body.version]).toEqual([201, 2]);
    expect((await publish(2)).status).toBe(200);
    const fresh = await dial('5000', '1202');
    await Promise.all([orders('1234', going), orders('1234', fresh)]);
    await Promise.all([going.media.heard(900, 10_000), fresh.media.heard(1_100, 10_000)]);
    await Promise.all([going.ended(), fresh.ended()]);
    const back = await strowger.api<{ live: object }>('/v1/dialplans/main.yaml/rollback', { method: 'POST', headers: { 'if-match': '"2"' } });
    expect(back.body.live).toMatchObject({ version: 3, restores: 1, published_by: 'api:admin' });
    const after = await dial('5000', '1203');
    await orders('1234', after);
    await after.media.heard(900, 10_000);
    await after.ended();
  });

  it('that is wrong is refused, with the place of the fault, and nothing changes', async () => {
    const { status, body } = await strowger.api<{ errors: object[] }>('/v1/dialplans/main.yaml/versions', { method: 'POST', body: JSON.stringify({ text: 'version: 1\nflows:\n  main:\n    - sya: hello\n' }) });
    expect([status, body.errors]).toEqual([422, [expect.objectContaining({ file: 'main.yaml', line: 4, column: 7, code: 'dialplan.unknown_step' })]]);
  });
});
