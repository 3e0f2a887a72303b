import { readFileSync } from 'node:fs';
import { ALAW, ULAW } from './rtp/law.js';

export type Wav = { readonly rate: number; readonly channels: readonly Int16Array[]; readonly durationMs: number };
export type Span = { readonly fromMs: number; readonly toMs: number };

/** PCM16, µ-law and A-law RIFF files. @throws Error on a header that promises more than the file holds */
export function readWav(file: string | Buffer): Wav {
  const data = typeof file === 'string' ? readFileSync(file) : file;
  if (data.toString('latin1', 0, 4) !== 'RIFF' || data.toString('latin1', 8, 12) !== 'WAVE') throw new Error('not a RIFF/WAVE file');
  let format: { tag: number; channels: number; rate: number; bits: number } | undefined;
  for (let at = 12; at + 8 <= data.length;) {
    const id = data.toString('latin1', at, at + 4);
    const size = data.readUInt32LE(at + 4);
    const body = at + 8;
    if (id === 'fmt ') {
      format = { tag: data.readUInt16LE(body), channels: data.readUInt16LE(body + 2), rate: data.readUInt32LE(body + 4), bits: data.readUInt16LE(body + 14) };
    } else if (id === 'data') {
      if (format === undefined) throw new Error('data before fmt');
      if (body + size > data.length) throw new Error(`data chunk of ${String(size)} bytes in a file of ${String(data.length)}`);
      return split(data.subarray(body, body + size), format);
    }
    at = body + size + (size % 2);
  }
  throw new Error('no data chunk');
}

function split(data: Buffer, format: { tag: number; channels: number; rate: number; bits: number }): Wav {
  const width = format.bits / 8;
  const law = format.tag === 7 ? ULAW : format.tag === 6 ? ALAW : undefined;
  if (law === undefined && (format.bits !== 16 || (format.tag !== 1 && format.tag !== 0xfffe))) throw new Error(`WAVE format ${String(format.tag)}/${String(format.bits)} bits`);
  const length = Math.floor(data.length / (width * format.channels));
  const channels = Array.from({ length: format.channels }, (_, channel) =>
    Int16Array.from({ length }, (_unused, i) => {
      const at = (i * format.channels + channel) * width;
      return law === undefined ? data.readInt16LE(at) : (law[data[at] ?? 0] ?? 0);
    }));
  return { rate: format.rate, channels, durationMs: (length * 1000) / format.rate };
}

/** Share of a window's energy that lies at `hz`, 0 to 1 (Goertzel). A window of n ms tells tones 1000/n Hz apart. */
export function toneShare(samples: Int16Array, hz: number, rate = 8000, from = 0, to = samples.length): number {
  const k = 2 * Math.cos((2 * Math.PI * hz) / rate);
  let s1 = 0;
  let s2 = 0;
  let energy = 0;
  for (let i = from; i < to; i += 1) {
    const x = samples[i] ?? 0;
    const s0 = x + k * s1 - s2;
    s2 = s1;
    s1 = s0;
    energy += x * x;
  }
  if (energy === 0) return 0;
  return Math.min(1, (2 * (s1 * s1 + s2 * s2 - k * s1 * s2)) / ((to - from) * energy));
}

/** Root mean square in dB below full scale; -Infinity for digital silence. */
export function levelDb(samples: Int16Array, from = 0, to = samples.length): number {
  let sum = 0;
  for (let i = from; i < to; i += 1) sum += (samples[i] ?? 0) ** 2;
  return 10 * Math.log10(sum / Math.max(1, to - from) / 32_767 ** 2);
}

/** The strongest frequency from 100 to 3800 Hz within 5 Hz, or undefined where no tone holds half of the energy. */
export function dominantTone(samples: Int16Array, rate = 8000): number | undefined {
  const scan = (from: number, to: number, step: number): number => {
    let best = from;
    let share = -1;
    for (let hz = from; hz <= to; hz += step) {
      const s = toneShare(samples, hz, rate);
      if (s > share) [best, share] = [hz, s];
    }
    return best;
  };
  const step = Math.max(5, Math.min(50, (rate / samples.length) / 2));
  const coarse = scan(100, 3800, step);
  const fine = scan(Math.max(50, coarse - step), coarse + step, 5);
  return toneShare(samples, fine, rate) >= 0.5 ? fine : undefined;
}

/** One verdict per window, merged to spans. */
export function spans(samples: Int16Array, rate: number, windowMs: number, test: (from: number, to: number) => boolean): Span[] {
  const size = Math.round((rate * windowMs) / 1000);
  const found: { fromMs: number; toMs: number }[] = [];
  for (let from = 0; from + size <= samples.length; from += size) {
    if (!test(from, from + size)) continue;
    const fromMs = (from * 1000) / rate;
    const last = found.at(-1);
    if (last?.toMs === fromMs) last.toMs = fromMs + windowMs;
    else found.push({ fromMs, toMs: fromMs + windowMs });
  }
  return found;
}

/** Where the tone is, to within one window. */
export const bursts = (samples: Int16Array, hz: number, rate = 8000, windowMs = 20): Span[] =>
  spans(samples, rate, windowMs, (from, to) => levelDb(samples, from, to) > -45 && toneShare(samples, hz, rate, from, to) > 0.5);

export const silences = (samples: Int16Array, rate = 8000, minMs = 60, belowDb = -50): Span[] =>
  spans(samples, rate, 10, (from, to) => levelDb(samples, from, to) < belowDb).filter((s) => s.toMs - s.fromMs >= minMs);

/** Share of the audible 100 ms windows of a channel that are this tone. */
export function shareOf(wav: Wav, channel: number, hz: number): number {
  const samples = wav.channels[channel];
  if (samples === undefined) throw new Error(`no channel ${String(channel)}`);
  const total = (found: readonly Span[]): number => found.reduce((sum, s) => sum + s.toMs - s.fromMs, 0);
  const audible = total(spans(samples, wav.rate, 100, (from, to) => levelDb(samples, from, to) > -45));
  const tone = total(bursts(samples, hz, wav.rate, 100));
  return audible === 0 ? 0 : tone / audible;
}

/** True when the channel carries the tone and, where audible, hardly anything else. */
export const hears = (wav: Wav, channel: number, hz: number, least = 0.9): boolean => shareOf(wav, channel, hz) >= least;

/**
 * Start and end of the right channel's bursts minus the left channel's, pairwise in ms: how far the channels are apart.
 * Two phones that begin a tone at once differ by up to one frame, and always by the same: compare the first pair with the last.
 */
export function apart(wav: Wav, leftHz: number, rightHz: number): { startMs: number; endMs: number }[] {
  const [left, right] = wav.channels;
  if (left === undefined || right === undefined) throw new Error('not two channels');
  const l = bursts(left, leftHz, wav.rate, 5);
  const r = bursts(right, rightHz, wav.rate, 5);
  return l.slice(0, r.length).map((span, i) => ({ startMs: (r[i]?.fromMs ?? 0) - span.fromMs, endMs: (r[i]?.toMs ?? 0) - span.toMs }));
}
