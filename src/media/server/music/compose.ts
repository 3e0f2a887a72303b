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

/** A partial of a note that fades, added into `out` from `at` on and around its end: a rotating phasor, no sine per sample. */
function partial(out: Float64Array, at: number, frequency: number, level: number, decaySeconds: number): void {
  const length = Math.min(out.length, Math.round(decaySeconds * 4 * RATE));
  const angle = (2 * Math.PI * frequency) / RATE;
  const shrink = Math.exp(-1 / (decaySeconds * RATE));
  const turnX = Math.cos(angle) * shrink;
  const turnY = Math.sin(angle) * shrink;
  let x = level;
  let y = 0;
  for (let i = 0, place = at % out.length; i < length; i++) {
    out[place] = (out[place] ?? 0) + (i < ATTACK_SAMPLES ? (y * i) / ATTACK_SAMPLES : y);
    const turned = x * turnX - y * turnY;
    y = x * turnY + y * turnX;
    x = turned;
    place = place + 1 === out.length ? 0 : place + 1;
  }
}

const ATTACK_SAMPLES = 80;

/** A soft bell: a note with two overtones that fade faster. */
function ring(out: Float64Array, at: number, frequency: number, level: number, decaySeconds: number): void {
  partial(out, at, frequency, level, decaySeconds);
  partial(out, at, 2 * frequency, 0.3 * level, decaySeconds / 2);
  partial(out, at, 3 * frequency, 0.1 * level, decaySeconds / 3);
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
  let loudest = 0;
  for (const sample of sum) loudest = Math.max(loudest, Math.abs(sample));
  const loop = new Int16Array(LOOP_SAMPLES);
  for (const [i, sample] of sum.entries()) loop[i] = Math.round((sample / loudest) * PEAK);
  return loop;
}
