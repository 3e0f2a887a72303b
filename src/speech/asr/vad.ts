import type { Ms } from '../../base/index.js';

export interface VadOptions {
  readonly rate: number;
  /** Silence that ends an utterance. */
  readonly endSilenceMs: Ms;
  /** So much of a voice within `windowMs` is speech; shorter is a click. */
  readonly onsetMs?: Ms;
  readonly windowMs?: Ms;
  /** How far a voice stands out of the noise. */
  readonly marginDb?: number;
}

/** Where in the stream a voice is. Deterministic; time is that of the samples. */
export interface Vad {
  /** One frame of VAD_FRAME_MS. */
  frame(samples: Int16Array): VadStep | undefined;
  readonly speaking: () => boolean;
  /** Against full scale. */
  readonly noiseDb: () => number;
}
export type VadStep =
  /** `atMs`: when it began, a little ago. */
  | { readonly kind: 'onset'; readonly atMs: Ms }
  /** `atMs`: when the voice was heard last. */
  | { readonly kind: 'end'; readonly atMs: Ms };

export const VAD_FRAME_MS: Ms = 20;
/** Quieter than this is silence, on the quietest line. */
const FLOOR_DB = -62;
/** Noise may be taken to be this loud from the first moment on; louder is a caller who speaks at once. */
const FIRST_FLOOR_DB = -38;
const LEARNING_FRAMES = 5;
/** The floor is the least level of the last seconds, and follows a rising one slowly, most slowly while somebody speaks. */
const BUCKETS = 8;
const BUCKET_FRAMES = 16;
const RISE_DB = 0.3;
const RISE_SPEAKING_DB = 0.03;
/** The least level lies this far below the mean of a steady noise. */
const BIAS_DB = 2;
/** Who speaks is heard a little longer than who has not begun. */
const HYSTERESIS_DB = 3;
const HIGH_PASS = 0.9;

export function createVad({ endSilenceMs, onsetMs = 80, windowMs = 120, marginDb = 6 }: VadOptions): Vad {
  const level = createLevel();
  const floor = createFloor();
  const window: boolean[] = [];
  const windowFrames = Math.round(windowMs / VAD_FRAME_MS);
  const onsetFrames = Math.round(onsetMs / VAD_FRAME_MS);
  let frames = 0;
  let speaking = false;
  let lastVoice = 0;

  return {
    speaking: () => speaking,
    noiseDb: floor.db,
    frame(samples) {
      const db = level(samples);
      frames += 1;
      floor.hear(db, speaking);
      const voiced = frames > LEARNING_FRAMES && db > floor.db() + BIAS_DB + marginDb - (speaking ? HYSTERESIS_DB : 0);
      if (voiced) lastVoice = frames;
      if (speaking) {
        if ((frames - lastVoice) * VAD_FRAME_MS < endSilenceMs) return undefined;
        speaking = false;
        return { kind: 'end', atMs: lastVoice * VAD_FRAME_MS };
      }
      window.push(voiced);
      if (window.length > windowFrames) window.shift();
      if (window.filter(Boolean).length < onsetFrames) return undefined;
      const began = frames - window.length + window.indexOf(true);
      window.length = 0;
      speaking = true;
      return { kind: 'onset', atMs: began * VAD_FRAME_MS };
    },
  };
}

/** Level of a frame in dB against full scale, without hum and offset. */
function createLevel(): (samples: Int16Array) => number {
  let before = 0;
  let filtered = 0;
  return (samples) => {
    let energy = 0;
    for (const sample of samples) {
      filtered = sample - before + HIGH_PASS * filtered;
      before = sample;
      energy += filtered * filtered;
    }
    const rms = Math.sqrt(energy / Math.max(1, samples.length)) / 32_768;
    return rms === 0 ? -100 : 20 * Math.log10(rms);
  };
}

function createFloor() {
  const minima: number[] = [];
  const recent: number[] = [];
  let inBucket = 0;
  let bucket = Number.POSITIVE_INFINITY;
  let floor = FIRST_FLOOR_DB;
  return {
    db: () => Math.max(FLOOR_DB, floor),
    hear(db: number, speaking: boolean): void {
      recent.push(db);
      if (recent.length > 3) recent.shift();
      bucket = Math.min(bucket, recent.reduce((sum, one) => sum + one, 0) / recent.length);
      const least = Math.min(bucket, ...minima);
      floor = least < floor ? least : Math.min(least, floor + (speaking ? RISE_SPEAKING_DB : RISE_DB));
      inBucket += 1;
      if (inBucket < BUCKET_FRAMES) return;
      minima.push(bucket);
      if (minima.length > BUCKETS) minima.shift();
      bucket = Number.POSITIVE_INFINITY;
      inBucket = 0;
    },
  };
}
