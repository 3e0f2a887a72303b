import type { TtsConfig, VoiceConfig } from '../../../config/index.js';
import { sha256 } from '../files.js';
import { LANGUAGES, type Language, type TtsEngine } from '../ports.js';
import type { EspeakVoice } from '../protocol.js';
import { commandEngine } from './command.js';
import { httpEngine, type Permit } from './http.js';
import { type Watch, type Watched, watched } from './watched.js';

/** Who speaks which language, as the configuration has it now. */
export interface Choice {
  /** The voice besides the built-in one, where there is one. */
  engine(lang: Language): Watched | undefined;
  /** How the built-in voice speaks; also what takes the place of another that fails. */
  espeak(): Readonly<Record<Language, EspeakVoice>>;
  close(): Promise<void>;
}
export interface ChoiceOptions extends Watch {
  readonly config: () => TtsConfig;
  readonly permit: Permit;
}

const BUILT_IN: Readonly<Record<Language, EspeakVoice>> = { 'zh-CN': { voice: 'cmn-latn-pinyin', rate: 100 }, en: { voice: 'en-us', rate: 100 } };

/** Two configurations of the same words are the same voice; a reload that changes nothing disturbs nobody. */
const keyOf = (voice: VoiceConfig): string => sha256(JSON.stringify(voice), voice.engine === 'http' ? (voice.token?.reveal() ?? '') : '');

function engineOf(voice: VoiceConfig, permit: Permit): TtsEngine | undefined {
  switch (voice.engine) {
    case 'espeak': return undefined;
    case 'command': return commandEngine(voice);
    case 'http': return httpEngine(voice, permit);
  }
}

export function createChoice({ config, permit, now, warn }: ChoiceOptions): Choice {
  let from: TtsConfig | undefined;
  let engines = new Map<string, Watched | undefined>();
  const current = (): TtsConfig => {
    const wanted = config();
    if (wanted === from) return wanted;
    from = wanted;
    const before = engines;
    engines = new Map(LANGUAGES.map((lang) => wanted.voices[lang]).map((voice) => {
      const key = keyOf(voice);
      const made = before.has(key) ? undefined : engineOf(voice, permit);
      return [key, before.get(key) ?? (made && watched(made, { now, warn }))];
    }));
    for (const [key, engine] of before) {
      if (!engines.has(key)) engine?.close().catch((err: unknown) => warn({ err }, `${engine.name} could not be closed`));
    }
    return wanted;
  };
  return {
    engine(lang) {
      const { voices } = current();
      return engines.get(keyOf(voices[lang]));
    },
    espeak() {
      const { voices } = current();
      const of = (lang: Language): EspeakVoice => {
        const voice = voices[lang];
        return voice.engine === 'espeak' ? { voice: voice.voice, rate: voice.rate } : BUILT_IN[lang];
      };
      return { 'zh-CN': of('zh-CN'), en: of('en') };
    },
    async close() {
      await Promise.all([...engines.values()].filter((engine) => engine !== undefined).map((engine) => engine.close()));
    },
  };
}
