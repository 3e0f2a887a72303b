export { businessTime, type BusinessTime, type OpenSpans } from './business.js';
export { dueAt, nextMoment, runs, sla, startSla } from './clocks.js';
export { TARGETS, type Calendars, type Goal, type Policy, type Result, type SlaEffect, type SlaEvent, type SlaState, type Target } from './types.js';
