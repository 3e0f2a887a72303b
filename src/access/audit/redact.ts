const secret = /(password|secret|token|passphrase|credential|recovery|authorization|cookie|csrf|otp|api_?key|private_?key)/i;
const exact = new Set(['code', 'uri', 'hash']);
/** What opens a signed link. */
const inLink = /([?&#](?:token|ticket)=)[^&#\s]+/g;
const deepest = 8;

/** A copy without what nobody may read later: values of keys that are named like secrets. */
export function redacted(value: unknown, depth = 0): unknown {
  if (depth > deepest) return '…';
  if (Array.isArray(value)) return value.slice(0, 1_000).map((item) => redacted(item, depth + 1));
  if (typeof value === 'string') return value.replace(inLink, '$1***');
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hides(key, item) ? '***' : redacted(item, depth + 1)]));
}

/** Flags and times that are named after a secret (`password_set: true`) tell nothing of it. */
const hides = (key: string, value: unknown): boolean => (secret.test(key) || exact.has(key)) && value !== null && typeof value !== 'boolean' && typeof value !== 'number';
