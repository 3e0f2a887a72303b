import type { Server, Session } from '../session/types.js';
import type { Frame } from './frame.js';

export interface AppContext {
  readonly server: Server;
  readonly session: Session;
  /** Arguments, variables already put in. */
  readonly data: string;
  readonly frame: Frame;
  /** Sets Application-Response. */
  readonly respond: (text: string) => void;
}

/** A dialplan application. One that needs no time answers undefined, so that its events come out at once. */
export type App = (context: AppContext) => Promise<void> | undefined;
