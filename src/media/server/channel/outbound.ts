import type { Ms } from '../../../base/index.js';
import { codecNamed, FRAME_MS, FRAME_SAMPLES, PCMU, type Codec } from '../codec/codec.js';
import { EVENT_BYTES, writeEvent } from '../dtmf/event.js';
import { createLine, placeEvent, placeOwn, placeRelayed, type Line, type Place } from '../rtp/line.js';
import { emptyHeader, RTP_HEADER_BYTES, writeRtpHeader, type RtpHeader } from '../rtp/packet.js';
import type { RemoteMedia } from './types.js';

/** Everything a channel sends: own audio, events and forwarded packets take their places on one line. */
export interface Outbound {
  readonly line: Line;
  /** A changed address is where packets go from now on; the same one again leaves a learnt one in force. */
  configure(remote: RemoteMedia): void;
  /** Packets go there from now on: the far end was heard from there. */
  aim(address: string, port: number): void;
  target(): Target | undefined;
  canSend(): boolean;
  /** Whether the far end understands RFC 4733. */
  hasEvents(): boolean;
  /** No samples: what is left of a longer packet is filled up and sent. */
  frame(samples: Int16Array, joins: boolean, now: Ms): void;
  event(event: number, first: boolean, end: boolean, durationMs: Ms, copies: number, now: Ms): void;
  /** Rewrites `packet` in place and sends it: its owner has done with it. */
  relayAudio(header: RtpHeader, packet: Buffer, codec: Codec, now: Ms): void;
  relayEvent(header: RtpHeader, packet: Buffer, now: Ms): void;
}

export interface Target {
  readonly address: string;
  readonly port: number;
}

export interface OutboundPorts {
  readonly send: (packet: Buffer, port: number, address: string) => void;
  /** What the far end gets to hear, before it leaves. */
  readonly heard: (header: RtpHeader, packet: Uint8Array, codec: Codec, now: Ms) => void;
  /** 0 to 1: where the line begins (RFC 3550 §5.1). */
  readonly random: () => number;
}

interface Desk extends OutboundPorts {
  readonly line: Line;
  /** Of the packet being made; filled in again for each. */
  readonly place: Place;
  readonly header: RtpHeader;
  readonly buffer: Buffer;
  readonly eventBuffer: Buffer;
  /** The part of `buffer` that holds one packet of the agreed length. */
  packet: Buffer;
  filled: number;
  joining: boolean;
  remote: RemoteMedia | undefined;
  codec: Codec;
  /** The address of the SDP, and the one in use. */
  offered: Target;
  target: Target;
  open: boolean;
}

const MAX_FRAMES = 3;
const NOWHERE: Target = { address: '', port: 0 };
const uint = (random: number, bits: number): number => Math.floor(random * 2 ** bits);

export function createOutbound(ports: OutboundPorts): Outbound {
  const line = createLine(uint(ports.random(), 32), uint(ports.random(), 16), uint(ports.random(), 32));
  const buffer = Buffer.alloc(RTP_HEADER_BYTES + MAX_FRAMES * FRAME_SAMPLES);
  const desk: Desk = {
    ...ports, line, buffer,
    place: { sequence: 0, timestamp: 0, marker: false },
    header: { ...emptyHeader(), ssrc: line.ssrc },
    eventBuffer: Buffer.alloc(RTP_HEADER_BYTES + EVENT_BYTES),
    packet: buffer.subarray(0, RTP_HEADER_BYTES + FRAME_SAMPLES),
    filled: 0, joining: true, remote: undefined, codec: PCMU, offered: NOWHERE, target: NOWHERE, open: false,
  };
  return {
    line,
    configure: (media) => configure(desk, media),
    aim: (address, port) => void (desk.target = { address, port }),
    target: () => (desk.target.port === 0 ? undefined : desk.target),
    canSend: () => desk.open,
    hasEvents: () => desk.remote?.telephoneEvent !== undefined,
    frame: (samples, joins, now) => frame(desk, samples, joins, now),
    event: (event, first, end, durationMs, copies, now) => sendEvent(desk, event, first, end, durationMs, copies, now),
    relayAudio: (from, bytes, codec, now) => relayAudio(desk, from, bytes, codec, now),
    relayEvent: (from, bytes, now) => relayEvent(desk, from, bytes, now),
  };
}

