import type { Ms } from '../../base/index.js';
import type { Language } from './ports.js';

/** How espeak-ng speaks a language. */
export interface EspeakVoice {
  readonly voice: string;
  /** Per cent of its usual pace. */
  readonly rate: number;
}

/** What a prompt is put together from. */
export type Part =
  | { readonly do: 'say'; readonly text: string; readonly lang: Language; readonly rate: number; readonly gainDb: number }
  /** A WAV of any rate and format that another engine made. */
  | { readonly do: 'sound'; readonly wav: Uint8Array; readonly gainDb: number }
  | { readonly do: 'pause'; readonly ms: Ms };

/** What the voice's process is asked for, over IPC with structured clones. */
export type VoiceJob =
  | { readonly id: number; readonly do: 'say'; readonly parts: readonly Part[]; readonly voices: Readonly<Record<Language, EspeakVoice>> }
  /** A recording of any WAV format → a prompt. */
  | { readonly id: number; readonly do: 'convert'; readonly path: string };

export type VoiceAnswer =
  /** First of all, once it can listen. */
  | { readonly ready: true }
  | { readonly id: number; readonly wav: Uint8Array; readonly rssBytes: number }
  | { readonly id: number; readonly error: string; readonly rssBytes: number };
