import type { Direction, PayloadType, Sdp, SdpLine } from './types.js';

export interface AudioParts {
  /** Numeric (RFC 8866 §5.2). */
  readonly sessionId: number | string;
  /** Up by one for each change. */
  readonly version: number;
  readonly address: string;
  readonly port: number;
  readonly payloads: readonly PayloadType[];
  readonly direction?: Direction | undefined;
  readonly ptimeMs?: number | undefined;
  /** Of the session: `-` unless told. */
  readonly name?: string | undefined;
  /** Further a= lines of the m-line. */
  readonly attributes?: readonly string[] | undefined;
}

/** A session with one RTP/AVP audio line. */
export function audioSdp(parts: AudioParts): Sdp {
  const address = `IN ${parts.address.includes(':') ? 'IP6' : 'IP4'} ${parts.address}`;
  const a = (value: string): SdpLine => ({ type: 'a', value });
  const codecs = parts.payloads.flatMap(({ pt, name, clockRate, channels, fmtp }) => [
    a(`rtpmap:${pt} ${wireName(name)}/${clockRate}${channels > 1 ? `/${channels}` : ''}`),
    ...(fmtp === undefined ? [] : [a(`fmtp:${pt} ${fmtp}`)]),
  ]);
  return {
    lines: [
      { type: 'v', value: '0' },
      { type: 'o', value: `- ${parts.sessionId} ${parts.version} ${address}` },
      { type: 's', value: parts.name ?? '-' },
      { type: 'c', value: address },
      { type: 't', value: '0 0' },
    ],
    media: [
      {
        kind: 'audio', port: parts.port, ports: undefined, proto: 'RTP/AVP',
        formats: parts.payloads.map(({ pt }) => String(pt)),
        lines: [
          ...codecs,
          ...(parts.ptimeMs === undefined ? [] : [a(`ptime:${parts.ptimeMs}`)]),
          a(parts.direction ?? 'sendrecv'),
          ...(parts.attributes ?? []).map(a),
        ],
      },
    ],
  };
}

/** Names compare without case; these two are written small by everyone. */
const wireName = (name: string): string => (name === 'TELEPHONE-EVENT' || name === 'OPUS' ? name.toLowerCase() : name);
