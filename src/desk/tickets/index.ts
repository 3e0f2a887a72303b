export { customerActor, isStaff, system, type Actor, type Scope } from './actor.js';
export { NoSuchThing, NoSuchTicket, NoSuchTransition, NotAllowed, NotKept, TicketMerged, TicketRefused, TicketStale, type TicketFault } from './errors.js';
export type { FindCustomer, Mail, Notifier, TicketDeps, TicketLog } from './ports.js';
export { createTickets, type TicketDesk } from './service.js';
export type { AssignmentRule, Field, FieldKind, Label, Lang, Macro, Named, SlaRule, State, StateKind, Team, TicketSetup, TicketType, Transition, When } from './setup.js';
export { businessTime, runs, sla, startSla, TARGETS, type BusinessTime, type Calendars, type Goal, type OpenSpans, type Policy, type Result, type SlaState, type Target } from './sla/index.js';
export { LINK_KINDS, type Change, type Comment, type Fields, type FieldValue, type Link, type LinkKind, type NewTicket, type Requester, type Ticket, type TicketFilter, type TicketPatch, type View, type Visibility } from './types.js';
export { dueAt } from './sla/index.js';
