import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { TtsConfig } from '../../config/index.js';
import { cacheLimit } from './cache-limit.js';
import { createChoice } from './engines/choice.js';
import type { Permit } from './engines/http.js';
import { TtsFailed } from './errors.js';
import { promptFiles, sha256 } from './files.js';
import { LANGUAGES, type Language, type Spoken, type Tts } from './ports.js';
import { createSpeaker, type Speaker } from './speaker.js';
import { type Sentence, toOneSentence, toSentences } from './spoken/sentences.js';
import { createVoiceProcess, type VoiceProcessOptions } from './voice-process.js';

const PACKAGE = '@echogarden/espeak-ng-emscripten';
/** Grows whenever the same text would sound different, so that old files are not used. */
const RECIPE = '2';

export interface TtsOptions {
  /** Made if it is not there. Old files are harmless and may be deleted at any time. */
  readonly cacheDir: string;
  /** Recordings that take the place of the voice: see `recordingName`. */
  readonly recordedDir?: string;
  readonly log: { warn(fields: object, message: string): void };
  /** How each language is spoken, asked for with every prompt: a reload holds at once. Left out: the built-in voice. */
  readonly config?: () => TtsConfig;
  /** Which addresses a voice behind HTTP may have. Left out: none. */
  readonly permit?: Permit;
  /** The installed voice; `undefined` = none. For tests; else looked up. */
  readonly engine?: string | undefined;
  readonly voice?: Partial<VoiceProcessOptions>;
  readonly now?: () => number;
}

const BUILT_IN: TtsConfig = { voices: { 'zh-CN': { engine: 'espeak', voice: 'cmn-latn-pinyin', rate: 100 }, en: { engine: 'espeak', voice: 'en-us', rate: 100 } }, cacheBytes: 500_000_000 };

/** Version of the installed voice, or nothing: it is an optional dependency under another licence. */
export function installedVoice(): string | undefined {
  try {
    const { version } = createRequire(import.meta.url)(`${PACKAGE}/package.json`) as { version: string };
    return `espeak-ng@${version}`;
  } catch {
    return undefined; // not found is the answer, not a failure
  }
}

const nowhere: Permit = (url) => Promise.reject(new Error(`${url.host} may not be called`));
const handled = <T>(promise: Promise<T>): Promise<T> => {
  promise.catch(() => undefined); // whoever awaits it is told; nobody need
  return promise;
};

export function createTts(options: TtsOptions): Tts {
  const { cacheDir, recordedDir, log, config = () => BUILT_IN, permit = nowhere, now = Date.now } = options;
  const engine = 'engine' in options ? options.engine : installedVoice();
  const warn = (about: object, message: string): void => log.warn(about, message);
  const files = promptFiles(cacheDir, recordedDir, cacheLimit({ folder: cacheDir, maxBytes: () => config().cacheBytes, now, warn }));
  const choice = createChoice({ config, permit, now, warn });
  const voice = createVoiceProcess({ script: fileURLToPath(new URL('voice.js', import.meta.url)), warm: engine !== undefined, ...options.voice });
  const speaker = createSpeaker({ recipe: RECIPE, engine, missing: `npm install ${PACKAGE}, or record the prompt under prompts`, files, choice, voice, cacheDir });

  const recorded = async (text: string, lang: Language, urgent: boolean): Promise<string | undefined> => {
    const recording = await files.recording(text, lang);
    return recording && speaker.once(sha256(RECIPE, recording.path, recording.version), urgent, () => voice.ask({ do: 'convert', path: recording.path }, urgent));
  };
  const pieces = async (text: string, lang: Language, urgent: boolean): Promise<readonly (string | Promise<string>)[]> => {
    const whole = await recorded(text, lang, urgent);
    return whole === undefined ? inTurn(speaker, sayable(toSentences(text, lang), text), urgent) : [whole];
  };

  return {
    async prompt(text, lang) {
      return (await recorded(text, lang, true)) ?? speaker.say(sayable([toOneSentence(text, lang)], text)[0] ?? [], true);
    },
    pieces: (text, lang) => pieces(text, lang, true),
    async prepare(prompts: readonly Spoken[]) {
      const results = await Promise.allSettled(prompts.map(async ({ text, lang }) => Promise.all((await pieces(text, lang, false)).map((piece) => Promise.resolve(piece)))));
      const failures = results.flatMap((r) => (r.status === 'rejected' ? [r.reason as unknown] : []));
      if (failures.length > 0) log.warn({ err: failures[0], failed: failures.length, of: prompts.length }, 'some prompts could not be prepared');
      return failures.length;
    },
    unavailable: () => (engine === undefined && LANGUAGES.some((lang) => !choice.engine(lang)) ? `the voice is not installed: npm install ${PACKAGE}` : undefined),
    async close() {
      await Promise.all([voice.close(), choice.close()]);
    },
  };
}

/** One sentence after the other, so that no long text keeps another caller from his first words. */
async function inTurn(speaker: Speaker, sentences: readonly Sentence[], urgent: boolean): Promise<readonly (string | Promise<string>)[]> {
  const there = await Promise.all(sentences.map((sentence) => speaker.kept(sentence)));
  let before: Promise<unknown> = Promise.resolve();
  return sentences.map((sentence, i) => {
    const path = there[i];
    if (path !== undefined) return path;
    const made = handled(before.then(() => speaker.say(sentence, urgent)));
    before = made.catch(() => undefined);
    return made;
  });
}

function sayable(sentences: readonly Sentence[], text: string): readonly Sentence[] {
  if (sentences.every((sentence) => sentence.length === 0)) throw new TtsFailed(`there is nothing to pronounce in "${text.slice(0, 80)}"`);
  return sentences;
}
