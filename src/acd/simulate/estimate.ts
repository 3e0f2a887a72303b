/** A mean and its standard error. */
export interface Estimate {
  readonly value: number;
  readonly error: number;
}

/** What was off in one stretch of time, by itself as likely up as down. */
export type Controls = readonly [arrivals: number, handling: number];

/** Sum by sum over stretches of time, and its standard error by the delta method. */
export function plain(above: readonly number[], below: readonly number[]): Estimate {
  const n = above.length;
  const value = sum(above) / sum(below);
  const squares = sum(above.map((a, i) => (a - value * (below[i] ?? 0)) ** 2));
  return { value, error: n < 2 ? Infinity : Math.sqrt((squares * n) / (n - 1)) / sum(below) };
}

/**
 * The same for shares. Where more came, or with more work, than was asked for, more have to wait: as far as the stretches show how much
 * more, it is taken out again (linear control variates). Mean waits near saturation are too far from linear for it.
 */
export function adjusted(above: readonly number[], below: readonly number[], controls: readonly Controls[]): Estimate {
  const n = above.length;
  const bottom = sum(below);
  const value = sum(above) / bottom;
  const off = above.map((a, i) => ((a - value * (below[i] ?? 0)) * n) / bottom);
  const [x, y] = [controls.map(([arrivals]) => arrivals), controls.map(([, handling]) => handling)];
  const [mx, my] = [sum(x) / n, sum(y) / n];
  const [xx, yy, xy] = [moment(x, mx, x, mx), moment(y, my, y, my), moment(x, mx, y, my)];
  const [xo, yo] = [moment(x, mx, off, 0), moment(y, my, off, 0)];
  const determinant = xx * yy - xy * xy;
  if (n < 10 || !(determinant > 0)) return plain(above, below); // too few stretches to learn from
  const [bx, by] = [(xo * yy - yo * xy) / determinant, (yo * xx - xo * xy) / determinant];
  const rest = off.map((o, i) => o - bx * ((x[i] ?? 0) - mx) - by * ((y[i] ?? 0) - my));
  return { value: value - bx * mx - by * my, error: Math.sqrt(moment(rest, 0, rest, 0) / (n - 3) / n) };
}

const sum = (values: readonly number[]): number => values.reduce((total, v) => total + v, 0);
const moment = (a: readonly number[], ma: number, b: readonly number[], mb: number): number => sum(a.map((v, i) => (v - ma) * ((b[i] ?? 0) - mb)));
