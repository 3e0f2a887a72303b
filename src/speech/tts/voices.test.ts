import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeWav } from '../../audio/index.js';
import type { TtsConfig, VoiceConfig } from '../../config/index.js';
import type { Tts } from './ports.js';
import { createTts, type TtsOptions } from './tts.js';

/** Writes down what it is asked for, and answers the sum of it; `hold` in a text makes it wait for the file `go`. */
const BUILT_IN = `
import { appendFileSync, existsSync } from 'node:fs';
process.on('message', ({ id, parts, voices }) => {
  const text = parts.map((p) => p.do === 'say' ? voices[p.lang].voice + ':' + p.text : p.do === 'sound' ? 'wav' : p.ms).join('|');
  appendFileSync(import.meta.dirname + '/jobs', text + '\\n');
  if (text.includes('wav') && existsSync(import.meta.dirname + '/no-wav')) return process.send({ id, error: 'what sound is this', rssBytes: 1 });
  const reply = () => text.includes('hold') && !existsSync(import.meta.dirname + '/go') ? setTimeout(reply, 5) : process.send({ id, wav: new TextEncoder().encode(text.padEnd(60)), rssBytes: 1 });
  setTimeout(reply, text.includes('slow') ? 20 : 0);
});
process.on('disconnect', () => process.exit(0));
`;
const WAV = Buffer.from(encodeWav({ rateHz: 22_050, channels: [new Int16Array(100)] })).toString('base64');

let dir = '';
let tts: Tts;
let now = 0;
let warnings: string[] = [];
let voices: Record<'zh-CN' | 'en', VoiceConfig>;
const builtIn = { 'zh-CN': { engine: 'espeak', voice: 'cmn-latn-pinyin', rate: 100 }, en: { engine: 'espeak', voice: 'en-us', rate: 100 } } as const;
const config = (): TtsConfig => ({ voices, cacheBytes: 1e9 });
const start = (options: Partial<TtsOptions> = {}): Tts =>
  (tts = createTts({ cacheDir: join(dir, 'cache'), log: { warn: (_f, m) => void warnings.push(m) }, engine: 'built-in@1', voice: { script: join(dir, 'voice.mjs') }, now: () => now, config, ...options }));
const lines = (file: string): string[] => (existsSync(join(dir, file)) ? readFileSync(join(dir, file), 'utf8').trim().split('\n') : []);
const contents = async (path: string | Promise<string>): Promise<string> => readFileSync(await path, 'utf8').trim();

