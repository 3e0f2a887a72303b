/** Zero crossings of the sinc on each side; with the Kaiser window below this keeps aliases under −70 dB. */
const CROSSINGS = 16;
const KAISER_BETA = 7.5;
/** Share of the narrower band that passes unharmed. */
const PASS = 0.93;

export interface Resampler {
  /** What can be known of the output after these samples. */
  push(samples: Int16Array): Int16Array;
  /** The rest, when no more will come. */
  flush(): Int16Array;
}

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** Modified Bessel function of the first kind, order 0. */
function bessel0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

interface Filter {
  readonly up: number;
  readonly down: number;
  readonly taps: number;
  /** `up` phases of `taps` coefficients; phase p serves outputs that lie p/up after an input sample. */
  readonly phases: readonly Float64Array[];
}

const filters = new Map<string, Filter>();

function filterFor(fromHz: number, toHz: number): Filter {
  const known = filters.get(`${fromHz}:${toHz}`);
  if (known) return known;
  const common = gcd(fromHz, toHz);
  const up = toHz / common;
  const band = Math.min(1, toHz / fromHz) * PASS;
  const half = Math.ceil(CROSSINGS / band);
  const phases = Array.from({ length: up }, (_, p) => {
    const phase = Float64Array.from({ length: 2 * half }, (_2, k) => {
      const x = k - half + 1 - p / up;
      const edge = x / half;
      if (Math.abs(edge) >= 1) return 0;
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * x * band) / (Math.PI * x * band);
      return sinc * (bessel0(KAISER_BETA * Math.sqrt(1 - edge * edge)) / bessel0(KAISER_BETA));
    });
    const gain = phase.reduce((sum, c) => sum + c, 0);
    return phase.map((c) => c / gain);
  });
  const filter = { up, down: fromHz / common, taps: 2 * half, phases };
  filters.set(`${fromHz}:${toHz}`, filter);
  return filter;
}

/** Windowed-sinc rate conversion of one channel, in pieces of any size. Output is aligned with input: no delay. */
export function createResampler(fromHz: number, toHz: number): Resampler {
  if (fromHz === toHz) return { push: (samples) => samples, flush: () => new Int16Array(0) };
  const { up, down, taps, phases } = filterFor(fromHz, toHz);
  const half = taps / 2;
  let held = new Int16Array(half - 1); // half - 1 samples before the first are silence
  let heldAt = 1 - half;
  let next = 0; // output number
  let pushed = 0;

  function drain(until: number): Int16Array {
    const first = next;
    while (Math.floor((next * down) / up) + half < heldAt + held.length && Math.floor((next * down) / up) < until) next += 1;
    const out = new Int16Array(next - first);
    for (let i = 0; i < out.length; i += 1) {
      const position = (first + i) * down;
      const phase = phases[position % up] ?? new Float64Array(taps);
      const from = Math.floor(position / up) - half + 1 - heldAt;
      let sum = 0;
      for (let k = 0; k < taps; k += 1) sum += (phase[k] ?? 0) * (held[from + k] ?? 0);
      out[i] = sum > 32_767 ? 32_767 : sum < -32_768 ? -32_768 : Math.round(sum);
    }
    const drop = Math.max(0, Math.floor((next * down) / up) - half + 1 - heldAt);
    held = held.slice(drop);
    heldAt += drop;
    return out;
  }
  function append(samples: Int16Array): void {
    const joined = new Int16Array(held.length + samples.length);
    joined.set(held);
    joined.set(samples, held.length);
    held = joined;
  }
  return {
    push(samples) {
      append(samples);
      pushed += samples.length;
      return drain(Number.POSITIVE_INFINITY);
    },
    flush() {
      append(new Int16Array(half + 1));
      return drain(pushed);
    },
  };
}

/** A whole piece at once. */
export function resample(samples: Int16Array, fromHz: number, toHz: number): Int16Array {
  const resampler = createResampler(fromHz, toHz);
  const parts = [resampler.push(samples), resampler.flush()];
  const out = new Int16Array(parts.reduce((sum, p) => sum + p.length, 0));
  out.set(parts[0] ?? []);
  out.set(parts[1] ?? [], parts[0]?.length ?? 0);
  return out;
}
