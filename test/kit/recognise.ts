import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import koffi from 'koffi';
import { alawToLinear, encodeAlaw } from '../../src/audio/index.js';

export type SpokenLanguage = 'en' | 'zh';

/** Also from where benchmarks are compiled to. */
const root = ((): string => {
  let dir = import.meta.dirname;
  while (!existsSync(join(dir, 'package.json'))) dir = dirname(dir);
  return dir;
})();
/** Where the npm package `vosk` keeps libvosk; its own ffi does not install on current releases of Node. */
const LIBRARY = { linux: 'linux-x86_64/libvosk.so', darwin: 'osx-universal/libvosk.dylib' }[process.platform as 'linux' | 'darwin'];

function bind() {
  const lib = koffi.load(join(root, 'node_modules/vosk/lib', LIBRARY));
  lib.func('void vosk_set_log_level(int level)')(-1);
  return {
    model: lib.func('void *vosk_model_new(const char *path)') as (path: string) => unknown,
    recogniser: lib.func('void *vosk_recognizer_new(void *model, float rate)') as (model: unknown, rateHz: number) => unknown,
    accept: lib.func('int vosk_recognizer_accept_waveform(void *rec, const int16_t *data, int bytes)') as (rec: unknown, data: Buffer, bytes: number) => number,
    result: lib.func('const char *vosk_recognizer_result(void *rec)') as (rec: unknown) => string,
    final: lib.func('const char *vosk_recognizer_final_result(void *rec)') as (rec: unknown) => string,
    free: lib.func('void vosk_recognizer_free(void *rec)') as (rec: unknown) => void,
  };
}
let vosk: ReturnType<typeof bind> | undefined;
const models = new Map<SpokenLanguage, unknown>();

/** 40 ms at 8 kHz. */
const CHUNK = 320;

/**
 * What a listener on the telephone understands: 8 kHz samples, sent through G.711 A-law, to words. Chinese comes without
 * spaces. Knows only the words of test/models. Runs in the test's own process, which vitest forks; never in a thread.
 */
export function recognise(samples: Int16Array, language: SpokenLanguage): string {
  vosk ??= bind();
  const model = models.get(language) ?? vosk.model(join(root, 'test/models', language));
  models.set(language, model);
  const silence = new Int16Array(4_000);
  const wire = new Uint8Array(samples.length);
  encodeAlaw(samples, wire);
  const heard = Int16Array.from([...silence, ...Array.from(wire, (byte) => alawToLinear[byte] ?? 0), ...silence]);
  const rec = vosk.recogniser(model, 8_000);
  const said: string[] = [];
  const textOf = (json: string): string => (JSON.parse(json) as { readonly text: string }).text;
  for (let at = 0; at < heard.length; at += CHUNK) {
    const chunk = heard.slice(at, at + CHUNK);
    if (vosk.accept(rec, Buffer.from(chunk.buffer), chunk.byteLength) !== 0) said.push(textOf(vosk.result(rec)));
  }
  said.push(textOf(vosk.final(rec)));
  vosk.free(rec);
  const text = said.filter((s) => s !== '').join(' ');
  return language === 'zh' ? text.replaceAll(' ', '') : text;
}
