import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { wavOf } from '../kit/material.js';
import type { Call, Phone } from '../kit/phone.js';
import { recognise } from '../kit/recognise.js';
import { sine } from '../kit/rtp/law.js';
import { startStrowger, type Strowger } from '../kit/strowger.js';
import { until } from '../kit/wait.js';

/** A speech service whose voice is a tone, which it gives by hundreds to the words "tone N". */
let service: Server;
let asked: { text: string; language: string; authorization: string | undefined }[] = [];
let broken = false;
let strowger: Strowger;
const open: Phone[] = [];
const folder = mkdtempSync(join(tmpdir(), 'strowger-voices-'));

beforeAll(async () => {
  service = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
    request.on('end', () => {
      const { text, language } = JSON.parse(body) as { text: string; language: string };
      asked.push({ text, language, authorization: request.headers.authorization });
      if (broken) return void response.writeHead(503).end();
      response.writeHead(200, { 'content-type': 'audio/wav' }).end(wavOf([sine(text.includes('seven') ? 700 : 1_100, 1_500, 22_050)], 22_050));
    });
  });
  await new Promise<void>((done) => service.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
  await new Promise((done) => service.close(done));
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((phone) => phone.close()));
});

const said = (number: string, text: string): string => `  f${number}: [ { say: { en: '${text}' } }, { hang_up: {} } ]\n`;
function running(name: string, env: (port: number) => Record<string, string>): void {
  beforeAll(async () => {
    const { port } = service.address() as AddressInfo;
    const dir = join(folder, name);
    mkdirSync(dir, { recursive: true });
    asked = [];
    writeFileSync(join(dir, 'recordings.yaml'), 'recording: { notice: false }\n');
    writeFileSync(join(dir, 'system.yaml'), `speech: { tts: { en: { engine: http, url: "http://127.0.0.1:${String(port)}/speak", token: "\${VOICE_TOKEN}", timeout: 5 } } }\n`);
    const texts: Record<string, string> = { 5000: 'Tone 7.', 5001: '<speak>I want to <break time="300ms"/> cancel my order</speak>' };
    writeFileSync(join(dir, 'main.yaml'), `version: 1\nentries: [ ${Object.keys(texts).map((n) => `{ number: "${n}", flow: f${n} }`).join(', ')} ]\nflows:\n${Object.entries(texts).map(([n, t]) => said(n, t)).join('')}`);
    strowger = await startStrowger({ agents: 1, config: dir, dialplans: dir, env: { VOICE_TOKEN: 's3cret', ...env(port) } });
  });
  afterAll(() => strowger.stop());
}
async function hear(number: string): Promise<Call> {
  onTestFailed(() => console.error(strowger.output()));
  const phone = await strowger.phone('1201');
  open.push(phone);
  const call = await phone.call(number);
  await call.answered(20_000);
  return call;
}
const count = (text: string): number => strowger.output().split(text).length - 1;

describe('a language with a voice behind HTTP', () => {
  running('allowed', (port) => ({ STROWGER_ALLOW_HOSTS: `127.0.0.1:${String(port)}` }));

  it('is heard in that voice, which is given plain words and its token', async () => {
    const call = await hear('5000');
    await call.media.heard(700, 10_000);
    await call.ended();
    expect(asked.find(({ text }) => text === 'Tone seven.')).toEqual({ text: 'Tone seven.', language: 'en', authorization: 'Bearer s3cret' });
  });

  it('is heard in the built-in voice when the other fails, and nobody is kept waiting', async () => {
    await strowger.when<{ degraded?: readonly string[] }>('/healthz', 60_000, (h) => !(h.degraded ?? []).some((why) => why.includes('being rendered')));
    broken = true;
    rmSync(join(strowger.data, 'prompts'), { recursive: true, force: true });
    const call = await hear('5001');
    await call.ended();
    expect(recognise(call.media.samples(), 'en')).toContain('cancel my order');
    await until('the log says so', 5_000, () => count('the built-in voice speaks instead') > 0);
    expect(count('the built-in voice speaks instead')).toBe(1);
    broken = false;
  });
});

describe('a voice at a private address that nobody allowed', () => {
  running('refused', () => ({ STROWGER_ALLOW_HOSTS: '' }));

  it('is never asked: the built-in voice speaks', async () => {
    const call = await hear('5001');
    await call.ended();
    expect(recognise(call.media.samples(), 'en')).toContain('cancel my order');
    expect(asked).toEqual([]);
    expect(strowger.output()).toContain('STROWGER_ALLOW_HOSTS');
  });
});
