import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { promptFiles, sha256, type PromptFiles } from './files.js';

let dir = '';
let files: PromptFiles;
/** Longer than a WAV without sound. */
const wav = (text: string): Uint8Array => new TextEncoder().encode(text.padEnd(60));
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'prompt-files-'));
  files = promptFiles(join(dir, 'cache'), join(dir, 'prompts'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('what is kept', () => {
  it('is found again under its key, and only there', async () => {
    const path = await files.keep('abcd', wav('sound'));
    expect(await files.kept('abcd')).toBe(path);
    expect(await files.kept('abce')).toBeUndefined();
    expect(readFileSync(path, 'utf8').trim()).toBe('sound');
  });

  it('is whole whenever it can be seen, even written many times at once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => files.keep('abcd', wav('sound'.repeat(1_000)))));
    expect(readdirSync(join(dir, 'cache', 'ab'))).toEqual(['abcd.wav']);
    expect(readFileSync((await files.kept('abcd')) ?? '', 'utf8')).toHaveLength(5_000);
  });

  it('may be deleted by anybody: it is made again', async () => {
    await files.keep('abcd', wav('sound'));
    rmSync(join(dir, 'cache'), { recursive: true });
    expect(await files.kept('abcd')).toBeUndefined();
    await files.keep('abcd', wav('again'));
    expect(readFileSync((await files.kept('abcd')) ?? '', 'utf8').trim()).toBe('again');
  });

  it.each([0, 44])('counts as missing where a crash left %d bytes of it', async (bytes) => {
    const path = await files.keep('abcd', wav('sound'));
    writeFileSync(path, new Uint8Array(bytes));
    expect(await files.kept('abcd')).toBeUndefined();
  });

  it('leaves nothing half done when it cannot be put in place', async () => {
    mkdirSync(join(dir, 'cache', 'ab', 'abcd.wav'), { recursive: true }); // a folder where the file should be
    await expect(files.keep('abcd', wav('sound'))).rejects.toThrow();
    expect(readdirSync(join(dir, 'cache', 'ab'))).toEqual(['abcd.wav']);
  });
});

describe('recordings', () => {
  it('are looked for by language and name', async () => {
    mkdirSync(join(dir, 'prompts', 'en'), { recursive: true });
    writeFileSync(join(dir, 'prompts', 'en', 'hello.wav'), wav('x'));
    expect((await files.recording('Hello!', 'en'))?.path).toBe(join(dir, 'prompts', 'en', 'hello.wav'));
    expect(await files.recording('Hello!', 'zh-CN')).toBeUndefined();
    expect(await files.recording('Goodbye!', 'en')).toBeUndefined();
  });

  it.each(['...', '', '/', '..'])('have a name, or there is none for %j', async (text) => expect(await files.recording(text, 'en')).toBeUndefined());

  it('cannot lead out of their folder', async () => {
    writeFileSync(join(dir, 'secret.wav'), wav('x'));
    expect(await files.recording('../../secret', 'en')).toBeUndefined();
  });

  it('are none where no folder is given', async () => expect(await promptFiles(dir, undefined).recording('Hello', 'en')).toBeUndefined());
});

it('keys differ when any part differs, also where parts run together', () => {
  const keys = [sha256('a', 'bc'), sha256('ab', 'c'), sha256('abc'), sha256('a', 'b', 'c')];
  expect(new Set(keys).size).toBe(4);
  expect(sha256('a', 'bc')).toBe(keys[0]);
});
