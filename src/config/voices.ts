import { z } from 'zod';
import type { Ms } from '../base/index.js';
import { seconds, secret, type SecretLookup } from './fields.js';
import type { Secret } from './secret.js';

/** Who speaks a language. Rates are per cent of the voice's usual pace. */
export type VoiceConfig =
  | { readonly engine: 'espeak'; readonly voice: string; readonly rate: number }
  | { readonly engine: 'command'; readonly command: readonly string[]; readonly voice: string | undefined; readonly rate: number; readonly timeoutMs: Ms }
  | { readonly engine: 'http'; readonly url: string; readonly voice: string | undefined; readonly rate: number; readonly token: Secret | undefined; readonly timeoutMs: Ms };
export interface TtsConfig {
  readonly voices: Readonly<Record<'zh-CN' | 'en', VoiceConfig>>;
  /** Most that spoken prompts may take on disk; what is in use may exceed it. */
  readonly cacheBytes: number;
}

const rate = z.int().min(50).max(200).prefault(100);
const label = z.string().min(1).max(200).optional();
const timeout = seconds(0.1, 120).prefault(5);
const VARIANT = String.raw`(?:\+[mf][1-8])?`;

/** Chinese is written in pinyin for espeak-ng: its other Chinese voices spell most characters in English. */
const espeak = (voice: string, names: RegExp, hint: string) =>
  z.strictObject({ engine: z.literal('espeak'), voice: z.string().regex(names, hint).prefault(voice), rate });
const command = z
  .strictObject({ engine: z.literal('command'), command: z.array(z.string().min(1)).min(1).max(64), voice: label, rate, timeout })
  .superRefine(({ command: [program] }, ctx) => {
    if (program?.includes('{') === true) ctx.addIssue({ code: 'custom', path: ['command', 0], message: 'the program itself takes no placeholder' });
  });
const http = (lookup: SecretLookup) =>
  z.strictObject({
    engine: z.literal('http'), url: z.url({ protocol: /^https?$/, error: 'an address as https://host/path' }).refine((u) => !URL.canParse(u) || new URL(u).username === '', 'a password has no place in a URL: use "token"'),
    voice: label, rate, token: secret(lookup, 'reference').optional(), timeout,
  });

const voiceOf = (builtIn: ReturnType<typeof espeak>, lookup: SecretLookup) =>
  z.discriminatedUnion('engine', [builtIn, command, http(lookup)]).prefault({ engine: 'espeak' }).transform((v): VoiceConfig => {
    switch (v.engine) {
      case 'espeak': return v;
      case 'command': return { engine: v.engine, command: v.command, voice: v.voice, rate: v.rate, timeoutMs: v.timeout };
      case 'http': return { engine: v.engine, url: v.url, voice: v.voice, rate: v.rate, token: v.token, timeoutMs: v.timeout };
    }
  });

/** `speech.tts` of system.yaml. */
export const ttsForm = (lookup: SecretLookup) =>
  z
    .strictObject({
      'zh-CN': voiceOf(espeak('cmn-latn-pinyin', new RegExp(`^cmn-latn-pinyin${VARIANT}$`), 'cmn-latn-pinyin, and +m1 to +m8 or +f1 to +f5 for another speaker'), lookup),
      en: voiceOf(espeak('en-us', new RegExp(`^en(?:-us|-us-nyc|-gb-x-rp|-gb-scotland|-gb-x-gbclan|-gb-x-gbcwmd|-029)?${VARIANT}$`), 'en-us, en, en-gb-x-rp, en-gb-scotland, en-029 …, and +m1 to +m8 or +f1 to +f5 for another speaker'), lookup),
      cache_megabytes: z.int().min(10).max(1_000_000).prefault(500),
    })
    .prefault({})
    .transform((t): TtsConfig => ({ voices: { 'zh-CN': t['zh-CN'], en: t.en }, cacheBytes: t.cache_megabytes * 1_000_000 }));