/** A program that speaks, unless the file `broken` is there. */
const program = (): VoiceConfig => ({
  engine: 'command', voice: undefined, rate: 100, timeoutMs: 10_000,
  command: [process.execPath, '-e', `const fs = require("node:fs"); fs.appendFileSync(process.argv[1] + "/asked", process.argv[2] + "\\n"); if (fs.existsSync(process.argv[1] + "/broken")) process.exit(1); process.stdout.write(Buffer.from("${WAV}", "base64"))`, '--', dir, '{text}'],
});

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'voices-'));
  writeFileSync(join(dir, 'voice.mjs'), BUILT_IN);
  voices = { ...builtIn };
  warnings = [];
  now = Date.now();
});
afterEach(async () => {
  await tts.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('a language with a voice of its own', () => {
  it('is spoken by it, and what it said is kept', async () => {
    voices['zh-CN'] = program();
    start();
    expect(await contents(tts.prompt('请按1', 'zh-CN'))).toBe('wav');
    expect(await contents(tts.prompt('Hello', 'en'))).toBe('en-us:Hello');
    expect(await contents(tts.prompt('请按1', 'zh-CN'))).toBe('wav');
    expect(lines('asked')).toEqual(['请按一']);
  });

  it('has each language of a marked-up text said by whoever speaks it', async () => {
    voices.en = program();
    expect(await contents(start().prompt('<speak>您好<break time="200ms"/><lang xml:lang="en">Press 1</lang></speak>', 'zh-CN'))).toBe('cmn-latn-pinyin:您好|200|wav');
    expect(lines('asked')).toEqual(['Press one']);
  });

  it('is spoken by the built-in voice while its own fails, which the log says once; then its own is heard again', async () => {
    voices.en = program();
    writeFileSync(join(dir, 'broken'), '');
    start();
    for (const text of ['a', 'b', 'c', 'd']) expect(await contents(tts.prompt(text, 'en'))).toBe(`en-us:${text}`);
    expect(lines('asked')).toEqual(['a', 'b', 'c']); // then it is left alone for a while
    expect(warnings).toEqual([expect.stringMatching(/fails; the built-in voice speaks instead/)]);
    rmSync(join(dir, 'broken'));
    now += 30_000;
    expect(await contents(tts.prompt('a', 'en'))).toBe('wav');
  });

  it('is spoken by the built-in voice where its own gives sound that cannot be used, and the log says so', async () => {
    voices.en = { engine: 'command', voice: undefined, rate: 100, timeoutMs: 10_000, command: [process.execPath, '-e', `process.stdout.write(Buffer.from("${WAV}", "base64"))`, '--', '{text}'] };
    writeFileSync(join(dir, 'no-wav'), '');
    start();
    expect(await contents(tts.prompt('a', 'en'))).toBe('en-us:a');
    expect(warnings).toEqual([expect.stringMatching(/fails; the built-in voice speaks instead/)]);
  });

  it('is silent only where nothing else is installed', async () => {
    voices.en = program();
    start({ engine: undefined });
    expect(await contents(tts.prompt('a', 'en'))).toBe('wav');
    writeFileSync(join(dir, 'broken'), '');
    await expect(tts.prompt('b', 'en')).rejects.toMatchObject({ code: 'tts.failed' });
    await expect(tts.prompt('b', 'zh-CN')).rejects.toMatchObject({ code: 'tts.unavailable' });
    expect(tts.unavailable()).toContain('npm install');
    voices['zh-CN'] = program();
    expect(start({ engine: undefined }).unavailable()).toBeUndefined();
  });

  it('takes a new voice as soon as it is configured, and the old sound when it comes back', async () => {
    start();
    const first = await tts.prompt('Hello', 'en');
    voices = { ...builtIn, en: { engine: 'espeak', voice: 'en-us+f2', rate: 90 } };
    start({ config: () => ({ voices, cacheBytes: 1e9 }) });
    expect(await contents(tts.prompt('Hello', 'en'))).toBe('en-us+f2:Hello');
    voices = { ...builtIn };
    expect(await tts.prompt('Hello', 'en')).toBe(first);
  });
});

describe('a long text', () => {
  const [first, second, third] = ['This is the first of three sentences in this announcement.', 'The second one holds us up: hold the line until it is there.', 'And this is the third one, which comes at the very end of it.'];
  const text = `${first} ${second} ${third}`;

  it('can be heard from its first sentence on', async () => {
    const pieces = await start().pieces(text, 'en');
    expect(pieces).toHaveLength(3);
    expect(await contents(pieces[0] ?? '')).toBe(`en-us:${first}|220`);
    expect(existsSync(join(dir, 'go'))).toBe(false);
    writeFileSync(join(dir, 'go'), '');
    expect(await contents(pieces[2] ?? '')).toBe(`en-us:${third}`);
    expect(await start().pieces(text, 'en')).toEqual(await Promise.all(pieces.map((piece) => Promise.resolve(piece)))); // at once: all are there
  });

  it('keeps nobody else waiting for his first words', async () => {
    writeFileSync(join(dir, 'go'), '');
    start();
    const long = await tts.pieces(text, 'en');
    const other = await tts.pieces('Somebody else.', 'en');
    await Promise.all([...long, ...other].map((piece) => Promise.resolve(piece)));
    expect(lines('jobs').indexOf('en-us:Somebody else.')).toBeLessThan(2);
  });

  it('says the rest where one sentence cannot be said, and nobody need wait for it', async () => {
    voices.en = program();
    writeFileSync(join(dir, 'broken'), '');
    start({ engine: undefined });
    const pieces = await tts.pieces(text, 'en');
    await vi.waitFor(() => expect(lines('asked')).toHaveLength(3));
    await expect(pieces[1]).rejects.toMatchObject({ code: 'tts.failed' });
  });
});

it('who is in a hurry does not wait for what is being prepared', async () => {
  start();
  const texts = Array.from({ length: 9 }, (_, i) => `slow ${'abcdefghi'[i] ?? ''}`);
  const prepared = tts.prepare(texts.map((text) => ({ text, lang: 'en' })));
  await vi.waitFor(() => expect(lines('jobs')).toHaveLength(1), { interval: 1 });
  await tts.prompt('slow i', 'en');
  expect(lines('jobs').indexOf('en-us:slow i')).toBeLessThan(6);
  expect(await prepared).toBe(0);
});

it('a text that is marked up wrongly is refused with what is wrong', async () => {
  await expect(start().prompt('<speak>a<brake/></speak>', 'en')).rejects.toMatchObject({ code: 'tts.failed', message: expect.stringContaining('there is no <brake>'), hint: 'did you mean <break>?' });
  await expect(tts.pieces('。。。', 'zh-CN')).rejects.toThrow('nothing to pronounce');
});
