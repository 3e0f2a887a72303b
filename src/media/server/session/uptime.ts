import type { Ms } from '../../../base/index.js';

const UNITS: readonly [name: string, ms: number][] = [
  ['year', 31_536_000_000], ['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000], ['second', 1_000], ['millisecond', 1], ['microsecond', 0.001],
];

/** "0 years, 0 days, 2 hours, …" as FreeSWITCH writes it. */
export function uptime(ms: Ms): string {
  let left = ms;
  return UNITS.map(([name, size]) => {
    const count = Math.floor(left / size + 1e-9);
    left -= count * size;
    return `${count} ${name}${count === 1 ? '' : 's'}`;
  }).join(', ');
}
