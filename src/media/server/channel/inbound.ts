import type { RemoteInfo } from 'node:dgram';
import type { Ms } from '../../../base/index.js';
import { codecOfPayload, type Codec } from '../codec/codec.js';
import { EVENT_BYTES } from '../dtmf/event.js';
import { admit, createLock, expectSource, type SourceLock } from '../rtp/lock.js';
import { emptyHeader, parseRtp, type RtpHeader } from '../rtp/packet.js';
import { countReceived, createReception, type Reception } from '../rtp/reception.js';
import type { RemoteMedia } from './types.js';

/** Comfort noise (RFC 3389) says that the far end is there, and is not played. */
const COMFORT_NOISE = 13;
const NO_PAYLOAD_TYPE = -1;

/** Everything a channel receives: sorted out, admitted, counted, then handed on. */
export interface Inbound {
  readonly reception: Reception;
  strangers(): number;
  malformed(): number;
  configure(remote: RemoteMedia): void;
  readonly datagram: (packet: Buffer, from: RemoteInfo) => void;
}

export interface InboundPorts {
  readonly now: () => Ms;
  readonly onSource: (address: string, port: number) => void;
  readonly onAudio: (header: RtpHeader, packet: Buffer, codec: Codec, now: Ms) => void;
  readonly onEvent: (header: RtpHeader, packet: Buffer, now: Ms) => void;
}

export function createInbound(relearnAfterMs: Ms, { now: clock, onSource, onAudio, onEvent }: InboundPorts): Inbound {
  const reception = createReception();
  const lock = createLock(relearnAfterMs);
  const header = emptyHeader();
  let strangers = 0;
  let malformed = 0;
  let eventType = NO_PAYLOAD_TYPE;
  let source: SourceLock['locked'];
  /** The first packet of a new SSRC at the locked place, until a second one proves it: no word of it is lost. */
  let withheld: { readonly packet: Buffer; readonly ssrc: number; readonly sequence: number; readonly at: Ms } | undefined;

  const withhold = (packet: Buffer, { address, port }: RemoteInfo, at: Ms): void => {
    strangers += 1;
    if (source?.address === address && source.port === port) withheld = { packet: Buffer.from(packet), ssrc: header.ssrc, sequence: header.sequence, at };
  };
  const handOn = (packet: Buffer, at: Ms): void => {
    const codec = codecOfPayload(header.payloadType);
    const bytes = header.payloadEnd - header.payloadAt;
    countReceived(reception, header.ssrc, header.sequence, header.timestamp, bytes, at);
    if (codec) {
      if (bytes > 0) onAudio(header, packet, codec, at);
    } else if (header.payloadType === eventType && bytes >= EVENT_BYTES) onEvent(header, packet, at);
  };
  const changeSource = (packet: Buffer, { address, port }: RemoteInfo): void => {
    source = lock.locked;
    onSource(address, port);
    const first = withheld;
    withheld = undefined;
    if (first?.ssrc !== header.ssrc || first.sequence === header.sequence) return;
    strangers -= 1;
    parseRtp(first.packet, header);
    handOn(first.packet, first.at);
    parseRtp(packet, header);
  };

  return {
    reception,
    strangers: () => strangers,
    malformed: () => malformed,
    configure({ address, port, telephoneEvent }) {
      eventType = telephoneEvent?.receivePayloadType ?? telephoneEvent?.payloadType ?? NO_PAYLOAD_TYPE;
      // Address 0.0.0.0 is an old way to say hold: it names no new source.
      if (port > 0 && address !== '0.0.0.0' && address !== '::') expectSource(lock, { address, port });
    },
    datagram(packet, from) {
      const parsed = parseRtp(packet, header);
      const codec = parsed ? codecOfPayload(header.payloadType) : undefined;
      if (!parsed || (!codec && header.payloadType !== eventType && header.payloadType !== COMFORT_NOISE)) {
        malformed += 1;
        return;
      }
      const now = clock();
      if (!admit(lock, from.address, from.port, header.ssrc, header.sequence, now)) return withhold(packet, from, now);
      if (lock.locked !== source) changeSource(packet, from);
      handOn(packet, now);
    },
  };
}
