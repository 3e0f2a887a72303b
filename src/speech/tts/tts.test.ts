import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compileRooms } from '../../../test/kit/compile.js';
import { decodeWav, encodeWav } from '../../audio/index.js';
import { recordingName } from './files.js';
import { positionPrompts, queuePrompts, recordingNotice } from './phrases.js';
import type { Tts } from './ports.js';
import { createTts, installedVoice, type TtsOptions } from './tts.js';

const rooms = compileRooms('base', 'audio', 'speech/tts');
const script = join(rooms, 'speech/tts/voice.js');
afterAll(() => rmSync(rooms, { recursive: true, force: true }));

/** Counts its jobs in a file: how often was something made? */
const COUNTING = `
import { appendFileSync } from 'node:fs';
process.on('message', ({ id, parts }) => {
  const text = parts.map((p) => p.text ?? p.wav?.length ?? p.ms).join('|');
  appendFileSync(import.meta.dirname + '/jobs', text + '\\n');
  process.send(text === 'bad' ? { id, error: 'no', rssBytes: 1 } : { id, wav: new TextEncoder().encode(text.padEnd(60)), rssBytes: 1 });
});
process.on('disconnect', () => process.exit(0));
`;

let dir = '';
let tts: Tts;
let warnings: string[] = [];
const start = (options: Partial<TtsOptions> = {}): Tts =>
  (tts = createTts({ cacheDir: join(dir, 'cache'), recordedDir: join(dir, 'prompts'), log: { warn: (_f, m) => void warnings.push(m) }, voice: { script: join(dir, 'voice.mjs') }, ...options }));
