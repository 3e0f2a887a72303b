import { alawToLinear, ulawToLinear } from './g711.js';
import { parseWavHeader, wavHeader, WAV_HEADER_BYTES, type WavFormat } from './wav-header.js';

type ReadSample = (view: DataView, at: number) => number;

const clip = (value: number): number => (value > 32_767 ? 32_767 : value < -32_768 ? -32_768 : Math.round(value));

function sampleReader({ coding, bits }: WavFormat): ReadSample {
  switch (coding) {
    case 'ulaw': return (view, at) => ulawToLinear[view.getUint8(at)] ?? 0;
    case 'alaw': return (view, at) => alawToLinear[view.getUint8(at)] ?? 0;
    case 'float': return bits === 64 ? (view, at) => clip(view.getFloat64(at, true) * 32_768) : (view, at) => clip(view.getFloat32(at, true) * 32_768);
    case 'pcm':
      if (bits === 8) return (view, at) => (view.getUint8(at) - 128) << 8;
      if (bits === 16) return (view, at) => view.getInt16(at, true);
      return bits === 24 ? (view, at) => view.getInt16(at + 1, true) : (view, at) => view.getInt16(at + 2, true);
  }
}

/** Whole frames of `bytes` as 16 bit samples, all channels mixed into one. A cut-off last frame is left out. */
export function monoSamples(format: WavFormat, bytes: Uint8Array): Int16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = sampleReader(format);
  const width = format.bits >> 3;
  const out = new Int16Array(Math.floor(bytes.length / format.frameBytes));
  for (let i = 0, at = 0; i < out.length; i += 1) {
    let sum = 0;
    for (let c = 0; c < format.channels; c += 1, at += width) sum += read(view, at);
    out[i] = format.channels === 1 ? sum : Math.round(sum / format.channels);
  }
  return out;
}

export interface WavAudio {
  readonly rateHz: number;
  readonly channels: readonly Int16Array[];
}

/** A whole file in memory. @throws WavUnreadable */
export function decodeWav(file: Uint8Array): WavAudio {
  const format = parseWavHeader(file);
  const end = format.dataBytes === undefined ? file.length : Math.min(file.length, format.dataAt + format.dataBytes);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const read = sampleReader(format);
  const width = format.bits >> 3;
  const frames = Math.floor((end - format.dataAt) / format.frameBytes);
  const channels = Array.from({ length: format.channels }, (_, c) => {
    const samples = new Int16Array(frames);
    for (let i = 0, at = format.dataAt + c * width; i < frames; i += 1, at += format.frameBytes) samples[i] = read(view, at);
    return samples;
  });
  return { rateHz: format.rateHz, channels };
}

/** 16 bit PCM; shorter channels are filled up with silence. */
export function encodeWav({ rateHz, channels }: WavAudio): Uint8Array {
  const frames = Math.max(0, ...channels.map((c) => c.length));
  const dataBytes = frames * channels.length * 2;
  const file = new Uint8Array(WAV_HEADER_BYTES + dataBytes);
  file.set(wavHeader(channels.length, rateHz, dataBytes));
  const view = new DataView(file.buffer);
  channels.forEach((samples, c) => {
    samples.forEach((sample, i) => view.setInt16(WAV_HEADER_BYTES + (i * channels.length + c) * 2, sample, true));
  });
  return file;
}
