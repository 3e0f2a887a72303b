import type { Logger } from 'pino';
import type { Ms } from '../../../base/index.js';
import type { MediaChannel, MediaCore, PlaySource } from '../channel/index.js';
import type { Bus } from '../events/bus.js';
import type { Fork } from '../fork/types.js';
import type { Runner } from '../apps/runner.js';
import type { Cause } from './causes.js';
import type { Digits } from './digits.js';
import type { Timers } from './timers.js';
import type { Variables } from './variables.js';

/** Channel states of FreeSWITCH, with the numbers it shows. */
export const STATES = {
  CS_NEW: 0, CS_INIT: 1, CS_ROUTING: 2, CS_SOFT_EXECUTE: 3, CS_EXECUTE: 4, CS_EXCHANGE_MEDIA: 5, CS_PARK: 6, CS_CONSUME_MEDIA: 7,
  CS_HIBERNATE: 8, CS_RESET: 9, CS_HANGUP: 10, CS_REPORTING: 11, CS_DESTROY: 12,
} as const;
export type ChannelState = keyof typeof STATES;
export type CallState = 'DOWN' | 'RINGING' | 'EARLY' | 'ACTIVE' | 'HELD' | 'UNHELD' | 'HANGUP';

/** Who calls whom, as shown in `Caller-…` headers. */
export interface CallerProfile {
  readonly username: string;
  readonly callerName: string;
  readonly callerNumber: string;
  readonly networkAddress: string;
  readonly destination: string;
  readonly context: string;
}

/** Microseconds since 1970; 0 for what has not happened. */
export interface Times {
  readonly created: number;
  answered: number;
  bridged: number;
  transferred: number;
  lastHold: number;
  heldFor: number;
  hungUp: number;
}

/** What a session needs of its SIP dialog. */
export interface Signalling {
  /** Ends the dialog: BYE after an answer, a final refusal before. Called once, unless the far end ended it. */
  readonly end: (cause: Cause) => void;
  /** Answers an INVITE that still waits. */
  readonly answer: () => void;
}

/** One call leg: a SIP dialog, its media channel, its variables, and what runs on it. */
export interface Session {
  readonly uuid: string;
  readonly id: number;
  /** `sofia/profile/user@host` */
  readonly name: string;
  readonly profile: CallerProfile;
  readonly media: MediaChannel;
  readonly variables: Variables;
  readonly times: Times;
  readonly digits: Digits;
  readonly runner: Runner;
  /** Audio forks by their names. */
  readonly forks: Map<string, Fork>;
  readonly signalling: Signalling;
  state: ChannelState;
  callState: CallState;
  answered: boolean;
  held: boolean;
  cause: Cause | undefined;
  /** Application that runs now, for `show channels`. */
  application: readonly [name: string, data: string];
  peer: Session | undefined;
  /** The outbound event socket that controlled it is gone; it lives only as long as its bridge. */
  orphaned: boolean;
  /** Called once, in order, when the session is hung up; the promise settles when what ran on it has unwound. */
  readonly onHangup: Set<(unwound: Promise<void>) => void>;
  /** Ends it; the first call counts. */
  readonly hangUp: (cause: Cause, by?: 'us' | 'far_end') => void;
}

export interface SessionStats {
  /** Sessions since the start. */
  total: number;
  peak: number;
  perSecond: number;
}

/** What the parts of the media server share. */
export interface Server {
  readonly bus: Bus;
  readonly core: MediaCore;
  readonly log: Logger;
  readonly timers: Timers;
  readonly sessions: Map<string, Session>;
  readonly stats: SessionStats;
  readonly globals: Map<string, string>;
  readonly startedAt: Ms;
  /** Wall clock, microseconds. */
  readonly microtime: () => number;
  readonly profileName: string;
  /** `ip:port` of the SIP listener, as `sofia status` shows it. */
  readonly sipAddress: () => string;
  readonly maxSessions: number;
  readonly soundsDir: string;
  readonly music: () => PlaySource;
}
