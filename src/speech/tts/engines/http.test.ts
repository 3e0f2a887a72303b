import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { TtsEngine } from '../ports.js';
import { httpEngine, type HttpVoice, type Permit } from './http.js';

const open: Server[] = [];
let engine: TtsEngine;
afterEach(async () => {
  await engine.close();
  await Promise.all(open.splice(0).map((server) => new Promise((done) => {
    server.closeAllConnections();
    server.close(done);
  })));
});
const loopback: Permit = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);

interface Seen {
  readonly method: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
/** A speech service on a free port, under a name that only `permit` knows. */
async function service(answer: (response: ServerResponse) => void, options: Partial<HttpVoice> = {}, permit = loopback): Promise<Seen[]> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    request.on('end', () => {
      seen.push({ method: request.method, headers: request.headers, body });
      answer(response);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  open.push(server);
  engine = httpEngine({ url: `http://voice.test:${(server.address() as AddressInfo).port}/v1/speak?x=1`, voice: undefined, rate: 100, token: undefined, timeoutMs: 2_000, ...options }, permit);
  return seen;
}
const wav = (response: ServerResponse): void => void response.writeHead(200, { 'content-type': 'audio/wav' }).end('sound');
const say = async (): Promise<string> => Buffer.from(await engine.say({ text: '您好', lang: 'zh-CN', rate: 80 }, true)).toString('utf8');

describe('a voice behind HTTP', () => {
  it('is posted words and answers sound', async () => {
    const seen = await service(wav, { voice: 'xiaoyi', rate: 110, token: { reveal: () => 's3cret' } });
    expect(await say()).toBe('sound');
    expect(seen[0]).toMatchObject({ method: 'POST', headers: { authorization: 'Bearer s3cret', 'content-type': 'application/json', accept: 'audio/wav' } });
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ text: '您好', language: 'zh-CN', voice: 'xiaoyi', rate: 88 });
  });

  it('is sent no token where there is none', async () => {
    const seen = await service(wav);
    await say();
    expect(seen[0]?.headers.authorization).toBeUndefined();
  });

  it.each<[what: string, answer: (response: ServerResponse) => void, fault: RegExp]>([
    ['refuses', (r) => void r.writeHead(429).end(), /answered 429/], ['redirects', (r) => void r.writeHead(302, { location: 'http://10.0.0.1/' }).end(), /answered 302/],
    ['answers a page', (r) => void r.writeHead(200, { 'content-type': 'text/html' }).end('<p>'), /text\/html, not audio\/wav/], ['answers MP3', (r) => void r.writeHead(200, { 'content-type': 'audio/mpeg' }).end('x'), /audio\/mpeg/],
    ['breaks off', (r) => { r.writeHead(200, { 'content-type': 'audio/wav', 'content-length': '100' }).write('x'); setImmediate(() => r.destroy()); }, /failed/],
    ['never answers', () => undefined, /gave no answer within 300 ms/], ['never ends', (r) => void r.writeHead(200, { 'content-type': 'audio/wav' }).write('x'), /gave no answer within 300 ms/],
    ['sends without end', (r) => { r.writeHead(200, { 'content-type': 'audio/wav' }); const block = Buffer.alloc(1_000_000); const more = (): void => { while (r.write(block)); r.once('drain', more); }; r.on('error', () => undefined); more(); }, /larger than a prompt|no answer/],
  ])('that %s is an error that says so', async (what, answer, fault) => {
    await service(answer, { timeoutMs: what.startsWith('never') ? 300 : 5_000 });
    await expect(say()).rejects.toMatchObject({ code: 'tts.failed', message: expect.stringMatching(fault) });
  });

  it('is not called where it may not be', async () => {
    const seen = await service(wav, {}, () => Promise.reject(new Error('voice.test is 10.0.0.1')));
    await expect(say()).rejects.toThrow(/voice\.test:\d+ failed: voice\.test is 10\.0\.0\.1/);
    expect(seen).toEqual([]);
  });

  it('whose name cannot be looked up in time is an error, too', async () => {
    await service(wav, { timeoutMs: 200 }, () => new Promise(() => undefined));
    await expect(say()).rejects.toThrow(/gave no answer within 200 ms/);
  });

  it('is let go when we close', async () => {
    await service(() => undefined, { timeoutMs: 60_000 });
    const asked = say();
    await engine.close();
    await expect(asked).rejects.toMatchObject({ code: 'tts.failed' });
  });
});
