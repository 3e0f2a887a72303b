import { SdpSyntaxError } from './errors.js';
import type { Sdp, SdpLine, SdpMedia } from './types.js';

/** RFC 8866. Lines end with CRLF or LF; empty ones are passed over. @throws SdpSyntaxError */
export function parseSdp(text: string | Buffer): Sdp {
  const lines: SdpLine[] = [];
  const media: (SdpMedia & { readonly lines: SdpLine[] })[] = [];
  for (const raw of text.toString().split('\n')) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line === '') continue;
    if (!/^[a-z]=/.test(line)) throw new SdpSyntaxError(`"${line.slice(0, 40)}" is no SDP line`);
    const type = line.charAt(0);
    const value = line.slice(2);
    if (type === 'm') media.push({ ...mediaLine(value), lines: [] });
    else (media.at(-1)?.lines ?? lines).push({ type, value });
  }
  const [first] = lines;
  if (first?.type !== 'v' || first.value !== '0') throw new SdpSyntaxError('SDP does not begin with v=0');
  return { lines, media };
}

function mediaLine(value: string): Omit<SdpMedia, 'lines'> {
  const found = /^(\S+) +(\d{1,5})(?:\/(\d{1,5}))? +(\S+)((?: +\S+)*) *$/.exec(value);
  const port = Number(found?.[2]);
  if (!found || port > 65_535) throw new SdpSyntaxError(`"m=${value.slice(0, 60)}" is no media line`);
  const [, kind = '', , ports, proto = '', formats = ''] = found;
  return { kind, port, ports: ports === undefined ? undefined : Number(ports), proto, formats: formats.split(' ').filter((f) => f !== '') };
}

export function formatSdp(sdp: Sdp): string {
  let text = linesOf(sdp.lines);
  for (const m of sdp.media) {
    const ports = m.ports === undefined ? '' : `/${m.ports}`;
    text += `m=${[m.kind, `${m.port}${ports}`, m.proto, ...m.formats].join(' ')}\r\n${linesOf(m.lines)}`;
  }
  return text;
}

const linesOf = (lines: readonly SdpLine[]): string => lines.map(({ type, value }) => `${type}=${value}\r\n`).join('');

/** Values of each `a=name` or `a=name:value`, in order: '' for a flag. */
export function attributes(lines: readonly SdpLine[], name: string): string[] {
  const found: string[] = [];
  for (const { type, value } of lines) {
    if (type !== 'a' || !value.startsWith(name)) continue;
    if (value.length === name.length) found.push('');
    else if (value.charAt(name.length) === ':') found.push(value.slice(name.length + 1));
  }
  return found;
}

/** The first of `attributes`. */
export const attribute = (lines: readonly SdpLine[], name: string): string | undefined => attributes(lines, name)[0];
