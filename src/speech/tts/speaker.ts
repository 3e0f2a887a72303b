import type { Choice } from './engines/choice.js';
import type { Watched } from './engines/watched.js';
import { TtsFailed, TtsUnavailable } from './errors.js';
import { type PromptFiles, sha256 } from './files.js';
import { LANGUAGES, type TtsEngine } from './ports.js';
import type { Part } from './protocol.js';
import type { Segment, Sentence } from './spoken/sentences.js';
import type { VoiceProcess } from './voice-process.js';

/** Makes sentences, keeps them, and knows which voice says them. */
export interface Speaker {
  /** The file that says this as it should be said now, if it was made before. */
  kept(sentence: Sentence): Promise<string | undefined>;
  /** @throws TtsUnavailable, TtsFailed */
  say(sentence: Sentence, urgent: boolean): Promise<string>;
  /** The same key wanted many times at once is made once; who is in a hurry does not wait for what is being prepared. @throws TtsFailed */
  once(key: string, urgent: boolean, work: () => Promise<Uint8Array>): Promise<string>;
}
export interface SpeakerOptions {
  readonly recipe: string;
  /** The built-in voice and its version; `undefined` = not installed. */
  readonly engine: string | undefined;
  /** How to get it. */
  readonly missing: string;
  readonly files: PromptFiles;
  readonly choice: Choice;
  readonly voice: VoiceProcess;
  readonly cacheDir: string;
}

export function createSpeaker({ recipe, engine, missing, files, choice, voice, cacheDir }: SpeakerOptions): Speaker {
  const making = new Map<string, { readonly urgent: boolean; readonly made: Promise<string> }>();
  const keyBuiltIn = (sentence: Sentence): string => sha256(recipe, engine ?? '', JSON.stringify(choice.espeak()), JSON.stringify(sentence));
  /** Undefined where the built-in voice says all of it anyway. */
  const keyOutside = (sentence: Sentence): string | undefined => {
    if (outside(sentence).length === 0) return undefined;
    const voices = LANGUAGES.map((lang) => choice.engine(lang)?.identity ?? JSON.stringify([engine, choice.espeak()[lang]]));
    return sha256(recipe, ...voices, JSON.stringify(sentence));
  };
  const outside = (sentence: Sentence): Watched[] => LANGUAGES.flatMap((lang) => (sentence.some((s) => s.do === 'say' && s.lang === lang) ? (choice.engine(lang) ?? []) : []));

  const make = async (key: string, work: () => Promise<Uint8Array>): Promise<string> => {
    const kept = await files.kept(key);
    if (kept !== undefined) return kept;
    const wav = await work();
    try {
      return await files.keep(key, wav);
    } catch (cause) {
      throw new TtsFailed(`the prompt cannot be written under ${cacheDir}`, { hint: 'is the disk full, or the folder not writable?', cause });
    }
  };
  const once = (key: string, urgent: boolean, work: () => Promise<Uint8Array>): Promise<string> => {
    const running = making.get(key);
    if (running && (running.urgent || !urgent)) return running.made;
    const mine = { urgent, made: make(key, work).finally(() => making.get(key) === mine && making.delete(key)) };
    making.set(key, mine);
    return mine.made;
  };
  const partsOutside = (sentence: Sentence, urgent: boolean): Promise<Part[]> =>
    Promise.all(sentence.map(async (segment): Promise<Part> => {
      const other = segment.do === 'say' ? choice.engine(segment.lang) : undefined;
      return segment.do === 'say' && other ? { do: 'sound', wav: await other.say(utterance(segment), urgent), gainDb: segment.gainDb } : segment;
    }));
  const usable = async (sentence: Sentence, urgent: boolean): Promise<Uint8Array> => {
    const parts = await partsOutside(sentence, urgent);
    return together(parts, urgent).catch((error: unknown) => {
      outside(sentence).forEach((other) => other.blame(error));
      throw error;
    });
  };
  const together = (parts: readonly Part[], urgent: boolean): Promise<Uint8Array> => voice.ask({ do: 'say', parts, voices: choice.espeak() }, urgent);

  /** Another voice's file, made if need be; nothing where it fails or rests: its failures are logged where they are counted. */
  const byOthers = async (sentence: Sentence, urgent: boolean): Promise<string | undefined> => {
    const key = keyOutside(sentence);
    if (key === undefined) return undefined;
    const kept = await files.kept(key);
    if (kept !== undefined || (engine !== undefined && outside(sentence).some((e) => e.rests()))) return kept;
    try {
      return await once(key, urgent, () => usable(sentence, urgent));
    } catch (error) {
      if (engine === undefined) throw error;
      return undefined;
    }
  };
  return {
    kept: (sentence) => files.kept(keyOutside(sentence) ?? keyBuiltIn(sentence)),
    once,
    async say(sentence, urgent) {
      const path = await byOthers(sentence, urgent);
      if (path !== undefined) return path;
      if (engine === undefined) throw new TtsUnavailable('nothing can say this', { hint: missing });
      return once(keyBuiltIn(sentence), urgent, () => together(sentence, urgent));
    },
  };
}

const utterance = ({ text, lang, rate }: Extract<Segment, { do: 'say' }>): Parameters<TtsEngine['say']>[0] => ({ text, lang, rate });
