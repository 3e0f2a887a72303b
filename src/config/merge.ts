type Plain = Readonly<Record<string, unknown>>;
const isPlain = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Lays a patch over a value (RFC 7396): maps are merged, `null` removes, everything else is replaced. */
export function mergePatch(value: unknown, patch: unknown): unknown {
  if (!isPlain(patch)) return patch;
  const merged: Record<string, unknown> = { ...(isPlain(value) ? value : {}) };
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) Reflect.deleteProperty(merged, key);
    else Object.defineProperty(merged, key, { value: mergePatch(merged[key], change), enumerable: true, configurable: true, writable: true });
  }
  return merged;
}
