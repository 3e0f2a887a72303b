/** G.711 written from the Recommendation's segment tables, apart from src/audio. */
const ulawBytes = new Uint8Array(65_536);
const alawBytes = new Uint8Array(65_536);
export const ULAW = new Int16Array(256);
export const ALAW = new Int16Array(256);

for (let code = 0; code < 256; code += 1) {
  const u = ~code & 0xff;
  const magnitude = (((u & 0x0f) << 3) + 0x84 << ((u & 0x70) >> 4)) - 0x84;
  ULAW[code] = u & 0x80 ? -magnitude : magnitude;
  const a = code ^ 0x55;
  const segment = (a & 0x70) >> 4;
  const step = ((a & 0x0f) << 4) + 8;
  const level = segment === 0 ? step : (step + 0x100) << (segment - 1);
  ALAW[code] = a & 0x80 ? level : -level;
}

/** The nearest code is the right code: search each table once for all 65 536 samples. */
function invert(table: Int16Array, into: Uint8Array): void {
  const order = [...table.keys()].sort((x, y) => (table[x] ?? 0) - (table[y] ?? 0) || x - y);
  let at = 0;
  for (let sample = -32_768; sample <= 32_767; sample += 1) {
    const distance = (i: number): number => Math.abs((table[order[i] ?? 0] ?? 0) - sample);
    while (at + 1 < order.length && distance(at + 1) <= distance(at)) at += 1;
    into[sample & 0xffff] = order[at] ?? 0;
  }
}
invert(ULAW, ulawBytes);
invert(ALAW, alawBytes);

export type Law = 'ulaw' | 'alaw';

export function encode(samples: Int16Array, law: Law): Buffer {
  const table = law === 'ulaw' ? ulawBytes : alawBytes;
  const out = Buffer.allocUnsafe(samples.length);
  for (let i = 0; i < samples.length; i += 1) out[i] = table[(samples[i] ?? 0) & 0xffff] ?? 0;
  return out;
}

export function decode(bytes: Uint8Array, law: Law): Int16Array {
  const table = law === 'ulaw' ? ULAW : ALAW;
  const out = new Int16Array(bytes.length);
  for (let i = 0; i < bytes.length; i += 1) out[i] = table[bytes[i] ?? 0] ?? 0;
  return out;
}

export function sine(hz: number, durationMs: number, rate = 8000, levelDb = -12): Int16Array {
  const peak = 32_767 * 10 ** (levelDb / 20);
  return Int16Array.from({ length: Math.round((durationMs * rate) / 1000) }, (_, i) => Math.round(peak * Math.sin((2 * Math.PI * hz * i) / rate)));
}
