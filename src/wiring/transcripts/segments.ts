import type { Ms } from '../../base/index.js';
import type { AsrEvent } from '../../speech/asr/index.js';

/** The left channel of a recording is the customer, the right everyone else. */
export type Speaker = 'customer' | 'other';
export const SPEAKERS: readonly Speaker[] = ['customer', 'other'];

/** As kept and as the API shows it; times are of the recording, 0 its first sample. */
export interface Segment {
  readonly speaker: Speaker;
  readonly start_ms: Ms;
  readonly end_ms: Ms;
  readonly text: string;
  /** 0 to 1 */
  readonly confidence: number;
  readonly words: readonly { readonly word: string; readonly start_ms: Ms; readonly end_ms: Ms; readonly confidence: number }[];
}

/** `offsetMs`: when the stream began, in time of the recording. undefined: nothing was understood. */
export function segmentOf(speaker: Speaker, final: Extract<AsrEvent, { kind: 'final' }>, offsetMs: Ms): Segment | undefined {
  if (final.text === '') return undefined;
  const at = (ms: Ms): Ms => Math.max(0, Math.round(ms + offsetMs));
  return {
    speaker, start_ms: at(final.startMs), end_ms: at(final.endMs), text: final.text, confidence: final.confidence,
    words: final.words.map(({ word, startMs, endMs, confidence }) => ({ word, start_ms: at(startMs), end_ms: at(endMs), confidence })),
  };
}

/** In the order in which they were begun. */
export const inOrder = (segments: readonly Segment[]): Segment[] => [...segments].sort((a, b) => a.start_ms - b.start_ms || a.speaker.localeCompare(b.speaker));

/** Interleaved 16 bit samples of two channels → left and right. */
export function apart(pcm: Buffer): readonly [left: Buffer, right: Buffer] {
  const frames = Math.floor(pcm.length / 4);
  const [left, right] = [Buffer.allocUnsafe(frames * 2), Buffer.allocUnsafe(frames * 2)];
  for (let i = 0; i < frames; i += 1) {
    left.writeInt16LE(pcm.readInt16LE(i * 4), i * 2);
    right.writeInt16LE(pcm.readInt16LE(i * 4 + 2), i * 2);
  }
  return [left, right];
}
