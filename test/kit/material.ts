import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createSender } from './rtp/sender.js';
import { encode, sine, type Law } from './rtp/law.js';

/** PCM16 RIFF file of one or more channels, cut to the longest. */
export function wavOf(channels: readonly Int16Array[], rate = 8000): Buffer {
  const length = Math.max(...channels.map((c) => c.length));
  const data = Buffer.alloc(length * channels.length * 2);
  for (let i = 0; i < length; i += 1) channels.forEach((c, k) => data.writeInt16LE(c[i] ?? 0, (i * channels.length + k) * 2));
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(channels.length, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * channels.length * 2, 28);
  head.writeUInt16LE(channels.length * 2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

export function writeTone(file: string, hz: number, seconds: number, rate = 8000): string {
  writeFileSync(file, wavOf([sine(hz, seconds * 1000, rate)], rate));
  return file;
}

/** Headerless G.711, for SIPp's rtp_stream. */
export function writeRaw(file: string, samples: Int16Array, law: Law): string {
  writeFileSync(file, encode(samples, law));
  return file;
}

/** Whatever sox can make from nothing: `sox(file, '8000', 'synth', '5', 'pinknoise')`. */
export function sox(file: string, rate: string, ...effects: readonly string[]): string {
  execFileSync('sox', ['-n', '-r', rate, '-c', '1', '-b', '16', file, ...effects], { stdio: ['ignore', 'ignore', 'inherit'] });
  return file;
}

/** True when sox reads the file to its end without a complaint. */
export function soxOpens(file: string): boolean {
  try {
    execFileSync('sox', [file, '-n', 'stat'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

/** One packet as libpcap wants it: Ethernet, IPv4, UDP, RTP. SIPp replaces all addresses when it plays the file. */
function frameOf(rtp: Buffer, atMs: number): Buffer {
  const head = Buffer.alloc(16 + 14 + 20 + 8);
  const size = head.length - 16 + rtp.length;
  head.writeUInt32LE(Math.floor(atMs / 1000), 0);
  head.writeUInt32LE((atMs % 1000) * 1000, 4);
  head.writeUInt32LE(size, 8);
  head.writeUInt32LE(size, 12);
  head.writeUInt16BE(0x0800, 28);
  head.writeUInt8(0x45, 30);
  head.writeUInt16BE(28 + rtp.length, 32);
  head.writeUInt8(64, 38);
  head.writeUInt8(17, 39);
  head.set([127, 0, 0, 1, 127, 0, 0, 1], 42);
  head.writeUInt16BE(30_000, 50);
  head.writeUInt16BE(30_002, 52);
  head.writeUInt16BE(8 + rtp.length, 54);
  return Buffer.concat([head, rtp]);
}

function writePcap(file: string, packets: readonly { readonly rtp: Buffer; readonly atMs: number }[]): string {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(65_535, 16);
  head.writeUInt32LE(1, 20);
  writeFileSync(file, Buffer.concat([head, ...packets.map(({ rtp, atMs }) => frameOf(rtp, atMs))]));
  return file;
}

/** A tone as RTP, 20 ms a packet. */
export function tonePcap(file: string, hz: number, durationMs: number, law: Law = 'ulaw'): string {
  const sender = createSender();
  sender.format(law === 'ulaw' ? 0 : 8, law, 101);
  sender.tone(hz);
  return writePcap(file, take(sender.next, durationMs));
}

/** Keys as RFC 4733 events of 100 ms with gaps of 60 ms. */
export function digitsPcap(file: string, keys: string, payload = 101): string {
  const sender = createSender();
  sender.format(0, 'ulaw', payload);
  void sender.digits(keys, 100, 60);
  return writePcap(file, take(sender.next, keys.length * 240).filter(({ rtp }) => ((rtp[1] ?? 0) & 0x7f) === payload));
}

const take = (next: () => Buffer | undefined, durationMs: number): { rtp: Buffer; atMs: number }[] =>
  Array.from({ length: Math.ceil(durationMs / 20) }, (_, i) => ({ rtp: next(), atMs: i * 20 }))
    .flatMap(({ rtp, atMs }) => (rtp === undefined ? [] : [{ rtp, atMs }]));
