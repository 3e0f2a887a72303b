import type { Language } from './ports.js';

/** What the voice's process is asked for, over IPC with structured clones. */
export type VoiceJob =
  | { readonly id: number; readonly do: 'say'; readonly text: string; readonly lang: Language }
  /** A recording of any WAV format → a prompt. */
  | { readonly id: number; readonly do: 'convert'; readonly path: string };

export type VoiceAnswer =
  /** First of all, once it can listen. */
  | { readonly ready: true }
  | { readonly id: number; readonly wav: Uint8Array; readonly rssBytes: number }
  | { readonly id: number; readonly error: string; readonly rssBytes: number };
