import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeWav } from '../audio/index.js';

const RATE = 8_000;
/** A slow round of four chords in C, two seconds each: ours, so that no licence hangs on it. Hz. */
const CHORDS = [[261.63, 329.63, 392], [220, 261.63, 329.63], [174.61, 261.63, 349.23], [196, 246.94, 392]] as const;
const BEAT_S = 0.5;

/** The built-in music for those who wait: plucked broken chords that loop without a seam, `rounds` × 8 s of mono PCM16 at 8 kHz. */
export function holdMusic(rounds = 8): Int16Array {
  const out = new Float64Array(CHORDS.length * 4 * BEAT_S * RATE);
  CHORDS.forEach((chord, bar) => {
    for (let beat = 0; beat < 4; beat += 1) pluck(out, (bar * 4 + beat) * BEAT_S * RATE, chord[beat % 3] ?? 0, 0.22);
    pluck(out, bar * 4 * BEAT_S * RATE, chord[0] / 2, 0.18);
  });
  const round = Int16Array.from(out, (v) => Math.round(Math.max(-1, Math.min(1, v)) * 32_767));
  return Int16Array.from({ length: rounds * round.length }, (_, i) => round[i % round.length] ?? 0);
}

/** One note that fades over 1.6 s; what rings past the end sounds on at the beginning, so the loop has no seam. */
function pluck(out: Float64Array, at: number, hz: number, level: number): void {
  for (let i = 0; i < 1.6 * RATE; i += 1) {
    const t = i / RATE;
    const envelope = Math.min(1, t / 0.01) * Math.exp(-2.4 * t);
    const wave = Math.sin(2 * Math.PI * hz * t) + 0.35 * Math.sin(4 * Math.PI * hz * t) + 0.12 * Math.sin(6 * Math.PI * hz * t);
    const k = (at + i) % out.length;
    out[k] = (out[k] ?? 0) + wave * envelope * level;
  }
}

/** Another sound has another name: the file is made once, and a start does not wait for it. */
const NAME = 'music-83172c22f60e.wav';
const BYTES = 1_024_044;

/** Writes the built-in music where the media servers can read it, once; answers its path. */
export async function musicFile(folder: string): Promise<string> {
  const path = join(folder, NAME);
  const there = await stat(path).catch(() => undefined);
  if (there?.size === BYTES) return path;
  await mkdir(folder, { recursive: true });
  await writeFile(`${path}.new`, encodeWav({ rateHz: RATE, channels: [holdMusic()] }));
  await rename(`${path}.new`, path);
  return path;
}
