import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ulawToLinear } from './g711.js';
import { parseWavHeader, repairWavHeader, wavHeader, WavUnreadable } from './wav-header.js';
import { decodeWav, encodeWav, monoSamples } from './wav-samples.js';

/** A WAV of any coding, written from the format's description and apart from the code under test. */
function wav({ code, bits, channels, data, extra = Buffer.alloc(0), extensible = false }: { code: number; bits: number; channels: number; data: Buffer; extra?: Buffer; extensible?: boolean }): Buffer {
  const fmt = Buffer.alloc(extensible ? 40 : 16);
  fmt.writeUInt16LE(extensible ? 0xfffe : code, 0);
  fmt.writeUInt16LE(channels, 2);
  fmt.writeUInt32LE(8_000, 4);
  fmt.writeUInt16LE((channels * bits) / 8, 12);
  fmt.writeUInt16LE(bits, 14);
  if (extensible) fmt.writeUInt16LE(code, 24);
  const chunk = (name: string, body: Buffer): Buffer => {
    const head = Buffer.from(`${name}....`);
    head.writeUInt32LE(body.length, 4);
    return Buffer.concat([head, body, Buffer.alloc(body.length & 1)]);
  };
  const body = Buffer.concat([Buffer.from('WAVE'), chunk('fmt ', fmt), extra, chunk('data', data)]);
  return Buffer.concat([Buffer.from('RIFF'), Buffer.from(Uint32Array.of(body.length).buffer), body]);
}

describe('reading', () => {
  it.each([
    ['16 bit', { code: 1, bits: 16, data: Buffer.from(Int16Array.of(100, -200).buffer) }, [100, -200]],
    ['8 bit', { code: 1, bits: 8, data: Buffer.of(128, 255, 0) }, [0, 127 << 8, -32_768]],
    ['24 bit', { code: 1, bits: 24, data: Buffer.of(0, 100, 0, 0xff, 0xff, 0xff) }, [100, -1]],
    ['float', { code: 3, bits: 32, data: Buffer.from(Float32Array.of(0.5, -2).buffer) }, [16_384, -32_768]],
    ['µ-law', { code: 7, bits: 8, data: Buffer.of(0xff, 0x80) }, [0, ulawToLinear[0x80]!]],
    ['extensible', { code: 1, bits: 16, extensible: true, data: Buffer.from(Int16Array.of(7).buffer) }, [7]],
  ])('understands %s', (_name, format, samples) => {
    expect([...decodeWav(wav({ channels: 1, ...format })).channels[0]!]).toEqual(samples);
  });

  it('skips chunks it does not know, of odd length too', () => {
    const extra = Buffer.concat([Buffer.from('LIST'), Buffer.of(3, 0, 0, 0), Buffer.from('abc\0')]);
    expect(decodeWav(wav({ code: 1, bits: 16, channels: 1, data: Buffer.of(1, 0), extra })).channels[0]).toEqual(Int16Array.of(1));
  });

  it('mixes two channels into one for playing', () => {
    const file = encodeWav({ rateHz: 8_000, channels: [Int16Array.of(100, 32_767), Int16Array.of(300, 32_767)] });
    const format = parseWavHeader(file);
    expect([...monoSamples(format, file.subarray(format.dataAt, format.dataAt + 7))]).toEqual([200]);
    expect([...monoSamples(format, file.subarray(format.dataAt))]).toEqual([200, 32_767]);
  });

  it.each([
    ['an empty file', Buffer.alloc(0)],
    ['text', Buffer.from('this is not audio, whatever its name says')],
    ['a header without data', wav({ code: 1, bits: 16, channels: 1, data: Buffer.alloc(2) }).subarray(0, 36)],
    ['MP3 in WAV', wav({ code: 0x55, bits: 16, channels: 1, data: Buffer.alloc(2) })],
    ['no channels', wav({ code: 1, bits: 16, channels: 0, data: Buffer.alloc(2) })],
  ])('refuses %s with a typed error', (_name, file) => {
    expect(() => parseWavHeader(file)).toThrow(WavUnreadable);
  });

  it('never breaks on any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, dressed) => {
      const file = dressed ? Buffer.concat([Buffer.from('RIFF....WAVEfmt '), bytes]) : bytes;
      try {
        decodeWav(file);
      } catch (error) {
        expect(error).toBeInstanceOf(WavUnreadable);
      }
    }));
  });
});

it('writes what it reads', () => {
  const samples = fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 50 });
  fc.assert(fc.property(samples, samples, (left, right) => {
    const back = decodeWav(encodeWav({ rateHz: 16_000, channels: [Int16Array.from(left), Int16Array.from(right)] }));
    const frames = Math.max(left.length, right.length);
    expect(back.rateHz).toBe(16_000);
    expect([...back.channels[0]!]).toEqual([...left, ...Array<number>(frames - left.length).fill(0)]);
    expect([...back.channels[1]!]).toEqual([...right, ...Array<number>(frames - right.length).fill(0)]);
  }));
});

describe('repair', () => {
  const grown = (bytes: number): Buffer => Buffer.concat([wavHeader(2, 8_000), Buffer.alloc(bytes, 1)]);

  it('makes a recording whose writer was killed a whole file', () => {
    const file = grown(32_003);
    const repair = repairWavHeader(file, file.length)!;
    for (const { at, bytes } of repair.patches) file.set(bytes, at);
    const whole = file.subarray(0, repair.fileBytes);
    expect(repair).toMatchObject({ fileBytes: 44 + 32_000, ms: 1_000 });
    expect(parseWavHeader(whole).dataBytes).toBe(32_000);
    expect(whole.readUInt32LE(4)).toBe(whole.length - 8);
    expect(repairWavHeader(whole, whole.length)).toBeUndefined();
  });

  it('shortens what a header promises and the disk lost', () => {
    expect(repairWavHeader(wavHeader(2, 8_000, 64_000), 44 + 16_000)).toMatchObject({ fileBytes: 44 + 16_000, ms: 500 });
  });

  it('leaves a whole file alone, and one with something behind the audio', () => {
    const file = encodeWav({ rateHz: 8_000, channels: [new Int16Array(10)] });
    expect(repairWavHeader(file, file.length)).toBeUndefined();
    expect(repairWavHeader(file, file.length + 100)).toBeUndefined();
  });

  it('reads a growing file up to its present end', () => {
    expect(decodeWav(grown(400)).channels[0]).toHaveLength(100);
  });
});
