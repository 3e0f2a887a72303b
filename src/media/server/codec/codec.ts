import { alawToLinear, alawToUlaw, encodeAlaw, encodeUlaw, ulawToAlaw, ulawToLinear } from '../../../audio/index.js';

/** G.711 runs at 8 000 samples a second, one byte each. */
export const RATE_HZ = 8_000;
export const FRAME_MS = 20;
export const FRAME_SAMPLES = 160;

/** One G.711 law; payload types as fixed by RFC 3551 §6. */
export interface Codec {
  readonly name: 'PCMU' | 'PCMA';
  readonly payloadType: 0 | 8;
  /** Linear value of each byte. */
  readonly decode: Int16Array;
  /** The byte that means silence. */
  readonly silence: number;
  encode(samples: Int16Array, out: Uint8Array, at: number): void;
  /** Byte of this law for each byte of the other. */
  readonly fromOther: Uint8Array;
}

export const PCMU: Codec = { name: 'PCMU', payloadType: 0, decode: ulawToLinear, silence: 0xff, encode: encodeUlaw, fromOther: alawToUlaw };
export const PCMA: Codec = { name: 'PCMA', payloadType: 8, decode: alawToLinear, silence: 0xd5, encode: encodeAlaw, fromOther: ulawToAlaw };

export const codecNamed = (name: Codec['name']): Codec => (name === 'PCMU' ? PCMU : PCMA);

export function codecOfPayload(payloadType: number): Codec | undefined {
  return payloadType === 0 ? PCMU : payloadType === 8 ? PCMA : undefined;
}

