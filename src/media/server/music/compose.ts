/** Frequencies of the chords, lowest first: Fmaj7, Am7, Dm7, Gadd9, each with the notes its arpeggio runs through. */
const CHORDS: readonly (readonly number[])[] = [
  [174.61, 261.63, 329.63, 349.23, 440],
  [220, 261.63, 329.63, 392, 523.25],
  [146.83, 293.66, 349.23, 440, 523.25],
  [196, 246.94, 293.66, 392, 440],
];
const ARPEGGIO = [1, 3, 2, 4, 3, 2, 4, 1];
const RATE = 8000;
const NOTE_SAMPLES = RATE / 2;
const CHORD_SAMPLES = ARPEGGIO.length * NOTE_SAMPLES;
/** Length of the loop: four chords of four seconds. */
export const LOOP_SAMPLES = CHORDS.length * CHORD_SAMPLES;

/** A soft bell: a note with two overtones that fade faster, added into `out` from `at` on and around its end. */
function ring(out: Float64Array, at: number, frequency: number, level: number, decaySeconds: number): void {
  const length = Math.min(out.length, Math.round(decaySeconds * 4 * RATE));
  for (let i = 0; i < length; i++) {
    const t = i / RATE;
    const attack = Math.min(1, i / 80);
    const fade = Math.exp(-t / decaySeconds);
    const wave = Math.sin(2 * Math.PI * frequency * t) + 0.3 * fade * Math.sin(4 * Math.PI * frequency * t) + 0.1 * fade * fade * Math.sin(6 * Math.PI * frequency * t);
    const place = (at + i) % out.length;
    out[place] = (out[place] ?? 0) + level * attack * fade * wave;
  }
}

const PEAK = 6000;

/**
 * Music on hold of our own: sixteen seconds at 8 kHz that begin where they end, so that a loop has no seam.
 * @returns samples of 16 bit, well below full scale
 */
export function composeLoop(): Int16Array {
  const sum = new Float64Array(LOOP_SAMPLES);
  for (const [index, chord] of CHORDS.entries()) {
    const start = index * CHORD_SAMPLES;
    ring(sum, start, chord[0] ?? 0, 1, 1.6);
    for (const [step, note] of ARPEGGIO.entries()) ring(sum, start + step * NOTE_SAMPLES, chord[note] ?? 0, step % 4 === 0 ? 0.6 : 0.45, 0.5);
  }
  const loudest = sum.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return Int16Array.from(sum, (sample) => Math.round((sample / loudest) * PEAK));
}