const jobs = (): string[] => {
  try {
    return readFileSync(join(dir, 'jobs'), 'utf8').trim().split('\n');
  } catch {
    return [];
  }
};
const record = (lang: string, name: string, wav: Uint8Array): void => {
  mkdirSync(join(dir, 'prompts', lang), { recursive: true });
  writeFileSync(join(dir, 'prompts', lang, `${name}.wav`), wav);
};
const tone = (rateHz: number, channels: number): Uint8Array =>
  encodeWav({ rateHz, channels: Array.from({ length: channels }, () => Int16Array.from({ length: rateHz }, (_, i) => 9_000 * Math.sin(i / 10))) });

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tts-'));
  writeFileSync(join(dir, 'voice.mjs'), COUNTING);
  warnings = [];
});
afterEach(async () => {
  await tts.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('a prompt', () => {
  it('is made once and kept, also for the next start', async () => {
    const path = await start().prompt('Hello.', 'en');
    expect(readFileSync(path, 'utf8').trim()).toBe('Hello.');
    expect(await tts.prompt('Hello.', 'en')).toBe(path);
    await tts.close();
    expect(await start().prompt('Hello.', 'en')).toBe(path);
    expect(jobs()).toEqual(['Hello.']);
  });

  it('wanted by many callers at once is made once', async () => {
    start();
    const paths = await Promise.all(Array.from({ length: 50 }, () => tts.prompt('Hello.', 'en')));
    expect(new Set(paths).size).toBe(1);
    expect(jobs()).toEqual(['Hello.']);
  });

  it('is another one in another language, in other words, and from another voice', async () => {
    start();
    const paths = [await tts.prompt('a', 'en'), await tts.prompt('a', 'zh-CN'), await tts.prompt('b', 'en')];
    await tts.close();
    paths.push(await start({ engine: 'other@1' }).prompt('a', 'en'));
    expect(new Set(paths).size).toBe(4);
  });

  it('leaves no half-written file behind', async () => {
    await start().prompt('Hello.', 'en');
    const files = readdirSync(join(dir, 'cache'), { recursive: true }).map(String);
    expect(files.filter((f) => !/^[0-9a-f]{2}([/\\][0-9a-f]{64}\.wav)?$/.test(f))).toEqual([]);
  });

  it('that cannot be written is an error that says where', async () => {
    writeFileSync(join(dir, 'cache'), 'a file where the folder should be');
    await expect(start().prompt('Hello.', 'en')).rejects.toMatchObject({ code: 'tts.failed', hint: expect.stringContaining('disk') });
  });

  it('that failed may be tried again', async () => {
    start();
    await expect(tts.prompt('bad', 'en')).rejects.toMatchObject({ code: 'tts.failed' });
    await expect(tts.prompt('bad', 'en')).rejects.toMatchObject({ code: 'tts.failed' });
    expect(jobs()).toEqual(['bad', 'bad']);
  });
});

describe('without a voice', () => {
  it('says how to get one', async () => {
    start({ engine: undefined });
    expect(tts.unavailable()).toContain('npm install');
    await expect(tts.prompt('Hello.', 'en')).rejects.toMatchObject({ code: 'tts.unavailable', hint: expect.stringContaining('npm install') });
    expect(jobs()).toEqual([]);
  });

  it('recordings are still played', async () => {
    record('en', 'hello', tone(8_000, 1));
    const path = await start({ engine: undefined, voice: { script } }).prompt('Hello.', 'en');
    expect(decodeWav(readFileSync(path)).rateHz).toBe(8_000);
  });
});

describe('a recording', () => {
  it('wins over the voice, whatever its format', async () => {
    record('zh-CN', '您好-欢迎致电', tone(44_100, 2));
    const { rateHz, channels } = decodeWav(readFileSync(await start({ voice: { script } }).prompt('您好，欢迎致电。', 'zh-CN')));
    expect([rateHz, channels.length, (channels[0]?.length ?? 0) / 8]).toEqual([8_000, 1, expect.closeTo(1_160, -2)]);
  });

  it('that is replaced is heard at the next call', async () => {
    record('en', 'hello', tone(8_000, 1));
    const before = await start({ voice: { script } }).prompt('Hello.', 'en');
    record('en', 'hello', tone(16_000, 1));
    expect(await tts.prompt('Hello.', 'en')).not.toBe(before);
  });

  it('that is no sound file is an error, not silence', async () => {
    record('en', 'hello', new TextEncoder().encode('not audio'));
    await expect(start({ voice: { script } }).prompt('Hello.', 'en')).rejects.toThrow(/RIFF/);
  });

  it.each([
    ['Hello and welcome.', 'hello-and-welcome'], ['您好，欢迎致电。', '您好-欢迎致电'], ['  Press 1!  ', 'press-1'], ['../../etc/passwd', 'etc-passwd'], ['...', ''],
  ])('of %j is named %j', (text, name) => expect(recordingName(text)).toBe(name));

  it('of a long text has a name of bearable length, and its own', () => {
    const [a, b] = [recordingName(`${'word '.repeat(40)}a`), recordingName(`${'word '.repeat(40)}b`)];
    expect([a.length, b.length]).toEqual([80, 80]);
    expect(a).not.toBe(b);
  });
});

describe('preparing', () => {
  it('makes what is not there yet, and counts what could not be made', async () => {
    start();
    expect(await tts.prepare([{ text: 'a', lang: 'en' }, { text: 'bad', lang: 'en' }, { text: 'b', lang: 'en' }])).toBe(1);
    expect(warnings).toHaveLength(1);
    expect(await tts.prepare([{ text: 'a', lang: 'en' }])).toBe(0);
    expect(jobs().sort()).toEqual(['a', 'b', 'bad']);
  });
});

describe('the queue\'s own prompts', () => {
  it('tell the place in all languages, or in the caller\'s', () => {
    expect(positionPrompts(3).map((p) => p.text)).toEqual(['您现在排在第3位，请稍等。', 'You are number 3 in the queue. Please hold.']);
    expect(positionPrompts(1, 'en')).toEqual([{ lang: 'en', text: 'You are next in line. Please hold.' }]);
    expect(recordingNotice('zh-CN')).toHaveLength(1);
    expect(queuePrompts(5).filter(({ text }) => /number \d|第\d位|next in line|下一位/.test(text))).toHaveLength(10);
  });
});

it('knows the voice that is installed', () => expect(installedVoice()).toMatch(/^espeak-ng@\d/));
