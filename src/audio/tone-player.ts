import type { Tone, ToneProgram } from './tone-script.js';
import { addSines, amplitudeOf } from './tones.js';

/** Writes the next samples to `out` and answers how many; fewer than its length: the program is over. */
export type ToneReader = (out: Int16Array) => number;

interface Place {
  loop: number;
  tone: number;
  /** Samples of the tone (and its pause) already out. */
  sample: number;
}

/** Renders a tone program piece by piece; two pieces join without a click. */
export function readTones({ tones, loops }: ToneProgram, rateHz: number): ToneReader {
  const place: Place = { loop: 0, tone: 0, sample: 0 };
  const last = loops === 'endless' ? Number.POSITIVE_INFINITY : loops;
  return (out) => {
    out.fill(0);
    let written = 0;
    while (written < out.length && place.loop < last) {
      const tone = tones[place.tone];
      if (!tone) {
        place.tone = 0;
        place.loop += 1;
        continue;
      }
      written += render(tone, place, out, written, rateHz);
    }
    return written;
  };
}

function render(tone: Tone, place: Place, out: Int16Array, at: number, rateHz: number): number {
  const on = Math.round((tone.onMs * rateHz) / 1_000);
  const whole = on + Math.round((tone.offMs * rateHz) / 1_000);
  const piece = Math.min(out.length - at, whole - place.sample);
  const sounding = Math.max(0, Math.min(piece, on - place.sample));
  const step = tone.decay ? Math.max(1, Math.round((tone.decay.stepMs * rateHz) / 1_000)) : on;
  for (let done = 0; done < sounding; ) {
    const sample = place.sample + done;
    const steps = tone.decay ? Math.floor(sample / step) : 0;
    const length = tone.decay ? Math.min(sounding - done, (steps + 1) * step - sample) : sounding;
    const db = Math.max(-63, Math.min(0, tone.db + steps * (tone.decay?.db ?? 0)));
    addSines(out, at + done, at + done + length, tone.hz, amplitudeOf(db), rateHz, sample);
    done += length;
  }
  place.sample += piece;
  if (place.sample >= whole) {
    place.tone += 1;
    place.sample = 0;
  }
  return piece;
}
