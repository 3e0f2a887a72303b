import {
  audioSdp, formatSdp, parseSdp, SdpSyntaxError, streamOf,
  type Direction, type PayloadType, type Sdp, type SdpMedia, type Stream,
} from '../../../sip/stack/index.js';
import type { CodecName, RemoteMedia } from '../channel/index.js';
import { NotAcceptable } from '../errors.js';

/** What our side of an SDP says. */
export interface OurSide {
  readonly address: string;
  readonly port: number;
  readonly sessionId: number;
  /** Grows with each SDP we send. */
  readonly version: number;
}

/** What both sides agreed on (RFC 3264). */
export interface Agreement {
  readonly remote: RemoteMedia;
  /** The far end does not want to hear us: it put us on hold. */
  readonly held: boolean;
}

const PCMU: PayloadType = { pt: 0, name: 'PCMU', clockRate: 8000, channels: 1, fmtp: undefined };
const PCMA: PayloadType = { pt: 8, name: 'PCMA', clockRate: 8000, channels: 1, fmtp: undefined };
const OUR_EVENTS: PayloadType = { pt: 101, name: 'telephone-event', clockRate: 8000, channels: 1, fmtp: '0-16' };
const PTIME_MS = 20;

const REVERSED: Record<Direction, Direction> = { sendrecv: 'sendrecv', sendonly: 'recvonly', recvonly: 'sendonly', inactive: 'inactive' };

/** RFC 3264 §6.1: what we may answer to an offered direction, wanting everything. */
export const answerDirection = (offered: Direction): Direction => REVERSED[offered];

/** Our offer when the other side left it to us. */
export const makeOffer = (us: OurSide): string => formatSdp(ourSdp(us, [PCMU, PCMA, OUR_EVENTS], 'sendrecv'));

const ourSdp = (us: OurSide, payloads: readonly PayloadType[], direction: Direction): Sdp =>
  audioSdp({ sessionId: us.sessionId, version: us.version, address: us.address, port: us.port, payloads, direction, ptimeMs: PTIME_MS, name: 'FreeSWITCH' });

/**
 * Answers an offer: the first G.711 law in the offered order, telephone-event under the offered number, the direction
 * turned round, every other m-line refused with port 0.
 * @throws NotAcceptable 488 for SRTP, no common codec or no audio; 400 for what is no SDP
 */
export function answerOffer(offer: Buffer | string, us: OurSide): Agreement & { readonly answer: string } {
  const sdp = parsed(offer);
  const stream = audioOf(sdp);
  const codec = commonCodec(stream);
  const events = eventsOf(stream);
  const direction = answerDirection(stream.direction);
  const ours = ourSdp(us, events ? [codec, { ...events, name: 'telephone-event', fmtp: '0-16' }] : [codec], direction);
  const audio = ours.media[0];
  if (!audio) throw new NotAcceptable(488, 'no audio line');
  const media = sdp.media.map((line, index) => (index === stream.index ? { ...audio, proto: line.proto } : refused(line)));
  return { ...agreement(stream, codec, direction, events?.pt), answer: formatSdp({ lines: ours.lines, media }) };
}

/**
 * Reads the answer to our offer.
 * @throws NotAcceptable as `answerOffer`
 */
export function readAnswer(answer: Buffer | string, us: OurSide): Agreement {
  const stream = audioOf(parsed(answer));
  const agreed = agreement(stream, commonCodec(stream), answerDirection(stream.direction), OUR_EVENTS.pt);
  // An application may acknowledge our offer with our own address until it has a phone to connect: never send to ourselves.
  const ourselves = stream.address === us.address && stream.port === us.port;
  return ourselves ? { held: false, remote: { ...agreed.remote, address: '0.0.0.0', direction: 'inactive' } } : agreed;
}

function parsed(text: Buffer | string): Sdp {
  try {
    return parseSdp(text);
  } catch (error) {
    if (error instanceof SdpSyntaxError) throw new NotAcceptable(400, 'the session description cannot be read', { cause: error });
    throw error;
  }
}

function audioOf(sdp: Sdp): Stream {
  let stream: Stream | undefined;
  try {
    stream = streamOf(sdp, 'audio');
  } catch (error) {
    if (error instanceof SdpSyntaxError) throw new NotAcceptable(400, 'the audio line cannot be read', { cause: error });
    throw error;
  }
  if (!stream || stream.port === 0) throw new NotAcceptable(488, 'no audio is offered');
  if (!/^RTP\/AVPF?$/i.test(stream.media.proto)) throw new NotAcceptable(488, `${stream.media.proto} is not supported`, { hint: 'offer RTP/AVP' });
  return stream;
}

function commonCodec(stream: Stream): PayloadType {
  const found = stream.payloads.find(({ pt, clockRate, name }) => clockRate === 8000 && ((pt === 0 && name === 'PCMU') || (pt === 8 && name === 'PCMA')));
  if (!found) throw new NotAcceptable(488, 'no common codec', { hint: 'PCMU and PCMA are understood' });
  return found.pt === 0 ? PCMU : PCMA;
}

const eventsOf = (stream: Stream): PayloadType | undefined => stream.payloads.find((p) => p.name === 'TELEPHONE-EVENT' && p.clockRate === 8000);

const refused = (line: SdpMedia): SdpMedia => ({ kind: line.kind, port: 0, ports: undefined, proto: line.proto, formats: line.formats, lines: [] });

function agreement(stream: Stream, codec: PayloadType, direction: Direction, receivePayloadType: number | undefined): Agreement {
  const events = eventsOf(stream);
  const telephoneEvent = events && receivePayloadType !== undefined ? { payloadType: events.pt, receivePayloadType, clockRate: 8000 } : undefined;
  const name: CodecName = codec.pt === 0 ? 'PCMU' : 'PCMA';
  return {
    held: stream.direction === 'sendonly' || stream.direction === 'inactive',
    remote: {
      address: stream.address, port: stream.port, codec: name, direction, rtcp: stream.rtcp,
      ...(telephoneEvent ? { telephoneEvent } : {}),
      ...(stream.ptimeMs === undefined ? {} : { ptimeMs: stream.ptimeMs }),
    },
  };
}
