import { describe, expect, it } from 'vitest';
import { decodeG711, toneAmplitude, ulawToLinear } from '../../audio/index.js';
import { openToneMedia, toneSender } from './media.js';

const packets = (n: number, sender: ReturnType<typeof toneSender>) => Array.from({ length: n }, () => sender.next());
const read = (p: Buffer) => ({ marker: ((p[1] ?? 0) & 0x80) !== 0, type: (p[1] ?? 0) & 0x7f, sequence: p.readUInt16BE(2), timestamp: p.readUInt32BE(4), payload: p.subarray(12) });

describe('what a demo phone sends', () => {
  it('is a pure tone in packets of 20 ms, numbered without a gap', () => {
    const sent = packets(100, toneSender(600)).map(read);
    expect(sent.map((p) => p.sequence)).toEqual([...sent.keys()]);
    expect(sent.map((p) => p.timestamp)).toEqual([...sent.keys()].map((i) => i * 160));
    const samples = decodeG711(ulawToLinear, Buffer.concat(sent.map((p) => p.payload)));
    expect(toneAmplitude(samples, 600, 8_000)).toBeGreaterThan(7_500);
    expect(toneAmplitude(samples, 1_000, 8_000)).toBeLessThan(20);
  });

  it('holds a key as RFC 4733 says: one timestamp, growing duration, three ends, then audio again', () => {
    const sender = toneSender(600);
    packets(3, sender);
    sender.press('1');
    const sent = packets(9, sender).map(read);
    const key = sent.slice(0, 8);
    expect(key.map((p) => p.type)).toEqual(Array(8).fill(101));
    expect(new Set(key.map((p) => p.timestamp))).toEqual(new Set([480]));
    expect(key.map((p) => p.marker)).toEqual([true, ...Array<boolean>(7).fill(false)]);
    expect(key.map((p) => p.payload.readUInt16BE(2))).toEqual([160, 320, 480, 640, 800, 800, 800, 800]);
    expect(key.map((p) => (p.payload[1] ?? 0) >> 7)).toEqual([0, 0, 0, 0, 0, 1, 1, 1]);
    expect(key[0]?.payload[0]).toBe(1);
    expect(sent[8]).toMatchObject({ type: 0, timestamp: 11 * 160 });
  });

  it.each(['', 'x', '12'])('ignores "%s", which is no key', (key) => {
    const sender = toneSender(600);
    sender.press(key);
    expect(read(sender.next()).type).toBe(0);
  });
});

it('carries a tone from one phone to the other', async () => {
  const [a, b] = [await openToneMedia('127.0.0.1', 600), await openToneMedia('127.0.0.1', 1_000)];
  a.sendTo({ address: '127.0.0.1', port: b.port });
  await expect.poll(() => b.packets(), { timeout: 10_000, interval: 10 }).toBeGreaterThanOrEqual(30);
  expect(toneAmplitude(b.heard(), 600, 8_000)).toBeGreaterThan(7_000);
  expect(a.packets()).toBe(0);
  a.close();
  b.close();
});
