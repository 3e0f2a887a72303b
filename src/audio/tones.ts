/** ITU-T Q.23: low and high frequency of each key, in Hz. */
const ROWS = [697, 770, 852, 941];
const COLUMNS = [1_209, 1_336, 1_477, 1_633];
export const DTMF_PAIRS: ReadonlyMap<string, readonly [lowHz: number, highHz: number]> = new Map(
  Array.from('123A456B789C*0#D', (key, i) => [key, [ROWS[i >> 2] ?? 0, COLUMNS[i & 3] ?? 0] as const] as const),
);

/** Peak value of one sine at a level in dBm0, where +3.14 dBm0 is a full-scale sine (G.711). */
export const amplitudeOf = (dbm0: number): number => 32_767 * 10 ** ((dbm0 - 3.14) / 20);

/**
 * Adds sines of the given frequencies to `out[from..to)`.
 * @param firstSample number of the sample at `from`, so that pieces join without a click
 */
export function addSines(out: Int16Array, from: number, to: number, hz: readonly number[], amplitude: number, rateHz: number, firstSample: number): void {
  for (const f of hz) {
    const step = (2 * Math.PI * f) / rateHz;
    for (let i = from; i < to; i += 1) {
      const sum = (out[i] ?? 0) + Math.round(amplitude * Math.sin(step * (firstSample + i - from)));
      out[i] = sum > 32_767 ? 32_767 : sum < -32_768 ? -32_768 : sum;
    }
  }
}

/** One sine, for tests and demos. */
export function sine(hz: number, ms: number, rateHz: number, amplitude = 8_000): Int16Array {
  const out = new Int16Array(Math.round((ms * rateHz) / 1_000));
  addSines(out, 0, out.length, [hz], amplitude, rateHz, 0);
  return out;
}
