import type { NewFact } from '../../events/index.js';
import type { Finder, Store } from '../../store/index.js';
import type { Calendars } from './sla/index.js';
import type { TicketSetup } from './setup.js';

export interface TicketLog {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
/** One mail to one person. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}
/** How news reach people: the mailer and its outbox. */
export interface Notifier {
  /** Whether mails leave the house at all. */
  ready(): boolean;
  /** Takes a mail over in the transaction it is called in: on disk with what it tells, or not at all. `id` is in `mail.sent` or `mail.failed` later. */
  send(mail: Mail, about: string, id: string): void;
  /** The e-mail address of an agent or user; undefined: none is known. */
  addressOf(who: string): string | undefined;
}
/** What tickets ask about customers. */
export interface TicketCustomers {
  /** Whose number or address it is. */
  find(who: { readonly phone: string | null; readonly email: string | null }): string | undefined;
  /** Follows merges; undefined where there is none. */
  canonical(id: string): string | undefined;
  emailOf(id: string): string | undefined;
}
/** A file that was sent before, as `src/desk/files` has it. */
export interface TicketFile {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly kind: 'image' | 'video' | 'audio' | 'document' | 'archive' | 'text';
  readonly bytes: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly about: string | null;
  readonly by: string;
  readonly at: number;
}
export interface TicketFiles {
  find(id: string): TicketFile | undefined;
  /** In the transaction it is called in. */
  attach(id: string, about: string, by: string): void;
  of(about: string): readonly TicketFile[];
  /** The record, and the bytes if no other file has the same. */
  remove(id: string): void;
}
export interface TicketDeps {
  readonly store: Store;
  readonly events: {
    publishAll(facts: readonly NewFact[], alongside?: () => void): boolean;
  };
  readonly setup: () => TicketSetup;
  readonly calendars: Calendars;
  readonly finder: Finder;
  readonly notifier: Notifier;
  readonly customers: TicketCustomers;
  readonly files: TicketFiles;
  /** Whether there is such a call, conversation or recording. */
  readonly linkable: (kind: 'call' | 'conversation' | 'recording', target: string) => boolean;
  readonly log: TicketLog;
  /** Ms since 1970. */
  readonly now: () => number;
}
