/** One challenge or one set of credentials: `Digest name=value, name="value"` (RFC 7616 §3.3, §3.4). Names in lower case. */
export type DigestFields = ReadonlyMap<string, string>;

const parameter = /\s*([A-Za-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))\s*(?:,|$)/y;

/** Reads one Digest header value; undefined where it is another scheme or cannot be read. */
export function parseDigest(value: string): DigestFields | undefined {
  const scheme = /^\s*Digest\s+/i.exec(value);
  if (!scheme || value.length > 4096) return undefined;
  const fields = new Map<string, string>();
  parameter.lastIndex = scheme[0].length;
  while (parameter.lastIndex < value.length) {
    const match = parameter.exec(value);
    if (!match?.[1]) return undefined;
    const name = match[1].toLowerCase();
    if (fields.has(name)) return undefined;
    fields.set(name, match[2]?.replace(/\\(.)/g, '$1') ?? match[3] ?? '');
  }
  return fields;
}

/** Cuts a header that carries several challenges, joined by commas, into one value each. */
export function splitChallenges(value: string): string[] {
  return value.split(/,(?=\s*[A-Za-z]+\s+[A-Za-z0-9_-]+\s*=)/).map((s) => s.trim()).filter((s) => s !== '');
}

const plain = new Set(['algorithm', 'qop', 'nc', 'stale']);
const quote = (s: string): string => `"${s.replace(/(["\\])/g, '\\$1')}"`;

/** Writes fields in their order; `challenge` also quotes qop, which there is a list. */
export function formatDigest(fields: Readonly<Record<string, string | undefined>>, form: 'challenge' | 'credentials'): string {
  const parts = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${plain.has(name) && !(name === 'qop' && form === 'challenge') ? value : quote(value)}`]);
  return `Digest ${parts.join(', ')}`;
}
