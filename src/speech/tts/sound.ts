import type { Ms } from '../../base/index.js';
import { encodeWav, resample, rms, scale } from '../../audio/index.js';

export const PROMPT_HZ = 8_000;
/** Active speech, and no sample above the peak: against full scale. */
const LEVEL = 10 ** (-16 / 20);
const PEAK = 10 ** (-1.5 / 20);
/** What is quieter than this share of the loudest frame is silence. */
const FLOOR = 10 ** (-35 / 20);
const LEAD_MS = 40;
const TAIL_MS = 120;
/** Between two voices in one sentence. */
const GAP_MS = 90;

/** Speech of any rate, or silence. */
export type Piece =
  | { readonly do: 'sound'; readonly samples: Int16Array; readonly rateHz: number; /** dB against other prompts. */ readonly gainDb: number }
  | { readonly do: 'pause'; readonly ms: Ms };

const silence = (ms: Ms): Int16Array => new Int16Array(Math.round((PROMPT_HZ * ms) / 1_000));

/** Pieces → one prompt at 8 kHz, each piece levelled, with little silence around it. */
export function toPrompt(pieces: readonly Piece[]): Uint8Array {
  const parts = pieces.flatMap((piece, i) => {
    if (piece.do === 'pause') return [silence(piece.ms)];
    const samples = level(trim(resample(piece.samples, piece.rateHz, PROMPT_HZ)), piece.gainDb);
    return pieces[i - 1]?.do === 'sound' ? [silence(GAP_MS), samples] : [samples];
  });
  return encodeWav({ rateHz: PROMPT_HZ, channels: [join([silence(LEAD_MS), ...parts, silence(TAIL_MS)])] });
}

export function join(parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** 20 ms each. */
function frames(samples: Int16Array): Int16Array[] {
  const size = PROMPT_HZ / 50;
  return Array.from({ length: Math.ceil(samples.length / size) }, (_, i) => samples.subarray(i * size, (i + 1) * size));
}

function active(samples: Int16Array): { readonly all: readonly Int16Array[]; readonly loud: readonly boolean[] } {
  const all = frames(samples);
  const levels = all.map(rms);
  const floor = Math.max(0, ...levels) * FLOOR;
  return { all, loud: levels.map((l) => l > floor) };
}

function trim(samples: Int16Array): Int16Array {
  const { loud } = active(samples);
  const size = PROMPT_HZ / 50;
  const first = loud.indexOf(true);
  return first < 0 ? new Int16Array(0) : samples.slice(first * size, (loud.lastIndexOf(true) + 1) * size);
}

function level(samples: Int16Array, gainDb: number): Int16Array {
  const { all, loud } = active(samples);
  const speech = join(all.filter((_, i) => loud[i]));
  const peak = samples.reduce((most, s) => Math.max(most, Math.abs(s)), 1);
  if (speech.length > 0) scale(samples, Math.min((LEVEL * 10 ** (gainDb / 20) * 32_768) / rms(speech), (PEAK * 32_768) / peak));
  return samples;
}
