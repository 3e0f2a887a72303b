/** Root mean square of 16 bit samples, 0 to 32 767. */
export function rms(samples: Int16Array): number {
  let sum = 0;
  for (const s of samples) sum += s * s;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}

/** Level against full scale, −96.3 (or −Infinity for digital silence) to 0. */
export const dbfs = (samples: Int16Array): number => 20 * Math.log10(rms(samples) / 32_768);

/** Amplitude of one frequency by the Goertzel algorithm: a sine of that frequency answers its own peak value. */
export function toneAmplitude(samples: Int16Array, hz: number, rateHz: number): number {
  const step = (2 * Math.PI * hz) / rateHz;
  const coefficient = 2 * Math.cos(step);
  let s1 = 0;
  let s2 = 0;
  for (const sample of samples) {
    const s = sample + coefficient * s1 - s2;
    s2 = s1;
    s1 = s;
  }
  const power = s1 * s1 + s2 * s2 - coefficient * s1 * s2;
  return samples.length === 0 ? 0 : (2 * Math.sqrt(Math.max(0, power))) / samples.length;
}

/** `b` is added to `a` in place, held at full scale. */
export function mixInto(a: Int16Array, b: Int16Array): void {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const sum = (a[i] ?? 0) + (b[i] ?? 0);
    a[i] = sum > 32_767 ? 32_767 : sum < -32_768 ? -32_768 : sum;
  }
}

/** Samples times `gain` in place, held at full scale. */
export function scale(samples: Int16Array, gain: number): void {
  for (let i = 0; i < samples.length; i += 1) samples[i] = Math.max(-32_768, Math.min(32_767, Math.round((samples[i] ?? 0) * gain)));
}
