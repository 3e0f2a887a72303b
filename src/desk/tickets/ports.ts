import type { NewFact } from '../../events/index.js';
import type { Finder, Store } from '../../store/index.js';
import type { Calendars } from './sla/index.js';
import type { Lang, TicketSetup } from './setup.js';

export interface TicketLog {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
/** One mail to one person. `key` never changes for the same news: whoever gets it twice sends it once. */
export interface Mail {
  readonly key: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly language: Lang;
}
/** How news reach people. Rejects where they do not; then it is tried again. */
export interface Notifier {
  send(mail: Mail): Promise<void>;
  /** The e-mail address of an agent or user; undefined: none is known. */
  addressOf(who: string): string | undefined;
}
/** Finds whose number or address it is. */
export type FindCustomer = (who: { readonly phone: string | null; readonly email: string | null }) => string | undefined;

export interface TicketDeps {
  readonly store: Store;
  readonly events: {
    publishAll(facts: readonly NewFact[], alongside?: () => void): boolean;
  };
  readonly setup: () => TicketSetup;
  readonly calendars: Calendars;
  readonly finder: Finder;
  /** Without one nobody is told by mail; facts are published all the same. */
  readonly notifier?: Notifier | undefined;
  readonly findCustomer: FindCustomer;
  readonly log: TicketLog;
  /** Ms since 1970. */
  readonly now: () => number;
}
