/** What a file is by its first bytes; what its name or sender says counts for nothing. */
export type FileKind = 'image' | 'video' | 'audio' | 'document' | 'archive' | 'text';
export interface Sniffed {
  readonly type: string;
  readonly kind: FileKind;
  /** What its name should end with. */
  readonly endings: readonly [string, ...string[]];
}
/** So many bytes decide. */
export const HEAD_BYTES = 4_096;

type Rule = Sniffed & { readonly at: number; readonly bytes: string };
const rule = (bytes: string, type: string, kind: FileKind, endings: readonly [string, ...string[]], at = 0): Rule => ({ at, bytes, type, kind, endings });
const RULES: readonly Rule[] = [
  rule('\x89PNG\r\n\x1a\n', 'image/png', 'image', ['png']),
  rule('\xff\xd8\xff', 'image/jpeg', 'image', ['jpg', 'jpeg']),
  rule('GIF87a', 'image/gif', 'image', ['gif']),
  rule('GIF89a', 'image/gif', 'image', ['gif']),
  rule('%PDF-', 'application/pdf', 'document', ['pdf']),
  rule('ftyp', 'video/mp4', 'video', ['mp4', 'm4v', 'mov', 'm4a'], 4),
  rule('\x1aE\xdf\xa3', 'video/webm', 'video', ['webm', 'mkv']),
  rule('OggS', 'audio/ogg', 'audio', ['ogg', 'opus']),
  rule('ID3', 'audio/mpeg', 'audio', ['mp3']),
  rule('\xff\xfb', 'audio/mpeg', 'audio', ['mp3']),
  rule('WAVE', 'audio/wav', 'audio', ['wav'], 8),
  rule('PK\x03\x04', 'application/zip', 'archive', ['zip', 'docx', 'xlsx', 'pptx']),
];
const TEXT: Sniffed = { type: 'text/plain; charset=utf-8', kind: 'text', endings: ['txt', 'csv', 'log', 'md', 'json'] };
/** Office documents are archives; readers go by these. */
const OFFICE: Readonly<Record<string, string>> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
};

/** Undefined: of a kind that is not taken (programs, web pages, SVG, …). */
export function sniff(head: Buffer, name: string): Sniffed | undefined {
  const text = head.toString('latin1');
  const found = RULES.find(({ at, bytes }) => text.startsWith(bytes, at));
  if (found) {
    const { type, kind, endings } = found;
    return { type: OFFICE[ending(name)] !== undefined && kind === 'archive' ? (OFFICE[ending(name)] ?? type) : type, kind, endings };
  }
  return isText(head) && !/<\s*(!doctype|html|script|svg|\?xml)/i.test(text.slice(0, 512)) && !text.startsWith('#!') ? TEXT : undefined;
}

export const ending = (name: string): string => /\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1]?.toLowerCase() ?? '';

function isText(head: Buffer): boolean {
  if (head.some((byte) => byte < 9 || (byte > 13 && byte < 32 && byte !== 27))) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/**
 * A name as it may be shown and saved: what leads out of a folder, hides or means something to a shell or header is gone, and it ends as what
 * the file is.
 */
export function safeName(given: string, { endings }: Sniffed): string {
  const last = given.normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const clean = last.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069<>:"|?*]/g, '').replace(/^[.\s]+|[.\s]+$/g, '').slice(-120);
  const name = clean === '' ? 'file' : clean;
  return endings.includes(ending(name)) ? name : `${name}.${endings[0]}`;
}
