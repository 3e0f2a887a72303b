import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigFaults, formatFault } from './faults.js';
import { loadConfig } from './load.js';
import type { TtsConfig } from './voices.js';

let dir = '';
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'voices-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));
const load = (tts: string): TtsConfig => {
  writeFileSync(join(dir, 'system.yaml'), `speech:\n  tts:\n    ${tts}\n`);
  return loadConfig(dir, { env: { TTS_TOKEN: 's3cret' } }).system.speech.tts;
};
const refusal = (tts: string): string => {
  try {
    load(tts);
    return 'taken';
  } catch (error) {
    return error instanceof ConfigFaults ? error.faults.map((f) => `${formatFault(f).replace(dir, '')} ${f.hint ?? ''}`).join('; ') : String(error);
  }
};

describe('voices', () => {
  it('are the built-in ones by default', () => {
    expect(loadConfig(dir).system.speech.tts).toEqual({
      voices: { 'zh-CN': { engine: 'espeak', voice: 'cmn-latn-pinyin', rate: 100 }, en: { engine: 'espeak', voice: 'en-us', rate: 100 } }, cacheBytes: 500_000_000,
    });
  });

  it('may be a program, or a service with a token that stands elsewhere', () => {
    const { voices, cacheBytes } = load('{ zh-CN: { engine: command, command: [piper, -f, "{out}"], timeout: 2.5 }, en: { engine: http, url: "https://voice.example/say", voice: amy, rate: 110, token: "${TTS_TOKEN}" }, cache_megabytes: 50 }');
    expect(voices['zh-CN']).toEqual({ engine: 'command', command: ['piper', '-f', '{out}'], voice: undefined, rate: 100, timeoutMs: 2_500 });
    expect(voices.en).toMatchObject({ engine: 'http', url: 'https://voice.example/say', voice: 'amy', rate: 110, timeoutMs: 5_000 });
    expect(voices.en.engine === 'http' && voices.en.token?.reveal()).toBe('s3cret');
    expect(cacheBytes).toBe(50_000_000);
  });

  it.each<[tts: string, fault: RegExp]>([
    ['{ en: { engine: espeak, voise: en-us } }', /system\.yaml:3:\d+.*unknown key "voise".*did you mean "voice"/], ['{ fr: { engine: espeak } }', /:3:7.*unknown key "fr"/], ['{ en: { engine: flite } }', /:3:\d+.*engine/],
    ['{ en: { engine: espeak, voice: cmn } }', /voice.*en-us/], ['{ zh-CN: { engine: espeak, voice: cmn } }', /cmn-latn-pinyin/], ['{ en: { engine: espeak, rate: 500 } }', /rate/], ['{ en: { engine: espeak, url: "http://a" } }', /unknown key "url"/],
    ['{ en: { engine: command } }', /command.*missing/], ['{ en: { engine: command, command: [] } }', /command/], ['{ en: { engine: command, command: ["{text}"] } }', /takes no placeholder/], ['{ en: { engine: command, command: [a], timeout: 0 } }', /timeout/],
    ['{ en: { engine: http } }', /"url"/], ['{ en: { engine: http, url: "ftp://a" } }', /https:/], ['{ en: { engine: http, url: "https://u:p@a/" } }', /password has no place/], ['{ en: { engine: http, url: "https://a/", token: abc } }', /may not stand in this file/],
    ['{ en: { engine: http, url: "https://a/", token: "${NONE}" } }', /NONE.*not set/], ['{ cache_megabytes: 1 }', /cache_megabytes/],
  ])('%s is refused', (tts, fault) => expect(refusal(tts)).toMatch(fault));
});
