import { localDate, machineZone, nextChange, openAt } from '../../config/index.js';
import type { Calendar } from './form.js';

export interface Openness {
  readonly open: boolean;
  /** The name of the day off, in the calendar's zone. */
  readonly holiday?: string;
  /** When it next opens or closes, ms since 1970; undefined where it never does. Worked out when it is asked for. */
  readonly nextChangeMs: number | undefined;
}

/** Whether the house can be reached at that moment (ms since 1970). `house`: the zone where the calendar names none. */
export function isOpen(calendar: Calendar, atMs: number, house: string = machineZone()): Openness {
  const holiday = calendar.holidays.get(localDate(atMs, calendar.hours.timeZone ?? house));
  return {
    open: openAt(calendar.hours, atMs, house), ...(holiday === undefined ? {} : { holiday }),
    get nextChangeMs() {
      return nextChange(calendar.hours, atMs, house);
    },
  };
}
