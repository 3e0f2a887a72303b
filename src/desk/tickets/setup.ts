import type { Ms } from '../../base/index.js';
import type { Goal, Target } from './sla/index.js';

/** What tickets.yaml says, in the words of this room. Names never change; labels may. */
export interface TicketSetup {
  readonly types: readonly TicketType[];
  /** From the least urgent on. */
  readonly priorities: readonly Named[];
  readonly teams: readonly Team[];
  readonly workers: readonly Worker[];
  readonly slas: readonly SlaRule[];
  readonly assignment: readonly AssignmentRule[];
  readonly macros: readonly Macro[];
  /** The calendar of tickets whose promise names none. */
  readonly calendar: string;
  readonly calendars: readonly string[];
  readonly mail: MailSetup;
}
export type Lang = 'zh-CN' | 'en';
export type Label = Readonly<Record<Lang, string>>;
export interface Named {
  readonly name: string;
  readonly label: Label;
}

export type FieldKind = 'text' | 'number' | 'date' | 'choice' | 'boolean' | 'order' | 'place';
/** `see` and `edit`: roles; the staff's are `agent`, `manager` and those of the access room, the customer's is `customer`. */
export interface Field extends Named {
  readonly kind: FieldKind;
  readonly required: 'never' | 'created' | 'resolved';
  readonly choices: readonly Named[];
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly see: readonly string[];
  readonly edit: readonly string[];
}
/** `waiting`: for the customer; the clocks stand. */
export type StateKind = 'open' | 'waiting' | 'resolved' | 'closed';
export interface State extends Named {
  readonly kind: StateKind;
}
export interface Transition {
  /** `*`: from any other. */
  readonly from: readonly string[];
  readonly to: string;
  readonly roles: readonly string[];
}
export interface TicketType extends Named {
  readonly fields: readonly Field[];
  /** The first one is that of a new ticket. */
  readonly states: readonly State[];
  readonly transitions: readonly Transition[];
  /** Where a ticket goes that the customer, or the staff, has answered publicly. */
  readonly onCustomerReply: string | undefined;
  readonly onStaffReply: string | undefined;
}
export interface Team extends Named {
  /** Agents. */
  readonly members: readonly string[];
  /** Whoever an escalation to `lead` goes to: an agent, or an e-mail address. */
  readonly lead: string | undefined;
}
/** Outside of the house: an outlet, a technician. Tickets are assigned to `worker:NAME`, who works on them on a page of his own. */
export interface Worker extends Named {
  readonly email: string | undefined;
  readonly language: Lang;
  /** Those of tickets that `to: worker` gives him. */
  readonly places: readonly string[];
}
const WORKER = 'worker:';
/** As an assignee. */
export const asWorker = (name: string): string => `${WORKER}${name}`;
/** Undefined: an agent, or a worker that there is not. */
export const workerOf = ({ workers }: Pick<TicketSetup, 'workers'>, assignee: string | null): Worker | undefined => (assignee?.startsWith(WORKER) === true ? workers.find(({ name }) => asWorker(name) === assignee) : undefined);
/** Everything that is given must fit. */
export interface When {
  readonly types?: readonly string[] | undefined;
  readonly priorities?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly teams?: readonly string[] | undefined;
  readonly places?: readonly string[] | undefined;
  readonly channels?: readonly string[] | undefined;
}
export interface SlaRule {
  readonly name: string;
  readonly active: boolean;
  readonly when: When;
  readonly calendar: string;
  readonly goals: Readonly<Partial<Record<Target, Goal>>>;
  /** For each level of escalation: `lead`, an agent, or an e-mail address. */
  readonly escalateTo: Readonly<Partial<Record<Target, readonly string[]>>>;
}
export interface AssignmentRule {
  readonly when: When;
  readonly team: string | undefined;
  /** The queue in which it then waits for an agent, where nobody is named. */
  readonly queue: string | undefined;
  /** `load`: the member with the fewest open tickets; `worker`: of those outside at its place, the one with the fewest; `team`: nobody yet. */
  readonly to: 'team' | 'load' | 'worker' | { readonly agent: string } | { readonly worker: string };
}
export interface Macro extends Named {
  readonly roles: readonly string[];
  readonly types: readonly string[] | undefined;
  readonly state: string | undefined;
  readonly priority: string | undefined;
  readonly team: string | undefined;
  /** `me`: whoever uses it. */
  readonly assignee: string | undefined;
  readonly addTags: readonly string[];
  readonly removeTags: readonly string[];
  readonly comment: { readonly visibility: 'public' | 'internal'; readonly text: Label } | undefined;
}

export type LetterKind = 'created' | 'assigned' | 'merged' | 'state' | 'comment' | 'sla_warned' | 'sla_breached' | 'sla_escalated';
/** With `{number}`, `{subject}`, `{name}` and what this kind of news has. */
export interface Letter {
  readonly subject: Label;
  readonly text: Label;
}
export interface MailSetup {
  /** Where customers reach this server, without a slash at its end; undefined: no mail has a link. */
  readonly page: string | undefined;
  readonly linkMs: Ms;
  /** With `{link}`; below mails to the customer. */
  readonly footer: Label;
  /** The same, to workers outside. */
  readonly workerFooter: Label;
  /** False: nobody is told of it. */
  readonly letters: Readonly<Record<LetterKind, Letter | false>>;
}

/** What is looked at by rules. */
export interface Traits {
  readonly type: string;
  readonly priority: string;
  readonly tags: readonly string[];
  readonly team: string | null;
  readonly place: string | null;
  readonly channel: string;
}
export function fits(when: When, t: Traits): boolean {
  const is = (list: readonly string[] | undefined, value: string | null): boolean => list === undefined || (value !== null && list.includes(value));
  return is(when.types, t.type) && is(when.priorities, t.priority) && is(when.teams, t.team) && is(when.places, t.place) && is(when.channels, t.channel)
    && (when.tags === undefined || when.tags.some((tag) => t.tags.includes(tag)));
}
export const ruleFor = (setup: TicketSetup, t: Traits): SlaRule | undefined => setup.slas.find((rule) => rule.active && fits(rule.when, t));
