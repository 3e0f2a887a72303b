import type { Ms } from '../../base/index.js';
import { dbfs, rms, toneAmplitude, type WavAudio } from '../../audio/index.js';

const BARS = '▁▂▃▄▅▆▇█';
const WINDOW_MS = 500;
const PIECE_MS = 10;
const QUIETEST_DB = -60;

/** One bar for each half second, from −60 dBFS to full scale; a space for silence. */
export function sparkline(samples: Int16Array, rateHz: number): string {
  return windows(samples, rateHz, WINDOW_MS).map((window) => {
    const level = dbfs(window);
    if (!(level > QUIETEST_DB)) return ' ';
    return BARS[Math.min(BARS.length - 1, Math.floor(((level - QUIETEST_DB) / -QUIETEST_DB) * BARS.length))] ?? ' ';
  }).join('');
}

export interface Tones {
  readonly left: number;
  readonly right: number;
}
export interface Verdict {
  readonly ok: boolean;
  /** Half seconds looked at; the first and the last are left out, there the call begins and ends. */
  readonly windows: number;
  /** How far below everything in the channel the other party's tone is, at worst, in dB. */
  readonly separationDb: number;
}
/** Present: a tenth of full scale. Apart: 30 dB; following a clock smears a tone by less, a voice of the other side is far more. */
const PRESENT = 3_276;
const APART_DB = 30;
/** Of the short pieces, the share that must hold the own tone: where a jump falls into a piece, its halves cancel. */
const SHARE = 0.98;

/**
 * Whether each channel holds its own tone throughout, and nothing of the other's. The own tone is measured in short
 * pieces: where a recorder follows a drifting clock, its phase moves within half a second, its strength does not.
 */
export function judge({ channels, rateHz }: WavAudio, tones: Tones): { readonly left: Verdict; readonly right: Verdict } {
  const verdict = (samples: Int16Array | undefined, own: number, other: number): Verdict => {
    const inner = windows(samples ?? new Int16Array(0), rateHz, WINDOW_MS).slice(1, -1);
    const pieces = inner.flatMap((window) => windows(window, rateHz, PIECE_MS)).map((piece) => toneAmplitude(piece, own, rateHz));
    const present = pieces.filter((level) => level > PRESENT).length / pieces.length;
    const separationDb = Math.min(...inner.map((window) => 20 * Math.log10((rms(window) * Math.SQRT2) / Math.max(toneAmplitude(window, other, rateHz), 1))));
    return { ok: present >= SHARE && separationDb >= APART_DB, windows: inner.length, separationDb };
  };
  return { left: verdict(channels[0], tones.left, tones.right), right: verdict(channels[1], tones.right, tones.left) };
}

function windows(samples: Int16Array, rateHz: number, ms: Ms): Int16Array[] {
  const size = (rateHz * ms) / 1_000;
  return Array.from({ length: Math.floor(samples.length / size) }, (_, i) => samples.subarray(i * size, (i + 1) * size));
}
