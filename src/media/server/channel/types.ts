import type { Ms } from '../../../base/index.js';
import type { Codec } from '../codec/codec.js';
import type { RtpHeader } from '../rtp/packet.js';

export type CodecName = 'PCMU' | 'PCMA';
/** Seen from this server: `recvonly` means the far end sends and we do not. */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** What offer and answer agreed on (RFC 3264), from the far end's SDP. */
export interface RemoteMedia {
  /** Address of the far end's c= line; `0.0.0.0` or port 0 means: do not send. */
  readonly address: string;
  readonly port: number;
  /** What we send; both G.711 laws are understood on receipt. */
  readonly codec: CodecName;
  /** RFC 4733. `receivePayloadType` when our SDP gave it another number than the far end's. Absent: digits go out as tones. */
  readonly telephoneEvent?: { readonly payloadType: number; readonly receivePayloadType?: number; readonly clockRate: number };
  /** Packet length to send. 20, 40 and 60 are honoured, anything else is sent as 20. */
  readonly ptimeMs?: Ms;
  readonly direction?: Direction;
  /** Where RTCP goes when it is not the RTP port + 1 (RFC 3605). */
  readonly rtcp?: { readonly address: string; readonly port: number };
}

/** A digit of RFC 4733 §3.2: 0–9 * # A–D. */
export type Digit = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '*' | '#' | 'A' | 'B' | 'C' | 'D';
export type DtmfSource = 'rtp' | 'info';
export type DtmfListener = (digit: Digit, durationMs: Ms, source: DtmfSource) => void;

export type PlaySource =
  /** WAV: any rate, 1 or 2 channels, PCM 8/16/24/32, float, µ-law or A-law. */
  | { readonly kind: 'file'; readonly path: string; readonly seekMs?: Ms }
  /** FreeSWITCH tone script without the `tone_stream://` prefix, e.g. `%(2000,4000,440,480);loops=3`. */
  | { readonly kind: 'tone'; readonly script: string }
  /** `noise` is FreeSWITCH's comfort noise divisor; 0 is digital silence. */
  | { readonly kind: 'silence'; readonly ms: Ms | 'forever'; readonly noise?: number }
  | { readonly kind: 'playlist'; readonly items: readonly PlaySource[] };

export interface PlayOptions {
  /** How often the whole source is played; 1 unless told. */
  readonly loops?: number | 'endless';
}

/** `error`: nothing more could be read; what came before it was played. */
export type PlayEnd = 'done' | 'stopped' | { readonly error: Error };

export interface Playback {
  /** Always settles, also when the channel is destroyed (`stopped`). Never rejects. */
  readonly done: Promise<PlayEnd>;
  stop(): void;
  /** Silence goes out until `resume()`. */
  pause(): void;
  resume(): void;
  /** Audio sent so far, without pauses. In a file loop or playlist it counts on. */
  playedMs(): Ms;
}

export interface RecordOptions {
  /** Two channels, left what this phone sends, right what it hears; false: both mixed into one. Default true. */
  readonly stereo?: boolean;
  readonly swap?: boolean;
  /** One channel with one side only; overrides `stereo`. */
  readonly only?: 'in' | 'out';
  /** Ends by itself after this much. */
  readonly maxMs?: Ms;
}

export interface RecordingResult {
  readonly path: string;
  readonly ms: Ms;
  readonly bytes: number;
}

export interface Recording {
  readonly path: string;
  /** Settles once: finished (header complete) or failed (RecordingFailed). A failed one never disturbs the call. */
  readonly ended: Promise<RecordingResult | { readonly error: Error }>;
  /** Idempotent. @throws RecordingFailed */
  stop(): Promise<RecordingResult>;
  /** Silence is written on both channels until `unmask()`; time goes on. */
  mask(): void;
  unmask(): void;
  elapsedMs(): Ms;
}

/** Hears what passes a channel, packet by packet as it comes, and the 20 ms clock. Must not throw, nor keep a packet. */
export interface Tap {
  /** `in`: from the phone; `out`: what it is sent. */
  hear(side: 'in' | 'out', header: RtpHeader, packet: Uint8Array, codec: Codec, now: Ms): void;
  tick(now: Ms): void;
}

