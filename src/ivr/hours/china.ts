import { daysAfter } from '../../config/index.js';
import { FESTIVALS, type Festival } from './festivals.js';

/** From the first day to the last, both off. */
interface Break {
  readonly name: string;
  readonly first: string;
  readonly last: string;
}
export interface Arrangement {
  readonly breaks: readonly Break[];
  /** Saturdays and Sundays on which people work. */
  readonly workdays: readonly string[];
}

/** What the State Council has announced, by year: its notice of 4 November 2025 on 2026. */
const ANNOUNCED: Readonly<Record<number, Arrangement>> = {
  2026: {
    breaks: [
      { name: 'new_year', first: '2026-01-01', last: '2026-01-03' },
      { name: 'spring_festival', first: '2026-02-15', last: '2026-02-23' },
      { name: 'qingming', first: '2026-04-04', last: '2026-04-06' },
      { name: 'labour_day', first: '2026-05-01', last: '2026-05-05' },
      { name: 'dragon_boat', first: '2026-06-19', last: '2026-06-21' },
      { name: 'mid_autumn', first: '2026-09-25', last: '2026-09-27' },
      { name: 'national_day', first: '2026-10-01', last: '2026-10-07' },
    ],
    workdays: ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'],
  },
};

/**
 * The public holidays of mainland China in a year of the table. A year that is not announced has the days that the law gives (State
 * Council decree 795 of 2024) and no make-up workdays: a calendar adds both when they are announced.
 */
export const chinaIn = (year: number): Arrangement => ANNOUNCED[year] ?? { breaks: statutory(year), workdays: [] };

function statutory(year: number): Break[] {
  const day = (festival: Festival): string | undefined => FESTIVALS[festival].find((date) => date.startsWith(`${year}-`));
  const one = (name: string, first: string | undefined, days: number): Break[] => (first === undefined ? [] : [{ name, first, last: daysAfter(first, days - 1) }]);
  const newYear = day('spring_festival');
  return [
    ...one('new_year', `${year}-01-01`, 1),
    ...one('spring_festival', newYear && daysAfter(newYear, -1), 4),
    ...one('qingming', day('qingming'), 1),
    ...one('labour_day', `${year}-05-01`, 2),
    ...one('dragon_boat', day('dragon_boat'), 1),
    ...one('mid_autumn', day('mid_autumn'), 1),
    ...one('national_day', `${year}-10-01`, 3),
  ];
}
