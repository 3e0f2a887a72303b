import { expect, it } from 'vitest';
import { alawToLinear, alawToUlaw, decodeG711, encodeAlaw, encodeUlaw, ulawToAlaw, ulawToLinear } from './g711.js';

const one = (encode: typeof encodeUlaw, sample: number): number => {
  const out = new Uint8Array(1);
  encode(Int16Array.of(sample), out);
  return out[0]!;
};

it.each([
  [0, 0xff], [-1, 0x7e], [32_767, 0x80], [-32_768, 0x00], [8_031 * 4, 0x80], [-8_031 * 4, 0x00], [4_063 * 4, 0x8f], [31 * 4, 0xef],
])('encodes %i to the µ-law byte of the Recommendation', (sample, byte) => {
  const is = one(encodeUlaw, sample);
  expect(is === byte || ulawToLinear[is] === ulawToLinear[byte]).toBe(true);
});

it.each([[0, 0xd5], [-8, 0x55], [32_767, 0xaa], [-32_768, 0x2a], [16, 0xd4]])('encodes %i to the A-law byte of the Recommendation', (sample, byte) => {
  expect(one(encodeAlaw, sample)).toBe(byte);
});

it.each([['µ-law', encodeUlaw, ulawToLinear, 0x7f], ['A-law', encodeAlaw, alawToLinear, -1]] as const)('%s: every code survives decoding and encoding', (_law, encode, table, negativeZero) => {
  for (let code = 0; code < 256; code += 1) {
    if (code !== negativeZero) expect(one(encode, table[code]!)).toBe(code);
  }
});

it.each([['µ-law', encodeUlaw, ulawToLinear], ['A-law', encodeAlaw, alawToLinear]] as const)('%s: the error stays below the step of the segment', (_law, encode, table) => {
  for (let s = -32_768; s < 32_768; s += 7) {
    const back = table[one(encode, s)]!;
    expect(Math.abs(back - s)).toBeLessThanOrEqual(Math.max(16, Math.abs(s) / 16 + 16) + (Math.abs(s) > 32_124 ? 700 : 0));
    if (Math.abs(s) > 16) expect(Math.sign(back)).toBe(Math.sign(s));
  }
});

it('crosses from one law to the other as if through linear samples', () => {
  for (let code = 0; code < 256; code += 1) {
    expect(alawToUlaw[code]).toBe(one(encodeUlaw, alawToLinear[code]!));
    expect(ulawToAlaw[code]).toBe(one(encodeAlaw, ulawToLinear[code]!));
  }
});

it('encodes into the middle of a packet and decodes a payload', () => {
  const packet = new Uint8Array(4);
  encodeUlaw(Int16Array.of(1_000, -1_000), packet, 2);
  const [plus, minus] = decodeG711(ulawToLinear, packet.subarray(2));
  expect([packet[0], packet[1]]).toEqual([0, 0]);
  expect(plus).toBe(-minus!);
});
