/** BCP 47 tags of the languages that prompts exist in. */
export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** One thing to be said, in one language: plain text, or, where it begins with `<speak>`, what `checkSpoken` takes. */
export interface Spoken {
  readonly text: string;
  readonly lang: Language;
}

export interface Tts {
  /**
   * The path of an 8 kHz mono PCM16 WAV that says all of this: a recorded prompt if there is one, else synthesised once and kept.
   * @throws TtsUnavailable when the voice is not installed and nothing is recorded or cached
   * @throws TtsFailed when the voice could not say it
   */
  prompt(text: string, lang: Language): Promise<string>;
  /**
   * The same in pieces, one or a few sentences each, in order: a path where it is there already, a promise where it is being made.
   * A long text can so be heard from its first sentence on while the rest is made. A promise that nobody awaits does no harm.
   * @throws TtsUnavailable, TtsFailed as `prompt`
   */
  pieces(text: string, lang: Language): Promise<readonly (string | Promise<string>)[]>;
  /** Renders what is known beforehand, so that no caller waits for it. Answers how many could not be made; never throws. */
  prepare(prompts: readonly Spoken[]): Promise<number>;
  /** `undefined`, or why no new sentence can be spoken. */
  unavailable(): string | undefined;
  close(): Promise<void>;
}

/** What a voice outside this process is asked to say: plain words, numbers and marks already written out. */
export interface Utterance {
  readonly text: string;
  readonly lang: Language;
  /** Per cent of the voice's usual pace. */
  readonly rate: number;
}

/** A voice that is not the built-in one. */
export interface TtsEngine {
  /** For the log. */
  readonly name: string;
  /** Part of the name under which its sound is kept: another one whenever the same words would sound different. */
  readonly identity: string;
  /** A WAV of any rate and format. `urgent`: somebody is waiting, so before what is prepared. Always settles. @throws TtsFailed */
  say(what: Utterance, urgent: boolean): Promise<Uint8Array>;
  close(): Promise<void>;
}
