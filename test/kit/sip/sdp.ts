/** One audio stream as it is described in SDP (RFC 4566, RFC 3264): all this kit ever offers. */
export type Direction = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
export type Codec = { readonly payload: number; readonly name: string; readonly rate: number };
export type AudioSdp = {
  readonly address: string;
  readonly port: number;
  readonly codecs: readonly Codec[];
  readonly direction: Direction;
  readonly profile: string;
  readonly ptimeMs: number;
};

export const PCMU: Codec = { payload: 0, name: 'PCMU', rate: 8000 };
export const PCMA: Codec = { payload: 8, name: 'PCMA', rate: 8000 };
export const G722: Codec = { payload: 9, name: 'G722', rate: 8000 };
export const DTMF: Codec = { payload: 101, name: 'telephone-event', rate: 8000 };

const STATIC: readonly Codec[] = [PCMU, PCMA, G722, { payload: 18, name: 'G729', rate: 8000 }];

export function writeSdp(sdp: AudioSdp, session: string, version: number): string {
  const lines = [
    'v=0', `o=kit ${session} ${String(version)} IN IP4 ${sdp.address}`, 's=-', `c=IN IP4 ${sdp.address}`, 't=0 0',
    `m=audio ${String(sdp.port)} ${sdp.profile} ${sdp.codecs.map((c) => String(c.payload)).join(' ')}`,
    ...sdp.codecs.map((c) => `a=rtpmap:${String(c.payload)} ${c.name}/${String(c.rate)}`),
    ...sdp.codecs.filter((c) => c.name === 'telephone-event').map((c) => `a=fmtp:${String(c.payload)} 0-16`),
    `a=ptime:${String(sdp.ptimeMs)}`, `a=${sdp.direction}`,
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** @throws Error when there is no audio stream */
export function readSdp(text: string): AudioSdp {
  const lines = text.split(/\r?\n/);
  const at = lines.findIndex((line) => line.startsWith('m=audio '));
  const media = /^m=audio (\d+)(?:\/\d+)? (\S+) (.+)$/.exec(lines[at] ?? '');
  if (!media) throw new Error(`no audio in SDP:\n${text}`);
  const next = lines.findIndex((line, i) => i > at && line.startsWith('m='));
  const own = lines.slice(at, next < 0 ? undefined : next);
  const head = lines.slice(0, lines.findIndex((line) => line.startsWith('m=')));
  const find = (pattern: RegExp): string | undefined =>
    [...own, ...head].map((line) => pattern.exec(line)?.[1]).find((v) => v !== undefined);
  const codecs = (media[3] ?? '').trim().split(/\s+/).map(Number).map((payload): Codec => {
    const map = own.map((line) => new RegExp(`^a=rtpmap:${String(payload)} ([^/]+)/(\\d+)`).exec(line)).find((m) => m !== null);
    if (map) return { payload, name: map[1] ?? '', rate: Number(map[2]) };
    return STATIC.find((c) => c.payload === payload) ?? { payload, name: `unknown-${String(payload)}`, rate: 8000 };
  });
  return {
    address: find(/^c=IN IP4 (\S+)/) ?? '0.0.0.0',
    port: Number(media[1]),
    codecs,
    direction: (find(/^a=(sendrecv|sendonly|recvonly|inactive)\s*$/) ?? 'sendrecv') as Direction,
    profile: media[2] ?? '',
    ptimeMs: Number(find(/^a=ptime:(\d+)/) ?? 20),
  };
}

/** What the other side may do, seen from here (RFC 3264 §6.1). */
export const mirrored = (direction: Direction): Direction =>
  direction === 'sendonly' ? 'recvonly' : direction === 'recvonly' ? 'sendonly' : direction;

/** Codecs both sides know, in their order and with their payload numbers. */
export const common = (ours: readonly Codec[], theirs: readonly Codec[]): Codec[] =>
  theirs.filter((c) => ours.some((mine) => mine.name.toLowerCase() === c.name.toLowerCase() && mine.rate === c.rate));

export const isVoice = (codec: Codec): boolean => codec.name !== 'telephone-event';
