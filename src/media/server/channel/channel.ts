import type { Ms } from '../../../base/index.js';
import { disconnect, type BridgeEnd } from '../bridge/bridge.js';
import { createRecorder } from '../recorder/recorder.js';
import { jitterMs, lostPackets } from '../rtp/reception.js';
import { rtcpReport } from '../rtp/rtcp.js';
import { ChannelGone } from './errors.js';
import { emitDigit, emptyScene, grow, receives, type ChannelParts, type Organs, type Scene } from './organs.js';
import type { ChannelStats, MediaChannel, Recording, RecordOptions, RemoteMedia, Tap } from './types.js';

/** A channel as the core sees it. */
export interface InnerChannel {
  readonly channel: MediaChannel;
  readonly end: BridgeEnd;
  timers(): number;
  /** Sends an RTCP report where one is due. */
  report(now: Ms, wallClockMs: Ms): void;
}

export function createChannel(parts: ChannelParts): InnerChannel {
  const scene = emptyScene();
  const organs = grow(parts, scene);
  const { sockets } = parts;
  sockets.rtp.on('message', organs.inbound.datagram);
  // The far end's reports change nothing here; reading them keeps the socket's queue empty.
  sockets.rtcp.on('message', () => undefined);
  const end = createEnd(scene, organs, () => channel);
  const channel = createCommands(parts, scene, organs, end);
  return {
    channel,
    end,
    timers: () => organs.ear.timers() + organs.watch.timers(),
    report: (now, wallClockMs) => sendReport(parts, scene, organs, now, wallClockMs),
  };
}

function createEnd(scene: Scene, { voice, dialler, outbound }: Organs, channel: () => MediaChannel): BridgeEnd {
  const cover = (): void => voice.cover(scene.peer?.holdMusic);
  return {
    get channel() {
      return channel();
    },
    get holdMusic() {
      return scene.holdMusic;
    },
    get bridgedTo() {
      return scene.peer;
    },
    setPeer(peer) {
      scene.peer = peer;
      scene.event = undefined;
      cover();
    },
    musicChanged: cover,
    relayAudio(header, packet, codec, now) {
      if (!voice.busy() && !dialler.busy()) outbound.relayAudio(header, packet, codec, now);
    },
    relayEvent(header, packet, now) {
      if (voice.busy() || dialler.busy() || !outbound.hasEvents()) return false;
      outbound.relayEvent(header, packet, now);
      return true;
    },
    relayDigit(digit, durationMs) {
      void dialler.dial(digit, { durationMs });
    },
  };
}

function createCommands(parts: ChannelParts, scene: Scene, organs: Organs, end: BridgeEnd): MediaChannel {
  let destroyed: Promise<void> | undefined;
  const alive = (): void => {
    if (destroyed) throw new ChannelGone(`channel ${parts.uuid} is destroyed`);
  };
  return {
    ...audioCommands(parts, scene, organs, alive),
    ...dtmfCommands(scene, organs, alive),
    uuid: parts.uuid,
    localPort: parts.localPort,
    gone: organs.gone.signal,
    setRemote(media) {
      alive();
      applyRemote(media, scene, organs);
    },
    remote: () => scene.remote,
    get held() {
      return scene.holdMusic !== undefined;
    },
    get peer() {
      return scene.peer?.channel;
    },
    tap(tap) {
      alive();
      return attach(parts, scene, tap);
    },
    stats: () => statsOf(organs),
    setMediaTimeout: (ms, listener) => organs.watch.set(ms, listener),
    destroy: () => (destroyed ??= destroy(end, parts, scene, organs)),
  };
}

type AudioCommand = 'play' | 'playing' | 'hold' | 'unhold' | 'record' | 'recordings';

