import type { Cause } from './causes.js';
import { causeNumber } from './causes.js';
import { leaveBridge } from './bridge.js';
import { fire, setCallState, setState } from './fire.js';
import type { Server, Session } from './types.js';

/**
 * Ends a session once and for all: events in FreeSWITCH's order, BYE unless the far end said it, everything that runs is
 * interrupted, the partner of a bridge is let go, ports and files are freed. Whatever fails in it, the session is gone.
 */
export function hangUp(server: Server, session: Session, cause: Cause, by: 'us' | 'far_end' = 'us'): void {
  if (session.cause) return;
  session.cause = cause;
  session.times.hungUp = server.microtime();
  session.state = 'CS_HANGUP';
  setAccounting(session, cause);
  session.peer?.variables.set('last_bridge_hangup_cause', cause);
  fire(server, session, 'CHANNEL_HANGUP');
  setCallState(server, session, 'HANGUP');
  fire(server, session, 'CHANNEL_STATE');
  if (by === 'us') session.signalling.end(cause);
  const unwound = session.runner.end();
  leaveBridge(server, session);
  for (const then of session.onHangup) then(unwound);
  session.onHangup.clear();
  void session.media.destroy().then(
    () => bury(server, session),
    (error: unknown) => {
      server.log.error({ uuid: session.uuid, err: error }, 'media channel did not close cleanly');
      bury(server, session);
    },
  );
}

function bury(server: Server, session: Session): void {
  setState(server, session, 'CS_REPORTING');
  fire(server, session, 'CHANNEL_HANGUP_COMPLETE');
  setState(server, session, 'CS_DESTROY');
  fire(server, session, 'CHANNEL_DESTROY');
  server.sessions.delete(session.uuid);
}

function setAccounting({ variables, times }: Session, cause: Cause): void {
  const seconds = (from: number, to: number): string => String(from === 0 ? 0 : Math.max(0, Math.round((to - from) / 1_000_000)));
  const ms = (from: number, to: number): string => String(from === 0 ? 0 : Math.max(0, Math.round((to - from) / 1_000)));
  variables.set('hangup_cause', cause);
  variables.set('hangup_cause_q850', String(causeNumber(cause) < 128 ? causeNumber(cause) : 16));
  variables.set('start_uepoch', String(times.created));
  variables.set('answer_uepoch', String(times.answered));
  variables.set('end_uepoch', String(times.hungUp));
  variables.set('duration', seconds(times.created, times.hungUp));
  variables.set('billsec', seconds(times.answered, times.hungUp));
  variables.set('mduration', ms(times.created, times.hungUp));
  variables.set('billmsec', ms(times.answered, times.hungUp));
}
