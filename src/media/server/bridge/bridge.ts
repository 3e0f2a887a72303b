import type { Ms } from '../../../base/index.js';
import type { Digit, MediaChannel, PlaySource } from '../channel/types.js';
import type { Codec } from '../codec/codec.js';
import type { RtpHeader } from '../rtp/packet.js';

/** One end of a bridge, as the other end sees it. */
export interface BridgeEnd {
  readonly channel: MediaChannel;
  /** Music for whoever is bridged to this end, while it is on hold. */
  readonly holdMusic: PlaySource | undefined;
  setPeer(peer: BridgeEnd | undefined): void;
  readonly bridgedTo: BridgeEnd | undefined;
  /** The other end's hold music began, changed or ended. */
  musicChanged(): void;
  /** The packet is given away: it is rewritten in place. */
  relayAudio(header: RtpHeader, packet: Buffer, codec: Codec, now: Ms): void;
  /** @returns false: send the finished digit by `relayDigit` instead */
  relayEvent(header: RtpHeader, packet: Buffer, now: Ms): boolean;
  relayDigit(digit: Digit, durationMs: Ms): void;
}

export function connect(a: BridgeEnd, b: BridgeEnd): void {
  if (a.bridgedTo === b || a === b) return;
  disconnect(a);
  disconnect(b);
  a.setPeer(b);
  b.setPeer(a);
}

export function disconnect(end: BridgeEnd | undefined): void {
  const peer = end?.bridgedTo;
  if (!peer) return;
  end.setPeer(undefined);
  peer.setPeer(undefined);
}
