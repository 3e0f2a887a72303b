import { expect, it } from 'vitest';
import { encode } from './law.js';
import { createReceiver, type Receiver } from './receiver.js';

const loud = encode(new Int16Array(160).fill(8_000), 'ulaw');
let sequence = 0;
const hear = (receiver: Receiver, stamp: number, nowMs: number): void => {
  const head = Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7]);
  head.writeUInt16BE((sequence += 1) & 0xffff, 2);
  head.writeUInt32BE(stamp >>> 0, 4);
  receiver.take(Buffer.concat([head, loud]), nowMs, true);
};

it.each([[2_514_356_547, 3_840], [3_840, 2_514_356_547]])('puts what it hears in its place when the timestamps of one source go from %i to %i', (before, after) => {
  const receiver = createReceiver(true);
  for (let i = 0; i < 5; i += 1) hear(receiver, before + i * 160, i * 20);
  for (let i = 0; i < 5; i += 1) hear(receiver, after + i * 160, 100 + i * 20);
  const samples = receiver.samples();
  expect([samples.length, samples.every((sample) => sample > 7_000), receiver.reception().jumps]).toEqual([1_600, true, 1]);
});

it('leaves the place of a short pause empty', () => {
  const receiver = createReceiver(true);
  hear(receiver, 0, 0);
  hear(receiver, 480, 60);
  expect([...receiver.samples().subarray(160, 480)].some((sample) => sample !== 0)).toBe(false);
  expect(receiver.samples().length).toBe(640);
});
