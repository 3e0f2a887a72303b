import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { recognise } from '../../test/kit/recognise.js';
import { decodeWav } from '../../src/audio/index.js';
import type { TtsConfig, VoiceConfig } from '../../src/config/index.js';
import { createTts, type Language } from '../../src/speech/tts/index.js';
import { SENTENCES } from './sentences.js';

export interface Understood {
  readonly language: Language;
  readonly voice: string;
  readonly sentences: number;
  /** Share of words (en) or characters (zh) that were wrong, missing or too many. */
  readonly errors: number;
  /** Sentences understood to the last word. */
  readonly whole: number;
  /** Seconds of sound made in a second of work. */
  readonly timesRealTime: number;
  /** What was heard otherwise, for the first few. */
  readonly misheard: readonly string[];
}

const espeak = (voice: string, rate = 100): VoiceConfig => ({ engine: 'espeak', voice, rate });
export const VOICES: Readonly<Record<Language, readonly VoiceConfig[]>> = {
  en: [espeak('en-us'), espeak('en-us', 80), espeak('en-us', 125), espeak('en-us+f2'), espeak('en-us+m3'), espeak('en-gb-x-rp'), espeak('en-gb-scotland'), espeak('en-029')],
  'zh-CN': [espeak('cmn-latn-pinyin'), espeak('cmn-latn-pinyin', 80), espeak('cmn-latn-pinyin', 125), espeak('cmn-latn-pinyin+f2'), espeak('cmn-latn-pinyin+m3'), espeak('cmn-latn-pinyin+f4')],
};
const nameOf = (voice: VoiceConfig): string => {
  const name = voice.engine === 'espeak' ? voice.voice : voice.engine === 'http' ? new URL(voice.url).host : (voice.command[0] ?? '');
  return `${name}${voice.rate === 100 ? '' : ` at ${String(voice.rate)} %`}`;
};

/** Every sentence of a language by one voice, through G.711, into the recogniser of test/models. */
export async function understand(language: Language, voice: VoiceConfig): Promise<Understood> {
  const cacheDir = mkdtempSync(join(tmpdir(), 'strowger-bench-'));
  const config: TtsConfig = { voices: { 'zh-CN': espeak('cmn-latn-pinyin'), en: espeak('en-us'), [language]: voice }, cacheBytes: 1e9 };
  const tts = createTts({ cacheDir, log: { warn: (about, message) => { throw new Error(message, { cause: about }); } }, config: () => config, voice: { script: resolve('dist/speech/tts/voice.js') } });
  try {
    const heard: { expected: string; got: string }[] = [];
    let [units, errors, audioMs, workMs] = [0, 0, 0, 0];
    await tts.prompt(language === 'en' ? 'One.' : '一', language); // the first starts the voice
    for (const [written, expected] of SENTENCES[language]) {
      const began = performance.now();
      const path = await tts.prompt(written, language);
      workMs += performance.now() - began;
      const samples = decodeWav(readFileSync(path)).channels[0] ?? new Int16Array(0);
      audioMs += samples.length / 8;
      const got = recognise(samples, language === 'en' ? 'en' : 'zh');
      heard.push({ expected, got });
      units += unitsOf(expected, language).length;
      errors += distance(unitsOf(expected, language), unitsOf(got, language));
    }
    const wrong = heard.filter(({ expected, got }) => expected !== got);
    return {
      language, voice: nameOf(voice), sentences: heard.length, errors: errors / units, whole: (heard.length - wrong.length) / heard.length, timesRealTime: audioMs / workMs,
      misheard: wrong.slice(0, 3).map(({ expected, got }) => `${expected} → ${got}`),
    };
  } finally {
    await tts.close();
    rmSync(cacheDir, { recursive: true, force: true });
  }
}

const unitsOf = (text: string, language: Language): string[] => (language === 'en' ? text.split(' ').filter((word) => word !== '') : Array.from(text));

/** Levenshtein over words or characters. */
export function distance(a: readonly string[], b: readonly string[]): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  a.forEach((unit, i) => {
    const next = [i + 1];
    b.forEach((other, j) => next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (unit === other ? 0 : 1))));
    row = next;
  });
  return row[b.length] ?? 0;
}
