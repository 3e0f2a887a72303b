/** G.711 by table. Linear samples are 16 bit; µ-law keeps the upper 14 bits of them, A-law the upper 13. */
const ULAW_BIAS = 33;
const ULAW_CLIP = 8158;

/** Linear value of each µ-law byte. */
export const ulawToLinear = Int16Array.from({ length: 256 }, (_, code) => {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 1) + ULAW_BIAS) << ((bits >> 4) & 7)) - ULAW_BIAS;
  return (bits & 0x80 ? -magnitude : magnitude) << 2;
});

/** Linear value of each A-law byte. */
export const alawToLinear = Int16Array.from({ length: 256 }, (_, code) => {
  const bits = code ^ 0x55;
  const exponent = (bits >> 4) & 7;
  const mantissa = ((bits & 0x0f) << 1) + 1;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 32) << (exponent - 1);
  return (bits & 0x80 ? magnitude : -magnitude) << 3;
});

function segment(magnitude: number, base: number): number {
  let exponent = 0;
  while (exponent < 7 && magnitude >> (exponent + base) > 0) exponent += 1;
  return exponent;
}

function ulawOf(sample14: number): number {
  const magnitude = Math.min(Math.abs(sample14), ULAW_CLIP) + ULAW_BIAS;
  const exponent = segment(magnitude, 6);
  const bits = (exponent << 4) | ((magnitude >> (exponent + 1)) & 0x0f);
  return ~(sample14 < 0 ? bits | 0x80 : bits) & 0xff;
}

function alawOf(sample13: number): number {
  const magnitude = sample13 < 0 ? -sample13 - 1 : sample13;
  const exponent = segment(magnitude, 5);
  const bits = (exponent << 4) | ((magnitude >> (exponent === 0 ? 1 : exponent)) & 0x0f);
  return (sample13 < 0 ? bits : bits | 0x80) ^ 0x55;
}

const ulawBySample = Uint8Array.from({ length: 16_384 }, (_, i) => ulawOf((i << 18) >> 18));
const alawBySample = Uint8Array.from({ length: 8_192 }, (_, i) => alawOf((i << 19) >> 19));

/** µ-law byte of each A-law byte, and the other way round. */
export const alawToUlaw = Uint8Array.from(alawToLinear, (linear) => ulawBySample[(linear >> 2) & 0x3fff] ?? 0);
export const ulawToAlaw = Uint8Array.from(ulawToLinear, (linear) => alawBySample[(linear >> 3) & 0x1fff] ?? 0);

/** Encodes `samples` into `out` from `at` on; `out` must have the room. */
export function encodeUlaw(samples: Int16Array, out: Uint8Array, at = 0): void {
  for (let i = 0; i < samples.length; i += 1) out[at + i] = ulawBySample[((samples[i] ?? 0) >> 2) & 0x3fff] ?? 0;
}

export function encodeAlaw(samples: Int16Array, out: Uint8Array, at = 0): void {
  for (let i = 0; i < samples.length; i += 1) out[at + i] = alawBySample[((samples[i] ?? 0) >> 3) & 0x1fff] ?? 0;
}

/** Decodes by one of the tables above. */
export function decodeG711(table: Int16Array, bytes: Uint8Array): Int16Array {
  const out = new Int16Array(bytes.length);
  for (let i = 0; i < bytes.length; i += 1) out[i] = table[bytes[i] ?? 0] ?? 0;
  return out;
}
