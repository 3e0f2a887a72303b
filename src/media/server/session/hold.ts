import type { PlaySource } from '../channel/index.js';
import { isForStream, resolveNow } from '../apps/sources.js';
import { fire, setCallState } from './fire.js';
import type { Server, Session } from './types.js';

/**
 * The far end put us on hold or came back. Its partner in a bridge hears `hold_music` meanwhile, `silence` if that is
 * asked for, and music whenever the named source cannot be played: never nothing by accident.
 */
export function setHeld(server: Server, session: Session, held: boolean): void {
  if (session.held === held || session.cause) return;
  session.held = held;
  if (held) {
    session.times.lastHold = server.microtime();
    session.media.hold(holdMusic(server, session));
    setCallState(server, session, 'HELD');
    fire(server, session, 'CHANNEL_HOLD');
    return;
  }
  session.times.heldFor += server.microtime() - session.times.lastHold;
  session.media.unhold();
  setCallState(server, session, 'UNHELD');
  fire(server, session, 'CHANNEL_UNHOLD');
  setCallState(server, session, 'ACTIVE');
}

function holdMusic(server: Server, session: Session): PlaySource {
  const wanted = session.peer?.variables.get('hold_music') ?? session.variables.get('hold_music') ?? server.globals.get('hold_music');
  if (wanted === undefined || isForStream(wanted)) return server.music();
  if (wanted === 'silence') return { kind: 'silence', ms: 'forever' };
  return resolveNow(server, wanted) ?? server.music();
}
