import type { Ms } from '../../../base/index.js';
import type { App } from '../apps/app.js';
import { executeApplication } from '../apps/execute.js';
import { createRunner, type AppCommand } from '../apps/runner.js';
import type { MediaChannel } from '../channel/index.js';
import { createDigits, type QueuedDigit } from './digits.js';
import { fire } from './fire.js';
import { hangUp } from './hangup.js';
import type { CallerProfile, Server, Session, Signalling } from './types.js';
import { createVariables } from './variables.js';

export interface SessionParts {
  readonly uuid: string;
  readonly name: string;
  readonly profile: CallerProfile;
  readonly media: MediaChannel;
  readonly signalling: Signalling;
  /** Applications that only this kind of session has, such as `socket`. */
  readonly applications: ReadonlyMap<string, App>;
}

/** A session that is known to the server but has not begun: its variables can be set before `begin`. */
export function createSession(server: Server, parts: SessionParts): Session {
  const variables = createVariables();
  const digits = createDigits((digit) => reportDigit(server, session, digit));
  const runner = createRunner({
    execute: (command, frame) => executeApplication(server, session, parts.applications, command, frame),
    exhausted: () => session.hangUp('NORMAL_CLEARING'),
    digits,
    now: () => performance.now(),
  });
  const session: Session = {
    uuid: parts.uuid,
    id: ++server.stats.total,
    name: parts.name,
    profile: parts.profile,
    media: parts.media,
    signalling: parts.signalling,
    variables,
    digits,
    runner,
    forks: new Map(),
    times: { created: server.microtime(), answered: 0, bridged: 0, transferred: 0, lastHold: 0, heldFor: 0, hungUp: 0 },
    state: 'CS_NEW',
    callState: 'DOWN',
    answered: false,
    held: false,
    cause: undefined,
    application: ['', ''],
    peer: undefined,
    orphaned: false,
    onHangup: new Set(),
    hangUp: (cause, by) => hangUp(server, session, cause, by),
  };
  variables.set('uuid', parts.uuid);
  variables.set('session_id', String(session.id));
  variables.set('channel_name', parts.name);
  variables.set('call_uuid', parts.uuid);
  variables.watch('media_timeout', (value) => watchMedia(session, value));
  parts.media.onDtmf((digit, durationMs, source) => digits.push({ digit, duration: Math.round(durationMs * 8), source }));
  server.sessions.set(parts.uuid, session);
  server.stats.peak = Math.max(server.stats.peak, server.sessions.size);
  return session;
}

/** Runs a dialplan on a session; when it is through and nobody holds the channel, the channel is hung up. */
export function begin(session: Session, plan: readonly AppCommand[]): void {
  session.runner.transfer(plan);
}

const SOURCES = { rtp: 'RTP', info: 'ENDPOINT', app: 'APP' } as const;
const SHORTEST = 400;
const LONGEST = 192_000;

function reportDigit(server: Server, session: Session, { digit, duration, source }: QueuedDigit): void {
  const shown = Math.min(LONGEST, Math.max(SHORTEST, duration));
  fire(server, session, 'DTMF', [['DTMF-Digit', digit], ['DTMF-Duration', String(shown)], ['DTMF-Source', SOURCES[source]]]);
}

/** `media_timeout` in milliseconds: no RTP for that long while not on hold ends the call. */
function watchMedia(session: Session, value: string | undefined): void {
  const ms: Ms = /^\d+$/.test(value ?? '') ? Number(value) : 0;
  session.media.setMediaTimeout(ms > 0 ? ms : undefined, () => session.hangUp('MEDIA_TIMEOUT'));
}
