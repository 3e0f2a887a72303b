import { StrowgerError } from '../base/index.js';

/** The bytes are no WAV file we can play, or are cut off before the audio begins. */
export class WavUnreadable extends StrowgerError {
  readonly code = 'audio.wav_unreadable';
}

export type SampleCoding = 'pcm' | 'float' | 'ulaw' | 'alaw';

export interface WavFormat {
  readonly coding: SampleCoding;
  readonly channels: number;
  readonly rateHz: number;
  readonly bits: number;
  /** Bytes of one sample of all channels. */
  readonly frameBytes: number;
  readonly dataAt: number;
  /** undefined: whatever follows until the end of the file. */
  readonly dataBytes: number | undefined;
}

/** RIFF/WAVE header of 16 bit PCM: 12 + 24 + 8 bytes. */
export const WAV_HEADER_BYTES = 44;
/** Size that sox and others read as "until the end of the file": the header of a recording that was never closed. */
const UNKNOWN_SIZE = 0x7fff_f000;
/** WAVE_FORMAT tags, RFC 2361. */
const CODINGS = new Map<number, SampleCoding>([[1, 'pcm'], [3, 'float'], [6, 'alaw'], [7, 'ulaw']]);
const WIDTHS: Record<SampleCoding, readonly number[]> = { pcm: [8, 16, 24, 32], float: [32, 64], ulaw: [8], alaw: [8] };
const EXTENSIBLE = 0xfffe;

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const tag = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));

/**
 * @param head the file's first bytes; 64 KiB hold every header met in practice
 * @throws WavUnreadable
 */
export function parseWavHeader(head: Uint8Array): WavFormat {
  if (head.length < 12 || tag(head, 0) !== 'RIFF' || tag(head, 8) !== 'WAVE') {
    throw new WavUnreadable('not a RIFF/WAVE file', { hint: 'convert it, e.g. sox in.mp3 -r 8000 -c 1 -b 16 out.wav' });
  }
  const view = viewOf(head);
  let format: Omit<WavFormat, 'dataAt' | 'dataBytes'> | undefined;
  for (let at = 12; at + 8 <= head.length; ) {
    const size = view.getUint32(at + 4, true);
    const name = tag(head, at);
    if (name === 'fmt ' && size >= 16 && at + 8 + size <= head.length) format = formatChunk(view, at + 8, size);
    if (name === 'data') {
      if (!format) throw new WavUnreadable('the data chunk comes before the fmt chunk');
      return { ...format, dataAt: at + 8, dataBytes: size === 0 || size >= UNKNOWN_SIZE ? undefined : size };
    }
    at += 8 + size + (size & 1);
  }
  throw new WavUnreadable('no audio data in the file', { hint: 'the file may be cut off' });
}

function formatChunk(view: DataView, at: number, size: number): Omit<WavFormat, 'dataAt' | 'dataBytes'> {
  const outer = view.getUint16(at, true);
  const code = outer === EXTENSIBLE && size >= 26 ? view.getUint16(at + 24, true) : outer;
  const coding = CODINGS.get(code);
  const channels = view.getUint16(at + 2, true);
  const rateHz = view.getUint32(at + 4, true);
  const bits = view.getUint16(at + 14, true);
  if (!coding || !WIDTHS[coding].includes(bits)) {
    throw new WavUnreadable(`WAV format ${code} with ${bits} bits is not understood`, { hint: 'PCM 8 to 32 bits, float, µ-law and A-law are' });
  }
  if (channels < 1 || channels > 8 || rateHz < 1_000 || rateHz > 384_000) {
    throw new WavUnreadable(`${channels} channels at ${rateHz} Hz are out of range`);
  }
  return { coding, channels, rateHz, bits, frameBytes: channels * (bits >> 3) };
}

/** @param dataBytes undefined while the file still grows */
export function wavHeader(channels: number, rateHz: number, dataBytes?: number): Uint8Array {
  const head = new Uint8Array(WAV_HEADER_BYTES);
  const view = viewOf(head);
  const size = dataBytes ?? UNKNOWN_SIZE;
  const put = (at: number, text: string): void => {
    for (let i = 0; i < 4; i += 1) head[at + i] = text.charCodeAt(i);
  };
  put(0, 'RIFF');
  view.setUint32(4, size + WAV_HEADER_BYTES - 8, true);
  put(8, 'WAVE');
  put(12, 'fmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rateHz, true);
  view.setUint32(28, rateHz * channels * 2, true);
  view.setUint16(32, channels * 2, true);
  view.setUint16(34, 16, true);
  put(36, 'data');
  view.setUint32(40, size, true);
  return head;
}

export interface HeaderRepair {
  /** Bytes to write at the given offsets. */
  readonly patches: readonly { readonly at: number; readonly bytes: Uint8Array }[];
  /** How long the file must be: a frame that was half written is cut off. */
  readonly fileBytes: number;
  readonly ms: number;
}

/**
 * What makes the sizes in the header of a cut-off file true.
 * @returns undefined when they are
 * @throws WavUnreadable when not even the header is there
 */
export function repairWavHeader(head: Uint8Array, fileBytes: number): HeaderRepair | undefined {
  const format = parseWavHeader(head);
  const there = Math.max(0, fileBytes - format.dataAt);
  if (format.dataBytes !== undefined && format.dataBytes <= there) return undefined;
  const dataBytes = there - (there % format.frameBytes);
  const uint32 = (value: number): Uint8Array => {
    const bytes = new Uint8Array(4);
    viewOf(bytes).setUint32(0, value, true);
    return bytes;
  };
  const whole = format.dataAt + dataBytes;
  return {
    patches: [{ at: 4, bytes: uint32(whole - 8) }, { at: format.dataAt - 4, bytes: uint32(dataBytes) }],
    fileBytes: whole,
    ms: (dataBytes / format.frameBytes / format.rateHz) * 1_000,
  };
}
