import type { AsrRate } from '../ports.js';

/** What a recogniser's process is told, over IPC with structured clones. */
export type ToRecogniser =
  | { readonly do: 'begin'; readonly id: number; readonly rate: AsrRate; readonly words: readonly string[] }
  | { readonly do: 'audio'; readonly id: number; readonly pcm: Uint8Array }
  | { readonly do: 'finish'; readonly id: number }
  | { readonly do: 'drop'; readonly id: number };

export type FromRecogniser =
  /** First of all, once the model is loaded. */
  | { readonly at: 'ready'; readonly rssBytes: number }
  /** It cannot work at all, and ends. */
  | { readonly at: 'broken'; readonly why: string }
  /** One answer to each piece of audio, in order. */
  | { readonly at: 'heard'; readonly id: number; readonly partial?: string }
  /** `results`: JSON texts of libvosk, in order; mostly one. */
  | { readonly at: 'final'; readonly id: number; readonly results: readonly string[]; readonly rssBytes: number }
  | { readonly at: 'refused'; readonly id: number; readonly why: string };
