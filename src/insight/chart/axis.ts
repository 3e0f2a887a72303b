import type { Unit } from '../figures.js';

/** For seconds, what a clock would be divided by. */
const CLOCK = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400];

/** From 0 to at least `most`, in four to six round steps; shares up to 1 where they come near it. */
export function niceSteps(most: number, unit: Unit): readonly number[] {
  const least = unit === 'count' ? 1 : unit === 'share' ? 0.01 : 0.1;
  const rough = Math.max(most / 5, least);
  const power = 10 ** Math.floor(Math.log10(rough));
  const decimal = [1, 2, 5, 10].map((k) => k * power).find((step) => step >= rough - 1e-12) ?? 10 * power;
  const step = unit === 's' && rough > 1 ? (CLOCK.find((one) => one >= rough) ?? Math.ceil(rough / 86_400) * 86_400) : unit === 'count' ? Math.max(1, Math.round(decimal)) : decimal;
  return Array.from({ length: Math.max(1, Math.ceil(most / step - 1e-9)) + 1 }, (_, i) => Math.round(i * step * 1e6) / 1e6);
}

/** As people read it: 1,234 · 91.2 % · 8.5 s · 2:05 · 1:02:05 · 4.25. */
export function shownValue(value: number, unit: Unit): string {
  switch (unit) {
    case 'count': return Math.round(value).toLocaleString('en-US');
    case 'share': return `${plain(value * 100, 1)} %`;
    case 'score': return plain(value, 2);
    case 's': {
      if (value < 60) return `${plain(value, 1)} s`;
      const whole = Math.round(value);
      const two = (of: number): string => String(of).padStart(2, '0');
      return whole < 3_600 ? `${Math.floor(whole / 60)}:${two(whole % 60)}` : `${Math.floor(whole / 3_600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
    }
  }
}
const plain = (value: number, digits: number): string => String(Math.round(value * 10 ** digits) / 10 ** digits);
