import { toCalendar, type Calendar, type CalendarForm } from '../ivr/index.js';
import type { Laid } from '../objects/index.js';

/** The calendars of the API as dialplans use them. */
export const calendarsOf = ({ calendars }: Laid): ReadonlyMap<string, Calendar> => new Map([...calendars].map(([name, { name: _name, ...form }]) => [name, toCalendar(name, form as CalendarForm)]));