export interface ChannelStats {
  readonly packetsIn: number;
  readonly bytesIn: number;
  readonly packetsOut: number;
  readonly bytesOut: number;
  /** RFC 3550 A.3: expected − received, never negative. */
  readonly lost: number;
  /** RFC 3550 A.8. */
  readonly jitterMs: Ms;
  /** Packets from somewhere other than the locked source. */
  readonly strangers: number;
  /** Datagrams that are no RTP, or of a payload type nobody negotiated. */
  readonly malformed: number;
  /** Monotonic time of the last accepted packet; undefined before the first. */
  readonly lastRtpAt: Ms | undefined;
  /** Where packets go: the SDP's address, or the learnt one behind a NAT. */
  readonly sendingTo: { readonly address: string; readonly port: number } | undefined;
}

/** After `destroy()`, commands that begin something throw ChannelGone; those that end something do nothing. */
export interface MediaChannel {
  readonly uuid: string;
  readonly localPort: number;
  /** May be called again on a re-INVITE: SSRC, sequence and timestamp go on without a gap. */
  setRemote(media: RemoteMedia): void;
  remote(): RemoteMedia | undefined;

  /** Replaces what is being played on this channel (which ends as `stopped`) and covers the bridge while it lasts. */
  play(source: PlaySource, options?: PlayOptions): Playback;
  /** The playback that is heard now. */
  playing(): Playback | undefined;

  /** @returns unsubscribe */
  onDtmf(listener: DtmfListener): () => void;
  /** A digit that came by SIP INFO: reported as `info`, and sent on to the bridged peer. */
  dtmfFromInfo(digit: Digit, durationMs: Ms): void;
  /** Sends digits one after another; resolves when the last is out or the channel is gone. Unknown characters: BadDigits. `w` waits 500 ms, `W` 1 s. */
  sendDtmf(digits: string, options?: { readonly durationMs?: Ms; readonly gapMs?: Ms }): Promise<void>;

  /**
   * This party is on hold: whoever is bridged to it, now or later, hears `music` (endless; a broken file becomes a
   * tone) instead of it, and its media timeout rests. Calling it again changes the music.
   */
  hold(music: PlaySource): void;
  unhold(): void;
  readonly held: boolean;
  readonly peer: MediaChannel | undefined;

  /** Starts now; the file is opened behind it. */
  record(path: string, options?: RecordOptions): Recording;
  recordings(): readonly Recording[];

  /** Until the answered function is called, or the channel is destroyed. */
  tap(tap: Tap): () => void;

  stats(): ChannelStats;
  /** Calls `listener` once when no RTP was accepted for `ms`, counted from now, resting while held or not receiving. undefined switches it off. */
  setMediaTimeout(ms: Ms | undefined, listener?: () => void): void;

  /** Ends bridge, playback (`stopped`) and recordings (completed), frees the port. Idempotent; resolves when files are closed. */
  destroy(): Promise<void>;
  /** Fires once on destroy, before anything is freed. */
  readonly gone: AbortSignal;
}

export interface CoreGauges {
  readonly endpoints: number;
  readonly rtpPortsInUse: number;
  readonly timers: number;
}

export interface MediaLog {
  warn(fields: object, message: string): void;
  info(fields: object, message: string): void;
}

export interface CoreOptions {
  /** Where RTP is bound: an IPv4 or IPv6 address. */
  readonly address: string;
  /** Inclusive; even ports carry RTP, the next odd one RTCP. A port in use is skipped. */
  readonly rtpPorts: { readonly min: number; readonly max: number };
  readonly log: MediaLog;
  /** After each change. */
  readonly onGauge?: (gauges: CoreGauges) => void;
  /** How long a freed port rests before reuse; 2 000. */
  readonly portRestMs?: Ms;
  /** A locked source must be silent this long before another may be learnt; 5 000 (three times that for the SDP's own address). */
  readonly relearnAfterMs?: Ms;
}

export interface MediaCore {
  /** @throws ChannelExists, RtpPortsExhausted, RtpAddressUnusable */
  createChannel(options: { readonly uuid: string }): Promise<MediaChannel>;
  channel(uuid: string): MediaChannel | undefined;
  /** Packets are forwarded on arrival, both ways. Either one's former bridge ends first. @throws ChannelGone */
  bridge(a: MediaChannel, b: MediaChannel): void;
  /** Ends the bridge of this channel; no-op without one. */
  unbridge(channel: MediaChannel): void;
  gauges(): CoreGauges;
  close(): Promise<void>;
}
