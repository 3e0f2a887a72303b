import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What of libvosk is used (vosk_api.h). Strings are copied before the next call frees them. */
export interface VoskLibrary {
  /** null: it cannot be loaded. */
  readonly model: (path: string) => unknown;
  readonly recogniser: (model: unknown, rateHz: number) => unknown;
  readonly grammarRecogniser: (model: unknown, rateHz: number, grammar: string) => unknown;
  readonly setWords: (recogniser: unknown, on: number) => void;
  readonly setAlternatives: (recogniser: unknown, most: number) => void;
  /** 1: a sentence has ended, `result` has it. */
  readonly accept: (recogniser: unknown, pcm: Uint8Array, bytes: number) => number;
  readonly partial: (recogniser: unknown) => string;
  readonly result: (recogniser: unknown) => string;
  readonly final: (recogniser: unknown) => string;
  readonly free: (recogniser: unknown) => void;
}

const FILES: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x86_64/libvosk.so', 'darwin-x64': 'osx-universal/libvosk.dylib', 'darwin-arm64': 'osx-universal/libvosk.dylib', 'win32-x64': 'win-x86_64/libvosk.dll',
};
const require = createRequire(import.meta.url);

/** Where libvosk is: named by STROWGER_LIBVOSK, or in the npm package `vosk`. undefined: nowhere. */
export function libraryFile(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const named = env['STROWGER_LIBVOSK'];
  if (named !== undefined && named !== '') return named;
  const file = FILES[`${process.platform}-${process.arch}`];
  if (file === undefined) return undefined;
  try {
    return join(dirname(require.resolve('vosk/package.json')), 'lib', file);
  } catch {
    return undefined; // an optional dependency that was not installed
  }
}

/**
 * Binds libvosk through koffi (the npm package's own ffi does not build on current releases of Node). Only in a process of
 * its own: what goes wrong in there takes the process along, and in a worker thread it ends in SIGSEGV.
 */
export async function bindVosk(file: string): Promise<VoskLibrary> {
  const { default: koffi } = await import('koffi');
  const lib = koffi.load(file);
  (lib.func('void vosk_set_log_level(int level)') as (level: number) => void)(-1);
  const bound = (signature: string): unknown => lib.func(signature);
  return {
    model: bound('void *vosk_model_new(const char *path)') as VoskLibrary['model'],
    recogniser: bound('void *vosk_recognizer_new(void *model, float rate)') as VoskLibrary['recogniser'],
    grammarRecogniser: bound('void *vosk_recognizer_new_grm(void *model, float rate, const char *grammar)') as VoskLibrary['grammarRecogniser'],
    setWords: bound('void vosk_recognizer_set_words(void *rec, int on)') as VoskLibrary['setWords'],
    setAlternatives: bound('void vosk_recognizer_set_max_alternatives(void *rec, int most)') as VoskLibrary['setAlternatives'],
    accept: bound('int vosk_recognizer_accept_waveform(void *rec, const void *data, int bytes)') as VoskLibrary['accept'],
    partial: bound('const char *vosk_recognizer_partial_result(void *rec)') as VoskLibrary['partial'],
    result: bound('const char *vosk_recognizer_result(void *rec)') as VoskLibrary['result'],
    final: bound('const char *vosk_recognizer_final_result(void *rec)') as VoskLibrary['final'],
    free: bound('void vosk_recognizer_free(void *rec)') as VoskLibrary['free'],
  };
}
