/** Festivals whose date in the Gregorian calendar a table must tell. */
export type Festival = 'spring_festival' | 'lantern' | 'qingming' | 'dragon_boat' | 'qixi' | 'mid_autumn' | 'double_ninth';

/** First and last year of the table. */
export const TABLE_YEARS = [2026, 2030] as const;

/**
 * The day itself: the first day of the first month, the 15th of the first, the solar term Qingming, the 5th of the fifth, the 7th of
 * the seventh, the 15th of the eighth, the 9th of the ninth month of the Chinese calendar (GB/T 33661-2017).
 */
export const FESTIVALS: Readonly<Record<Festival, readonly string[]>> = {
  spring_festival: ['2026-02-17', '2027-02-06', '2028-01-26', '2029-02-13', '2030-02-03'],
  lantern: ['2026-03-03', '2027-02-20', '2028-02-09', '2029-02-27', '2030-02-17'],
  qingming: ['2026-04-05', '2027-04-05', '2028-04-04', '2029-04-04', '2030-04-05'],
  dragon_boat: ['2026-06-19', '2027-06-09', '2028-05-28', '2029-06-16', '2030-06-05'],
  qixi: ['2026-08-19', '2027-08-08', '2028-08-26', '2029-08-16', '2030-08-05'],
  mid_autumn: ['2026-09-25', '2027-09-15', '2028-10-03', '2029-09-22', '2030-09-12'],
  double_ninth: ['2026-10-18', '2027-10-08', '2028-10-26', '2029-10-16', '2030-10-05'],
};
export const FESTIVAL_NAMES = Object.keys(FESTIVALS) as readonly Festival[];