function configure(desk: Desk, media: RemoteMedia): void {
  const { address, port, direction = 'sendrecv', ptimeMs } = media;
  desk.remote = media;
  desk.codec = codecNamed(media.codec);
  const frames = ptimeMs === 40 || ptimeMs === 60 ? ptimeMs / FRAME_MS : 1;
  desk.packet = desk.buffer.subarray(0, RTP_HEADER_BYTES + frames * FRAME_SAMPLES);
  desk.filled = 0;
  const reachable = port > 0 && address !== '0.0.0.0' && address !== '::';
  if (reachable && (address !== desk.offered.address || port !== desk.offered.port)) desk.target = desk.offered = { address, port };
  desk.open = reachable && (direction === 'sendrecv' || direction === 'sendonly');
}

function put(desk: Desk, bytes: Buffer, payloadBytes: number): void {
  desk.line.packets += 1;
  desk.line.bytes += payloadBytes;
  desk.send(bytes, desk.target.port, desk.target.address);
}

function tellHeard(desk: Desk, bytes: Uint8Array, payloadAt: number, payloadEnd: number, codec: Codec, now: Ms): void {
  const { header, place } = desk;
  header.sequence = place.sequence;
  header.timestamp = place.timestamp;
  header.marker = place.marker;
  header.payloadAt = payloadAt;
  header.payloadEnd = payloadEnd;
  desk.heard(header, bytes, codec, now);
}

function frame(desk: Desk, samples: Int16Array, joins: boolean, now: Ms): void {
  const { packet, codec, line, place } = desk;
  const room = packet.length - RTP_HEADER_BYTES;
  if (joins) {
    desk.joining = true;
    desk.filled = 0;
  }
  if (!desk.open || (samples.length === 0 && desk.filled === 0)) return;
  codec.encode(samples, packet, RTP_HEADER_BYTES + desk.filled);
  desk.filled += samples.length;
  if (samples.length === 0) packet.fill(codec.silence, RTP_HEADER_BYTES + desk.filled);
  else if (desk.filled < room) return;
  desk.filled = 0;
  placeOwn(line, desk.joining || line.relay !== undefined, room, now, place);
  desk.joining = false;
  tellHeard(desk, packet, RTP_HEADER_BYTES, packet.length, codec, now);
  writeRtpHeader(packet, codec.payloadType, place.marker, place.sequence, place.timestamp, line.ssrc);
  put(desk, packet, room);
}

function sendEvent(desk: Desk, event: number, first: boolean, end: boolean, durationMs: Ms, copies: number, now: Ms): void {
  const { line, place, eventBuffer, remote } = desk;
  if (!desk.open || !remote?.telephoneEvent) return;
  const { payloadType, clockRate } = remote.telephoneEvent;
  for (let copy = 0; copy < copies; copy += 1) {
    placeEvent(line, first && copy === 0, now, place);
    writeRtpHeader(eventBuffer, payloadType, place.marker, place.sequence, place.timestamp, line.ssrc);
    writeEvent(eventBuffer, RTP_HEADER_BYTES, event, end, (durationMs * clockRate) / 1_000);
    put(desk, eventBuffer, EVENT_BYTES);
  }
  desk.joining = true;
}

function relayAudio(desk: Desk, from: RtpHeader, bytes: Buffer, fromCodec: Codec, now: Ms): void {
  const { codec, line, place } = desk;
  const { payloadAt, payloadEnd } = from;
  if (!desk.open || !placeRelayed(line, from.ssrc, from.sequence, from.timestamp, from.marker, payloadEnd - payloadAt, now, place)) return;
  tellHeard(desk, bytes, payloadAt, payloadEnd, fromCodec, now);
  if (fromCodec !== codec) {
    const table = codec.fromOther;
    for (let i = payloadAt; i < payloadEnd; i += 1) bytes[i] = table[bytes[i] ?? 0] ?? 0;
  }
  forward(desk, from, bytes, codec.payloadType);
}

function relayEvent(desk: Desk, from: RtpHeader, bytes: Buffer, now: Ms): void {
  const telephoneEvent = desk.remote?.telephoneEvent;
  if (!desk.open || !telephoneEvent || !placeRelayed(desk.line, from.ssrc, from.sequence, from.timestamp, from.marker, 0, now, desk.place)) return;
  forward(desk, from, bytes, telephoneEvent.payloadType);
}

/** Puts a new header right before the payload and sends what follows it; CSRC, extension and padding stay behind. */
function forward(desk: Desk, from: RtpHeader, bytes: Buffer, payloadType: number): void {
  const { place } = desk;
  const at = from.payloadAt - RTP_HEADER_BYTES;
  const out = at === 0 && from.payloadEnd === bytes.length ? bytes : bytes.subarray(at, from.payloadEnd);
  writeRtpHeader(out, payloadType, place.marker, place.sequence, place.timestamp, desk.line.ssrc);
  put(desk, out, from.payloadEnd - from.payloadAt);
}
