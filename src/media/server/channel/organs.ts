import type { Ms } from '../../../base/index.js';
import type { BridgeEnd } from '../bridge/bridge.js';
import type { MediaClock } from '../clock/clock.js';
import type { Codec } from '../codec/codec.js';
import { createDialler, type Dialler } from '../dtmf/dialler.js';
import { createEar, type DtmfEar } from '../dtmf/listener.js';
import { createVoice, type Voice } from '../player/voice.js';
import type { Flusher } from '../recorder/flusher.js';
import type { Recorder } from '../recorder/recorder.js';
import type { Side } from '../recorder/tape.js';
import type { RtpHeader } from '../rtp/packet.js';
import type { SocketPair } from '../rtp/socket.js';
import { createInbound, type Inbound } from './inbound.js';
import { createOutbound, type Outbound } from './outbound.js';
import { createSilenceWatch, type SilenceWatch } from './silence-watch.js';
import type { Digit, DtmfListener, DtmfSource, MediaLog, PlaySource, RemoteMedia, Tap } from './types.js';

export interface ChannelParts {
  readonly uuid: string;
  readonly localPort: number;
  readonly sockets: SocketPair;
  readonly clock: MediaClock;
  readonly flusher: Flusher;
  readonly log: MediaLog;
  readonly relearnAfterMs: Ms;
  readonly onTimer: () => void;
  /** Everything is freed but the sockets. */
  readonly onDestroyed: () => Promise<void>;
}

/** What several parts of a channel look at. */
export interface Scene {
  remote: RemoteMedia | undefined;
  peer: BridgeEnd | undefined;
  holdMusic: PlaySource | undefined;
  /** Timestamp of the event now coming in, and whether it goes to the peer packet by packet. */
  event: { readonly timestamp: number; readonly relayed: boolean } | undefined;
  recorders: readonly Recorder[];
  /** With how each leaves the clock. */
  readonly taps: Map<Tap, () => void>;
  reportedPackets: number;
}

export const emptyScene = (): Scene => ({ remote: undefined, peer: undefined, holdMusic: undefined, event: undefined, recorders: [], taps: new Map(), reportedPackets: 0 });

export interface Organs {
  readonly inbound: Inbound;
  readonly outbound: Outbound;
  readonly voice: Voice;
  readonly dialler: Dialler;
  readonly ear: DtmfEar;
  readonly watch: SilenceWatch;
  readonly listeners: Set<DtmfListener>;
  readonly gone: AbortController;
}

export const receives = ({ direction = 'sendrecv' }: RemoteMedia): boolean => direction === 'sendrecv' || direction === 'recvonly';

export function emitDigit(listeners: ReadonlySet<DtmfListener>, digit: Digit, durationMs: Ms, source: DtmfSource): void {
  for (const listener of [...listeners]) listener(digit, durationMs, source);
}

/** Joins the parts: what comes in goes to recordings, taps, the ear and the peer; what goes out is heard by recordings and taps. */
export function grow({ uuid, sockets, clock, log, relearnAfterMs, onTimer }: ChannelParts, scene: Scene): Organs {
  const now = (): Ms => clock.now();
  const hear = (side: Side, header: RtpHeader, packet: Uint8Array, codec: Codec, at: Ms): void => {
    for (const recorder of scene.recorders) recorder.hear(side, header, packet, codec, at);
    for (const tap of scene.taps.keys()) tap.hear(side, header, packet, codec, at);
  };
  const listeners = new Set<DtmfListener>();
  const outbound = createOutbound({
    send: (packet, port, address) => sockets.rtp.send(packet, port, address),
    heard: (header, packet, codec, at) => hear('out', header, packet, codec, at),
    random: Math.random,
  });
  const dialler = createDialler(clock, outbound);
  const ownLog: MediaLog = { warn: (fields, text) => log.warn({ uuid, ...fields }, text), info: (fields, text) => log.info({ uuid, ...fields }, text) };
  const voice = createVoice(clock, (samples, joins, at) => {
    if (!dialler.busy()) outbound.frame(samples, joins, at);
  }, ownLog);
  const ear = createEar(now, (digit, durationMs) => {
    emitDigit(listeners, digit, durationMs, 'rtp');
    if (!scene.event?.relayed) scene.peer?.relayDigit(digit, durationMs);
  }, onTimer);
  const inbound = createInbound(relearnAfterMs, {
    now,
    onSource: (address, port) => outbound.aim(address, port),
    onAudio(header, packet, codec, at) {
      hear('in', header, packet, codec, at);
      if (!scene.holdMusic) scene.peer?.relayAudio(header, packet, codec, at);
    },
    onEvent(header, packet, at) {
      const rate = scene.remote?.telephoneEvent?.clockRate ?? 8_000;
      ear.hear(header, packet, rate, at, () => relayEvent(scene, header, packet, at));
    },
  });
  const rests = (): boolean => scene.holdMusic !== undefined || (scene.remote !== undefined && !receives(scene.remote));
  const watch = createSilenceWatch(now, () => inbound.reception.lastAt, rests, onTimer);
  return { inbound, outbound, voice, dialler, ear, watch, listeners, gone: new AbortController() };
}

/** Whether an event is relayed is decided by its first packet: half an event each way would be two digits, or none. */
function relayEvent(scene: Scene, header: RtpHeader, packet: Buffer, at: Ms): void {
  const begins = scene.event?.timestamp !== header.timestamp;
  if (!begins && !scene.event?.relayed) return;
  const sent = scene.peer?.relayEvent(header, packet, at) ?? false;
  if (begins) scene.event = { timestamp: header.timestamp, relayed: sent };
}
