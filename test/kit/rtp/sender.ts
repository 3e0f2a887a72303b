import { decode, encode, sine, type Law } from './law.js';

const FRAME = 160; // samples of 20 ms at 8 kHz
const KEYS = '0123456789*#ABCD';
type Event = { readonly code: number; readonly frames: number; readonly gapFrames: number; readonly done: () => void };

export type Sender = {
  /** The next packet of 20 ms, or undefined when this stream is stopped. */
  readonly next: () => Buffer | undefined;
  readonly tone: (hz: number, levelDb?: number) => void;
  readonly silence: () => void;
  /** Samples at 8 kHz, once or for ever. */
  readonly play: (samples: Int16Array, loop: boolean) => void;
  /** RFC 4733 events; audio pauses during a key and goes on between two. */
  readonly digits: (keys: string, durationMs: number, gapMs: number) => Promise<void>;
  readonly format: (payload: number, law: Law, eventPayload: number | undefined) => void;
  /** Puts a mark into the payload of each packet from now on, made by `mark` (see probe.ts). */
  readonly mark: (mark: ((packet: Buffer) => void) | undefined) => void;
  readonly stop: () => void;
  readonly start: () => void;
  readonly sent: () => number;
  readonly ssrc: number;
};

/** A whole number of hertz repeats after one second, so one second of each tone is made once per process. */
const seconds = new Map<string, Buffer>();
function toneSecond(hz: number, levelDb: number, law: Law): Buffer {
  const key = `${String(hz)}/${String(levelDb)}/${law}`;
  const known = seconds.get(key) ?? encode(sine(hz, 1000, 8000, levelDb), law);
  seconds.set(key, known);
  return known;
}

export function createSender(): Sender {
  const ssrc = Math.floor(Math.random() * 0xffffffff);
  let sequence = Math.floor(Math.random() * 0xffff);
  let timestamp = Math.floor(Math.random() * 0xffffffff);
  let format: { payload: number; law: Law; event: number | undefined } = { payload: 0, law: 'ulaw', event: 101 };
  let source = (law: Law): Buffer => encode(new Int16Array(8000), law);
  let audio = source('ulaw');
  let at = 0;
  let loops = true;
  let running = true;
  let marker = true;
  let sent = 0;
  let mark: ((packet: Buffer) => void) | undefined;
  const events: Event[] = [];
  let event: { readonly of: Event; readonly start: number; frame: number } | undefined;

  const use = (make: (law: Law) => Buffer, loop: boolean): void => {
    source = make;
    audio = make(format.law);
    at = 0;
    loops = loop;
  };
  function packet(payload: number, stamp: number, size: number): Buffer {
    const buffer = Buffer.allocUnsafe(12 + size);
    buffer[0] = 0x80;
    buffer[1] = payload | (marker ? 0x80 : 0);
    marker = false;
    buffer.writeUInt16BE(sequence, 2);
    buffer.writeUInt32BE(stamp >>> 0, 4);
    buffer.writeUInt32BE(ssrc, 8);
    sequence = (sequence + 1) & 0xffff;
    sent += 1;
    return buffer;
  }
  /** RFC 4733 §2.5: one timestamp for the whole event, growing duration, the end said three times. */
  function eventPacket(): Buffer | undefined {
    if (event === undefined) {
      const of = events.shift();
      if (of === undefined) return undefined;
      event = { of, start: timestamp, frame: 0 };
      marker = true;
    }
    const { of, start } = event;
    event.frame += 1;
    const end = event.frame >= of.frames;
    if (event.frame >= of.frames + 3 + of.gapFrames) {
      event = undefined;
      of.done();
    }
    if (event !== undefined && event.frame >= of.frames + 3) return undefined;
    const buffer = packet(format.event ?? 101, start, 4);
    const frames = Math.min(event?.frame ?? of.frames, of.frames);
    buffer[12] = of.code;
    buffer[13] = (end ? 0x80 : 0) | 10;
    buffer.writeUInt16BE(frames * FRAME, 14);
    return buffer;
  }
  function audioPacket(): Buffer {
    const buffer = packet(format.payload, timestamp, FRAME);
    const silence = format.law === 'ulaw' ? 0xff : 0xd5;
    for (let i = 0; i < FRAME; i += 1) {
      if (at >= audio.length && loops) at = 0;
      buffer[12 + i] = audio[at] ?? silence;
      at += 1;
    }
    mark?.(buffer);
    return buffer;
  }
  return {
    ssrc,
    next() {
      if (!running) return undefined;
      timestamp = (timestamp + FRAME) >>> 0;
      if (event !== undefined || events.length > 0) return eventPacket() ?? audioPacket();
      return audioPacket();
    },
    tone: (hz, levelDb = -12) => use((law) => toneSecond(hz, levelDb, law), true),
    silence: () => use((law) => encode(new Int16Array(8000), law), true),
    play: (samples, loop) => use((law) => encode(samples, law), loop),
    digits: async (keys, durationMs, gapMs) => {
      const all = Array.from(keys.toUpperCase()).map((key) => new Promise<void>((done) => {
        const code = KEYS.indexOf(key);
        if (code < 0) throw new Error(`no telephone key: ${key}`);
        events.push({ code, frames: Math.max(1, Math.round(durationMs / 20)), gapFrames: Math.max(1, Math.round(gapMs / 20)), done });
      }));
      await Promise.all(all);
    },
    format(payload, law, eventPayload) {
      const changed = law !== format.law;
      format = { payload, law, event: eventPayload };
      if (changed) audio = source(law);
    },
    mark: (how) => { mark = how; },
    stop: () => { running = false; },
    start: () => { running = true; marker = true; },
    sent: () => sent,
  };
}

/** The keys a G.711 in-band tone pair would be, for devices without RFC 4733. */
export function inbandDigits(keys: string, durationMs = 100, gapMs = 100): Int16Array {
  const row = [697, 770, 852, 941];
  const column = [1209, 1336, 1477, 1633];
  const pad = '123A456B789C*0#D';
  const parts = Array.from(keys.toUpperCase()).flatMap((key) => {
    const i = pad.indexOf(key);
    const low = sine(row[Math.floor(i / 4)] ?? 0, durationMs, 8000, -10);
    const high = sine(column[i % 4] ?? 0, durationMs, 8000, -8);
    return [...low.map((v, k) => v + (high[k] ?? 0)), ...new Int16Array(gapMs * 8)];
  });
  return decode(encode(Int16Array.from(parts), 'ulaw'), 'ulaw');
}