function audioCommands(parts: ChannelParts, scene: Scene, { voice, watch }: Organs, alive: () => void): Pick<MediaChannel, AudioCommand> {
  return {
    play(source, options = {}) {
      alive();
      return voice.play(source, options);
    },
    playing: () => voice.playing(),
    hold(music) {
      scene.holdMusic = music;
      scene.peer?.musicChanged();
    },
    unhold() {
      if (!scene.holdMusic) return;
      scene.holdMusic = undefined;
      watch.restart();
      scene.peer?.musicChanged();
    },
    record(path, options = {}) {
      alive();
      return startRecording(parts, scene, path, options);
    },
    recordings: () => scene.recorders,
  };
}

function dtmfCommands(scene: Scene, { dialler, listeners }: Organs, alive: () => void): Pick<MediaChannel, 'onDtmf' | 'dtmfFromInfo' | 'sendDtmf'> {
  return {
    onDtmf(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    dtmfFromInfo(digit, durationMs) {
      emitDigit(listeners, digit, durationMs, 'info');
      scene.peer?.relayDigit(digit, durationMs);
    },
    async sendDtmf(digits, timing) {
      alive();
      await dialler.dial(digits, timing);
    },
  };
}

function applyRemote(media: RemoteMedia, scene: Scene, { inbound, outbound, watch }: Organs): void {
  if (scene.remote && !receives(scene.remote) && receives(media)) watch.restart();
  scene.remote = media;
  inbound.configure(media);
  outbound.configure(media);
}

function startRecording({ clock, flusher, log, uuid }: ChannelParts, scene: Scene, path: string, options: RecordOptions): Recording {
  const now = (): Ms => clock.now();
  const recorder = createRecorder(path, options, now(), now, () => {
    scene.recorders = scene.recorders.filter((r) => r !== recorder);
    flusher.remove(recorder);
  });
  scene.recorders = [...scene.recorders, recorder];
  flusher.add(recorder);
  void recorder.ended.then((end) => {
    if ('error' in end) log.warn({ uuid, path, err: end.error }, 'recording failed; the call goes on');
  });
  return recorder;
}

function attach({ clock }: ChannelParts, scene: Scene, tap: Tap): () => void {
  const leave = clock.join((now) => tap.tick(now));
  scene.taps.set(tap, leave);
  return () => {
    scene.taps.delete(tap);
    leave();
  };
}

function statsOf({ inbound, outbound }: Organs): ChannelStats {
  const { reception } = inbound;
  return {
    packetsIn: reception.packets,
    bytesIn: reception.bytes,
    packetsOut: outbound.line.packets,
    bytesOut: outbound.line.bytes,
    lost: lostPackets(reception),
    jitterMs: jitterMs(reception),
    strangers: inbound.strangers(),
    malformed: inbound.malformed(),
    lastRtpAt: reception.lastAt,
    sendingTo: outbound.target(),
  };
}

function sendReport({ sockets, uuid }: ChannelParts, scene: Scene, { inbound, outbound }: Organs, now: Ms, wallClockMs: Ms): void {
  const rtp = outbound.target();
  const target = scene.remote?.rtcp ?? (rtp && { address: rtp.address, port: rtp.port + 1 });
  if (!target || target.port > 65_535 || !outbound.canSend()) return;
  const sentSince = outbound.line.packets > scene.reportedPackets;
  scene.reportedPackets = outbound.line.packets;
  sockets.rtcp.send(rtcpReport(outbound.line, inbound.reception, sentSince, uuid, now, wallClockMs), target.port, target.address);
}

async function destroy(end: BridgeEnd, { sockets, onDestroyed }: ChannelParts, scene: Scene, { voice, dialler, ear, watch, listeners, gone }: Organs): Promise<void> {
  gone.abort('gone');
  sockets.rtp.removeAllListeners('message');
  disconnect(end);
  voice.close();
  dialler.stop();
  ear.close();
  watch.set(undefined);
  listeners.clear();
  for (const leave of scene.taps.values()) leave();
  scene.taps.clear();
  // A failed recording has said so through `ended`.
  await Promise.all([...scene.recorders.map((recorder) => recorder.stop().catch(() => undefined)), onDestroyed()]);
}
