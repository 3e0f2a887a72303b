import { SdpSyntaxError } from './errors.js';
import { attribute, attributes } from './sdp.js';
import type { Direction, PayloadType, Sdp, SdpLine, SdpMedia, Stream } from './types.js';

/** RFC 3551 §6; G722 runs at 16 kHz and says 8 (§4.5.2). */
const statics: Readonly<Record<string, string>> = { 0: 'PCMU/8000', 3: 'GSM/8000', 4: 'G723/8000', 8: 'PCMA/8000', 9: 'G722/8000', 13: 'CN/8000', 18: 'G729/8000' };
const directions: readonly Direction[] = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];

/**
 * The first m-line of that kind that is open, else the first refused one (port 0); undefined when there is none.
 * @throws SdpSyntaxError when an open one has no address or an rtpmap cannot be read
 */
export function streamOf(sdp: Sdp, kind: string): Stream | undefined {
  const open = sdp.media.findIndex((m) => m.kind === kind && m.port !== 0);
  const index = open >= 0 ? open : sdp.media.findIndex((m) => m.kind === kind);
  const media = sdp.media[index];
  if (!media) return undefined;
  const { port, lines } = media;
  const address = addressIn(lines) ?? addressIn(sdp.lines) ?? '';
  if (address === '' && port !== 0) throw new SdpSyntaxError(`the ${kind} line has no address`);
  const rtcpMux = attribute(lines, 'rtcp-mux') !== undefined;
  return {
    media, index, address, port, rtcpMux,
    rtcp: rtcpMux ? { address, port } : rtcpOf(lines, address, port),
    payloads: payloadsOf(media),
    ptimeMs: milliseconds(attribute(lines, 'ptime')),
    maxptimeMs: milliseconds(attribute(lines, 'maxptime')),
    direction: held(directionIn(lines) ?? directionIn(sdp.lines) ?? 'sendrecv', address),
  };
}

/** `IN IP4 192.0.2.1/127`: a TTL is of no use to us. */
function addressIn(lines: readonly SdpLine[]): string | undefined {
  const line = lines.find(({ type }) => type === 'c');
  if (!line) return undefined;
  const found = /^IN IP[46] ([^\s/]+)(?:\/\S*)?\s*$/i.exec(line.value);
  if (!found) throw new SdpSyntaxError(`"c=${line.value.slice(0, 60)}" is no address`);
  return found[1];
}

/** RFC 3605; without it the port above (RFC 3550 §11). */
function rtcpOf(lines: readonly SdpLine[], address: string, port: number): Stream['rtcp'] {
  const found = /^(\d{1,5})(?: +IN +IP[46] +(\S+))?/.exec(attribute(lines, 'rtcp') ?? '');
  return found ? { address: found[2] ?? address, port: Number(found[1]) } : { address, port: port === 0 ? 0 : port + 1 };
}

const directionIn = (lines: readonly SdpLine[]): Direction | undefined => directions.find((d) => attribute(lines, d) !== undefined);

/** RFC 3264 §8.4: the older way to hold says it by an address that nothing can be sent to. */
function held(direction: Direction, address: string): Direction {
  if (address !== '0.0.0.0') return direction;
  return direction === 'recvonly' || direction === 'inactive' ? 'inactive' : 'sendonly';
}

function milliseconds(value: string | undefined): number | undefined {
  const n = Number.parseFloat(value ?? '');
  return n > 0 ? n : undefined;
}

/** In order of preference; a dynamic number that nothing explains is left out. @throws SdpSyntaxError */
export function payloadsOf(media: SdpMedia): PayloadType[] {
  const maps = byNumber(attributes(media.lines, 'rtpmap'));
  const formats = byNumber(attributes(media.lines, 'fmtp'));
  const payloads: PayloadType[] = [];
  for (const format of media.formats) {
    const map = maps.get(format) ?? statics[format];
    if (map === undefined || !/^\d{1,3}$/.test(format) || Number(format) > 127) continue;
    const found = /^([^\s/]+)\/(\d{1,6})(?:\/(\d{1,2}))?$/.exec(map);
    if (!found) throw new SdpSyntaxError(`"a=rtpmap:${format} ${map.slice(0, 40)}" cannot be read`);
    const [, name = '', rate, channels] = found;
    payloads.push({ pt: Number(format), name: name.toUpperCase(), clockRate: Number(rate), channels: Number(channels ?? 1), fmtp: formats.get(format) });
  }
  return payloads;
}

/** `97 rest` by 97; the first of two wins. */
function byNumber(values: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const value of values) {
    const space = value.indexOf(' ');
    const number = value.slice(0, Math.max(0, space));
    if (!found.has(number)) found.set(number, value.slice(space + 1).trim());
  }
  return found;
}
