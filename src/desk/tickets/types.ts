import type { MarkView } from '../erasing/index.js';
import type { Lang, StateKind } from './setup.js';
import type { SlaState } from './sla/index.js';

export type FieldValue = string | number | boolean;
export type Fields = Readonly<Record<string, FieldValue>>;
export type Visibility = 'public' | 'internal';

export interface Requester {
  readonly name: string | null;
  readonly email: string | null;
  /** E.164 where known. */
  readonly phone: string | null;
}
export type SomeRequester = { readonly [K in keyof Requester]?: Requester[K] | undefined };
export interface Ticket extends MarkView {
  readonly id: string;
  readonly number: number;
  readonly type: string;
  readonly state: string;
  readonly kind: StateKind;
  readonly priority: string;
  readonly subject: string;
  readonly text: string;
  readonly fields: Fields;
  readonly tags: readonly string[];
  readonly channel: string;
  /** As customers count now. */
  readonly customer: string | null;
  /** For whom it was written: another than `customer` once he is merged. */
  readonly filedUnder: string | null;
  readonly requester: Requester;
  readonly language: Lang;
  readonly place: string | null;
  readonly team: string | null;
  readonly assignee: string | null;
  readonly parent: string | null;
  readonly mergedInto: string | null;
  readonly sla: string | null;
  readonly calendar: string;
  readonly clocks: SlaState;
  readonly lookAt: number | null;
  readonly dueAt: number | null;
  readonly breached: boolean;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly updatedAt: number;
  readonly resolvedAt: number | null;
  readonly version: number;
}
/** Files that were sent before, and who sent them: nobody else's can be attached. */
export interface Sent {
  readonly ids: readonly string[];
  readonly by: string;
}
export interface Comment {
  readonly id: string;
  readonly ticket: string;
  readonly at: number;
  readonly by: string;
  readonly byName: string;
  readonly visibility: Visibility;
  readonly text: string;
}
export const LINK_KINDS = ['call', 'conversation', 'recording', 'order', 'ticket', 'url'] as const;
export type LinkKind = (typeof LINK_KINDS)[number];
export interface Link {
  readonly kind: LinkKind;
  readonly target: string;
  readonly at: number;
  readonly by: string;
}
export interface Change {
  readonly at: number;
  readonly by: string;
  readonly field: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface NewTicket {
  readonly type: string;
  readonly subject: string;
  readonly text?: string | undefined;
  readonly priority?: string | undefined;
  readonly fields?: Fields | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly channel: string;
  readonly customer?: string | null | undefined;
  readonly requester?: SomeRequester | undefined;
  readonly language?: Lang | undefined;
  readonly place?: string | null | undefined;
  readonly team?: string | null | undefined;
  readonly assignee?: string | null | undefined;
  readonly parent?: string | null | undefined;
  readonly files?: Sent | undefined;
  readonly links?: readonly { readonly kind: LinkKind; readonly target: string }[] | undefined;
}
/** What may be changed without a transition; null takes away. */
export interface TicketPatch {
  readonly subject?: string | undefined;
  readonly text?: string | undefined;
  readonly type?: string | undefined;
  readonly priority?: string | undefined;
  readonly fields?: Readonly<Record<string, FieldValue | null>> | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly customer?: string | null | undefined;
  readonly requester?: SomeRequester | undefined;
  readonly language?: Lang | undefined;
  readonly place?: string | null | undefined;
  readonly team?: string | null | undefined;
  readonly assignee?: string | null | undefined;
  readonly parent?: string | null | undefined;
}

export interface TicketFilter {
  /** Words, in Chinese or any other language, or a part of a number. */
  readonly q?: string | undefined;
  readonly number?: number | undefined;
  readonly state?: string | undefined;
  readonly kind?: StateKind | 'unresolved' | undefined;
  readonly type?: string | undefined;
  readonly priority?: string | undefined;
  readonly team?: string | undefined;
  /** `me`: whoever asks; `none`: nobody. */
  readonly assignee?: string | undefined;
  readonly customer?: string | undefined;
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
  readonly tag?: string | undefined;
  readonly place?: string | undefined;
  readonly channel?: string | undefined;
  readonly parent?: string | undefined;
  readonly breached?: boolean | undefined;
  readonly due_before?: number | undefined;
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}
/** What a list of tickets goes by, its own order first; `-`: the newest or greatest first. Without `due_at` is like due at the very end of time. */
export const TICKET_SORTS = ['-created_at', 'created_at', '-updated_at', 'updated_at', 'due_at', '-due_at', 'number', '-number'] as const;
export interface TicketPage {
  readonly limit: number;
  readonly cursor: string | undefined;
  readonly sort?: (typeof TICKET_SORTS)[number] | undefined;
}
export interface View {
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  /** Null: its owner's alone; `*`: everybody's. */
  readonly team: string | null;
  readonly filter: TicketFilter;
  readonly version: number;
}
