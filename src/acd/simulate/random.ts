/** Numbers from 0 to 1, the same for the same seed on every machine. */
export type Random = () => number;

/** Chris Doty-Humphrey's sfc32 (public domain), 128 bits of state. `stream` keeps what belongs to different things apart. */
export function randomFrom(seed: number, stream = 0): Random {
  let [a, b, c, counter] = [seed | 0, Math.trunc(seed / 2 ** 32) | 0, stream | 0, 1];
  const next: Random = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 15; i += 1) next();
  return next;
}

/** How a duration is spread about its mean. `cv`: standard deviation by mean, of the lognormal only. */
export interface Spread {
  readonly like: 'exponential' | 'lognormal' | 'fixed';
  readonly mean: number;
  readonly cv: number;
}

/** What chance has in store for one contact, drawn when it comes: the same whatever settings it then meets. */
export interface Luck {
  /** From 0 up to but not including 1. */
  readonly uniform: number;
  /** Standard normal. */
  readonly normal: number;
}
export function luckFrom(random: Random): Luck {
  const uniform = random();
  return { uniform, normal: Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()) };
}

/** In the unit of the mean. */
export function durationOf({ like, mean, cv }: Spread, { uniform, normal }: Luck): number {
  switch (like) {
    case 'fixed': return mean;
    case 'exponential': return -Math.log(1 - uniform) * mean;
    case 'lognormal': {
      const variance = Math.log(1 + cv * cv);
      return mean * Math.exp(normal * Math.sqrt(variance) - variance / 2);
    }
  }
}
