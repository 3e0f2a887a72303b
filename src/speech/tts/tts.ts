import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { TtsFailed, TtsUnavailable } from './errors.js';
import { promptFiles, sha256 } from './files.js';
import type { Language, Spoken, Tts } from './ports.js';
import { createVoiceProcess, type Job, type VoiceProcessOptions } from './voice-process.js';

const PACKAGE = '@echogarden/espeak-ng-emscripten';
/** Grows whenever the same text would sound different, so that old files are not used. */
const RECIPE = '1';

export interface TtsOptions {
  /** Made if it is not there. Old files are harmless and may be deleted at any time. */
  readonly cacheDir: string;
  /** Recordings that take the place of the voice: see `recordingName`. */
  readonly recordedDir?: string;
  readonly log: { warn(fields: object, message: string): void };
  /** The installed voice; `undefined` = none. For tests; else looked up. */
  readonly engine?: string | undefined;
  readonly voice?: Partial<VoiceProcessOptions>;
}

/** Version of the installed voice, or nothing: it is an optional dependency under another licence. */
export function installedVoice(): string | undefined {
  try {
    const { version } = createRequire(import.meta.url)(`${PACKAGE}/package.json`) as { version: string };
    return `espeak-ng@${version}`;
  } catch {
    return undefined; // not found is the answer, not a failure
  }
}

export function createTts(options: TtsOptions): Tts {
  const { cacheDir, recordedDir, log } = options;
  const engine = 'engine' in options ? options.engine : installedVoice();
  const files = promptFiles(cacheDir, recordedDir);
  const voice = createVoiceProcess({ script: fileURLToPath(new URL('voice.js', import.meta.url)), ...options.voice });
  const making = new Map<string, Promise<string>>();

  const make = async (key: string, job: Job, urgent: boolean): Promise<string> => {
    const kept = await files.kept(key);
    if (kept !== undefined) return kept;
    const wav = await voice.ask(job, urgent);
    try {
      return await files.keep(key, wav);
    } catch (cause) {
      throw new TtsFailed(`the prompt cannot be written under ${cacheDir}`, { hint: 'is the disk full, or the folder not writable?', cause });
    }
  };
  /** The same prompt wanted twice at once is made once. */
  const once = (key: string, job: Job, urgent: boolean): Promise<string> => {
    const running = making.get(key);
    if (running) return running;
    const made = make(key, job, urgent).finally(() => making.delete(key));
    making.set(key, made);
    return made;
  };
  const prompt = async (text: string, lang: Language, urgent: boolean): Promise<string> => {
    const recorded = await files.recording(text, lang);
    if (recorded) return once(sha256(RECIPE, recorded.path, recorded.version), { do: 'convert', path: recorded.path }, urgent);
    if (engine === undefined)
      throw new TtsUnavailable(`nothing can say "${text}"`, { hint: `npm install ${PACKAGE}, or record the prompt as prompts/${lang}/*.wav` });
    return once(sha256(RECIPE, engine, lang, text), { do: 'say', text, lang }, urgent);
  };

  return {
    prompt: (text, lang) => prompt(text, lang, true),
    async prepare(prompts: readonly Spoken[]) {
      const results = await Promise.allSettled(prompts.map(({ text, lang }) => prompt(text, lang, false)));
      const failures = results.flatMap((r) => (r.status === 'rejected' ? [r.reason as unknown] : []));
      if (failures.length > 0) log.warn({ err: failures[0], failed: failures.length, of: prompts.length }, 'some prompts could not be prepared');
      return failures.length;
    },
    unavailable: () => (engine === undefined ? `the voice is not installed: npm install ${PACKAGE}` : undefined),
    close: () => voice.close(),
  };
}
