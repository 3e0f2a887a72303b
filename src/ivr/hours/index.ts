export { FESTIVAL_NAMES, type Festival } from './festivals.js';
export { calendarForms, loadCalendars, readCalendars, withCalendars, type Calendars } from './folder.js';
export { calendarForm, toCalendar, type Calendar, type CalendarForm } from './form.js';
export { isOpen, type Openness } from './hours.js';
