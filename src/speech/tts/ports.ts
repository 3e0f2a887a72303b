/** BCP 47 tags of the languages that prompts exist in. */
export const LANGUAGES = ['zh-CN', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** One thing to be said, in one language. */
export interface Spoken {
  readonly text: string;
  readonly lang: Language;
}

export interface Tts {
  /**
   * The path of an 8 kHz mono PCM16 WAV that says this: a recorded prompt if there is one, else synthesised once and kept.
   * @throws TtsUnavailable when the voice is not installed and nothing is recorded or cached
   * @throws TtsFailed when the voice could not say it
   */
  prompt(text: string, lang: Language): Promise<string>;
  /** Renders what is known beforehand, so that no caller waits for it. Answers how many could not be made; never throws. */
  prepare(prompts: readonly Spoken[]): Promise<number>;
  /** `undefined`, or why no new sentence can be spoken. */
  unavailable(): string | undefined;
  close(): Promise<void>;
}
