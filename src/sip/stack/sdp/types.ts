/** One line that is no m=, kept in order: `{type: 'a', value: 'sendrecv'}`. */
export interface SdpLine {
  readonly type: string;
  readonly value: string;
}
export interface SdpMedia {
  /** audio, video, application, … */
  readonly kind: string;
  readonly port: number;
  /** The `/2` of `m=audio 49170/2`. */
  readonly ports: number | undefined;
  readonly proto: string;
  readonly formats: readonly string[];
  /** Everything up to the next m=, in order. */
  readonly lines: readonly SdpLine[];
}
export interface Sdp {
  /** v=, o=, s=, … up to the first m=, in order. */
  readonly lines: readonly SdpLine[];
  readonly media: readonly SdpMedia[];
}
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
export interface PayloadType {
  /** 0–127 */
  readonly pt: number;
  /** Upper case; static ones (0 PCMU, 8 PCMA, …) named also without rtpmap. */
  readonly name: string;
  readonly clockRate: number;
  readonly channels: number;
  readonly fmtp: string | undefined;
}
/** What one RTP stream's m-line says, session level included. */
export interface Stream {
  readonly media: SdpMedia;
  /** Index in `Sdp.media`. */
  readonly index: number;
  readonly address: string;
  readonly port: number;
  readonly rtcp: { readonly address: string; readonly port: number };
  readonly rtcpMux: boolean;
  readonly payloads: readonly PayloadType[];
  readonly ptimeMs: number | undefined;
  readonly maxptimeMs: number | undefined;
  /** Hold by c=0.0.0.0 (RFC 2543) reads as `inactive` or `sendonly`. */
  readonly direction: Direction;
}
