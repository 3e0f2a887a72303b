import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { decodeG711, encodeUlaw, sine, ulawToLinear } from '../../audio/index.js';

const RATE_HZ = 8_000;
const FRAME = 160;
const FRAME_MS = 20;
const EVENT_PT = 101;
/** RFC 4733 §2.5.1.2: a key lasts five frames, its end is said three times. */
const KEY_FRAMES = 5;
const END_COPIES = 3;
const HEARD_SAMPLES = 4_000;

type Place = { readonly address: string; readonly port: number };
/** One RTP stream of G.711 µ-law: a constant tone goes out, what comes in is kept for half a second. */
export interface ToneMedia {
  readonly port: number;
  /** Starts to send, or sends elsewhere from now on. */
  sendTo(remote: Place): void;
  /** Presses a key 0–9, * or #. */
  press(key: string): void;
  /** The last half second that came in; silence before. */
  heard(): Int16Array;
  packets(): number;
  close(): void;
}

/** @param hz whole hundreds, so that a second of it joins the next without a click */
export async function openToneMedia(address: string, hz: number): Promise<ToneMedia> {
  const socket = createSocket('udp4');
  socket.bind(0, address);
  await once(socket, 'listening');
  const sender = toneSender(hz);
  const heard = new Int16Array(HEARD_SAMPLES);
  let packets = 0;
  let remote: Place | undefined;
  socket.on('error', () => undefined); // nobody listens there any more; the call's end is told by SIP
  socket.on('message', (packet) => {
    if (packet.length <= 12 || ((packet[1] ?? 0) & 0x7f) !== 0) return;
    packets += 1;
    const samples = decodeG711(ulawToLinear, packet.subarray(12));
    heard.copyWithin(0, samples.length);
    heard.set(samples, HEARD_SAMPLES - samples.length);
  });
  const startedAt = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    // The clock decides how many frames are due, so a late timer does not slow the stream down.
    for (; startedAt + sent * FRAME_MS <= performance.now(); sent += 1) {
      const packet = sender.next();
      if (remote) socket.send(packet, remote.port, remote.address);
    }
  }, FRAME_MS / 2);
  return {
    port: socket.address().port,
    sendTo: (to) => { remote = to; },
    press: (key) => sender.press(key),
    heard: () => heard.slice(),
    packets: () => packets,
    close: () => {
      clearInterval(timer);
      socket.close();
    },
  };
}

/** Makes the packets: audio, or while a key is down its events, in one numbering (RFC 3550 §5.1, RFC 4733 §2.3). */
export function toneSender(hz: number) {
  const second = new Uint8Array(RATE_HZ);
  encodeUlaw(sine(hz, 1_000, RATE_HZ), second);
  const ssrc = Math.floor(Math.random() * 0xffff_ffff);
  let frame = 0;
  let sequence = 0;
  let key: { readonly event: number; readonly startedAt: number; frames: number } | undefined;
  const packet = (payloadType: number, marker: boolean, timestamp: number, payload: Uint8Array): Buffer => {
    const out = Buffer.alloc(12 + payload.length);
    out[0] = 0x80;
    out[1] = payloadType | (marker ? 0x80 : 0);
    out.writeUInt16BE(sequence & 0xffff, 2);
    out.writeUInt32BE(timestamp >>> 0, 4);
    out.writeUInt32BE(ssrc, 8);
    out.set(payload, 12);
    sequence += 1;
    return out;
  };
  return {
    press(text: string): void {
      const event = '0123456789*#'.indexOf(text);
      if (event >= 0 && text.length === 1) key ??= { event, startedAt: frame * FRAME, frames: 0 };
    },
    /** The packet of the next 20 ms. */
    next(): Buffer {
      const timestamp = frame * FRAME;
      frame += 1;
      if (!key) return packet(0, frame === 1, timestamp, second.subarray(timestamp % RATE_HZ, (timestamp % RATE_HZ) + FRAME));
      key.frames += 1;
      const { event, startedAt, frames } = key;
      const over = frames > KEY_FRAMES;
      const duration = Math.min(frames, KEY_FRAMES) * FRAME;
      const out = packet(EVENT_PT, frames === 1, startedAt, Uint8Array.of(event, (over ? 0x80 : 0) | 10, duration >> 8, duration & 0xff));
      if (frames >= KEY_FRAMES + END_COPIES) key = undefined;
      return out;
    },
  };
}
